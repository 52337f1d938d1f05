"""What a household likes and never wants: always, and in one box only."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.page import current_page, speaker
from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, message
from ripening.produce import Produce
from ripening.unit import family_in_words, name_in_words
from subscriptions.adapters.household_page import HouseholdView
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.household_form import (
    TASTE_WORDS,
    chosen_families,
    chosen_week,
    read_tastes,
    read_week_nevers,
)
from subscriptions.entrypoints.own_household import again, own_household, refuse_closed_day
from subscriptions.entrypoints.shop_view import Family, never_list
from subscriptions.lifecycle import Taste
from subscriptions.role import Identity
from subscriptions.services.household import HouseholdService
from subscriptions.taste import Tastes, WeekNevers
from subscriptions.taste_search import found

SPOKEN = ("en", "zh")
"""Languages that names are looked for in, whichever the page is in."""

Visit = Request[Any, Any, Any]
Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Households = NamedDependency[HouseholdService]
Now = NamedDependency[DateTime]
HouseholdId = FromPath[UUID]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Produce by family as its form shows it; what was looked for stands on top, and not again below."""

    families: tuple[Family, ...]
    matches: tuple[tuple[str, Message], ...]
    query: str


class TastesController(Controller):
    """The never-list and the wishes, for good and for one box."""

    path = "/household/{household_id:uuid}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/tastes")
    async def ask_tastes(
        self, household_id: HouseholdId, identity: Who, profiles: Profiles
    ) -> Template:
        """Show the never-list and the wishes."""
        household = await own_household(identity, household_id)
        chosen = Tastes(household.tastes, household.never_families)
        return _tastes_page(household, chosen, profiles)

    @post("/tastes")
    async def change_tastes(
        self,
        request: Visit,
        *,
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        profiles: Profiles,
        now: Now,
    ) -> Response[Any]:
        """Change what never comes and what is liked; or look for produce, with all that was ticked kept."""
        form = await request.form()
        household = await own_household(identity, household_id)
        if form.get("do") == "find":
            ticked = _ticked(form, profiles)
            return _tastes_page(household, ticked, profiles, query=_query(form))
        try:
            chosen = read_tastes(form, profiles)
        except Invalid as error:
            ticked, said = _ticked(form, profiles), Form().refused(error)
            return again(_tastes_page(household, ticked, profiles, form=said))
        n_boxes = await households.change_tastes(
            identity.person_id,
            household_id,
            tastes=chosen.tastes,
            never_families=chosen.never_families,
            now=now,
        )
        return Redirect(f"/household?saved={n_boxes}", status_code=303)

    @get("/week/{on:date}")
    async def ask_week(
        self,
        *,
        household_id: HouseholdId,
        on: FromPath[dt.date],
        identity: Who,
        profiles: Profiles,
        now: Now,
    ) -> Template:
        """Show what stays out of the boxes of one day."""
        household = await own_household(identity, household_id)
        await refuse_closed_day(identity, household_id, on, now=now)
        said = household.week_nevers.get(on, WeekNevers())
        return _week_page(household, on, said, profiles)

    @post("/week/{on:date}")
    async def change_week(
        self,
        request: Visit,
        *,
        household_id: HouseholdId,
        on: FromPath[dt.date],
        identity: Who,
        households: Households,
        profiles: Profiles,
        now: Now,
    ) -> Response[Any]:
        """Change what stays out of the boxes of one day, and of no other; or look for produce."""
        form = await request.form()
        household = await own_household(identity, household_id)
        await refuse_closed_day(identity, household_id, on, now=now)
        if form.get("do") == "find":
            said = chosen_week(form, profiles)
            return _week_page(household, on, said, profiles, query=_query(form))
        try:
            said = read_week_nevers(form, household, profiles)
        except Invalid as error:
            said = chosen_week(form, profiles)
            return again(_week_page(household, on, said, profiles, form=Form().refused(error)))
        n_boxes = await households.change_week(
            identity.person_id, household_id, said, delivery_on=on, now=now
        )
        return Redirect(f"/household?saved={n_boxes}", status_code=303)


def _query(form: FormMultiDict) -> str:
    return " ".join(str(form.get("find") or "").split())[:60]


def _ticked(form: FormMultiDict, profiles: Mapping[str, Produce]) -> Tastes:
    """Return what a form says, whether or not it may be so."""
    said = {key: str(form.get(f"taste-{key}") or "") for key in profiles}
    tastes = {key: Taste(value) for key, value in said.items() if value in set(Taste)}
    return Tastes(tastes, chosen_families(form))


def _sheet(profiles: Mapping[str, Produce], query: str) -> Sheet:
    words_in = current_page().words_in
    languages = [words_in(each) for each in SPOKEN] if words_in else [speaker()]
    hits = found(query, profiles, languages)
    rest = never_list([key for key in profiles if key not in hits], profiles)
    matches = tuple(
        (key, name_in_words(produce)) for key, produce in profiles.items() if key in hits
    )
    return Sheet(rest, matches, query)


def _tastes_page(
    household: HouseholdView,
    chosen: Tastes,
    profiles: Mapping[str, Produce],
    *,
    query: str = "",
    form: Form | None = None,
) -> Template:
    never = [
        *(family_in_words(each) for each in sorted(household.never_families)),
        *(
            name_in_words(profiles[key])
            for key, taste in sorted(household.tastes.items())
            if taste is Taste.NEVER and key in profiles
        ),
    ]
    context = {
        "household": household,
        "form": form or Form(),
        "sheet": _sheet(profiles, query),
        "never": never,
        "said": {key: taste.value for key, taste in chosen.tastes.items()},
        "never_families": chosen.never_families,
        "choices": [(taste.value, message(words)) for taste, words in TASTE_WORDS.items()],
    }
    return Template("customer/tastes.html", context=context)


def _week_page(
    household: HouseholdView,
    on: dt.date,
    said: WeekNevers,
    profiles: Mapping[str, Produce],
    *,
    query: str = "",
    form: Form | None = None,
) -> Template:
    context = {
        "household": household,
        "on": on,
        "form": form or Form(),
        "sheet": _sheet(profiles, query),
        "said": said,
    }
    return Template("customer/week.html", context=context)
