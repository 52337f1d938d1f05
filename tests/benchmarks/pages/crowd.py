"""A farm's households many times over, as rows: the same people with other ids and addresses."""

from typing import Final

from ripeday.kit.adapters.engine import connection

COPIED: Final = (
    "person", "role_grant", "household", "household_taste", "subscription", "skip", "box", "box_line", "uncovered_day",
)  # fmt: skip
"""Tables of which there is a row or more for every household, each after those that it refers to."""

_OWN: Final = {
    ("person", "email"): "'c' || n || '-' || t.email",
    ("box", "number"): "t.number + n * 100000",
}
"""What would not be unique in a copy."""
_ONLY: Final = {
    "person": "t.id IN (SELECT person FROM household)",
    "role_grant": "t.person IN (SELECT person FROM household) AND t.role = 'customer'",
}

_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_REFERENCES = """
SELECT a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.conrelid = $1::regclass AND c.confrelid = ANY($2::regclass[])
"""


async def multiply(n_copies: int) -> None:
    """Add so many copies of every household and all that is its own, and gather statistics.

    Copies keep their round, box plan, lots and delivery days; foreign keys are not looked at again one by one.
    """
    for table in COPIED:
        await _copy(table, n_copies)
    async with connection() as c:
        await c.execute("ANALYZE", timeout=600)


async def _copy(table: str, n_copies: int) -> None:
    async with connection() as c, c.transaction():
        columns = [row[0] for row in await c.fetch(_COLUMNS, table)]
        mapped = {row[0] for row in await c.fetch(_REFERENCES, table, list(COPIED))} | {"id"}
        values = ", ".join(_value(table, each, is_mapped=each in mapped) for each in columns)
        names = ", ".join(f'"{each}"' for each in columns)
        await c.execute("SET LOCAL session_replication_role = replica")
        await c.execute("SET LOCAL statement_timeout = 0")
        await c.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" t'
            f" CROSS JOIN generate_series(1, {n_copies}) n WHERE {_ONLY.get(table, 'true')}",
            timeout=1800,
        )


def _value(table: str, column: str, *, is_mapped: bool) -> str:
    if is_mapped:
        return f"md5(t.\"{column}\"::text || '-' || n)::uuid"
    return _OWN.get((table, column), f't."{column}"')


async def n_rows() -> dict[str, int]:
    """Count the rows of the tables that were copied."""
    async with connection() as c:
        return {table: await c.fetchval(f'SELECT count(*) FROM "{table}"') for table in COPIED}
