"""Something falls short: what comes instead is what the household said may come."""

import pytest

from ripeday.kit.money import Money
from subscriptions.box_price import price_of_part
from tests.market import broken_invariants
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_mending import Farm, open_farm

pytestmark = pytest.mark.usefixtures("database")


async def fail(farm: Farm, consent: str) -> tuple[object, set[object]]:
    """Have every household say what may come, then hold a lot that boxes have; returns it and who had it."""
    await fetch("UPDATE household SET consent = $1 RETURNING id", consent)
    held = {lot: await farm.holders(lot) for lot in farm.lots.values()}
    lot = max(held, key=lambda each: len(held[each]))
    await farm.hold(lot)
    return lot, set(held[lot])


async def told() -> list[tuple[object, ...]]:
    return await fetch(
        "SELECT DISTINCT payload->>'kind', payload->>'box' FROM outbox WHERE topic = 'notice'"
        " AND payload->>'kind' IN ('box_changed', 'box_left_out')"
    )


async def test_without_substitutes_a_box_keeps_the_rest_and_costs_less() -> None:
    farm = await open_farm()
    before = await farm.contents()
    lot, losers = await fail(farm, "never")

    await farm.mend()

    after = await farm.contents()
    prices = dict(await fetch("SELECT id, price_minor FROM box"))  # type: ignore[arg-type]
    left_out = {box for box in losers if prices[box] < 2200}
    assert left_out, "at least one box has enough left to do without"
    for box in left_out:
        was = {(held, units) for held, units, _ in before[box] if held != lot}  # type: ignore[index]
        assert {(held, units) for held, units, _ in after[box]} == was  # type: ignore[index]
    assert all(prices[box] == 2200 for box in set(after) - losers)  # type: ignore[operator]
    kinds = {box: kind for kind, box in await told()}
    assert {str(box) for box in losers} == set(kinds)
    assert {box for box, kind in kinds.items() if kind == "box_left_out"} == set(map(str, left_out))
    rows = await fetch("SELECT price_minor, tax_minor FROM box")
    assert all(abs(tax - price * 7 / 107) <= 1 for price, tax in rows)  # type: ignore[operator]
    assert await broken_invariants() == []


async def test_who_wants_to_be_asked_is_written_to_and_who_does_not_is_not() -> None:
    farm = await open_farm()
    _, losers = await fail(farm, "ask")
    await fetch(
        "UPDATE household SET consent = 'best' WHERE id = (SELECT household FROM box WHERE id = $1) RETURNING id",
        min(losers, key=str),
    )

    await farm.mend()

    assert {box for _, box in await told()} == {str(box) for box in losers} - {
        str(min(losers, key=str))
    }
    assert await fetch("SELECT DISTINCT price_minor FROM box") == [(2200,)]


def test_what_is_left_out_comes_off_by_its_share() -> None:
    price = Money(2200, "EUR")

    assert price_of_part(price, [100, 300], [True, False]) == Money(550, "EUR")
    assert price_of_part(price, [0, 0], [True, False]) == Money(1100, "EUR")
    assert price_of_part(price, [100, 300], [True, True]) == price
    assert price_of_part(price, [100, 300], [False, False]).minor == 0
