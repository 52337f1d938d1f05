"""A household as its page sees it: what it has ordered, what it likes, and what its last change did."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.text import Message, marked, message
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.reading import day_words, weekday_name_words
from ripening.unit import family_in_words, name_in_words
from subscriptions.adapters import change_store
from subscriptions.adapters.box_view_store import BoxView
from subscriptions.adapters.household_page import Delivery, HouseholdView, OwnLine, SubscriptionView
from subscriptions.box_change import ChangeReason, amounts
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.first_week import contents_words, tax_words
from subscriptions.lifecycle import BoxStatus, Taste
from subscriptions.taste import WeekNevers

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
class Week:
    """The day of a box that may still change, and what stays out of its boxes alone."""

    on: dt.date
    never: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class OwnBox:
    """A box that the household changed itself, and what is in it that it never wants."""

    id: UUID
    on: dt.date
    produce: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A household, what it has ordered, and what it likes."""

    household: HouseholdView
    orders: tuple[Order, ...]
    room: Message
    never: tuple[Message, ...]
    wishes: tuple[Message, ...]
    weeks: tuple[Week, ...]
    own: tuple[OwnBox, ...]


def household_card(
    household: HouseholdView,
    subscriptions: Sequence[SubscriptionView],
    deliveries: Sequence[Delivery],
    *,
    open_days: Sequence[dt.date],
    own: Sequence[OwnLine],
    profiles: Mapping[str, Produce],
    now: DateTime,
) -> HouseholdCard:
    """Return a household; `open_days` are those of its next boxes that may still change."""

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
        tuple(Week(on, _week_words(household.week_nevers.get(on), profiles)) for on in open_days),
        tuple(
            OwnBox(
                each.box_id,
                each.delivery_on,
                tuple(name_in_words(profiles[key]) for key in each.produce if key in profiles),
            )
            for each in own
            if each.household_id == household.id
        ),
    )


def _week_words(said: WeekNevers | None, profiles: Mapping[str, Produce]) -> tuple[Message, ...]:
    if said is None:
        return ()
    named = (name_in_words(profiles[key]) for key in sorted(said.produce) if key in profiles)
    return (*(family_in_words(each) for each in sorted(said.families)), *named)


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


@dataclass(frozen=True, slots=True)
class Saved:
    """What the last change reached: a sentence, and what went out of the first open box and came in."""

    said: Message
    gone: Sequence[Message] = ()
    came: Sequence[Message] = ()


_PLAIN = {
    "consent": marked("Saved. It holds whenever something falls short from now on."),
    "address": marked("Saved. The next box goes there, unless its label is printed already."),
}


async def saved_words(
    saved: str, boxes: Sequence[BoxView], profiles: Mapping[str, Produce], *, now: DateTime
) -> Saved | None:
    """Say what the last change reached, which box is the first that it holds for, and what it did to that one.

    `saved` is how many boxes changed, or what else was changed; anything else says nothing.
    """
    if saved in _PLAIN:
        return Saved(message(_PLAIN[saved]))
    if not (saved.isascii() and saved.isdigit()):
        return None
    planned_anew = [
        box for box in boxes if box.status is BoxStatus.PROPOSED and now < box.cutoff_at
    ]
    if int(saved[:3]) == 0 or not planned_anew:
        return Saved(message("Saved. It holds for every box that is planned from now on."))
    first = min(planned_anew, key=lambda box: box.delivery_on)
    said = message(
        "Saved. It holds from the box of {weekday} {day}, which has been planned anew; boxes past their cut-off"
        " stay as they are.",
        weekday=weekday_name_words(first.delivery_on),
        day=day_words(first.delivery_on),
    )
    changes = (await change_store.changes_of([first.id]))[first.id]
    last = next(iter(changes), None)
    if last is None or last.reason is not ChangeReason.ASKED:
        return Saved(said)
    return Saved(said, amounts(last.gone, profiles), amounts(last.came, profiles))
