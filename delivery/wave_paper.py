"""From a wave's rows to what its papers say. Pure: rows in, papers out."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pendulum
from pendulum import DateTime

from delivery.barcode import Sscc
from delivery.papers.box_label import BoxLabel, EatFirst
from delivery.papers.ethylene import EthyleneMark, ethylene_mark
from delivery.papers.pack_list import PackCard, PackLine, PackList
from delivery.papers.pick_list import PickLine, PickList, PickZone
from delivery.wave import BoxToPack, LotToPick, PlaceOfLot, WaveHead
from delivery.wave_addon import addon_grams, addon_lines, addon_zones
from ripeday.kit.text import Message, marked, message
from ripening import advice
from ripening.lot_state import age_at
from ripening.produce import Produce
from ripening.unit import counted_out, family_in_words, name_in_words

READY_BY = dt.time(9, 30)
"""Wall time by which a wave is picked, on its pack day."""

WARM_ROOM_C = 10.0
SOFT_FAMILIES = frozenset({"berry", "stone", "grape"})
_WALK_FIRST = marked("Walk first")
_NEVER_COLD = marked("Never into the cold")
_FLOWERS_LAST = marked("Pick last, never beside E")
_NOT_IN = marked("Not in yet")


def pick_list_of(
    wave: WaveHead,
    lots: Sequence[LotToPick],
    places: Sequence[PlaceOfLot],
    profiles: Mapping[str, Produce],
    boxes: Sequence[BoxToPack] = (),
    *,
    locale: str,
    now: DateTime,
) -> PickList:
    """Return the pick list: what each place gives, zones in walking order, lots that leave soonest first.

    What rides along in `boxes` stands after that, in a section of its own.
    """
    lines: dict[str, list[tuple[int, PickLine]]] = {}
    zones: dict[str, PlaceOfLot] = {}
    waited: list[PickLine] = []
    for lot in lots:
        produce = profiles[lot.produce_key]
        shares = _shares(lot, places)
        for share in shares:
            place = share.place
            zones.setdefault(place.zone, place)
            line = _pick_line(lot, share, produce, wave)
            lines.setdefault(place.zone, []).append((place.walk, line))
        if not shares:
            waited.append(_waited_line(lot, produce, wave))
    walked = sorted(zones.values(), key=lambda place: place.walk)
    return PickList(
        wave_code=wave.code,
        wave_n=wave.number,
        n_waves=wave.n_waves,
        round_name=_named(wave.round_name, wave.round_name_zh, locale),
        delivery_on=wave.delivery_on,
        n_boxes=wave.n_boxes,
        ready_by=dt.datetime.combine(
            wave.pack_on, READY_BY, tzinfo=pendulum.timezone(wave.timezone)
        ),
        zones=(
            *(
                PickZone(
                    code=zone.zone,
                    name=_named(zone.zone_name, zone.zone_name_zh, locale),
                    lines=tuple(line for _, line in sorted(lines[zone.zone], key=_walk)),
                    temperature_c=(zone.low_c, zone.high_c),
                    rule=_rule(n, zone),
                )
                for n, zone in enumerate(walked)
            ),
            *([PickZone(code="–", name=message(_NOT_IN), lines=tuple(waited))] if waited else ()),
            *addon_zones(boxes),
        ),
        made_at=now.in_timezone(wave.timezone),
    )


def _walk(pair: tuple[int, PickLine]) -> tuple[int, str]:
    return pair[0], pair[1].lot_code


@dataclass(frozen=True, slots=True)
class _Share:
    """Units to take from one place, and where more of the lot lies."""

    place: PlaceOfLot
    units: int
    other: PlaceOfLot | None


def _shares(lot: LotToPick, places: Sequence[PlaceOfLot]) -> list[_Share]:
    """Share the units of a lot over its places in walking order, after what earlier waves take.

    What does not lie anywhere falls to the last place, where it is found to be missing.
    """
    mine = [place for place in places if place.lot_id == lot.lot_id and place.units > 0]
    shares, before, left = [], lot.units_before, lot.units
    for n, place in enumerate(mine):
        is_last = n == len(mine) - 1
        gone = min(before, place.units)
        units = left if is_last else min(left, place.units - gone)
        if units:
            other = mine[n - 1] if is_last and n else None if is_last else mine[n + 1]
            shares.append(_Share(place, units, other))
        before, left = before - gone, left - units
    return shares


def _pick_line(lot: LotToPick, share: _Share, produce: Produce, wave: WaveHead) -> PickLine:
    leaves_soon = (lot.must_leave_on - wave.delivery_on).days <= 2
    return PickLine(
        place=share.place.code,
        produce=name_in_words(produce),
        lot_code=lot.lot_code,
        units=_counted(produce, share.units),
        stage=_stage(lot, produce, wave),
        units_per_case=None if produce.is_flower else _counted(produce, lot.case_units),
        unit_word=_unit(produce, share.units),
        else_place=share.other.code if share.other else None,
        must_leave_on=lot.must_leave_on if leaves_soon else None,
        mark=_mark(produce),
    )


def _waited_line(lot: LotToPick, produce: Produce, wave: WaveHead) -> PickLine:
    """Return the line of a lot that is reserved and has not come in yet."""
    return PickLine(
        place="–",
        produce=name_in_words(produce),
        lot_code=lot.lot_code,
        units=_counted(produce, lot.units),
        stage=_stage(lot, produce, wave),
        units_per_case=None if produce.is_flower else _counted(produce, lot.case_units),
        unit_word=_unit(produce, lot.units),
        place_note=message("due {day}", day=lot.due_on),
        mark=_mark(produce),
    )


def _stage(lot: LotToPick, produce: Produce, wave: WaveHead) -> Message:
    """Return how ripe a lot is on the day it is packed; a withheld one is not to be touched."""
    if lot.is_withheld:
        return message("HELD: leave it where it is")
    on = max(wave.pack_on, lot.state.graded_on)
    age = age_at(lot.state, {produce.key: produce}, delivery_on=on)
    return advice.stage(produce, age, treated=lot.state.treated).words


def _mark(produce: Produce) -> EthyleneMark | None:
    return ethylene_mark(produce.ethylene_production, produce.ethylene_sensitivity)


def _rule(n: int, zone: PlaceOfLot) -> Message | None:
    if zone.zone == "F":
        return message(_FLOWERS_LAST)
    if zone.low_c >= WARM_ROOM_C:
        return message(_NEVER_COLD)
    return message(_WALK_FIRST) if n == 0 else None


def pack_list_of(
    wave: WaveHead, boxes: Sequence[BoxToPack], profiles: Mapping[str, Produce], *, locale: str
) -> PackList:
    """Return the pack cards of a wave, in the order of the stops."""
    return PackList(
        wave_code=wave.code,
        wave_n=wave.number,
        n_waves=wave.n_waves,
        round_name=_named(wave.round_name, wave.round_name_zh, locale),
        delivery_on=wave.delivery_on,
        cards=pack_cards(boxes, boxes, profiles),
    )


def pack_cards(
    boxes: Sequence[BoxToPack], wave_boxes: Sequence[BoxToPack], profiles: Mapping[str, Produce]
) -> tuple[PackCard, ...]:
    """Return the cards of some boxes; `wave_boxes` are all of the wave, which decide where a lot is named."""
    several = _of_several_lots(wave_boxes)
    return tuple(
        PackCard(
            box_number=str(box.number),
            name=box.name,
            place=message("Food bank") if box.is_given else None,
            tote=str(box.tote),
            lines=(
                *(_pack_line(line, profiles, several) for line in _by_lot(box)),
                *addon_lines(box),
            ),
            exclusions=_exclusions(box, profiles),
            food_note=box.food_note,
        )
        for box in boxes
    )


def _of_several_lots(boxes: Sequence[BoxToPack]) -> set[str]:
    """Return the produce that the wave has from more than one lot: there the lot must be named."""
    pairs = {(line["produce"], line["code"]) for box in boxes for line in box.lines}
    n_lots = Counter(produce for produce, _ in pairs)
    return {produce for produce, n in n_lots.items() if n > 1}


def _by_lot(box: BoxToPack) -> Sequence[Mapping[str, Any]]:
    """Return one line a lot: some units of it may be meant for the fridge at home, but all are packed alike."""
    found: dict[str, dict[str, Any]] = {}
    for line in box.lines:
        known = found.setdefault(line["code"], {**line, "units": 0})
        known["units"] += line["units"]
        known["ready"] = min(known["ready"], line["ready"])
    return list(found.values())


def _pack_line(
    line: Mapping[str, Any], profiles: Mapping[str, Produce], several: set[str]
) -> PackLine:
    produce = profiles[line["produce"]]
    n, name = counted_out(produce, line["units"])
    if produce.key in several:
        name = message("{produce} {lot}", produce=name, lot=line["code"])
    return PackLine(
        produce=name,
        units=n,
        grams_per_unit=line["grams"] * line["units"] / n,
        is_soft=_is_soft(produce, line["ready"]),
        mark=_mark(produce),
    )


def _counted(produce: Produce, units: int) -> int:
    """Return what a picker counts: single fruit where a unit is several of them, else units."""
    return counted_out(produce, units)[0]


def _unit(produce: Produce, units: int) -> Message | None:
    """Return what is counted, where it is not single fruit."""
    match produce.unit:
        case "punnet":
            return message("punnet") if units == 1 else message("punnets")
        case "bunch":
            return message("bunch") if units == 1 else message("bunches")
        case _:
            return None


def _is_soft(produce: Produce, ready_day: int) -> bool:
    """Return whether it bruises under weight: flowers, tender fruit, and what has softened by the delivery day."""
    is_tender = produce.is_flower or produce.family in SOFT_FAMILIES or produce.unit == "punnet"
    return is_tender or (produce.ripens and ready_day == 0)


def _exclusions(box: BoxToPack, profiles: Mapping[str, Produce]) -> tuple[Message, ...]:
    """Return what must not go into the box; nobody puts flowers by mistake into a box of fruit."""
    kinds = {profiles[line["produce"]].kind for line in box.lines}
    return tuple(_exclusion(key, profiles) for key in box.never if _kinds(key, profiles) & kinds)


def _kinds(key: str, profiles: Mapping[str, Produce]) -> set[str]:
    """Return the kinds, fruit or flower, of a produce or of a whole family."""
    if key in profiles:
        return {profiles[key].kind}
    return {produce.kind for produce in profiles.values() if produce.family == key}


def _exclusion(key: str, profiles: Mapping[str, Produce]) -> Message:
    produce = profiles.get(key)
    return family_in_words(key) if produce is None else name_in_words(produce)


def box_labels(
    wave: WaveHead, boxes: Sequence[BoxToPack], profiles: Mapping[str, Produce], *, locale: str
) -> list[BoxLabel]:
    """Return the labels of a wave, in the order of the stops."""
    return [
        BoxLabel(
            route=wave.route,
            stop=box.stop,
            delivery_on=wave.delivery_on,
            depot=_named(wave.depot_name, wave.depot_name_zh, locale),
            wave_n=wave.number,
            box_n=1,
            n_boxes=1,
            weight_g=sum(line["units"] * line["grams"] for line in box.lines) + addon_grams(box),
            n_addons=sum(each.units for each in box.addons),
            name=box.name,
            place=_stop_named(box, locale) if box.is_given else None,
            phone=box.phone,
            address_lines=(*_fetched_at(box, locale), box.street, f"{box.postcode} {box.city}"),
            sscc=Sscc.from_digits(box.sscc, prefix_digits=len(wave.gs1_prefix)),
            delivery_note=box.delivery_note,
            eat_first=_eat_first(wave, box, profiles),
            never_below_c=_never_below(box, profiles),
        )
        for box in boxes
    ]


def _fetched_at(box: BoxToPack, locale: str) -> tuple[str, ...]:
    """Return the stop that a person's box is left at, above its street."""
    name = _stop_named(box, locale)
    return () if name is None or box.is_given else (name,)


def _stop_named(box: BoxToPack, locale: str) -> str | None:
    at = box.left_at
    return None if at is None else _named(at.name, at.name_zh, locale)


def _eat_first(
    wave: WaveHead, box: BoxToPack, profiles: Mapping[str, Produce]
) -> tuple[EatFirst, ...]:
    """Return the fruit most eaten on each of the first seven days; nothing for flowers alone or a box given away."""
    if box.is_given:
        return ()
    fruit = [line for line in box.lines if not profiles[line["produce"]].is_flower]
    if not fruit:
        return ()
    days = []
    for day in range(7):
        eaten = [line for line in fruit if line["eat"][day] > 0]
        first = max(eaten, key=lambda line, on=day: line["eat"][on]) if eaten else None  # type: ignore[misc]
        words = None if first is None else name_in_words(profiles[first["produce"]])
        days.append(EatFirst(wave.delivery_on + dt.timedelta(days=day), words))
    return tuple(days)


def _never_below(box: BoxToPack, profiles: Mapping[str, Produce]) -> int | None:
    limits = [profiles[line["produce"]].chilling_threshold_c for line in box.lines]
    known = [limit for limit in limits if limit is not None and limit > 4]
    return round(max(known)) if known else None


def _named(name: str, name_zh: str, locale: str) -> str:
    return name_zh if locale == "zh" else name
