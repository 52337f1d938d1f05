"""Where a merchant delivers, and whether it does to a postcode: when first, until when to order, full or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, message
from subscriptions.adapters.place_store import StopChoice
from subscriptions.adapters.shop_page import OpenDay, Shop
from subscriptions.cutoff_wording import cutoff_words
from subscriptions.entrypoints.shop_wish import Wish
from subscriptions.postcode import read_postcode

_LONGEST = 12


@dataclass(frozen=True, slots=True)
class AreaRound:
    """A round as visitors see it; `until` is the cut-off of its first delivery that can still be joined.

    At its `stops` boxes are fetched, wherever somebody lives.
    """

    day: OpenDay
    until: Message
    serves: bool
    stops: tuple[StopChoice, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """All rounds, and what is said of the postcode that was asked for, if one was."""

    form: Form
    rounds: tuple[AreaRound, ...]
    wish: Wish
    postcode: str | None

    @property
    def serving(self) -> tuple[AreaRound, ...]:
        """Return the rounds that come to the postcode asked for."""
        return tuple(each for each in self.rounds if each.serves)

    @property
    def has_stops(self) -> bool:
        """Tell whether boxes can be fetched anywhere."""
        return any(each.stops for each in self.rounds)

    @property
    def said(self) -> Message | None:
        """Answer the question in a sentence; None where nothing was asked, or no postcode."""
        if self.postcode is None:
            return None
        if not self.serving:
            return message("We do not come to {postcode} yet.", postcode=self.postcode)
        if all(each.day.is_full for each in self.serving):
            return message("We come to {postcode}, but every round is full.", postcode=self.postcode)  # fmt: skip
        return message("Yes, we come to {postcode}.", postcode=self.postcode)


def area_view(
    shop: Shop,
    query: Mapping[str, str],
    wish: Wish,
    *,
    days: Sequence[OpenDay],
    stops: Sequence[StopChoice],
    now: DateTime,
) -> AreaView:
    """Return where a merchant delivers, and the answer for `postcode` in an address."""
    typed = query.get("postcode", "")[:_LONGEST]
    form, postcode = Form({"postcode": typed}), None
    try:
        postcode = read_postcode(typed, shop.country) if typed.strip() else None
    except Invalid as error:
        form = form.refused(error)
    rounds = tuple(
        AreaRound(
            day,
            cutoff_words(day.cutoff_at, now=now, timezone=shop.timezone).when,
            postcode is not None and day.serves(postcode),
            tuple(stop for stop in stops if stop.round_id == day.round_id),
        )
        for day in days
    )
    return AreaView(form, rounds, wish, postcode)
