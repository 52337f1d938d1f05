"""What households have on their accounts, in the ledger of PostgreSQL.

The account `credit` holds what we owe households: below nought on our side, so a balance is its negative.
"""

from collections.abc import Mapping
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money

_BALANCE = """
SELECT -coalesce(sum(amount_minor), 0) FROM ledger_entry
WHERE household = $1 AND account = 'credit' AND currency = $2
"""
_HELD = """
SELECT coalesce(sum(charge.credit_minor), 0) FROM charge JOIN box ON box.id = charge.box
WHERE box.household = $1 AND charge.box <> $2 AND charge.currency = $3
  AND (charge.outcome IN ('started', 'unknown')
       OR charge.outcome = 'needs_authentication' AND box.status = 'needs_authentication')
"""


async def balance(household_id: UUID, currency: str) -> Money:
    """Return what a household has on its account."""
    async with connection() as c:
        return Money(int(await c.fetchval(_BALANCE, household_id, currency)), currency)


async def balances_of(person_id: UUID) -> dict[UUID, Money]:
    """Return what a person's households have on their accounts, those with nothing left out."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT entry.household, -sum(entry.amount_minor)::bigint, entry.currency FROM ledger_entry entry"
            " JOIN household ON household.id = entry.household"
            " WHERE household.person = $1 AND entry.account = 'credit'"
            " GROUP BY entry.household, entry.currency HAVING sum(entry.amount_minor) < 0",
            person_id,
        )
    return {row[0]: Money(row[1], row[2]) for row in rows}


async def free_balance(household_id: UUID, *, box_id: UUID, currency: str) -> Money:
    """Return what of a household's account no charge for another of its boxes is taking at this moment.

    Called inside a unit of work: the household is held, so that two charges never count on the same money.
    """
    async with connection() as c:
        await c.execute("SELECT FROM household WHERE id = $1 FOR NO KEY UPDATE", household_id)
        held = int(await c.fetchval(_HELD, household_id, box_id, currency))
    return await balance(household_id, currency) - Money(held, currency)


_POST = """
INSERT INTO ledger_entry (id, merchant, posting, business_key, account, amount_minor, currency, box, household,
                          posted_at)
SELECT gen_random_uuid(), $1, $2, $3, account, amount, $4, $5,
       CASE account WHEN 'credit' THEN $6::uuid END, $7
FROM unnest($8::text[], $9::bigint[]) AS side (account, amount)
"""


async def post(
    business_key: str,
    sides: Mapping[str, int],
    *,
    merchant_id: UUID,
    box_id: UUID,
    household_id: UUID,
    currency: str,
    now: DateTime,
) -> None:
    """Post one business fact: minor units by account, which sum to nought. A second time is refused by the database."""
    kept = {account: amount for account, amount in sides.items() if amount}
    async with connection() as c:
        await c.execute(
            _POST, merchant_id, uuid4(), business_key, currency, box_id, household_id, now, list(kept),
            list(kept.values()),
        )  # fmt: skip
