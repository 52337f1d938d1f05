"""The household's page: who eats, in what kitchen, what they like, where the box goes, and the account."""

from collections.abc import Mapping

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from pendulum import DateTime

from ripening.produce import Produce
from subscriptions.adapters import box_view_store, credit_store, household_page, place_store
from subscriptions.entrypoints.customer_view import troubles_of
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.household_view import household_card, saved_words
from subscriptions.place_prospect import stop_words
from subscriptions.role import Identity

_DAYS_BACK = 15


class HouseholdController(Controller):
    """What a household says of itself."""

    path = "/household"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def show(
        self,
        *,
        identity: NamedDependency[Identity],
        profiles: NamedDependency[Mapping[str, Produce]],
        now: NamedDependency[DateTime],
        saved: FromQuery[str] = "",
    ) -> Template:
        """Show everything; `saved` is how many boxes the last change reached, or what was changed."""
        person = identity.person_id
        subscriptions = await household_page.subscriptions_of(person)
        deliveries = await household_page.deliveries_of(person, now=now, each=1)
        open_days = await household_page.open_days_of(person, now=now)
        own = await household_page.unwanted_by_own_hand(person, now=now)
        boxes = await box_view_store.boxes_of(person, since=now.date().subtract(days=_DAYS_BACK))
        places = await place_store.places_of([each.id for each in subscriptions])
        context = {
            "goes_to": {
                order: each.standing and stop_words(each.standing) for order, each in places.items()
            },
            "identity": identity,
            "troubles": troubles_of(boxes, now=now),
            "cards": [
                household_card(
                    household,
                    subscriptions,
                    deliveries,
                    open_days=open_days.get(household.id, ()),
                    own=own,
                    profiles=profiles,
                    now=now,
                )
                for household in await household_page.households_of(person)
            ],
            "ended": [] if subscriptions else await household_page.ended_of(person),
            "balances": list((await credit_store.balances_of(person)).values()),
            "saved": await saved_words(saved, boxes, profiles, now=now),
        }
        return Template("customer/household.html", context=context)
