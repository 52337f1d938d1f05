"""How often boxes come, by program."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.entrypoints.page import speaker
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.rhythm_controller import read_weeks
from subscriptions.entrypoints.standing_api import values_of
from subscriptions.role import Identity
from subscriptions.services.rhythm import RhythmService

Who = NamedDependency[Identity]
Rhythms = NamedDependency[RhythmService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]


class RhythmDocument(Struct, frozen=True):
    """Every how many weeks a box comes, and every how many it may.

    `points` are what another rhythm would do, in sentences; `receipt` is the number of what was just done.
    """

    subscription: UUID
    weeks: int
    choices: list[int]
    points: list[str] = []
    receipt: str | None = None


class RhythmApiController(Controller):
    """How often boxes come."""

    path = "/api/v1/subscriptions/{subscription_id:uuid}/rhythm"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="How often boxes come, and what another rhythm would do")
    async def foresee(
        self,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        rhythms: Rhythms,
        now: Now,
        weeks: FromQuery[str] = "",
    ) -> RhythmDocument:
        """Return the rhythm; with `weeks` (1-4), say what a box every so many weeks would do. Changes nothing.

        409 `not_running` while paused or after the end, `boxes_together` where a moved box would be parted.
        """
        book, choices = await rhythms.choices(identity.person_id, subscription_id, now=now)
        points: list[str] = []
        if weeks:
            prospect = await rhythms.foresee(
                identity.person_id, subscription_id, read_weeks(weeks), now=now
            )
            points = [speaker().render(point) for point in prospect.points]
        return RhythmDocument(subscription_id, book.order.cadence_weeks, list(choices), points)

    @post("/", status_code=200, summary="Have boxes come in another rhythm")
    async def change(
        self,
        request: Request[Any, Any, Any],
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        rhythms: Rhythms,
        now: Now,
    ) -> RhythmDocument:
        """Have a box come every `weeks` weeks (1-4) from the first that may still change on.

        `receipt` is null where it does so already. 409 as above.
        """
        weeks = read_weeks((await values_of(request, "weeks"))["weeks"])
        receipt = await rhythms.change(identity.person_id, subscription_id, weeks, now=now)
        book, choices = await rhythms.choices(identity.person_id, subscription_id, now=now)
        return RhythmDocument(
            subscription_id,
            book.order.cadence_weeks,
            list(choices),
            receipt=None if receipt is None else receipt.number,
        )
