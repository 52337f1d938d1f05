"""One lot as its page shows it: windows before and after what was reported, and the reports themselves."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.reading import Reading
from ripening.verdict import Verdict
from subscriptions.adapters import lot_evidence_page
from subscriptions.adapters.lot_evidence_page import SaidOnDay
from subscriptions.adapters.lot_page import LotView
from subscriptions.adapters.merchant_page import Shop
from subscriptions.lot_window import as_graded, is_learned, lot_readings
from subscriptions.services.merchant_view import lot_windows

_NEAR = {
    RoomClass.COOL: (RoomClass.COOL, RoomClass.MILD),
    RoomClass.WARM: (RoomClass.WARM, RoomClass.HOT),
}
"""Kitchens whose reports stand beside a bar; one bar for each kitchen would be four."""


@dataclass(frozen=True, slots=True)
class KitchenWindow:
    """A lot in one kitchen by day: as it reads now, as it read when graded (None: nothing was
    learned), and how many households reported what on each day.
    """

    room: RoomClass
    now: Reading
    before: Reading | None
    said: Mapping[tuple[Verdict, int], int]

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return the days of the bar."""
        return tuple(column.on for column in self.now.columns)

    def count(self, verdict: Verdict) -> tuple[int, ...]:
        """Return how many households said this on each day of the bar."""
        return tuple(self.said.get((verdict, column.day), 0) for column in self.now.columns)

    def total(self, verdict: Verdict) -> int:
        """Return how many households said this."""
        return sum(self.count(verdict))


@dataclass(frozen=True, slots=True)
class LotEvidence:
    """Windows for one delivery of the lot; `deliveries` are those that something was reported of."""

    delivery_on: dt.date
    deliveries: Mapping[dt.date, int]
    kitchens: tuple[KitchenWindow, ...]
    holders: Mapping[RoomClass, int]

    @property
    def n_holders(self) -> int:
        """Return how many households hold the lot."""
        return sum(self.holders.values())

    @property
    def n_reports(self) -> int:
        """Return how many reports there are on the delivery shown."""
        return self.deliveries.get(self.delivery_on, 0)


async def lot_evidence(
    shop: Shop,
    lot: LotView,
    today: dt.date,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date | None = None,
) -> LotEvidence:
    """Read a lot for a delivery: the one asked for if anything was reported of it, else the one most was
    reported of, else the next that it can go out on.
    """
    reports = await lot_evidence_page.reports_of(shop.id, lot.id)
    holders = await lot_evidence_page.holders_of(shop.id, lot.id)
    deliveries = Counter[dt.date]()
    for said in reports:
        deliveries[said.delivery_on] += said.n
    on = delivery_on if delivery_on in deliveries else _most(deliveries)
    if on is None or on < lot.state.graded_on:
        (window,) = await lot_windows(shop, [lot], today, profiles)
        on = window.delivery_on
    kitchens = tuple(_kitchen(lot, room, reports, profiles, on) for room in _NEAR)
    return LotEvidence(on, dict(sorted(deliveries.items())), kitchens, holders)


def _most(deliveries: Mapping[dt.date, int]) -> dt.date | None:
    return max(deliveries, key=lambda on: (deliveries[on], on), default=None)


def _kitchen(
    lot: LotView,
    room: RoomClass,
    reports: Sequence[SaidOnDay],
    profiles: Mapping[str, Produce],
    on: dt.date,
) -> KitchenWindow:
    states = [lot.state, as_graded(lot.state)] if is_learned(lot.state) else [lot.state]
    now, *before = lot_readings(states, room, profiles=profiles, delivery_on=on)
    said = Counter[tuple[Verdict, int]]()
    for each in reports:
        if each.delivery_on == on and each.room in _NEAR[room]:
            said[each.verdict, (each.judged_on - on).days] += each.n
    return KitchenWindow(room, now, before[0] if before else None, said)
