"""Claims on due work, kept in PostgreSQL."""

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.due_work import Claim, DueKind

_CLAIM = """
WITH placed AS (SELECT due.business_key, row_number() OVER () AS place FROM ({query}) AS due (business_key)),
due AS (SELECT business_key, min(place) AS place FROM placed GROUP BY business_key),
free AS (
    SELECT due.business_key FROM due
    LEFT JOIN work_claim held ON held.kind = '{kind}' AND held.business_key = due.business_key
    WHERE held.id IS NULL OR (held.claimed_until <= $1 AND held.parked_at IS NULL)
    ORDER BY due.place LIMIT {limit}
)
INSERT INTO work_claim (kind, business_key, fence, claimed_until, attempts)
SELECT '{kind}', business_key, nextval('work_fence'), $1 + make_interval(secs => {lease_s}), 1 FROM free
ON CONFLICT (kind, business_key) DO UPDATE
    SET fence = excluded.fence, claimed_until = excluded.claimed_until, attempts = work_claim.attempts + 1
    WHERE work_claim.claimed_until <= $1 AND work_claim.parked_at IS NULL
RETURNING business_key, fence, attempts
"""

_STILL_HELD = """
SELECT true FROM work_claim WHERE kind = $1 AND business_key = $2 AND fence = $3
"""

_RENEW = """
UPDATE work_claim SET claimed_until = $4 WHERE kind = $1 AND business_key = $2 AND fence = $3
"""

_FINISH = "DELETE FROM work_claim WHERE kind = $1 AND business_key = $2 AND fence = $3"

_FAIL = """
UPDATE work_claim SET claimed_until = $4, last_error = left($5, 500), parked_at = $6
WHERE kind = $1 AND business_key = $2 AND fence = $3
"""


async def claim_due(kind: DueKind, *, now: DateTime, limit: int = 200) -> list[Claim]:
    """Claim up to `limit` pieces of due work that nobody works on, in the order of the kind's query."""
    sql = _CLAIM.format(query=kind.query, kind=kind.name, limit=limit, lease_s=kind.lease_s)
    async with unit_of_work() as transaction:
        rows = await transaction.fetch(sql, now)
    return [Claim(kind.name, row["business_key"], row["fence"], row["attempts"]) for row in rows]


async def is_held(claim: Claim) -> bool:
    """Tell whether the claim is still ours."""
    async with connection() as c:
        key = (claim.kind, claim.business_key, claim.fence)
        return bool(await c.fetchval(_STILL_HELD, *key))


async def renew(claim: Claim, *, until: DateTime) -> None:
    """Keep the claim for longer, unless it was lost."""
    async with connection() as c:
        await c.execute(_RENEW, claim.kind, claim.business_key, claim.fence, until)


async def finish(claim: Claim) -> None:
    """Give the claim back; the work is done, or no longer due."""
    async with connection() as c:
        await c.execute(_FINISH, claim.kind, claim.business_key, claim.fence)


async def fail(claim: Claim, *, retry_at: DateTime, error: str, parked_at: DateTime | None) -> None:
    """Leave the work to be found again at `retry_at`, or park it for an operator."""
    async with connection() as c:
        key = (claim.kind, claim.business_key, claim.fence)
        await c.execute(_FAIL, *key, retry_at, error, parked_at)


async def parked_work() -> list[tuple[str, str, str]]:
    """Return (kind, key, last error) of all work that was given up."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT kind, business_key, last_error FROM work_claim WHERE parked_at IS NOT NULL"
        )
    return [(row["kind"], row["business_key"], row["last_error"] or "") for row in rows]
