"""A street whose households all love one produce, of which there is one unit a delivery."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripening.produce import load_profiles
from subscriptions.adapters import fairness_store
from subscriptions.services.planning import PlanningService
from tests.market import (
    BEFORE,
    CUTOFF,
    DELIVERY_ON,
    PACK_ON,
    Market,
    add_household,
    add_lot,
    insert,
    open_market,
)
from tests.subscriptions.people import fetch

PLENTY, SCARCE = "apple_fuji", "mandarin"


class FewMandarins:
    """Enough apples on any day, and so many mandarins."""

    def __init__(self, plenty: UUID, scarce: UUID, units: int) -> None:
        self.units = {plenty: 200, scarce: units}
        self.scarce = scarce

    def one_more(self) -> None:
        """Let one more mandarin come, as those planned stay in their boxes."""
        self.units[self.scarce] += 1

    async def promisable_units(self, merchant_id: UUID, depot_id: UUID) -> Mapping[UUID, int]:
        return dict(self.units)


class Street:
    """A market whose households all love the one produce of which there is too little."""

    def __init__(self, market: Market, supply: FewMandarins) -> None:
        self.market = market
        self.supply = supply
        self.planning = PlanningService(supply, load_profiles())

    async def open_day(self, weeks: int) -> UUID:
        """Open the delivery so many weeks after the first."""
        day, later = uuid4(), dt.timedelta(weeks=weeks)
        m = self.market
        await insert(
            "delivery_day", id=day, merchant=m.merchant, round=m.round, depot=m.depot,
            delivery_on=DELIVERY_ON + later, cutoff_at=CUTOFF + later, pack_on=PACK_ON + later,
        )  # fmt: skip
        return day

    async def plan(self, day: UUID, *, now: DateTime = BEFORE, anew: bool = False) -> set[int]:
        """Plan a day; returns which households got the scarce produce, numbered as they came."""
        assert await self.planning.plan_day(day, now=now, anew=anew, seed=3)
        return await self.holders(day)

    async def holders(self, day: UUID) -> set[int]:
        rows = await fetch(
            "SELECT DISTINCT box.subscription FROM box JOIN box_line line ON line.box = box.id"
            " WHERE box.delivery_day = $1 AND line.produce = $2",
            day, SCARCE,
        )  # fmt: skip
        return {self.market.subscriptions.index(row[0]) for row in rows}  # type: ignore[arg-type]

    async def waits(self, weeks: int) -> dict[int, int]:
        """Return the turns missed before the delivery of a week, by household."""
        found = await fairness_store.turns_missed(
            self.market.subscriptions, before=DELIVERY_ON + dt.timedelta(weeks=weeks)
        )
        return {self.market.subscriptions.index(s): of[SCARCE] for s, of in found.items()}

    async def box(self, household: int, day: UUID) -> UUID:
        ((box,),) = await fetch(
            "SELECT id FROM box WHERE subscription = $1 AND delivery_day = $2",
            self.market.subscriptions[household], day,
        )  # fmt: skip
        return box  # type: ignore[return-value]


async def open_scarce_street() -> Street:
    """Open a market with plenty of one produce and one unit of what three households always want."""
    market = await open_market()
    plenty = await add_lot(market, PLENTY, units=400)
    scarce = await add_lot(market, SCARCE, units=400)
    async with connection() as c:
        await c.execute("UPDATE lot SET must_leave_on = '2027-06-01', unit_cost_minor = 60")
    for _ in range(3):
        await add_household(market)
    households = await fetch("SELECT id FROM household")
    for (household,) in households:
        await insert(
            "household_taste", id=uuid4(), merchant=market.merchant, household=household,
            produce=SCARCE, family=None, taste="always",
        )  # fmt: skip
    return Street(market, FewMandarins(plenty, scarce, 1))
