"""What the subscriptions package needs to know of stock; `delivery` knows it, the roof wires it."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from pendulum import DateTime


class Supply(Protocol):
    """Stock as the planner and the till see it."""

    async def promisable_units(self, merchant_id: UUID, depot_id: UUID) -> Mapping[UUID, int]:
        """Return, for each lot of a depot that may be promised, its units not reserved yet."""
        ...

    async def release_box(self, box_id: UUID, *, now: DateTime) -> bool:
        """Give back what is reserved for a box, inside the caller's unit of work; False when nothing is."""
        ...


class StockAccounts(Protocol):
    """Where the stock of a lot is counted, as far as announcing a lot needs it."""

    async def open_account(self, lot_id: UUID) -> None:
        """Begin to count an announced lot, inside the caller's unit of work; again changes nothing."""
        ...
