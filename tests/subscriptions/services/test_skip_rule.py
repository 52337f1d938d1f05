"""How often a merchant lets be skipped: so many of a season, so many in a row, in the service and in the database."""

from uuid import UUID, uuid4

import asyncpg
import pytest
from pendulum import Date

from delivery.services.supply import StockSupply
from ripening.produce import load_profiles
from subscriptions.adapters import order_store
from subscriptions.errors import NoSkipsLeft, TooManyInARow
from subscriptions.services.planning import PlanningService
from subscriptions.services.receipts import check_chains, prove
from subscriptions.services.skipping import SkippingService
from tests.market import BEFORE, add_household, broken_invariants, insert, open_market
from tests.subscriptions.people import fetch

FIRST = Date(2026, 12, 8)
SPRING = Date(2027, 3, 2)
"""The first delivery after the catalog of the winter."""


class Rule:
    """Somebody with an order, at a merchant who lets three of a season be skipped and two in a row."""

    def __init__(self, merchant: UUID, person: UUID, order: UUID) -> None:
        self.merchant, self.person, self.order = merchant, person, order
        self.skipping = SkippingService(PlanningService(StockSupply(), load_profiles()))

    async def skip(self, on: Date) -> None:
        await self.skipping.skip(self.person, self.order, on, now=BEFORE)

    async def withdraw(self, on: Date) -> None:
        await self.skipping.withdraw(self.person, self.order, on, now=BEFORE)


@pytest.fixture
async def rule(database: str) -> Rule:
    market = await open_market()
    await insert(
        "delivery_rule",
        id=uuid4(),
        merchant=market.merchant,
        n_skips=3,
        n_in_a_row=2,
        notice_days=0,
    )
    order = await add_household(market)
    ((person,),) = await fetch("SELECT person FROM household")
    return Rule(market.merchant, UUID(str(person)), order)


async def test_the_fourth_skip_of_a_season_is_refused_and_one_taken_back_counts_again(
    rule: Rule,
) -> None:
    for weeks in (0, 2, 4):
        await rule.skip(FIRST.add(weeks=weeks))
    with pytest.raises(NoSkipsLeft):
        await rule.skip(FIRST.add(weeks=6))
    await rule.skip(SPRING)
    await rule.withdraw(FIRST)
    await rule.skip(FIRST.add(weeks=6))
    assert await broken_invariants() == []


async def test_more_in_a_row_than_is_let_are_refused_from_either_side(rule: Rule) -> None:
    await rule.skip(FIRST)
    await rule.skip(FIRST.add(weeks=1))
    for weeks in (-1, 2):
        with pytest.raises(TooManyInARow):
            await rule.skip(FIRST.add(weeks=weeks))
    await rule.withdraw(FIRST)
    await rule.skip(FIRST.add(weeks=2))


async def test_the_database_lets_no_more_be_skipped_either(rule: Rule) -> None:
    (book,) = await order_store.order_books(rule.person, now=BEFORE)
    days = [FIRST.add(weeks=n) for n in range(4)]
    with pytest.raises(asyncpg.CheckViolationError):
        await order_store.skip(book.order, days, now=BEFORE)
    assert await fetch("SELECT 1 FROM skip") == []
    assert await order_store.skip(book.order, days[:3], now=BEFORE) == 3


async def test_pages_and_the_database_mean_the_same_season(rule: Rule) -> None:
    (book,) = await order_store.order_books(rule.person, now=BEFORE)
    for on in (FIRST, SPRING, Date(2026, 10, 31), Date(2026, 11, 1), Date(2027, 2, 28)):
        season = book.order.season_around(on)
        ((low, high),) = await fetch(
            "SELECT lower(season_around($1, $2)), upper(season_around($1, $2))", rule.merchant, on
        )
        assert (season.starts_on, season.ends_on) == (low, high)


async def test_receipts_cannot_be_changed_and_what_was_forged_shows(rule: Rule) -> None:
    await rule.skip(FIRST)
    await rule.withdraw(FIRST)
    await rule.skip(FIRST)
    for sql in (
        "UPDATE subscription_receipt SET effect_minor = 0",
        "DELETE FROM subscription_receipt",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await fetch(sql)
    numbers = [
        str(n) for (n,) in await fetch("SELECT number FROM subscription_receipt ORDER BY position")
    ]
    assert (await check_chains()).broken == ()
    await fetch("ALTER TABLE subscription_receipt DISABLE TRIGGER subscription_receipt_append_only")
    await fetch("UPDATE subscription_receipt SET effect_minor = 0 WHERE position = 2 RETURNING id")
    assert [(await prove(number)).is_true for number in numbers] == [True, False, False]  # type: ignore[union-attr]
    checked = await check_chains()
    assert (checked.n_chains, checked.n_receipts) == (1, 3)
    assert checked.broken == (f"{rule.order} at {numbers[1]}",)
    assert any("chain of receipts" in found for found in await broken_invariants())


async def test_a_skip_that_vanished_without_a_receipt_is_found(rule: Rule) -> None:
    await rule.skip(FIRST)
    await fetch("DELETE FROM skip RETURNING id")
    assert any("last receipt of a delivery" in found for found in await broken_invariants())
