"""The household: who eats, in what kitchen, what they like, where the box goes, and the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import Message, marked, message
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.reading import day_words, weekday_name_words
from ripening.unit import family_in_words, name_in_words
from subscriptions.adapters import box_view_store, household_page
from subscriptions.adapters.box_view_store import BoxView
from subscriptions.adapters.household_page import Delivery, HouseholdView, SubscriptionView
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.entrypoints.customer_view import troubles_of
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.household_form import (
    TASTE_WORDS,
    address_values,
    home_values,
    read_address,
    read_home,
    read_tastes,
)
from subscriptions.entrypoints.shop_view import never_list
from subscriptions.first_week import contents_words, tax_words
from subscriptions.lifecycle import BoxStatus, Taste
from subscriptions.role import Identity
from subscriptions.services.household import HouseholdService

Visit = Request[Any, Any, Any]
Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Households = NamedDependency[HouseholdService]
Now = NamedDependency[DateTime]
HouseholdId = FromPath[UUID]


_DAYS_BACK = 15
_WEEKDAYS = tuple(
    map(
        marked,
        ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
    )
)
_BRANDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "unionpay": "UnionPay",
    "jcb": "JCB",
    "discover": "Discover",
    "diners": "Diners Club",
}
"""Trade marks, written as their owners write them in every language."""


@dataclass(frozen=True, slots=True)
class Order:
    """A subscription and its next delivery."""

    subscription: SubscriptionView
    contents: Message
    rhythm: Message
    card: Message
    tax: Message | None
    next: Delivery | None
    cutoff: CutoffWords | None


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A household, what it has ordered, and what it likes."""

    household: HouseholdView
    orders: tuple[Order, ...]
    room: Message
    never: tuple[Message, ...]
    wishes: tuple[Message, ...]


class HouseholdController(Controller):
    """What a household says of itself."""

    path = "/household"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def show(
        self, *, identity: Who, profiles: Profiles, now: Now, saved: FromQuery[str] = ""
    ) -> Template:
        """Show everything; `saved` is how many boxes the last change reached, or "address"."""
        subscriptions = await household_page.subscriptions_of(identity.person_id)
        deliveries = await household_page.deliveries_of(identity.person_id, now=now, each=1)
        households = await household_page.households_of(identity.person_id)
        boxes = await box_view_store.boxes_of(
            identity.person_id, since=now.date().subtract(days=_DAYS_BACK)
        )
        context = {
            "identity": identity,
            "troubles": troubles_of(boxes, now=now),
            "cards": [
                _card(household, subscriptions, deliveries, profiles, now)
                for household in households
            ],
            "said": _saved_words(saved, boxes, now=now),
        }
        return Template("customer/household.html", context=context)

    @get("/{household_id:uuid}/home")
    async def ask_home(self, household_id: HouseholdId, identity: Who) -> Template:
        """Show the form of who eats, and in what kitchen."""
        household = await _household(identity, household_id)
        return _home_page(household, Form(home_values(household)))

    @post("/{household_id:uuid}/home")
    async def change_home(
        self,
        request: Visit,
        *,
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        now: Now,
    ) -> Response[Any]:
        """Change who eats, and in what kitchen."""
        form = await request.form()
        household = await _household(identity, household_id)
        try:
            home = read_home(form)
        except InvalidForm as error:
            return _again(_home_page(household, Form(dict(form)).refused(error)))
        n_boxes = await households.change_home(identity.person_id, household_id, home, now=now)
        return Redirect(f"/household?saved={n_boxes}", status_code=303)

    @get("/{household_id:uuid}/address")
    async def ask_address(self, household_id: HouseholdId, identity: Who) -> Template:
        """Show the form of where the box goes."""
        household = await _household(identity, household_id)
        return _address_page(household, Form(address_values(household)))

    @post("/{household_id:uuid}/address")
    async def change_address(
        self,
        request: Visit,
        *,
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        now: Now,
    ) -> Response[Any]:
        """Change where the box goes."""
        form = await request.form()
        household = await _household(identity, household_id)
        try:
            address = read_address(form, country=household.country)
            await households.change_address(identity.person_id, household_id, address, now=now)
        except (Invalid, InvalidForm) as error:
            return _again(_address_page(household, Form(dict(form)).refused(error)))
        return Redirect("/household?saved=address", status_code=303)

    @get("/{household_id:uuid}/tastes")
    async def ask_tastes(
        self, household_id: HouseholdId, identity: Who, profiles: Profiles
    ) -> Template:
        """Show the never-list and the wishes."""
        household = await _household(identity, household_id)
        said = {key: taste.value for key, taste in household.tastes.items()}
        return _tastes_page(household, said, household.never_families, profiles, Form())

    @post("/{household_id:uuid}/tastes")
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
        """Change what never comes and what is liked; boxes still open are planned anew."""
        form = await request.form()
        household = await _household(identity, household_id)
        try:
            chosen = read_tastes(form, profiles)
        except Invalid as error:
            said = {key: str(form.get(f"taste-{key}") or "sometimes") for key in profiles}
            families = frozenset(map(str, form.getall("family", [])))
            page = _tastes_page(household, said, families, profiles, Form().refused(error))
            return _again(page)
        n_boxes = await households.change_tastes(
            identity.person_id,
            household_id,
            tastes=chosen.tastes,
            never_families=chosen.never_families,
            now=now,
        )
        return Redirect(f"/household?saved={n_boxes}", status_code=303)


async def _household(identity: Identity, household_id: UUID) -> HouseholdView:
    found = await household_page.households_of(identity.person_id)
    household = next((each for each in found if each.id == household_id), None)
    if household is None:
        raise NotFound
    return household


def _again(page: Template) -> Template:
    page.status_code = 422
    return page


def _home_page(household: HouseholdView, form: Form) -> Template:
    rooms = [(int(room), room.words) for room in RoomClass]
    context = {"household": household, "form": form, "rooms": rooms}
    return Template("customer/home.html", context=context)


def _address_page(household: HouseholdView, form: Form) -> Template:
    return Template("customer/address.html", context={"household": household, "form": form})


def _tastes_page(
    household: HouseholdView,
    said: Mapping[str, str],
    never_families: frozenset[str],
    profiles: Mapping[str, Produce],
    form: Form,
) -> Template:
    context = {
        "household": household,
        "form": form,
        "families": never_list(tuple(profiles), profiles),
        "said": said,
        "never_families": never_families,
        "choices": [(taste.value, message(words)) for taste, words in TASTE_WORDS.items()],
    }
    return Template("customer/tastes.html", context=context)


def _card(
    household: HouseholdView,
    subscriptions: Sequence[SubscriptionView],
    deliveries: Sequence[Delivery],
    profiles: Mapping[str, Produce],
    now: DateTime,
) -> HouseholdCard:
    def named(*tastes: Taste) -> tuple[Message, ...]:
        found = (key for key, taste in household.tastes.items() if taste in tastes)
        return tuple(name_in_words(profiles[key]) for key in sorted(found) if key in profiles)

    return HouseholdCard(
        household,
        tuple(
            _order(each, deliveries, now)
            for each in subscriptions
            if each.household_id == household.id
        ),
        RoomClass(household.room_class).words,
        (
            *(family_in_words(each) for each in sorted(household.never_families)),
            *named(Taste.NEVER),
        ),
        named(Taste.ALWAYS, Taste.LIKE),
    )


def _order(subscription: SubscriptionView, deliveries: Sequence[Delivery], now: DateTime) -> Order:
    following = next((d for d in deliveries if d.subscription_id == subscription.id), None)
    return Order(
        subscription,
        contents_words(subscription),
        _rhythm_words(subscription),
        message(
            "{brand} ending in {last4}",
            brand=_BRANDS.get(subscription.card_brand or "", subscription.card_brand or ""),
            last4=subscription.card_last4 or "····",
        ),
        tax_words(subscription.country),
        following,
        cutoff_words(following.cutoff_at, now=now, timezone=following.timezone)
        if following
        else None,
    )


def _rhythm_words(subscription: SubscriptionView) -> Message:
    """Return "every week, on Tuesdays"."""
    day = message(_WEEKDAYS[subscription.weekday])
    if subscription.cadence_weeks == 1:
        return message("every week, on {day}", day=day)
    return message("every {n} weeks, on {day}", n=subscription.cadence_weeks, day=day)


def _saved_words(saved: str, boxes: Sequence[BoxView], *, now: DateTime) -> Message | None:
    """Say what the last change reached, and which box is the first that it holds for."""
    if saved == "address":
        return message("Saved. The next box goes there, unless its label is printed already.")
    if not (saved.isascii() and saved.isdigit()):
        return None
    planned_anew = [
        box.delivery_on for box in boxes if box.status is BoxStatus.PROPOSED and now < box.cutoff_at
    ]
    if int(saved[:3]) == 0 or not planned_anew:
        return message("Saved. It holds for every box that is planned from now on.")
    first = min(planned_anew)
    return message(
        "Saved. It holds from the box of {weekday} {day}, which has been planned anew; boxes past their cut-off"
        " stay as they are.",
        weekday=weekday_name_words(first),
        day=day_words(first),
    )
