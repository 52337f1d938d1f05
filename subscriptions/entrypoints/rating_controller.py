"""How a box was liked, one tap for each thing, and what to change of the tastes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.produce import Produce
from subscriptions.adapters import rating_store
from subscriptions.due import never_produce
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.own_household import own_household
from subscriptions.entrypoints.rating_view import line_to_rate, rated_lines
from subscriptions.lifecycle import Taste
from subscriptions.rating import Liking
from subscriptions.role import Identity
from subscriptions.services.household import HouseholdService
from subscriptions.taste import refuse_everything_ruled_out

Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Now = NamedDependency[DateTime]
Typed = URLEncodedBody[dict[str, str]]


class RatingController(Controller):
    """How one's own boxes were liked."""

    path = "/ratings"
    guards = (customer_only,)
    dependencies = WHO

    @get("/{box_id:uuid}")
    async def ask(
        self, box_id: FromPath[UUID], identity: Who, profiles: Profiles, now: Now
    ) -> Template:
        """Show the things of a box that has come."""
        lines = await rated_lines(identity, box_id, profiles, now=now)
        context = {"lines": lines, "box_id": lines[0].line.box_id, "likings": list(Liking)}
        return Template("customer/ratings.html", context=context)

    @post("/lines/{line_id:uuid}", status_code=303)
    async def rate(
        self, line_id: FromPath[UUID], data: Typed, identity: Who, now: Now
    ) -> Response[Any]:
        """Keep how one thing was liked."""
        line = await line_to_rate(identity, line_id, now=now)
        if data.get("liking") not in set(Liking):
            raise Invalid("liking", message("Say how you liked it."))
        await rating_store.save_liking(line, Liking(data["liking"]), now=now)
        return Redirect(f"/ratings/{line.box_id}#rate-{line_id}", status_code=303)

    @post("/lines/{line_id:uuid}/taste", status_code=303)
    async def take_suggestion(
        self,
        *,
        line_id: FromPath[UUID],
        data: Typed,
        identity: Who,
        households: NamedDependency[HouseholdService],
        profiles: Profiles,
        now: Now,
    ) -> Response[Any]:
        """Make a taste of it; boxes still open are planned anew."""
        line = await line_to_rate(identity, line_id, now=now)
        if data.get("taste") not in (Taste.NEVER, Taste.LIKE):
            raise Invalid("taste", message("Say how you liked it."))
        household = await own_household(identity, line.household_id)
        tastes = {**household.tastes, line.produce_key: Taste(data["taste"])}
        never = never_produce(tastes, household.never_families, profiles)
        refuse_everything_ruled_out(never, profiles)
        n_boxes = await households.change_tastes(
            identity.person_id,
            household.id,
            tastes=tastes,
            never_families=household.never_families,
            now=now,
        )
        return Redirect(f"/household?saved={n_boxes}", status_code=303)
