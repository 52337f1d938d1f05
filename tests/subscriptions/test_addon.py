"""What rides along: until when it may be ordered, how many come on which day, and that no day is oversold."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import pendulum
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.clock import instant
from ripeday.kit.money import Money
from subscriptions.addon import (
    Addon,
    AddonLine,
    AddonOrder,
    Claim,
    Closing,
    OrderKind,
    Riding,
    closes_at,
    comes_along,
    full_on,
    taken_on,
    units_on,
)
from subscriptions.addon_prospect import counts_from
from subscriptions.allowance import GENEROUS
from subscriptions.cutoff import RoundRule, dated, deliveries_from
from subscriptions.lifecycle import PlanKind, SubscriptionStatus
from subscriptions.order import Order, OrderBook
from subscriptions.tax import TaxClass, tax_rule

TUESDAY = dt.date(2026, 12, 1)
WEEK = dt.timedelta(weeks=1)
HONEY = UUID(int=1)
ZONES = (
    "Europe/Berlin",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
)


def addon(**other: object) -> Addon:
    values: dict[str, object] = {
        "id": HONEY, "name": "Heather honey", "name_zh": "石楠蜂蜜", "price": Money(750, "EUR"),
        "tax_class": TaxClass.FOOD, "weight_g": 700, "closing": Closing(5, 720), "day_limit": None, "last_on": None,
    }  # fmt: skip
    return Addon(**{**values, **other})  # type: ignore[arg-type]


def once(units: int, on: dt.date = TUESDAY) -> AddonOrder:
    return AddonOrder(HONEY, OrderKind.ONCE, on, units)


def standing(units: int, from_on: dt.date = TUESDAY) -> AddonOrder:
    return AddonOrder(HONEY, OrderKind.STANDING, from_on, units)


rules = st.builds(
    RoundRule,
    weekday=st.integers(0, 6),
    cutoff_days_before=st.integers(0, 6),
    cutoff_minute=st.integers(0, 1439),
    pack_days_before=st.just(0),
    timezone=st.sampled_from(ZONES),
)


closings = st.builds(Closing, st.integers(0, 21), st.integers(0, 1439))


@given(rules, closings, st.dates(dt.date(2024, 1, 1), dt.date(2034, 1, 1)))
def test_a_thing_closes_at_its_wall_time_in_every_zone_and_never_after_its_box(
    rule: RoundRule, closing: Closing, near: dt.date
) -> None:
    on = near + dt.timedelta(days=(rule.weekday - near.weekday()) % 7)
    cutoff_at = dated(rule, on).cutoff_at

    closes = closes_at(closing, rule, on, cutoff_at=cutoff_at)

    wall = instant(on - dt.timedelta(days=closing.days_before), closing.wall, rule.timezone)
    assert closes == min(wall, cutoff_at)


@given(rules, closings, st.dates(dt.date(2024, 1, 1), dt.date(2034, 1, 1)))
def test_the_last_second_counts_for_this_box_and_the_next_one_for_the_next(
    rule: RoundRule, closing: Closing, near: dt.date
) -> None:
    on = next(deliveries_from(rule, near)).delivery_on
    honey = addon(closing=closing)
    order = Order(
        HONEY, HONEY, HONEY, HONEY, HONEY, SubscriptionStatus.ACTIVE, PlanKind.FRUIT, 1, 0, 1, on, None,
        Money(2200, "EUR"), rule, GENEROUS, (), "Shop", "店", "Plan", "套餐",
    )  # fmt: skip
    book = OrderBook(order, {}, {}, None, {}, riding=Riding((honey,)))
    closes = closes_at(closing, rule, on, cutoff_at=dated(rule, on).cutoff_at)

    in_time = counts_from(book, honey, on, now=closes.subtract(seconds=1))
    late = counts_from(book, honey, on, now=closes)

    assert in_time is not None
    assert late is not None
    assert (in_time.delivery_on, late.delivery_on) == (on, on.add(weeks=1))


orders = st.lists(
    st.builds(
        AddonOrder,
        addon_id=st.just(HONEY),
        kind=st.sampled_from(OrderKind),
        from_on=st.builds(lambda n: TUESDAY + n * WEEK, st.integers(0, 6)),
        units=st.integers(0, 4),
    ),
    max_size=6,
    unique_by=lambda order: (order.kind, order.from_on),
).map(tuple)


@given(orders, st.integers(0, 8), st.integers(0, 9), st.booleans())
def test_what_is_asked_for_comes_and_what_was_said_of_other_days_stays(
    said: tuple[AddonOrder, ...], weeks: int, units: int, every_box: bool
) -> None:
    on = TUESDAY + weeks * WEEK
    along = units_on([each for each in said if each.kind is OrderKind.MOVED], on)

    now = Riding(orders=said).saying(HONEY, on, units, every_box=every_box)

    assert units_on(now, on) == units + along
    for other in (TUESDAY + n * WEEK for n in range(12)):
        is_free = every_box and other > on and not any(
            each.kind is OrderKind.ONCE and each.from_on == other for each in said
        )  # fmt: skip
        if is_free:
            moved = [each for each in said if each.kind is OrderKind.MOVED]
            assert units_on(now, other) == units + units_on(moved, other)
        elif other != on:
            assert units_on(now, other) == units_on(said, other)


def test_not_this_time_leaves_what_comes_with_every_box_as_it_is() -> None:
    said = (standing(2), once(0, TUESDAY + WEEK))

    assert [units_on(said, TUESDAY + n * WEEK) for n in range(3)] == [2, 0, 2]


def test_of_a_moved_box_comes_along_what_was_for_it_alone_and_every_box_s_once() -> None:
    assert comes_along((standing(2), once(3)), TUESDAY) == 1
    assert comes_along((standing(2),), TUESDAY) == 0
    assert comes_along((standing(2), once(0)), TUESDAY) == 0


@given(
    st.lists(st.builds(Claim, subscription_id=st.uuids(), weekday=st.sampled_from([1, 3]), orders=orders), max_size=4),
    orders,
    st.integers(1, 12),
)  # fmt: skip
def test_no_day_is_ever_oversold_and_none_is_refused_that_has_room(
    claims: list[Claim], said: tuple[AddonOrder, ...], limit: int
) -> None:
    mine = Claim(uuid4(), 1, said)
    days = [TUESDAY + dt.timedelta(days=n) for n in range(7 * 20)]
    over = [on for on in days if mine.units_on(on) and taken_on([*claims, mine], on) > limit]

    full = full_on(claims, mine, limit, since=TUESDAY)

    assert (None if full is None else full[0]) == (over[0] if over else None)


def test_who_has_few_may_always_have_fewer() -> None:
    mine, other = Claim(UUID(int=1), 1, (standing(3),)), Claim(UUID(int=2), 1, (standing(3),))

    assert (
        full_on([mine, other], Claim(mine.subscription_id, 1, (standing(2),)), 4, since=TUESDAY)
        is None
    )
    assert full_on(
        [mine, other], Claim(mine.subscription_id, 1, (standing(4),)), 4, since=TUESDAY
    ) == (TUESDAY, 1)


def test_tax_is_that_of_the_thing() -> None:
    line = AddonLine(addon(tax_class=TaxClass.STANDARD), 2)

    assert line.price == Money(1500, "EUR")
    assert line.tax(tax_rule("DE")) == line.price.part(Decimal("0.19") / Decimal("1.19"))
    assert AddonLine(addon(), 2).tax(tax_rule("DE")).minor == 98


def test_a_thing_is_not_to_be_had_after_its_last_day() -> None:
    riding = Riding((addon(last_on=TUESDAY),), (standing(2),))

    assert [line.units for line in riding.lines_on(TUESDAY)] == [2]
    assert riding.lines_on(TUESDAY + WEEK) == ()


def test_the_last_second_counts_and_the_next_one_does_not() -> None:
    rule = RoundRule(1, 2, 1200, 1, "Europe/Berlin")
    closes = closes_at(Closing(5, 720), rule, TUESDAY, cutoff_at=dated(rule, TUESDAY).cutoff_at)

    assert closes == pendulum.datetime(2026, 11, 26, 11, tz="UTC")
