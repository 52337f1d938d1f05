"""A delivery day taken to the floor: its boxes are paid, and may be released, packed and sent."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

from pendulum import Date

from delivery.services.cutoff import CutoffService
from delivery.services.stock import StockService
from delivery.services.supply import StockSupply
from delivery.services.wave import WaveService
from ripeday.translation import translator
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from subscriptions.services.billing import BillingService
from subscriptions.services.learning import LearningService
from subscriptions.services.planning import PlanningService
from tests.bank import Bank
from tests.market import AFTER, CUTOFF, Market, add_box, insert

MORNING = AFTER.add(hours=10)
"""Monday 30 November, when the day is packed."""


async def paid(m: Market, bank: Bank | None = None) -> None:
    """Lock, reserve and charge every box of the day."""
    service = CutoffService(BillingService(bank or Bank(), StockSupply()))  # type: ignore[arg-type]
    await service.lock_day(m.day, now=CUTOFF)
    await service.reserve_day(m.day, now=AFTER)
    for box in m.boxes:
        await service.charge_box(box, now=AFTER)


async def paid_boxes(m: Market, lines: Sequence[Sequence[tuple[UUID, int]]]) -> None:
    """Add one paid box for each list of (lot, units)."""
    for line in lines:
        await add_box(m, line)
    await paid(m)


def stock_service() -> StockService:
    """Return the use cases of stock, with nothing learned yet."""
    profiles = LearnedProfiles(load_profiles())
    return StockService(LearningService(profiles, PlanningService(StockSupply(), profiles)))


def waves_in(folder: Path) -> WaveService:
    """Return the use cases of waves, with papers in a folder."""
    return WaveService(load_profiles(), folder, translator)


async def add_place(m: Market, code: str, *, walk: int, zone: str = "A") -> UUID:
    """Add a pick location of the depot."""
    place = uuid4()
    await insert(
        "place", id=place, merchant=m.merchant, depot=m.depot, zone=zone, zone_name="Cold room",
        zone_name_zh="冷库", low_c=0.0, high_c=2.0, code=code, walk=walk,
    )  # fmt: skip
    return place


async def add_second_day(m: Market) -> UUID:
    """Add a delivery day a week later."""
    day = uuid4()
    await insert(
        "delivery_day", id=day, merchant=m.merchant, round=m.round, depot=m.depot,
        delivery_on=Date(2026, 12, 8), cutoff_at=CUTOFF.add(days=7), pack_on=Date(2026, 12, 7),
    )  # fmt: skip
    return day
