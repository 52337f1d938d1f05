"""A box that is open to change, as its page shows it: lines with what can be done to each, the gap and its fix."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pendulum

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from ripening.produce import Produce
from ripening.unit import name_in_words, units_in_words
from subscriptions.box_edit import Idea, LineEffect, MendOffer, cover_words, days_words, mend_words
from subscriptions.eating_calendar import Item, eating_calendar
from subscriptions.entrypoints.customer_view import WEEK, BoxCard, ItemLine, item_lines
from subscriptions.entrypoints.open_box_words import (
    edit_words,
    put_in_words,
    ripe_days_words,
    taken_words,
    undo_words,
)
from subscriptions.services.edit_look import EditCase, EditLook, planners_units
from subscriptions.today_wording import gaps_heading, spare_words


@dataclass(frozen=True, slots=True)
class Row:
    """One produce of the box, or one that was taken out of it; what can be asked for, each as "LOT:UNITS".

    `fewer` is absent where only one unit is left, `parts` where nothing is; `first_day` is the one on which it is first
    eaten or ready, counted from the delivery. `spare` says that some of it is there for what may spoil.
    """

    key: str
    is_flower: bool
    first_day: int
    name: Message
    amount: Message
    parts: tuple[ItemLine, ...]
    out: tuple[str, ...]
    fewer: tuple[str, ...]
    more: tuple[str, ...]
    back: tuple[str, ...] = ()
    is_last: bool = False
    spare: Message | None = None

    @property
    def is_out(self) -> bool:
        """Whether it is not in the box any more."""
        return not self.parts


@dataclass(frozen=True, slots=True)
class Bar:
    """When something is ready: its bar over the week that matters, and the days that would still lack something."""

    line: ItemLine
    start: int
    days: tuple[dt.date, ...]
    lacking: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """A way out of a gap, or an idea: what comes in, what that does, and what to ask for ("LOT:UNITS").

    `key` is the produce that it is about, `extra` what it is worth beyond what goes out for it.
    """

    key: str
    heading: Message
    does: Message
    label: Message
    bar: Bar
    changes: tuple[str, ...]
    extra: Money | None = None


@dataclass(frozen=True, slots=True)
class GapNote:
    """The days that lack something, why, and what would mend it; `is_left` once that is all right so."""

    heading: Message
    why: tuple[tuple[dt.date | None, Message], ...]
    days: tuple[dt.date, ...]
    fixes: tuple[Fix, ...]
    is_left: bool


@dataclass(frozen=True, slots=True)
class OpenBoxPage:
    """All that the page of an open box shows; `edits` are the changes that stand."""

    card: BoxCard
    seen: str
    rows: tuple[Row, ...]
    gap: GapNote | None
    ripe_days: Message
    worth: Money
    percent_full: int
    saved_at: dt.time | None
    undo: Message | None
    n_edits: int
    done: Message | None

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return the days of the bars."""
        return tuple(day.on for day in self.card.calendar.days[:WEEK])


def open_box_page(
    card: BoxCard, look: EditLook, profiles: Mapping[str, Produce], *, left: Collection[str] = ()
) -> OpenBoxPage:
    """Return the page of a box; `left` are the days that its household was content to leave bare."""
    edits, box = look.case.edits, card.box
    made = pendulum.instance(edits[-1].made_at).in_timezone(box.timezone) if edits else None
    return OpenBoxPage(
        card=card,
        seen=look.effect.seen,
        rows=_rows(card, look, profiles),
        gap=_gap(card, look, profiles, left),
        ripe_days=ripe_days_words(card.calendar, box.kind),
        worth=_worth(card, look.effect.goods_fraction),
        percent_full=min(100, round(100 * look.effect.goods_fraction)),
        saved_at=made.time() if made else None,
        undo=undo_words(edits[-1], profiles) if edits else None,
        n_edits=len(edits),
        done=edit_words(edits[-1], profiles) if edits else None,
    )


def _worth(card: BoxCard, fraction: float) -> Money:
    """Return what goods are worth in a box, of its price: the share that they take of what goods may cost."""
    return card.usual.part(Decimal(str(fraction)))


def _rows(card: BoxCard, look: EditLook, profiles: Mapping[str, Produce]) -> tuple[Row, ...]:
    """Return what is in the box in the order in which it is ready, and in its place there what was taken out."""
    by_produce: dict[str, list[Item]] = {}
    for item in card.calendar.packed:
        by_produce.setdefault(item.produce.key, []).append(item)
    rows = [_row(items, look) for items in by_produce.values()]
    return tuple(sorted((*rows, *_taken_out(card, look, profiles)), key=_first_day))


def _first_day(row: Row) -> tuple[bool, int]:
    return row.is_flower, row.first_day


def _taken_out(card: BoxCard, look: EditLook, profiles: Mapping[str, Produce]) -> tuple[Row, ...]:
    """Return what lay in the planner's box and was taken out whole."""
    held = {item.produce.key for item in card.calendar.packed}
    last = {each.produce_key for edit in look.case.edits[-1:] for each in edit.lots}
    gone: dict[str, dict[UUID, int]] = {}
    for lot, (key, units) in planners_units(look.case.edits).items():
        if units and key not in held:
            gone.setdefault(key, {})[lot] = units
    return tuple(
        _gone(profiles[key], lots, look, is_last=key in last) for key, lots in gone.items()
    )


def _row(items: Sequence[Item], look: EditLook) -> Row:
    produce = items[0].produce
    units: dict[UUID, int] = {}
    for item in items:
        units[item.line.lot_id] = units.get(item.line.lot_id, 0) + item.line.units
    total, last = sum(units.values()), items[-1].line.lot_id
    free = [each.lot_id for each in look.effect.choices if each.produce_key == produce.key]
    more = next((lot for lot in free if lot in units), next(iter(free), last))
    return Row(
        key=produce.key,
        is_flower=produce.is_flower,
        first_day=(*items[0].planned_days, items[0].line.ready_day)[0],
        name=name_in_words(produce),
        amount=units_in_words(produce, total),
        parts=item_lines(items),
        out=tuple(f"{lot}:0" for lot in units),
        fewer=(f"{last}:{units[last] - 1}",) if total > 1 else (),
        more=(f"{more}:{units.get(more, 0) + 1}",),
        spare=spare_words(sum(item.spare for item in items)),
    )


def _gone(produce: Produce, lots: Mapping[UUID, int], look: EditLook, *, is_last: bool) -> Row:
    return Row(
        key=produce.key,
        is_flower=produce.is_flower,
        first_day=look.case.first_day(lots),
        name=name_in_words(produce),
        amount=units_in_words(produce, sum(lots.values())),
        parts=(),
        out=(),
        fewer=(),
        more=(),
        back=tuple(f"{lot}:{units}" for lot, units in lots.items()),
        is_last=is_last,
    )


def _gap(
    card: BoxCard, look: EditLook, profiles: Mapping[str, Produce], left: Collection[str]
) -> GapNote | None:
    if not card.gaps:
        return None
    days = tuple(dict.fromkeys(gap.on for gap in card.gaps))
    taken = [row.name for row in _taken_out(card, look, profiles)]
    is_one = len(card.gaps) == 1
    return GapNote(
        heading=gaps_heading(card.gaps, today=card.today),
        why=((None, taken_words(taken)),)
        if taken
        else tuple((None if is_one else gap.on, gap.said) for gap in card.gaps),
        days=days,
        fixes=tuple(_fix(mend, card, look.case, profiles) for mend in look.effect.mends),
        is_left={day.isoformat() for day in days} <= set(left),
    )


def _fix(mend: MendOffer, card: BoxCard, case: EditCase, profiles: Mapping[str, Produce]) -> Fix:
    about = (*mend.into, *mend.out)[0]
    lines = [line for line in mend.lines if line.lot_id == about.lot_id] or mend.lines
    still = tuple(day for day in (gap.on for gap in card.gaps) if day not in mend.covers)
    return Fix(
        key=about.produce_key,
        heading=mend_words(mend, profiles),
        does=cover_words(mend),
        label=put_in_words(mend, profiles),
        bar=_bar(lines, card, case, profiles, about=mend.covers, lacking=still),
        changes=_asked(mend.units),
    )


def ideas_shown(
    ideas: Sequence[Idea], card: BoxCard, case: EditCase, profiles: Mapping[str, Produce]
) -> list[Fix]:
    """Return what could come into the box, each with what it does to every day."""
    return [
        Fix(
            key=idea.into.produce_key,
            heading=units_in_words(profiles[idea.into.produce_key], idea.into.units),
            does=days_words(idea.days),
            label=message("Put in"),
            bar=_bar(
                idea.lines,
                card,
                case,
                profiles,
                about=idea.bares or idea.covers,
                lacking=idea.lacking,
            ),
            changes=_asked(idea.units),
            extra=_worth(card, idea.goods_fraction - idea.goods_fraction_before),
        )
        for idea in ideas
    ]


def _asked(units: Mapping[UUID, int]) -> tuple[str, ...]:
    return tuple(f"{lot}:{n}" for lot, n in units.items())


def _bar(
    lines: Sequence[LineEffect],
    card: BoxCard,
    case: EditCase,
    profiles: Mapping[str, Produce],
    *,
    about: Sequence[dt.date],
    lacking: tuple[dt.date, ...],
) -> Bar:
    """Show the first of the lines over the week of the first day that it is about."""
    calendar = card.calendar
    items = eating_calendar(
        [case.held(line, profiles) for line in lines[:1]],
        profiles=profiles,
        delivery_on=calendar.delivery_on,
        horizon_days=len(calendar.days),
        wants_fruit=True,
        wants_flowers=True,
        today=card.today,
    ).items
    number = (about[0] - calendar.delivery_on).days if about else 0
    start = number // WEEK * WEEK
    week = tuple(day.on for day in calendar.days[start : start + WEEK])
    return Bar(item_lines(items)[0], start, week, lacking)
