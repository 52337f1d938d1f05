"""Where a box stands, in one word."""

import pytest

from ripeday.translation import translator
from subscriptions.box_state import BoxState, state_of
from subscriptions.lifecycle import BoxStatus
from tests.market import AFTER, BEFORE, CUTOFF


@pytest.mark.parametrize("status", [BoxStatus.PROPOSED, BoxStatus.EDITED])
def test_a_box_is_open_until_the_cut_off_and_locked_at_it(status: BoxStatus) -> None:
    assert state_of(status, status, cutoff_at=CUTOFF, now=BEFORE) is BoxState.OPEN
    assert state_of(status, status, cutoff_at=CUTOFF, now=CUTOFF) is BoxState.LOCKED


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("paid", BoxState.PAID),
        ("labelled", BoxState.PACKING),
        ("packed", BoxState.PACKING),
        ("shipped", BoxState.ON_ITS_WAY),
        ("delivered", BoxState.DELIVERED),
    ],
)
def test_a_paid_box_is_as_far_as_its_shipment(stage: str, state: BoxState) -> None:
    assert state_of(BoxStatus.PAID, stage, cutoff_at=CUTOFF, now=AFTER) is state


@pytest.mark.parametrize("status", [BoxStatus.LOCKED, BoxStatus.RESERVED, BoxStatus.CHARGE_UNKNOWN])
def test_while_the_money_is_on_its_way_a_box_is_locked(status: BoxStatus) -> None:
    assert state_of(status, status, cutoff_at=CUTOFF, now=AFTER) is BoxState.LOCKED


@pytest.mark.parametrize("status", list(BoxStatus))
def test_every_status_has_a_word_in_both_languages_and_a_look(status: BoxStatus) -> None:
    state = state_of(status, status, cutoff_at=CUTOFF, now=AFTER)

    english, chinese = (translator(locale).render(state.words) for locale in ("en", "zh"))
    assert english != chinese
    assert state.look.icon


@pytest.mark.parametrize(
    "status", [BoxStatus.DECLINED, BoxStatus.SHORT, BoxStatus.MISSED, BoxStatus.CANCELLED]
)
def test_a_box_that_will_not_come_is_not_told_as_coming(status: BoxStatus) -> None:
    assert not state_of(status, status, cutoff_at=CUTOFF, now=AFTER).is_coming
