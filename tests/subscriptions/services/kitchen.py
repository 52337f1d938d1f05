"""Households that hold fruit of one lot, for tests of what they report."""

from dataclasses import dataclass
from uuid import UUID

import pendulum
from pendulum import DateTime

from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from subscriptions.services.learning import LearningService
from subscriptions.services.planning import PlanningService
from subscriptions.services.reporting import ReportingService
from tests.market import BEFORE, Market, add_household, add_lot, open_market
from tests.subscriptions.people import fetch

SATURDAY = pendulum.datetime(2026, 12, 5, 10, tz="UTC")
"""Four days after delivery."""


@dataclass
class Kitchen:
    """One line of a box as its household has it."""

    person: UUID
    line: UUID
    box: UUID
    eat: list[int]
    chance: list[float]


@dataclass
class Street:
    """A market, its services, and its one lot."""

    market: Market
    lot: UUID
    profiles: LearnedProfiles
    planning: PlanningService
    learning: LearningService
    reporting: ReportingService

    async def kitchens(self) -> list[Kitchen]:
        """Return who has what, in the order of the boxes."""
        rows = await fetch(
            "SELECT household.person, line.id, box.id, line.eat, line.chance_fraction FROM box_line line"
            " JOIN box ON box.id = line.box JOIN household ON household.id = box.household"
            " WHERE line.lot = $1 ORDER BY box.number, line.mode",
            self.lot,
        )
        return [Kitchen(*row) for row in rows]  # type: ignore[arg-type]

    async def shift(self) -> tuple[float, float | None]:
        """Return what is known of the lot."""
        ((days, sigma),) = await fetch(
            "SELECT shift_days, shift_sigma FROM lot WHERE id = $1", self.lot
        )
        return days, sigma  # type: ignore[return-value]

    async def say(self, kitchen: Kitchen, said: str, *, now: DateTime = SATURDAY) -> int:
        """Tap, of that day."""
        return await self.reporting.report(
            kitchen.person, kitchen.line, said, judged_on=now.date(), now=now
        )

    async def take_back(self, kitchen: Kitchen, *, now: DateTime = SATURDAY) -> int:
        """Undo what was said of that day."""
        return await self.reporting.take_back(
            kitchen.person, kitchen.line, judged_on=now.date(), now=now
        )


async def open_street(
    *, households: int = 3, produce: str = "avocado_hass", age_days: float = 0.0, paid: bool = True
) -> Street:
    """Plan boxes of one lot for some households; it is on its way, or at home, once paid."""
    market = await open_market()
    lot = await add_lot(market, produce, units=100 * households, age_days=age_days)
    for _ in range(households):
        await add_household(market)
    profiles = LearnedProfiles(load_profiles())
    planning = PlanningService(StockSupply(), profiles)
    learning = LearningService(profiles, planning)
    assert await planning.plan_day(market.day, now=BEFORE)
    if paid:
        await pay_all(market)
    return Street(market, lot, profiles, planning, learning, ReportingService(learning))


async def pay_all(market: Market) -> None:
    async with connection() as c:
        await c.execute(
            "UPDATE box SET status = 'paid', locked_at = status_at WHERE merchant = $1",
            market.merchant,
        )
