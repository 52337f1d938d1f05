"""A household that has chosen for itself keeps what is left of that when a lot fails; others may make room."""

from uuid import UUID

import pytest

from subscriptions.adapters import change_store, fairness_store, room_store
from subscriptions.box_change import ChangeReason
from tests.market import BEFORE, DELIVERY_ON, broken_invariants
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_mending import (
    Farm,
    assert_no_more_promised_than_there_is,
    due,
    most_held,
    open_farm,
)

pytestmark = pytest.mark.usefixtures("database")


async def units(farm: Farm, box: UUID) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for lot, n, _ in (await farm.contents())[box]:
        if lot is not None:
            found[lot] = found.get(lot, 0) + n
    return found


async def test_what_a_household_chose_itself_stays_when_something_else_fails() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    holders = sorted(await farm.holders(lot))
    await farm.edited(*holders)
    before = {box: await units(farm, box) for box in holders}
    assert any(len(held) > 1 for held in before.values())

    await farm.hold(lot)
    assert await farm.mend() == len(holders)

    for box in holders:
        after, kept = await units(farm, box), {k: n for k, n in before[box].items() if k != lot}
        assert lot not in after
        assert kept.items() <= after.items()
        (change,) = (await change_store.changes_of([box]))[box]
        assert change.reason is ChangeReason.NOT_ARRIVED
        assert set(change.gone) == {next(key for key, each in farm.lots.items() if each == lot)}
    assert await due() == []
    await assert_no_more_promised_than_there_is()


async def test_a_household_keeps_as_much_of_a_lot_that_comes_short_as_there_is() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    holders = sorted(await farm.holders(lot))
    await farm.edited(*holders)
    before = {box: await units(farm, box) for box in holders}
    planned = sum(held[lot] for held in before.values())

    await farm.receive(lot, planned - 1)
    assert await farm.mend() == 1

    after = {box: await units(farm, box) for box in holders}
    (changed,) = [box for box in holders if after[box] != before[box]]
    assert after[changed].get(lot, 0) == before[changed][lot] - 1
    assert sum(held.get(lot, 0) for held in after.values()) == planned - 1
    await assert_no_more_promised_than_there_is()


async def test_what_a_household_put_in_stays_marked_as_its_own() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    (box, *_) = [
        each for each in sorted(await farm.holders(lot)) if len(await units(farm, each)) > 1
    ]
    await farm.edited(box)
    own = min(set(await units(farm, box)) - {lot})
    await fetch(
        "UPDATE box_line SET is_override = TRUE WHERE box = $1 AND lot = $2 RETURNING id", box, own
    )

    await farm.hold(lot)
    await farm.mend()

    marked = await fetch("SELECT DISTINCT lot FROM box_line WHERE box = $1 AND is_override", box)
    assert marked == [(own,)]


async def test_who_loses_all_of_what_failed_has_missed_a_turn() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    holders = await farm.holders(lot)
    produce = next(key for key, each in farm.lots.items() if each == lot)

    await farm.hold(lot)
    await farm.mend()

    subscriptions = [
        row[0]
        for row in await fetch("SELECT subscription FROM box WHERE id = ANY($1)", list(holders))
    ]
    waits = await fairness_store.turns_missed(subscriptions, before=DELIVERY_ON.add(days=1))  # type: ignore[arg-type]
    assert all(waits[each][produce] == 1 for each in subscriptions)  # type: ignore[index]


async def test_no_other_box_changes_unless_the_merchant_lets_it_and_the_day_says_what_it_would_bring() -> (
    None
):
    farm = await open_farm()
    lot = await most_held(farm)
    before, holders = await farm.contents(), await farm.holders(lot)

    await farm.hold(lot)
    await farm.mend()

    after = await farm.contents()
    assert {box for box in after if after[box] != before[box]} == holders
    note = await room_store.last_mended(farm.market.merchant, farm.market.day)
    assert note is not None
    assert (note.n_boxes, note.is_trial, note.mended_at) == (len(holders), True, BEFORE)


async def test_boxes_that_make_room_are_few_and_say_so() -> None:
    """All apples are taken, and whoever loses the pears eats nothing else; others could."""
    farm = await open_farm(households=30, units=12)
    await room_store.set_others_pct(farm.market.merchant, 10)
    lot = farm.lots["pear_european"]
    before, holders = await farm.contents(), await farm.holders(lot)
    await fetch(
        "INSERT INTO household_taste (id, merchant, household, produce, taste)"
        " SELECT gen_random_uuid(), merchant, household, produce, 'never' FROM box, unnest($2::text[]) AS produce"
        " WHERE box.id = ANY($1) ON CONFLICT DO NOTHING RETURNING id",
        list(holders), ["banana", "kiwifruit_green", "mandarin"],
    )  # fmt: skip
    edited = min(set(before) - holders)
    await farm.edited(edited)

    await farm.hold(lot)
    n_changed = await farm.mend()

    after = await farm.contents()
    others = {box for box in after if after[box] != before[box]} - holders
    note = await room_store.last_mended(farm.market.merchant, farm.market.day)
    assert note is not None
    assert (note.n_boxes, note.n_others, note.is_trial) == (len(holders), len(others), False)
    assert n_changed == len(holders) + len(others)
    assert 0 < len(others) <= 2
    assert note.gain > 0
    assert edited not in others
    for box in others:
        (change,) = (await change_store.changes_of([box]))[box]
        assert (change.reason, change.lot_produce) == (ChangeReason.MADE_ROOM, None)
    assert await farm.mend() == 0
    await assert_no_more_promised_than_there_is()
    assert await broken_invariants() == []
