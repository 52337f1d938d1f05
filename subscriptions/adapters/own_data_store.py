"""Everything that is kept of one person, table by table, and its taking away, in PostgreSQL.

Every table with a way to a person stands either in `EXPORTED` or, with the reason, in `EXCEPTED`; a test walks the
schema and finds those that do not.
"""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection

_HOMES = "(SELECT id FROM household WHERE person = $1)"
_ORDERS = f"(SELECT id FROM subscription WHERE household IN {_HOMES})"
_BOXES = f"(SELECT id FROM box WHERE household IN {_HOMES})"
_EDITS = f"(SELECT id FROM box_edit WHERE box IN {_BOXES})"

EXPORTED: Final[Mapping[str, str]] = {
    "person": "id = $1",
    "role_grant": "person = $1",
    "notice_choice": "person = $1",
    "notice_told": "person = $1",
    "calendar_feed": "person = $1",
    "calendar_entry": "feed IN (SELECT id FROM calendar_feed WHERE person = $1)",
    "household": "person = $1",
    "household_taste": f"household IN {_HOMES}",
    "week_never": f"household IN {_HOMES}",
    "subscription": f"household IN {_HOMES}",
    "trial": "person = $1",
    "pause": f"subscription IN {_ORDERS}",
    "skip": f"subscription IN {_ORDERS}",
    "box_move": f"subscription IN {_ORDERS}",
    "donation": f"subscription IN {_ORDERS}",
    "place_change": f"subscription IN {_ORDERS}",
    "cancellation": f"subscription IN {_ORDERS}",
    "addon_order": f"subscription IN {_ORDERS}",
    "subscription_receipt": f"subscription IN {_ORDERS}",
    "missed_turn": f"subscription IN {_ORDERS}",
    "box": f"household IN {_HOMES}",
    "box_line": f"box IN {_BOXES}",
    "box_addon": f"box IN {_BOXES}",
    "box_carry": f"box IN {_BOXES}",
    "uncovered_day": f"box IN {_BOXES}",
    "box_edit": f"box IN {_BOXES}",
    "box_edit_line": f"edit IN {_EDITS}",
    "box_change": f"box IN {_BOXES}",
    "shipment": f"box IN {_BOXES}",
    "charge": f"box IN {_BOXES}",
    "ledger_entry": f"household IN {_HOMES} OR box IN {_BOXES}",
    "problem": f"household IN {_HOMES}",
    "problem_photo": f"problem IN (SELECT id FROM problem WHERE household IN {_HOMES})",
    "report": f"household IN {_HOMES}",
    "item_rating": f"household IN {_HOMES}",
    "waiting": "email = (SELECT email FROM person WHERE id = $1)",
    "audit_entry": "actor_id = $1",
}
"""Which rows of each table are a person's; `$1` is the person."""

EXCEPTED: Final[Mapping[str, str]] = {
    "sign_in_token": "holds nothing but checksums of links that have run out or will within the hour",
    "lot_check": "what staff found at work; it is about a lot",
    "reservation": "the stock of a box line that is exported",
    "stock_movement": "the stock of a box line that is exported",
    "wave_box": "which trolley a box that is exported stood on",
}
"""Tables that a person's export leaves out, and why."""

_KEPT_BACK: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("password_hash", "session_epoch"),
    "calendar_feed": ("token_hash",),
    "waiting": ("joined_hash", "asked_hash"),
    "problem_photo": ("content",),
    "subscription": ("provider_setup",),
}
"""Columns that are secrets, or go along as files."""


async def rows_of(person_id: UUID) -> AsyncIterator[tuple[str, list[str]]]:
    """Yield each table with a person's rows as JSON. Called inside a unit of work, so that all are of one moment."""
    async with connection() as c:
        for table, mine in EXPORTED.items():
            without = list(_KEPT_BACK.get(table, ()))
            rows = await c.fetch(
                f"SELECT (to_jsonb(own) - $2::text[])::text FROM {table} own WHERE {mine}", person_id, without
            )  # fmt: skip
            yield table, [row[0] for row in rows]


async def photos_of(person_id: UUID) -> AsyncIterator[tuple[UUID, bytes]]:
    """Yield a person's photos one by one."""
    async with connection() as c:
        ids = await c.fetch(
            f"SELECT id FROM problem_photo WHERE {EXPORTED['problem_photo']}", person_id
        )
        for (photo_id,) in ids:
            yield (
                photo_id,
                await c.fetchval("SELECT content FROM problem_photo WHERE id = $1", photo_id),
            )


@dataclass(frozen=True, slots=True)
class Ties:
    """What stands in the way of taking somebody away: running subscriptions, and boxes under way until a day."""

    n_running: int
    box_on: dt.date | None
    works_here: bool


_TIES = f"""
SELECT (SELECT count(*) FROM subscription WHERE household IN {_HOMES} AND status IN ('active', 'paused', 'pending')),
       (SELECT max(day.delivery_on) FROM box JOIN delivery_day day ON day.id = box.delivery_day
        JOIN merchant ON merchant.id = box.merchant LEFT JOIN shipment ON shipment.box = box.id
        WHERE box.household IN {_HOMES}
          AND (box.status IN ('proposed', 'edited', 'locked', 'reserved', 'charge_unknown', 'needs_authentication')
               OR box.status IN ('paid', 'waived') AND shipment.delivered_at IS NULL
                  AND day.delivery_on >= ($2::timestamptz AT TIME ZONE merchant.timezone)::date)),
       EXISTS (SELECT FROM role_grant WHERE person = $1 AND role <> 'customer')
"""


async def ties_of(person_id: UUID, *, now: DateTime) -> Ties:
    """Return what ties a person to us still."""
    async with connection() as c:
        return Ties(*tuple(await c.fetchrow(_TIES, person_id, now)))


_ERASE = (
    f"DELETE FROM problem_photo WHERE problem IN (SELECT id FROM problem WHERE household IN {_HOMES})",
    f"UPDATE problem SET said = NULL, answer = NULL WHERE household IN {_HOMES}",
    f"DELETE FROM household_taste WHERE household IN {_HOMES}",
    f"DELETE FROM week_never WHERE household IN {_HOMES}",
    f"DELETE FROM item_rating WHERE household IN {_HOMES}",
    f"""UPDATE payment_event SET payload = '{{"erased": true}}' WHERE payload->'data'->'object'->>'customer' IN
        (SELECT provider_customer FROM subscription WHERE household IN {_HOMES})""",
    f"""UPDATE subscription SET provider_customer = NULL, provider_setup = NULL, provider_payment_method = NULL,
        card_brand = NULL, card_last4 = NULL WHERE household IN {_HOMES}""",
    """UPDATE household SET name = '', street = '', city = '', postcode = '', phone = NULL, delivery_note = NULL,
       food_note = NULL WHERE person = $1""",
    f"""UPDATE place_change SET street = '', city = '', postcode = '', delivery_note = NULL
        WHERE street IS NOT NULL AND subscription IN {_ORDERS}""",
    """UPDATE outbox SET payload = payload - 'email'
       WHERE payload->>'email' = (SELECT email FROM person WHERE id = $1)""",
    "DELETE FROM waiting WHERE email = (SELECT email FROM person WHERE id = $1)",
    "DELETE FROM sign_in_token WHERE person = $1 OR invited_by = $1",
    "DELETE FROM notice_choice WHERE person = $1",
    "DELETE FROM notice_told WHERE person = $1",
    "DELETE FROM calendar_feed WHERE person = $1",
    "DELETE FROM role_grant WHERE person = $1",
)
_ERASE_PERSON = """
UPDATE person SET email = 'erased-' || id || '@erased.invalid', name = '', password_hash = NULL, locale = NULL,
       session_epoch = session_epoch + 1, disabled_at = $2, erased_at = $2
WHERE id = $1
"""


async def hold(person_id: UUID) -> tuple[str, str | None] | None:
    """Hold a person until the unit of work ends; returns address and language, None once they are erased."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT email, locale FROM person WHERE id = $1 AND erased_at IS NULL FOR UPDATE", person_id
        )  # fmt: skip
    return None if row is None else (row[0], row[1])


async def erase(person_id: UUID, *, now: DateTime) -> None:
    """Take a person out of every row that stays; boxes, charges and the ledger stay, nameless."""
    async with connection() as c:
        for sql in _ERASE:
            await c.execute(sql, person_id)
        await c.execute(_ERASE_PERSON, person_id, now)
