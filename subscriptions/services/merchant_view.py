"""What a merchant's pages show, put together from their queries and the ripening model. Changes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.errors import NotFound
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.reading import Reading
from subscriptions.adapters import (
    lot_page,
    merchant_page,
    plan_board_page,
    scarcity_page,
    season_page,
)
from subscriptions.adapters.lot_page import LotView
from subscriptions.adapters.merchant_page import DayHead, LotNote, Shop, TroubledBox, WithheldLot
from subscriptions.adapters.plan_board_page import BoxTotals, HouseholdKind, PlanRun, WhyBare
from subscriptions.adapters.scarcity_page import ScarceProduce
from subscriptions.adapters.season_page import CatalogHead, WeekCover
from subscriptions.lot_window import lot_readings
from subscriptions.season_chart import SeasonChart, Sold, chart, weeks_of

DAYS_BACK, DAYS_AHEAD = 1, 14
LEAVING_DAYS = 2


@dataclass(frozen=True, slots=True)
class TodayView:
    """The coming delivery days, and what needs somebody."""

    days: Sequence[DayHead]
    troubled: Sequence[TroubledBox]
    late: Sequence[LotNote]
    leaving: Sequence[LotNote]
    withheld: Sequence[WithheldLot]

    @property
    def n_needs(self) -> int:
        """Return how many things need somebody."""
        return len(self.troubled) + len(self.late) + len(self.leaving) + len(self.withheld)


async def today_view(shop: Shop, today: dt.date) -> TodayView:
    """Return a merchant's day."""
    since = today - dt.timedelta(days=DAYS_BACK)
    until = today + dt.timedelta(days=DAYS_AHEAD)
    soon = today + dt.timedelta(days=LEAVING_DAYS)
    return TodayView(
        await merchant_page.days_of(shop.id, since=since, until=until),
        await merchant_page.troubled_boxes(shop.id, since=since),
        await merchant_page.late_lots(shop.id, today=today),
        await merchant_page.leaving_lots(shop.id, today=today, until=soon),
        await merchant_page.withheld_lots(shop.id, since=since),
    )


@dataclass(frozen=True, slots=True)
class SeasonView:
    """One catalog as a chart, with the cover of its weeks by Monday."""

    catalog: CatalogHead
    catalogs: Sequence[CatalogHead]
    chart: SeasonChart
    cover: Mapping[dt.date, WeekCover]


async def season_view(shop: Shop, catalog_id: UUID | None, today: dt.date) -> SeasonView | None:
    """Return a catalog, by default the one of today; None when the merchant has none at all.

    Raises
    ------
    NotFound
    """
    catalogs = await season_page.catalogs_of(shop.id)
    if not catalogs:
        return None
    catalog = _chosen(catalogs, catalog_id, today)
    span = (catalog.starts_on, catalog.ends_on)
    weeks = weeks_of(*span, today=today)
    first, end = weeks[0].starts_on, weeks[-1].last_on + dt.timedelta(days=1)
    cover = await season_page.cover_by_week(shop.id, first, end)
    offers = await season_page.offers_in(shop.id, catalog.id)
    sold: dict[str, Sold] = {offer.sold.key: offer.sold for offer in offers}
    drawn = chart(
        weeks,
        sold=list(sold.values()),
        offers=[offer.span for offer in offers],
        lots=await season_page.lots_between(shop.id, first, end),
        open_weeks={monday for monday, week in cover.items() if week.is_open},
    )
    return SeasonView(catalog, catalogs, drawn, cover)


def _chosen(
    catalogs: Sequence[CatalogHead], catalog_id: UUID | None, today: dt.date
) -> CatalogHead:
    if catalog_id is None:
        return next((each for each in catalogs if today < each.ends_on), catalogs[-1])
    found = [each for each in catalogs if each.id == catalog_id]
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class PlannedLot:
    """A lot in a plan: how it reads in a mild kitchen, and how many of its units the day's boxes hold."""

    lot: LotView
    reading: Reading
    planned: int

    @property
    def available(self) -> int:
        """Return what the day's boxes could have had: what they hold and what is left."""
        return self.planned + self.lot.units.left

    @property
    def planned_pct(self) -> int:
        """Return the part of it that they hold, in percent."""
        return round(100 * self.planned / self.available) if self.available else 0


@dataclass(frozen=True, slots=True)
class PlanBoard:
    """One delivery day."""

    day: DayHead
    runs: Sequence[PlanRun]
    totals: BoxTotals
    kinds: Sequence[HouseholdKind]
    reasons: Sequence[WhyBare]
    scarce: Sequence[ScarceProduce]
    lots: Sequence[PlannedLot]
    troubled: Sequence[TroubledBox]

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return the days that the boxes are for."""
        n_days = max((len(kind.bare) for kind in self.kinds), default=7)
        return tuple(self.day.delivery_on + dt.timedelta(days=i) for i in range(n_days))

    @property
    def bare_by_day(self) -> tuple[int, ...]:
        """Return how many boxes are uncovered on each day."""
        return tuple(
            sum(column) for column in zip(*(kind.bare for kind in self.kinds), strict=True)
        )

    def change_since(self, number: int | None) -> tuple[PlanRun, PlanRun] | None:
        """Return the newest plan and that of a number, when it has come after that one."""
        before = [run for run in self.runs if run.number == number]
        if not before or self.runs[0].number == number:
            return None
        return self.runs[0], before[0]


async def plan_board(
    shop: Shop, delivery_day_id: UUID, profiles: Mapping[str, Produce]
) -> PlanBoard:
    """Return a delivery day of a merchant.

    Raises
    ------
    NotFound
    """
    day = await merchant_page.day_of(shop.id, delivery_day_id)
    if day is None:
        raise NotFound
    planned = await plan_board_page.units_by_lot(shop.id, day.id)
    lots = [
        lot
        for lot in await lot_page.lots_named(shop.id, list(planned))
        if lot.state.graded_on <= day.delivery_on
    ]
    readings = lot_readings(
        [lot.state for lot in lots], RoomClass.MILD, profiles=profiles, delivery_on=day.delivery_on
    )
    troubled = await merchant_page.troubled_boxes(shop.id, since=day.delivery_on)
    return PlanBoard(
        day,
        await plan_board_page.runs_of(shop.id, day.id),
        await plan_board_page.totals_of(shop.id, day.id),
        await plan_board_page.household_kinds(shop.id, day.id, day.delivery_on),
        await plan_board_page.reasons_of(shop.id, day.id),
        await scarcity_page.scarce_on(shop.id, day.id),
        [
            PlannedLot(lot, reading, planned[lot.id])
            for lot, reading in zip(lots, readings, strict=True)
        ],
        [box for box in troubled if box.delivery_day_id == day.id],
    )


@dataclass(frozen=True, slots=True)
class LotWindow:
    """A lot with its readings in a cool and in a warm kitchen, if it goes out on `delivery_on`."""

    lot: LotView
    delivery_on: dt.date
    cool: Reading
    warm: Reading

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return the days of its bars."""
        return tuple(column.on for column in self.cool.columns)


async def lot_windows(
    shop: Shop,
    lots: Sequence[LotView],
    today: dt.date,
    profiles: Mapping[str, Produce],
) -> list[LotWindow]:
    """Read lots for the next delivery that each can go out on."""
    coming = await merchant_page.next_delivery_on(shop.id, after=today)
    by_day: dict[dt.date, list[LotView]] = defaultdict(list)
    for lot in lots:
        on = max(lot.first_delivery(today), coming or today)
        by_day[max(lot.state.graded_on, min(on, lot.must_leave_on))].append(lot)
    found: dict[UUID, LotWindow] = {}
    for on, there in by_day.items():
        states = [lot.state for lot in there]
        cool = lot_readings(states, RoomClass.COOL, profiles=profiles, delivery_on=on)
        warm = lot_readings(states, RoomClass.WARM, profiles=profiles, delivery_on=on)
        for lot, in_cool, in_warm in zip(there, cool, warm, strict=True):
            found[lot.id] = LotWindow(lot, on, in_cool, in_warm)
    return [found[lot.id] for lot in lots]
