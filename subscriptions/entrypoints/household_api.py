"""A household for programs: who eats, in what kitchen, what they like, and what may come instead."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.unit import families
from subscriptions.adapters import household_page
from subscriptions.adapters.household_page import HouseholdView
from subscriptions.adapters.household_store import Home
from subscriptions.due import never_produce
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.household_form import PEOPLE_MOST
from subscriptions.entrypoints.own_household import (
    OWN_HOUSEHOLD,
    own_household,
    own_household_only,
    refuse_closed_day,
)
from subscriptions.lifecycle import Consent, Taste
from subscriptions.role import Identity
from subscriptions.services.household import HouseholdService
from subscriptions.taste import WeekNevers, refuse_everything_ruled_out

Who = NamedDependency[Identity]
Own = NamedDependency[HouseholdView]
Profiles = NamedDependency[Mapping[str, Produce]]
Households = NamedDependency[HouseholdService]
Now = NamedDependency[DateTime]
HouseholdId = FromPath[UUID]

_LONGEST_KEY = 40


class HomeDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """Who eats and where: `people` from 1 to 12; `room` by its warmth, 0 about 17 °C, 1 20 °C, 2 24 °C, 3 28 °C."""

    people: int
    room: RoomClass
    has_fridge: bool


class TastesDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """Tastes by produce, and families of which nothing may come. What is not named is `sometimes`."""

    tastes: dict[str, Taste]
    never_families: list[str]


class WeekDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """Produce, and whole families, that stay out of the boxes of one day alone."""

    produce: list[str]
    families: list[str]


class ConsentDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """What may be done when something is short: never, ask (you are written to at once) or best (the best match)."""

    consent: Consent


class OpenWeekDocument(WeekDocument, frozen=True):
    """What stays out of the boxes of the day `on`, which may still change."""

    on: dt.date


class HouseholdDocument(Struct, frozen=True):
    """A household that gets boxes. `weeks` are the days whose boxes may still change."""

    id: UUID
    home: HomeDocument
    tastes: dict[str, Taste]
    never_families: list[str]
    weeks: list[OpenWeekDocument]
    consent: Consent


class HouseholdsDocument(Struct, frozen=True):
    """One's households, the oldest first."""

    households: list[HouseholdDocument]


class ChangedDocument(Struct, frozen=True):
    """A household after a change, and how many of its boxes were planned anew and came out different."""

    household: HouseholdDocument
    boxes_changed: int


class HouseholdsApiController(Controller):
    """The households of a customer."""

    path = "/api/v1/households"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="Your households")
    async def list_households(self, identity: Who, now: Now) -> HouseholdsDocument:
        """Return who eats, their kitchens and tastes."""
        found = await household_page.households_of(identity.person_id)
        days = await household_page.open_days_of(identity.person_id, now=now)
        return HouseholdsDocument([_document(each, days.get(each.id, ())) for each in found])


class HouseholdApiController(Controller):
    """One household. Boxes that are open and not edited are planned anew for what they hang on."""

    path = "/api/v1/households/{household_id:uuid}"
    guards = (customer_only, own_household_only)
    dependencies = OWN_HOUSEHOLD
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="One of your households")
    async def show(self, household: Own, identity: Who, now: Now) -> HouseholdDocument:
        """Return it; 404 for somebody else's."""
        days = await household_page.open_days_of(identity.person_id, now=now)
        return _document(household, days.get(household.id, ()))

    @post("/home", status_code=200, summary="Change who eats, and in what kitchen")
    async def change_home(
        self,
        data: JSONBody[HomeDocument],
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        now: Now,
    ) -> ChangedDocument:
        """Change it. 422 `invalid` where so many cannot eat here."""
        if not 1 <= data.people <= PEOPLE_MOST:
            raise Invalid("people", message("Give a number from 1 to {most}.", most=PEOPLE_MOST))
        home = Home(data.people, int(data.room), data.has_fridge)
        n_boxes = await households.change_home(identity.person_id, household_id, home, now=now)
        return await _changed(identity, household_id, n_boxes, now=now)

    @post("/tastes", status_code=200, summary="Change the never-list and the wishes")
    async def change_tastes(
        self,
        *,
        data: JSONBody[TastesDocument],
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        profiles: Profiles,
        now: Now,
    ) -> ChangedDocument:
        """Put these in the place of all that was said before. 422 `invalid` where nothing would be left to come."""
        _refuse_unknown("tastes", data.tastes, profiles)
        _refuse_unknown("never_families", data.never_families, families())
        tastes = {key: said for key, said in data.tastes.items() if said is not Taste.SOMETIMES}
        never = frozenset(data.never_families)
        refuse_everything_ruled_out(never_produce(tastes, never, profiles), profiles)
        n_boxes = await households.change_tastes(
            identity.person_id, household_id, tastes=tastes, never_families=never, now=now
        )
        return await _changed(identity, household_id, n_boxes, now=now)

    @post("/weeks/{on:date}", status_code=200, summary="Leave something out of one day's boxes")
    async def change_week(
        self,
        *,
        data: JSONBody[WeekDocument],
        household_id: HouseholdId,
        on: FromPath[dt.date],
        household: Own,
        identity: Who,
        households: Households,
        profiles: Profiles,
        now: Now,
    ) -> ChangedDocument:
        """Put these in the place of what stayed out; 404 for a day whose boxes can no longer change."""
        await refuse_closed_day(identity, household_id, on, now=now)
        _refuse_unknown("produce", data.produce, profiles)
        _refuse_unknown("families", data.families, families())
        said = WeekNevers(frozenset(data.produce), frozenset(data.families))
        whole = household.never_families | said.families
        standing = never_produce(household.tastes, whole, profiles)
        refuse_everything_ruled_out(standing | said.produce, profiles)
        n_boxes = await households.change_week(
            identity.person_id, household_id, said, delivery_on=on, now=now
        )
        return await _changed(identity, household_id, n_boxes, now=now)

    @post("/consent", status_code=200, summary="Say what may be done when something is short")
    async def change_consent(
        self,
        data: JSONBody[ConsentDocument],
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        now: Now,
    ) -> ChangedDocument:
        """Change it; it holds whenever something falls short from now on."""
        await households.change_consent(identity.person_id, household_id, data.consent, now=now)
        return await _changed(identity, household_id, 0, now=now)


async def _changed(
    identity: Identity, household_id: UUID, n_boxes: int, *, now: DateTime
) -> ChangedDocument:
    household = await own_household(identity, household_id)
    days = await household_page.open_days_of(identity.person_id, now=now)
    return ChangedDocument(_document(household, days.get(household_id, ())), n_boxes)


def _document(household: HouseholdView, open_days: Iterable[dt.date]) -> HouseholdDocument:
    nothing = WeekNevers()
    weeks = [(on, household.week_nevers.get(on, nothing)) for on in open_days]
    return HouseholdDocument(
        id=household.id,
        home=HomeDocument(
            household.n_people, RoomClass(household.room_class), household.has_fridge
        ),
        tastes=dict(sorted(household.tastes.items())),
        never_families=sorted(household.never_families),
        weeks=[
            OpenWeekDocument(sorted(said.produce), sorted(said.families), on) for on, said in weeks
        ],
        consent=household.consent,
    )


def _refuse_unknown(field: str, said: Iterable[str], known: Collection[str]) -> None:
    """See that all is named that can be named; a page offers nothing else.

    Raises
    ------
    Invalid
    """
    strange = next((key for key in said if key not in known), None)
    if strange is not None:
        raise Invalid(field, message("We know no “{key}”.", key=strange[:_LONGEST_KEY]))
