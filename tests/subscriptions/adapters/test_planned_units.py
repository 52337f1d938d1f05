"""The database counts what open boxes are planned to take, whatever happens to them."""

from random import Random
from uuid import UUID, uuid4

import pytest
from pendulum import Date

from ripeday.kit.adapters.engine import connection
from tests.market import CUTOFF, Market, add_box, add_lot, broken_invariants, insert, open_market

pytestmark = pytest.mark.usefixtures("database")


async def run(sql: str, *values: object) -> None:
    async with connection() as c:
        await c.execute(sql, *values)


async def planned(lot: UUID) -> int:
    async with connection() as c:
        return int(
            await c.fetchval(
                "SELECT coalesce(sum(units), 0) FROM planned_units WHERE lot = $1", lot
            )
        )


async def add_day(m: Market) -> UUID:
    day = uuid4()
    await insert(
        "delivery_day", id=day, merchant=m.merchant, round=m.round, depot=m.depot, delivery_on=Date(2026, 12, 8),
        cutoff_at=CUTOFF.add(weeks=1), pack_on=Date(2026, 12, 7),
    )  # fmt: skip
    return day


async def test_units_are_planned_as_long_as_their_box_is_open_or_locked() -> None:
    m = await open_market()
    lot = await add_lot(m, "mango", units=100)
    box = await add_box(m, [(lot, 3), (lot, 2)])
    assert await planned(lot) == 5

    await run("UPDATE box SET status = 'locked', locked_at = $2 WHERE id = $1", box, CUTOFF)
    assert await planned(lot) == 5
    await run("UPDATE box SET status = 'short' WHERE id = $1", box)

    assert await planned(lot) == 0


async def test_a_box_that_is_dropped_takes_its_units_along() -> None:
    m = await open_market()
    lot = await add_lot(m, "mango", units=100)
    first, second = await add_box(m, [(lot, 3)]), await add_box(m, [(lot, 4)])

    await run("DELETE FROM box WHERE id = $1", first)
    assert await planned(lot) == 4
    await run("DELETE FROM box WHERE id = $1", second)

    assert await planned(lot) == 0


STEPS = (
    "UPDATE box SET status = 'locked', locked_at = now() WHERE id = ANY($1) AND locked_at IS NULL",
    "UPDATE box SET status = 'proposed', locked_at = NULL WHERE id = ANY($1)",
    "UPDATE box SET status = 'edited', locked_at = NULL WHERE id = ANY($1)",
    "UPDATE box SET status = 'short', locked_at = now() WHERE id = ANY($1)",
    "UPDATE box_line SET units = units + 1 WHERE box = ANY($1)",
    "DELETE FROM box_line WHERE id IN (SELECT id FROM box_line WHERE box = ANY($1) ORDER BY id LIMIT 2)",
    "DELETE FROM box WHERE id IN (SELECT id FROM box WHERE id = ANY($1) ORDER BY id LIMIT 1)",
)


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_happens_to_boxes_the_count_is_that_of_their_lines(seed: int) -> None:
    m, rng = await open_market(), Random(seed)
    other_day = await add_day(m)
    lots = [await add_lot(m, produce, units=500) for produce in ("mango", "kiwifruit", "banana")]
    for _ in range(6):
        await add_box(m, [(rng.choice(lots), rng.randint(1, 4)) for _ in range(3)])
    for _ in range(25):
        some = rng.sample(m.boxes, rng.randint(1, 4))
        await run(rng.choice(STEPS), some)
        if rng.random() < 0.3:
            await run(
                "UPDATE box SET delivery_day = $2 WHERE id = ANY($1)",
                some,
                rng.choice((m.day, other_day)),
            )
        if rng.random() < 0.2:
            await run(
                "UPDATE box_line SET lot = $2 WHERE box = ANY($1) AND mode = 0",
                some,
                rng.choice(lots),
            )

        assert await broken_invariants() == []
