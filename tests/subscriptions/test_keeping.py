"""What holders are told to do with a lot that is not as it was thought to be."""

import datetime as dt
from dataclasses import replace

from ripening.home import COUNTER, FRIDGE, FRIDGE_FIRST, THEN_FRIDGE, HomeClass, RoomClass
from ripening.lot_state import LotState
from ripening.produce import load_profiles
from subscriptions.keeping import HeldAs, Keeping, Outlook, outlooks

PROFILES = load_profiles()
TUESDAY = dt.date(2026, 12, 1)
HOME = HomeClass(RoomClass.MILD, has_fridge=True).index
ON_COUNTER, IN_FRIDGE = Keeping(COUNTER, None), Keeping(FRIDGE, None)


def told(lot: LotState, planned: Keeping, kept: Keeping | None = None, *, day: int) -> Outlook:
    case = HeldAs(HOME, planned, kept or planned)
    found = outlooks(
        lot, [case], profiles=PROFILES, delivery_on=TUESDAY, day=day, service_level=0.7
    )
    return found[case]


def avocado(ahead: float = 0.0, *, age: float = 2.0) -> LotState:
    lot = LotState("avocado_hass", age, TUESDAY, 6.0, treated=True)
    return replace(lot, shift_days=ahead, shift_sigma=0.4)


def test_a_lot_that_runs_late_goes_into_the_fridge_later() -> None:
    planned = Keeping(THEN_FRIDGE, 3)
    early, late = (told(avocado(ahead), planned, day=1).keeping for ahead in (1.0, -1.0))

    assert early.move_day is not None
    assert late.move_day is not None
    assert early.move_day < late.move_day


def test_a_lot_that_runs_ahead_goes_into_the_fridge_today_and_never_yesterday() -> None:
    assert told(avocado(4.0), Keeping(THEN_FRIDGE, 5), day=2).keeping == Keeping(THEN_FRIDGE, 2)


def test_what_lies_in_the_fridge_since_yesterday_lies_there_since_yesterday() -> None:
    kept = Keeping(THEN_FRIDGE, 1)
    assert told(avocado(-1.0), Keeping(THEN_FRIDGE, 2), kept, day=2).keeping == kept


def test_what_was_thought_ripe_and_is_hard_comes_out_of_the_fridge_and_gets_ripe_there() -> None:
    hard, ripe = avocado(-5.0, age=7.0), avocado(1.0, age=7.0)

    found = told(hard, IN_FRIDGE, day=2)

    assert told(ripe, IN_FRIDGE, day=2).keeping == IN_FRIDGE
    assert found.keeping == Keeping(FRIDGE_FIRST, 2)
    assert found.last > 2
    assert max(found.chance[3:]) > found.chance[2]


def test_what_was_taken_out_yesterday_is_not_put_back_into_the_past() -> None:
    out = Keeping(FRIDGE_FIRST, 2)
    assert told(avocado(1.0, age=7.0), IN_FRIDGE, out, day=3).keeping == out


def test_on_the_counter_it_stays_there_and_a_lot_ahead_is_ready_sooner() -> None:
    late, early = told(avocado(-1.0), ON_COUNTER, day=1), told(avocado(1.0), ON_COUNTER, day=1)

    assert late.keeping == early.keeping == ON_COUNTER
    assert early.first < late.first
