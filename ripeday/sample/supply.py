"""The sample's lots: what growers sent and announced, how ripe it is, where it lies, and how much of it there is.

Each week brings its own lots: keepers (apples, citrus, kiwifruit…), whose leftovers serve the weeks after, fresh fruit
with bananas at two stages, so that something is ripe early and something late, and flowers. What is less sought takes
turns.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from uuid import UUID

from pendulum import DateTime
from stdnum import ean

from ripeday.kit.clock import instant
from ripeday.kit.money import rounded
from ripeday.sample.calendar import PACK_DAYS_BEFORE, SampleDays
from ripeday.sample.household import SampleSubscriber
from ripeday.sample.merchant import SampleMerchant
from ripeday.sample.row import Row, RowBook
from ripeday.sample.season import source_on
from ripeday.sample.table_file import rows, rows_of
from ripening.lot_state import LotState
from ripening.produce import Produce
from ripening.stage import age_of_stage
from ripening.use_by import last_delivery_on
from subscriptions.adapters.catalog_tables import Lot
from subscriptions.lifecycle import LotStatus
from subscriptions.tax import tax_rule

KEEPER_DAYS = 28.0
"""Produce that keeps this long at its storage temperature is still good in the weeks after its first."""

N_KEEPERS, N_FRESH, N_KEPT_FLOWERS, N_FRESH_FLOWERS = 6, 3, 1, 3
"""Produce of each sort that a week brings; the best liked `N_ALWAYS` of them every week."""

N_ALWAYS, N_BETWEEN = 2, 2
COST_SHARE = Decimal("0.55")
"""What a lot costs, as a share of what its produce sells for without tax."""

SPARE, FIRST_WEEK = 1.2, 1.15
"""Supply over demand; the first week has no leftovers of weeks before."""

WARM_MONTHS, WARM_VASES = range(5, 10), 1.4
"""In warm rooms flowers fade sooner, and a week takes more bunches."""

SCARCE, LASTING = 0.5, 1.4
UNKNOWN_STORAGE_DAYS = 6
_STEMS_TO_BUNCHES = {5: 1.6, 10: 2.6}
_ZONE_C = {"A": (0.0, 2.0), "B": (5.0, 8.0), "C": (13.0, 15.0)}
_FLOWER_C = (1.0, 3.0)
_TWO_PLACES_UNITS = 250
_CALLED = {"mandarin": "clementine"}
_ARRIVES = dt.time(6, 40)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A lot that has come in: how many units lie where, and since when."""

    lot_id: UUID
    units: Mapping[UUID, int]
    at: DateTime


@dataclass(frozen=True, slots=True)
class _Coming:
    """A lot before its units are known; `ripe` places it on the way from dispatch stage (0) to edible (1)."""

    produce: Produce
    due_on: dt.date
    ripe: float
    meant_for: tuple[dt.date, ...]
    is_scarce: bool = False


@dataclass(frozen=True, slots=True)
class _Graded:
    coming: _Coming
    state: LotState
    zone: str
    serves: tuple[dt.date, ...]
    must_leave_on: dt.date


def add_supply(
    book: RowBook,
    merchant: SampleMerchant,
    days: SampleDays,
    profiles: Mapping[str, Produce],
    subscribers: Sequence[SampleSubscriber],
) -> list[Receipt]:
    """Add a merchant's lots; return the receipts of those that are in the building."""
    rng = book.chance(merchant.slug, "lots")
    coming = list(_coming(merchant, days, profiles, rng))
    graded = _graded(coming, days, profiles)
    receipts, shelves = [], _Shelves(book, merchant)
    letters: dict[str, int] = {}
    for lot, units in zip(graded, _units(graded, subscribers), strict=True):
        code = _code(lot, letters)
        lot_id = book.key(merchant.slug, "lot", code)
        book.add(Lot, id=lot_id, code=code, **_lot_row(book, merchant, lot, units, rng=rng))
        if lot.coming.due_on < days.as_of:
            at = instant(lot.coming.due_on, _ARRIVES, merchant.timezone)
            receipts.append(Receipt(lot_id, shelves.put(lot.zone, units), at))
    return receipts


def _liked(produce: Produce) -> int:
    return next(int(row["liked"]) for row in rows("offer") if row["key"] == produce.key)


def _chosen(
    merchant: SampleMerchant,
    profiles: Mapping[str, Produce],
    on: Sequence[dt.date],
    *,
    kind: str,
    keeps: bool,
) -> list[Produce]:
    """Return what is on sale on all those days, of one kind and keeping quality, best liked first."""
    known = [profiles[row["key"]] for row in rows("offer")]
    found = [
        produce
        for produce in known
        if produce.kind == kind
        and _keeps(produce) is keeps
        and all(source_on(merchant, produce, day) for day in on)
    ]
    return sorted(found, key=lambda produce: -_liked(produce))


def _keeps(produce: Produce) -> bool:
    if produce.is_flower:
        return produce.keep_spread().mean >= 9
    return produce.storage_life is not None and produce.storage_life.mean >= KEEPER_DAYS


def _coming(
    merchant: SampleMerchant, days: SampleDays, profiles: Mapping[str, Produce], rng: Random
) -> Iterator[_Coming]:
    """Yield the lots of each week, and a few more for the round in the middle of this one."""
    sorts = (
        ("fruit", True, N_KEEPERS),
        ("fruit", False, N_FRESH),
        ("flower", True, N_KEPT_FLOWERS),
        ("flower", False, N_FRESH_FLOWERS),
    )
    for turn, meant_for in enumerate(
        ((days.last_on,), (days.current_on, days.second_on), (days.next_on, days.second_next_on))
    ):
        due_on = meant_for[0] - dt.timedelta(days=2)
        for kind, keeps, n in sorts:
            there = _chosen(merchant, profiles, meant_for, kind=kind, keeps=keeps)
            for place, produce in enumerate(_turns(there, n, turn)):
                is_scarce = not keeps and place == n - 1
                for ripe in _stages(produce, turn, place, rng):
                    yield _Coming(produce, due_on, ripe, meant_for, is_scarce)
    due_on, second = days.second_on - dt.timedelta(days=2), (days.second_on,)
    yield _Coming(profiles["banana"], due_on, 0.9, second)
    there = _chosen(merchant, profiles, second, kind="fruit", keeps=True)
    for produce in there[N_ALWAYS : N_ALWAYS + N_BETWEEN]:
        yield _Coming(produce, due_on, rng.uniform(0.0, 0.9), second)


def _turns(there: Sequence[Produce], n: int, turn: int) -> list[Produce]:
    """Return `n` of what is there: the best liked always, the others in turn."""
    always, others = list(there[:N_ALWAYS]), list(there[N_ALWAYS:])
    if n <= N_ALWAYS or not others:
        return [there[(turn + i) % len(there)] for i in range(min(n, len(there)))]
    n_others = min(n - N_ALWAYS, len(others))
    start = turn * n_others
    return always + [others[(start + i) % len(others)] for i in range(n_others)]


def _stages(produce: Produce, turn: int, place: int, rng: Random) -> tuple[float, ...]:
    """Return how ripe its lots are on arrival: bananas come green and yellow, the rest at one stage."""
    if produce.key == "banana":
        return (0.1, 0.9) if turn % 2 else (0.0, 0.75)
    if produce.key == "avocado_hass":
        return (0.7 if turn % 2 else 0.15,)
    if produce.is_flower:
        return (1.0 if place == 0 else rng.uniform(0.2, 0.9),)
    return (rng.uniform(0.0, 0.9),)


def _graded(
    coming: Sequence[_Coming], days: SampleDays, profiles: Mapping[str, Produce]
) -> list[_Graded]:
    """Grade each lot on arrival and find the deliveries it can still leave for; drop what fits none."""
    found = []
    for lot in coming:
        zone, store_c = _store(lot.produce)
        state = LotState(lot.produce.key, _age_days(lot), lot.due_on, store_c, treated=True)
        later = [day for day in days.all if lot.due_on <= day - dt.timedelta(days=PACK_DAYS_BEFORE)]
        (last,) = last_delivery_on([state], profiles=profiles, on=later[0], ahead_days=21)
        if last is not None:
            last = min(last, lot.due_on + dt.timedelta(days=_stored_days(lot.produce)))
            serves = tuple(day for day in later if day <= last)
            if serves:
                found.append(_Graded(lot, state, zone, serves, last))
    return found


def _stored_days(produce: Produce) -> int:
    """Return how long a depot may keep it; flowers of unknown storage life go within the week."""
    if produce.storage_life is not None:
        return int(produce.storage_life.mean)
    return UNKNOWN_STORAGE_DAYS


def _age_days(lot: _Coming) -> float:
    """Return the age in days at 20 °C; a banana's is that of a peel colour from 2 to 6."""
    if lot.produce.key == "banana":
        return round(age_of_stage(lot.produce, 2 + round(4 * lot.ripe), treated=True), 2)
    ready = lot.produce.ready_spread(treated=True).mean
    return round(ready * lot.ripe, 2)


def _store(produce: Produce) -> tuple[str, float]:
    """Return the zone nearest to its published storage temperature, and the air there. [°C]"""
    low, high = produce.storage_c or (1.0, 3.0)
    middle = (low + high) / 2
    if produce.is_flower and high < 10:
        return "F", min(max(middle, _FLOWER_C[0]), _FLOWER_C[1])
    zone = min(_ZONE_C, key=lambda z: abs(min(max(middle, _ZONE_C[z][0]), _ZONE_C[z][1]) - middle))
    return zone, min(max(middle, _ZONE_C[zone][0]), _ZONE_C[zone][1])


def _units(lots: Sequence[_Graded], subscribers: Sequence[SampleSubscriber]) -> list[int]:
    """Share out what the due households will eat among the lots meant for each day, in whole cases."""
    needed = [0.0] * len(lots)
    first = min(day for lot in lots for day in lot.coming.meant_for)
    for day in sorted({day for lot in lots for day in lot.coming.meant_for}):
        for is_flower in (False, True):
            there = [
                i
                for i, lot in enumerate(lots)
                if day in lot.coming.meant_for and lot.coming.produce.is_flower is is_flower
            ]
            total = sum(_weight(lots[i]) for i in there)
            demand = _demand(subscribers, day, is_flower=is_flower) * SPARE
            demand *= FIRST_WEEK if day == first else 1.0
            for i in there:
                needed[i] += demand * _weight(lots[i]) / total
    return [_cases(lot, units) for lot, units in zip(lots, needed, strict=True)]


def _weight(lot: _Graded) -> float:
    """Return a lot's share of what is needed; a flower that lasts a whole week covers more days of it."""
    produce = lot.coming.produce
    lasting = LASTING if produce.is_flower and _keeps(produce) else 1.0
    return _liked(produce) * lasting * (SCARCE if lot.coming.is_scarce else 1.0)


def _demand(subscribers: Sequence[SampleSubscriber], on: dt.date, *, is_flower: bool) -> float:
    """Return the portions, or the bunches, that boxes of a day will hold."""
    due = [each for each in subscribers if each.is_due(on)]
    if is_flower:
        bunches = sum(
            _STEMS_TO_BUNCHES.get(each.plan.stems, 0.0) * each.cadence_weeks for each in due
        )
        return bunches * (WARM_VASES if on.month in WARM_MONTHS else 1.0)
    return sum(7 * each.plan.portions * each.cadence_weeks for each in due)


def _cases(lot: _Graded, needed: float) -> int:
    """Return units in whole cases, at least one; bunches are needed as such, fruit in portions."""
    produce = lot.coming.produce
    units = needed if produce.is_flower else needed / (produce.portions_per_unit or 1)
    case = _case_units(produce)
    return case * max(1, round(units / case + 0.3))


def _case_units(produce: Produce) -> int:
    return next(int(row["case_units"]) for row in rows("offer") if row["key"] == produce.key)


def _code(lot: _Graded, letters: dict[str, int]) -> str:
    named = _CALLED.get(lot.coming.produce.key, lot.coming.produce.key)
    first, _, second = named.upper().partition("_")
    stem = f"{first[:2]}{second[:1]}" if second else first[:3]
    code = f"{stem}{lot.coming.due_on:%m%d}"
    letters[code] = letters.get(code, -1) + 1
    return code + "ABCDEFGH"[letters[code]]


def _lot_row(
    book: RowBook, merchant: SampleMerchant, lot: _Graded, units: int, *, rng: Random
) -> Row:
    produce = lot.coming.produce
    days_on_the_way = rng.randint(1, 3) if lot.zone in "BF" else rng.randint(2, 6)
    return {
        "merchant": book.key(merchant.slug),
        "depot": book.key(merchant.slug, "depot"),
        "produce": produce.key,
        "grower": book.key(merchant.slug, "grower", _grower(merchant, produce)),
        "gtin": gtin(merchant.gs1_prefix, produce.key),
        "status": LotStatus.ANNOUNCED.value,
        "units_announced": units,
        "units_received": None,
        "case_units": _case_units(produce),
        "unit_cost_minor": _cost(merchant, produce, rng),
        "unit_grams": round(produce.unit_grams.shipped),
        "unit_portions": produce.portions_per_unit,
        "harvested_on": lot.coming.due_on - dt.timedelta(days=days_on_the_way),
        "graded_on": lot.state.graded_on,
        "age_days": lot.state.age_days,
        "store_c": lot.state.store_c,
        "is_treated": lot.state.treated,
        "shift_days": lot.state.shift_days,
        "shift_sigma": None,
        "learned_at": None,
        "transit_days": None,
        "transit_c": None,
        "stored_days": lot.state.stored_days,
        "due_on": lot.coming.due_on,
        "must_leave_on": lot.must_leave_on,
        "received_at": None,
    }


def _grower(merchant: SampleMerchant, produce: Produce) -> str:
    for grower in rows_of("grower", merchant.slug):
        if produce.family in grower["produce"].split():
            return grower["name"]
    raise ValueError(f"nobody grows {produce.key}")


def usual_cost(merchant: SampleMerchant, produce_key: str) -> Decimal:
    """Return what a unit costs the merchant, before anybody haggles. [minor units]"""
    column = f"{merchant.currency.lower()}_minor"
    price = next(Decimal(row[column]) for row in rows("offer") if row["key"] == produce_key)
    return price / (1 + tax_rule(merchant.country).rate) * COST_SHARE


def _cost(merchant: SampleMerchant, produce: Produce, rng: Random) -> int:
    haggled = Decimal(rng.randint(92, 108)) / 100
    return rounded(usual_cost(merchant, produce.key) * haggled)


def gtin(gs1_prefix: str, produce_key: str) -> str:
    """Return the GTIN-14 of a case of produce (indicator 1), with its check digit."""
    number = next(i for i, row in enumerate(rows("offer"), 1) if row["key"] == produce_key)
    digits = f"1{gs1_prefix}{number:0{12 - len(gs1_prefix)}}"
    return digits + str(ean.calc_check_digit(digits))


class _Shelves:
    """Deals out a depot's places, zone by zone, in walking order; a large lot takes two."""

    def __init__(self, book: RowBook, merchant: SampleMerchant) -> None:
        self._book, self._merchant = book, merchant
        self._next: dict[str, int] = {}

    def put(self, zone: str, units: int) -> dict[UUID, int]:
        if units < _TWO_PLACES_UNITS:
            return {self._place(zone): units}
        half = units // 3
        return {self._place(zone): units - half, self._place(zone): half}

    def _place(self, zone: str) -> UUID:
        number = self._next.get(zone, 0)
        self._next[zone] = number + 1
        rack, shelf = divmod(number % 12, 4)
        code = f"{zone}-{rack + 1:02}-{shelf + 1}"
        return self._book.key(self._merchant.slug, "place", code)
