"""Until when a lot may still leave the depot."""

import datetime as dt

from ripening.lot_state import LotState, Stay
from ripening.produce import load_profiles
from ripening.use_by import last_delivery_on

PROFILES = load_profiles()
MONDAY = dt.date(2026, 11, 23)


def test_keepers_may_leave_for_weeks_and_soft_fruit_for_days() -> None:
    lots = [
        LotState("apple_fuji", 0.0, MONDAY, 1.0, True),
        LotState("strawberry", 0.0, MONDAY, 1.0, True),
        LotState("banana", 0.0, MONDAY, 14.0, True),
        LotState("peach", 6.0, MONDAY, 1.0, True),
    ]
    apple, strawberry, banana, peach = last_delivery_on(lots, profiles=PROFILES, on=MONDAY)
    assert apple == MONDAY + dt.timedelta(days=14)
    assert strawberry is not None
    assert banana is not None
    assert MONDAY < strawberry < banana < apple
    assert peach is None


def test_a_longer_promise_ends_sooner() -> None:
    lots = [LotState("banana", 0.0, MONDAY, 14.0, True)]
    (one,) = last_delivery_on(lots, profiles=PROFILES, on=MONDAY)
    (three,) = last_delivery_on(lots, profiles=PROFILES, on=MONDAY, least_days=3)
    assert one is not None
    assert three is not None
    assert three < one


def test_cold_flowers_do_not_leave_past_their_storage_life() -> None:
    tulips = LotState("tulip", 0.0, MONDAY, 1.0, True, stored_days=10.0)
    life = PROFILES["tulip"].storage_life
    assert life is not None
    (last,) = last_delivery_on([tulips], profiles=PROFILES, on=MONDAY)
    assert last is not None
    assert (last - MONDAY).days <= life.mean - 10.0


def test_a_lot_that_has_lain_for_its_whole_storage_life_does_not_leave_at_all() -> None:
    grapes = LotState("grape", 0.0, MONDAY, 0.0, True, stored_days=390.0)
    assert last_delivery_on([grapes], profiles=PROFILES, on=MONDAY + dt.timedelta(days=1)) == [None]


def test_a_warm_road_uses_up_storage_life_faster_than_the_store() -> None:
    straight = LotState("tulip", 0.0, MONDAY, 1.0, True)
    cold, warm = (
        LotState("tulip", 0.0, MONDAY, 1.0, True, transit=(Stay(2.0, at_c),))
        for at_c in (1.0, 12.0)
    )
    on = MONDAY + dt.timedelta(days=2)
    found = last_delivery_on([straight, cold, warm], profiles=PROFILES, on=on, ahead_days=28)
    assert found[0] == found[1]
    assert found[1] is not None
    assert found[2] is not None
    assert found[2] < found[1]
