"""What another rhythm would do, said before it is done. Pure."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.text import Message, message, plural
from ripening.reading import day_words, weekday_name_words
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.order import OrderBook
from subscriptions.rhythm import rhythm_words
from subscriptions.rhythm_change import RhythmChange
from subscriptions.skipping import WEEK_DAYS


@dataclass(frozen=True, slots=True)
class RhythmProspect:
    """What it would do, as sentences; `cutoff` is until when the first box of the new rhythm may change."""

    subscription_id: UUID
    weeks: int
    points: tuple[Message, ...]
    cutoff: CutoffWords


def rhythm_prospect(change: RhythmChange, *, now: DateTime) -> RhythmProspect:
    """Say what another rhythm does."""
    after, order = change.after, change.after.order
    points = [
        message("{rhythm}.", rhythm=rhythm_words(order.cadence_weeks, order.kind)),
        *_still_coming(change, now=now),
        _begins(change),
        *_own(change),
        *_gone(change),
        _price(change),
        *_trial(change),
        *_riding(change),
        *_skipped(after, change.first.delivery_on),
    ]
    cutoff = cutoff_words(
        change.before.cutoff_of(change.first), now=now, timezone=order.rule.timezone
    )
    return RhythmProspect(order.id, order.cadence_weeks, tuple(points), cutoff)


def _begins(change: RhythmChange) -> Message:
    first_on, next_on = change.first.delivery_on, change.next_on
    if next_on is None:
        return message("It begins with the box of {day}.", day=_day(first_on))
    return message(
        "It begins with the box of {day}; the one after that comes on {next}.",
        day=_day(first_on),
        next=_day(next_on),
    )


def _still_coming(change: RhythmChange, *, now: DateTime) -> list[Message]:
    """Say which box comes before the new rhythm begins."""
    before = [
        each.on
        for each in change.before.coming(now)
        if each.is_coming and each.on < change.first.delivery_on
    ]
    if not before:
        return []
    return [message("The box of {day} comes as it is.", day=day_words(before[-1]))]


def _own(change: RhythmChange) -> list[Message]:
    """Say that a box which its household has changed stays, and for how long it lasts."""
    on = change.first.delivery_on
    box = change.before.boxes.get(on)
    if box is None or not box.is_own:
        return []
    lasts = box.horizon_days or WEEK_DAYS
    return [
        plural(
            "You changed the box of {day} yourself, so it stays as it is, for {n} day. Days after that until the next"
            " box have nothing ripe from us.",
            "You changed the box of {day} yourself, so it stays as it is, for {n} days. Days after that until the next"
            " box have nothing ripe from us.",
            lasts,
            day=day_words(on),
        )
        if (change.next_on is not None and (change.next_on - on).days > lasts)
        else message(
            "You changed the box of {day} yourself, so it stays as it is.", day=day_words(on)
        )
    ]


def _gone(change: RhythmChange) -> list[Message]:
    """Say which boxes that were planned, changed or given away no longer come."""
    said = []
    for on in change.gone:
        box = change.before.boxes.get(on)
        if on in change.before.gifts:
            said.append(
                message(
                    "The box of {day}, which was to be given away, does not come.",
                    day=day_words(on),
                )
            )
        elif box is not None and box.is_own:
            said.append(
                message("The box of {day}, which you changed, does not come.", day=day_words(on))
            )
        elif box is not None and box.status is not None:
            said.append(message("The box of {day} does not come.", day=day_words(on)))
    return said


def _price(change: RhythmChange) -> Message:
    old, new = change.before.order.price, change.after.order.price
    if old == new:
        return message("A box costs {price}, as before.", price=new)
    return message(
        "From then on a box costs {price}; until now it was {old}. Each is charged after its own cut-off.",
        price=new,
        old=old,
    )


def _trial(change: RhythmChange) -> list[Message]:
    trial = change.after.order.trial
    if trial is None or not trial.n_left:
        return []
    return [
        plural(
            "The trial box still to come costs {price}.",
            "The {n} trial boxes still to come cost {price} each.",
            trial.n_left,
            price=trial.price,
        )
    ]


def _riding(change: RhythmChange) -> list[Message]:
    if not any(change.before.riding_on(on) for on in change.gone):
        return []
    return [message("What was to ride along in a box that does not come, does not come either.")]


def _skipped(after: OrderBook, first_on: dt.date) -> list[Message]:
    if not any(on > first_on and after.due_on(on) for on in after.skipped):
        return []
    return [message("Boxes that you have skipped stay skipped.")]


def _day(on: dt.date) -> Message:
    return message("{weekday} {day}", weekday=weekday_name_words(on), day=day_words(on))
