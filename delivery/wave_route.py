"""From a wave's boxes to its route sheet: places in driving order, each with its boxes. Pure."""

from collections.abc import Sequence
from itertools import groupby

from pendulum import DateTime

from delivery.papers.plain_text import Words
from delivery.papers.route_sheet import BoxThere, RouteSheet, RouteStop
from delivery.papers.short_name import short_name
from delivery.wave import BoxToPack, WaveHead
from ripeday.kit.text import message

CODE_DIGITS = 4
"""So many of the last digits under a label's bars tell two boxes for people of one name apart."""


def route_sheet_of(
    wave: WaveHead, boxes: Sequence[BoxToPack], *, locale: str, now: DateTime
) -> RouteSheet:
    """Return the route sheet of a wave; `boxes` are in the order of their stops."""
    by_stop = groupby(boxes, key=lambda box: box.stop)
    return RouteSheet(
        route=wave.route,
        depot=wave.depot_name_zh if locale == "zh" else wave.depot_name,
        round_name=wave.round_name_zh if locale == "zh" else wave.round_name,
        delivery_on=wave.delivery_on,
        stops=tuple(_stop(nth, list(there), locale) for nth, there in by_stop),
        made_at=now.in_timezone(wave.timezone),
    )


def _stop(nth: int, boxes: Sequence[BoxToPack], locale: str) -> RouteStop:
    first = boxes[0]
    at = first.left_at
    street = f"{first.street}, {first.postcode} {first.city}"
    if at is None:
        return RouteStop(nth, street, len(boxes), name=first.name, note=first.delivery_note)
    is_for_people = not first.is_given
    name, hours = (at.name_zh, at.hours_zh) if locale == "zh" else (at.name, at.hours)
    return RouteStop(
        nth,
        street,
        len(boxes),
        place=_with_hours(name, hours),
        note=at.access_note if is_for_people else _given(at.access_note),
        needs_signature=True,
        place_name=name,
        hours=hours,
        boxes=_there(boxes) if is_for_people else (),
    )


def _with_hours(name: str, hours: str) -> Words:
    return message("{place}, {hours}", place=name, hours=hours)


def _given(access_note: str | None) -> Words:
    if access_note is None:
        return message("Donated boxes.")
    return message("Donated boxes. {note}", note=access_note)


def _there(boxes: Sequence[BoxToPack]) -> tuple[BoxThere, ...]:
    """Return the boxes of a stop by name, as whoever hands them out looks for them."""
    there = [BoxThere(short_name(box.name), box.sscc[-CODE_DIGITS:]) for box in boxes]
    return tuple(sorted(there, key=lambda box: (box.name.casefold(), box.code_end)))
