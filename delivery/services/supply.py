"""Stock as `subscriptions` asks for it."""

from collections.abc import Mapping
from uuid import UUID

from pendulum import DateTime

from delivery.adapters import stock_store


class StockSupply:
    """Answers the planner's and the till's questions about stock from `delivery`."""

    async def promisable_units(self, merchant_id: UUID, depot_id: UUID) -> Mapping[UUID, int]:
        """Return, for each lot of a depot that may be promised, its units not reserved yet."""
        return await stock_store.promisable_units(merchant_id, depot_id)

    async def release_box(self, box_id: UUID, *, now: DateTime) -> bool:
        """Give back what is reserved for a box; False when nothing is."""
        return await stock_store.release_box(box_id, now=now)

    async def open_account(self, lot_id: UUID) -> None:
        """Begin to count an announced lot, inside the caller's unit of work; again changes nothing."""
        await stock_store.announce([lot_id])
