"""The chains of receipts in PostgreSQL; rows are put at the end of a chain and never touched again."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.receipt import Asker, Deed, Done, Receipt

_COLUMNS = """
receipt.subscription, receipt.position, receipt.deed, receipt.asked_at, receipt.effect_minor, receipt.currency,
receipt.delivery_on, receipt.until_on, receipt.next_on, receipt.cutoff_at, receipt.asker, receipt.previous_hash,
receipt.hash, receipt.number
"""
_AT_ONCE = 5000


async def last_of(subscription_id: UUID) -> Receipt | None:
    """Return the end of a chain and hold the subscription until the unit of work ends, so that it stays the end."""
    async with connection() as c:
        await c.execute("SELECT FROM subscription WHERE id = $1 FOR NO KEY UPDATE", subscription_id)
        row = await c.fetchrow(
            f"SELECT {_COLUMNS} FROM subscription_receipt receipt WHERE subscription = $1"
            " ORDER BY position DESC LIMIT 1",
            subscription_id,
        )
    return None if row is None else _receipt(row)


_APPEND = """
INSERT INTO subscription_receipt (
    id, merchant, subscription, position, deed, asked_at, effect_minor, currency, delivery_on, until_on, next_on,
    cutoff_at, asker, previous_hash, hash, number)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""


async def append(merchant_id: UUID, receipt: Receipt) -> UUID:
    """Put a receipt at the end of its chain; returns the id of its row."""
    done, id_ = receipt.done, uuid4()
    async with connection() as c:
        await c.execute(
            _APPEND, id_, merchant_id, receipt.subscription_id, receipt.position, done.deed.value, done.asked_at,
            done.effect_minor, done.currency, done.delivery_on, done.until_on, done.next_on, done.cutoff_at,
            done.asker.value, receipt.previous, receipt.digest, receipt.number,
        )  # fmt: skip
    return id_


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with what is needed to tell of it; `is_newest` of its chain."""

    receipt: Receipt
    merchant_name: str
    merchant_name_zh: str
    timezone: str
    is_newest: bool

    def merchant_named(self, locale: str) -> str:
        """Return the merchant's name as readers of a language know it."""
        return self.merchant_name_zh if locale == "zh" else self.merchant_name


_VIEW = f"""
SELECT {_COLUMNS}, merchant.name, merchant.name_zh, merchant.timezone,
       NOT EXISTS (SELECT FROM subscription_receipt later
                   WHERE later.subscription = receipt.subscription AND later.position > receipt.position)
FROM subscription_receipt receipt JOIN merchant ON merchant.id = receipt.merchant
"""
_N_COLUMNS = 14


async def receipt_by_number(number: str) -> ReceiptView | None:
    """Return the receipt of a number, whoever's it is: nothing of a person is in it."""
    async with connection() as c:
        row = await c.fetchrow(_VIEW + "WHERE receipt.number = $1", number)
    return None if row is None else _view(row)


async def own_receipt(person_id: UUID, number: str) -> ReceiptView | None:
    """Return a receipt when it is of this person's."""
    async with connection() as c:
        row = await c.fetchrow(
            _VIEW + "JOIN subscription ON subscription.id = receipt.subscription"
            " JOIN household ON household.id = subscription.household"
            " WHERE receipt.number = $2 AND household.person = $1",
            person_id, number,
        )  # fmt: skip
    return None if row is None else _view(row)


async def own_receipts(
    person_id: UUID, *, deeds: Sequence[Deed], before: dt.datetime | None, limit: int
) -> list[ReceiptView]:
    """Return a person's receipts of some deeds, newest first."""
    async with connection() as c:
        rows = await c.fetch(
            _VIEW + "JOIN subscription ON subscription.id = receipt.subscription"
            " JOIN household ON household.id = subscription.household"
            " WHERE household.person = $1 AND receipt.deed = ANY($2)"
            " AND ($3::timestamptz IS NULL OR receipt.asked_at < $3)"
            " ORDER BY receipt.asked_at DESC, receipt.position DESC LIMIT $4",
            person_id, [deed.value for deed in deeds], before, limit,
        )  # fmt: skip
    return [_view(row) for row in rows]


async def chain_of(subscription_id: UUID) -> list[Receipt]:
    """Return a subscription's chain in the order of its positions."""
    async with connection() as c:
        rows = await c.fetch(
            f"SELECT {_COLUMNS} FROM subscription_receipt receipt WHERE subscription = $1 ORDER BY position",
            subscription_id,
        )
    return [_receipt(row) for row in rows]


async def chains() -> AsyncIterator[list[Receipt]]:
    """Yield every chain there is, one after the other, without holding more than a few thousand receipts at once."""
    chain: list[Receipt] = []
    async with unit_of_work() as c:
        rows = c.cursor(
            f"SELECT {_COLUMNS} FROM subscription_receipt receipt ORDER BY subscription, position",
            prefetch=_AT_ONCE,
        )
        async for row in rows:
            receipt = _receipt(row)
            if chain and chain[-1].subscription_id != receipt.subscription_id:
                yield chain
                chain = []
            chain.append(receipt)
    if chain:
        yield chain


def _view(row: Sequence[Any]) -> ReceiptView:
    values = tuple(row)
    return ReceiptView(_receipt(values[:_N_COLUMNS]), *values[_N_COLUMNS:])


def _receipt(row: Sequence[Any]) -> Receipt:
    done = Done(
        deed=Deed(row[2]),
        asked_at=row[3],
        effect_minor=row[4],
        currency=row[5],
        delivery_on=row[6],
        until_on=row[7],
        next_on=row[8],
        cutoff_at=row[9],
        asker=Asker(row[10]),
    )
    return Receipt(row[0], row[1], done, row[11], row[12], row[13])
