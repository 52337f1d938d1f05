"""Which deliveries are trial boxes, whatever is skipped, moved or given away."""

import datetime as dt
from itertools import islice
from uuid import uuid4

import pendulum
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeday.kit.money import Money
from subscriptions.allowance import GENEROUS
from subscriptions.cutoff import RoundRule
from subscriptions.lifecycle import PlanKind, SubscriptionStatus
from subscriptions.order import Order, OrderBook
from subscriptions.trial import Trial
from subscriptions.trial_prospect import besides, moved, moved_back, trial_end, trial_words, without

FIRST = dt.date(2026, 12, 1)
NOW = pendulum.datetime(2026, 11, 20, tz="UTC")
N_DAYS = 10
USUAL, TRIAL = Money(2590, "EUR"), Money(1890, "EUR")


def book(trial: Trial | None, *, weeks: int = 1) -> OrderBook:
    """An order of which nothing is planned yet."""
    order = Order(
        id=uuid4(), merchant_id=uuid4(), depot_id=uuid4(), round_id=uuid4(), household_id=uuid4(),
        status=SubscriptionStatus.ACTIVE, kind=PlanKind.FRUIT, portions_a_day=2, stems_a_day=0, cadence_weeks=weeks,
        first_delivery_on=FIRST, ends_on=None, price=USUAL, rule=RoundRule(1, 2, 1200, 1, "Europe/Berlin"),
        lets=GENEROUS, season_edges=(), merchant_name="", merchant_name_zh="", plan_name="", plan_name_zh="",
        trial=trial,
    )  # fmt: skip
    return OrderBook(order, {}, {}, None, {})


def days(of: OrderBook) -> list[dt.date]:
    return [each.delivery_on for each in islice(of.due(FIRST), N_DAYS)]


@st.composite
def changed_books(draw: st.DrawFn) -> OrderBook:
    """Orders in a trial with deliveries skipped, and boxes moved to others."""
    trial = Trial(draw(st.integers(1, 6)), TRIAL, draw(st.integers(0, 2)))
    found = book(trial, weeks=draw(st.integers(1, 4)))
    for on in draw(st.lists(st.sampled_from(days(found)), max_size=4, unique=True)):
        found = without(found, [on])
    for _ in range(draw(st.integers(0, 2))):
        open_ = [on for on in days(found) if on not in found.skips and found.held_on(on) is None]
        if len(open_) > 2:
            on, to_on = draw(st.permutations(open_))[:2]
            found = moved(found, on, to_on)
    return found


@settings(deadline=None, max_examples=50)
@given(changed_books())
def test_the_first_boxes_that_come_are_the_trial_boxes_and_no_others(of: OrderBook) -> None:
    coming = [on for on in days(of) if on not in of.skips]
    assert of.order.trial is not None
    left = of.order.trial.n_left
    for on in coming:
        n_trial = min(left, of.n_boxes_on(on))
        assert of.n_trial_on(on) == n_trial
        assert of.price_on(on) == TRIAL * n_trial + USUAL * (of.n_boxes_on(on) - n_trial)
        left -= n_trial


@settings(deadline=None, max_examples=50)
@given(changed_books(), st.data())
def test_taken_back_everything_costs_what_it_did(of: OrderBook, data: st.DataObject) -> None:
    coming = [on for on in days(of) if on not in of.skips and of.held_on(on) is None]
    on, to_on = data.draw(st.permutations(coming))[:2] if len(coming) > 1 else (None, None)
    if on is None or to_on is None:
        return
    prices = [of.price_on(each) for each in days(of)]
    skipped, double = without(of, [on]), moved(of, on, to_on)
    assert [besides(skipped, [on]).price_on(each) for each in days(of)] == prices
    assert [moved_back(double, on).price_on(each) for each in days(of)] == prices


def test_what_is_told_of_a_skip_is_which_box_becomes_a_trial_box() -> None:
    of = book(Trial(2, TRIAL, 0))
    first, _, third, *_ = days(of)
    (said,) = trial_words(of, without(of, [first]), now=NOW)
    assert (str(said.values["day"]), said.values["price"]) == (
        "15\N{NO-BREAK SPACE}December",
        TRIAL,
    )
    assert trial_words(of, without(of, [third]), now=NOW) == []
    assert trial_words(book(None), without(book(None), [first]), now=NOW) == []


def test_a_trial_ends_with_the_last_trial_box_and_goes_on_with_the_next_that_comes() -> None:
    of = book(Trial(2, TRIAL, 0))
    first, second, third, fourth, *_ = days(of)
    end = trial_end(without(of, [second]), now=NOW)
    assert end.last is not None
    assert end.usual is not None
    assert (end.last.delivery_on, end.usual.delivery_on) == (third, fourth)
    used = trial_end(book(Trial(2, TRIAL, 2)), now=NOW)
    assert (used.last, used.usual and used.usual.delivery_on) == (None, first)
