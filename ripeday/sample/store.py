"""The sample in PostgreSQL."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from piccolo.table import Table

from delivery.adapters.tables import Place
from ripeday.kit.adapters import audit
from ripeday.kit.adapters.engine import connection
from ripeday.kit.clock import instant
from ripeday.sample.row import Row, RowBook
from ripening.adapters.tables import Produce
from subscriptions.adapters.addon_tables import Addon, AddonOrder
from subscriptions.adapters.box_tables import Subscription
from subscriptions.adapters.catalog_tables import BoxPlan, Catalog, Grower, Lot, Offer
from subscriptions.adapters.order_tables import DeliveryRule, Donation
from subscriptions.adapters.people_tables import (
    DeliveryRound,
    Depot,
    Household,
    HouseholdTaste,
    Merchant,
    Person,
    RoleGrant,
)
from subscriptions.adapters.stop_tables import Stop
from subscriptions.ports import SavedCard

_LOCK = 7_211_064
_LOADED = "sample_loaded"
TABLES: tuple[type[Table], ...] = (
    Produce, Merchant, DeliveryRule, Depot, Place, DeliveryRound, Stop, BoxPlan, Grower, Catalog, Offer, Person,
    RoleGrant, Household, HouseholdTaste, Subscription, Lot,
    Addon, AddonOrder, Donation,
)  # fmt: skip
"""The tables that the sample fills, those that others point to first."""


async def hold_the_door() -> None:
    """Let nobody else load a sample until the unit of work ends."""
    async with connection() as c:
        await c.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)


async def is_empty() -> bool:
    """Tell whether there is no merchant yet."""
    async with connection() as c:
        return not await c.fetchval("SELECT EXISTS (SELECT FROM merchant)")


async def insert(table: type[Table], rows: Sequence[Row]) -> None:
    """Copy rows into their table."""
    columns = list(rows[0])
    records = [tuple(row[column] for column in columns) for row in rows]
    async with connection() as c:
        await c.copy_records_to_table(table._meta.tablename, columns=columns, records=records)  # noqa: SLF001


async def give_password(emails: Sequence[str], password_hash: str) -> None:
    """Let people of the sample sign in."""
    async with connection() as c:
        await c.execute(
            "UPDATE person SET password_hash = $2 WHERE email = ANY($1)",
            list(emails),
            password_hash,
        )


async def note_loaded(book: RowBook, merchant_ids: Sequence[UUID]) -> None:
    """Write down that the merchants are the sample's, and the day it was made for."""
    for id_ in merchant_ids:
        await audit.write(
            _LOADED,
            subject="merchant",
            subject_id=id_,
            merchant_id=id_,
            actor_id=None,
            now=instant(book.as_of, dt.time(), "UTC"),
            detail={"as_of": book.as_of.isoformat()},
        )


async def loaded_on() -> dt.date | None:
    """Return the day that this database's sample was made for; None when it has no sample."""
    async with connection() as c:
        detail: Any = await c.fetchval(
            "SELECT detail::text FROM audit_entry WHERE action = $1 LIMIT 1", _LOADED
        )
    return None if detail is None else dt.date.fromisoformat(json.loads(detail)["as_of"])


async def waiting_for_card(subscription_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the sample's subscriptions that have no card yet."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT id FROM subscription WHERE id = ANY($1) AND status = 'pending'"
            " AND provider_payment_method IS NULL",
            list(subscription_ids),
        )
    return {row["id"] for row in rows}


async def save_card(subscription_id: UUID, card: SavedCard) -> None:
    """Make a pending subscription of the sample active with its card."""
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET status = 'active', provider_customer = $2, provider_payment_method = $3,"
            " card_brand = $4, card_last4 = $5 WHERE id = $1 AND status = 'pending'",
            subscription_id,
            card.customer,
            card.payment_method,
            card.brand,
            card.last4,
        )
