"""Made-up weeks: real produce, real windows, nearly no two households alike, and as tight as asked."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from ripeday.sample.offer import season_offers
from ripening.home import PLANNED_MODES
from ripening.loss import loss_by_day, loss_of
from ripening.produce import load_profiles
from ripening.window import all_chances
from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.assemble import DueHousehold, LotOffer, build_problem
from subscriptions.planning.instance import InstanceParams, lots_of, make_instance
from subscriptions.planning.instance_risk import home_until_next_box
from subscriptions.planning.instance_supply import SeasonOffer, draw_lots
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, LAYOUT, MIXED, Problem
from subscriptions.planning.solve import solve
from subscriptions.planning.spare import SPARE_WORTH
from tests.subscriptions.planning.instances import DATA

SUMMER, WINTER = dt.date(2026, 6, 1), dt.date(2026, 12, 7)
USUAL = InstanceParams(households=3000, first_on=SUMMER)


def made(**change: Any) -> Problem:
    params = replace(USUAL, **change)
    return make_instance(season_offers(params.first_on), params)


@pytest.fixture(scope="module")
def week() -> Problem:
    return made()


def wanted_portions(problem: Problem) -> int:
    return int((problem.n_por.astype(np.int64) * problem.horizon).sum())


def fruit_portions(problem: Problem) -> int:
    fruit = problem.prod_kind[problem.lot_prod] == FRUIT
    return int((problem.lot_stock * problem.lot_portions)[fruit].sum())


@settings(max_examples=12, deadline=None)
@given(
    households=st.integers(1, 400),
    seed=st.integers(0, 3),
    tight=st.floats(1.05, 1.3),
    lots=st.sampled_from([2, 3, 17, 62]),
    weekdays=st.integers(1, 5),
    first_on=st.sampled_from([SUMMER, WINTER]),
)
def test_any_week_has_the_size_and_the_stock_that_were_asked_for(
    households: int, seed: int, tight: float, lots: int, weekdays: int, first_on: dt.date
) -> None:
    problem = made(
        households=households, seed=seed, tight=tight, lots=lots, weekdays=weekdays, first_on=first_on
    )  # fmt: skip
    assert problem.n_subscribers == households
    assert problem.n_lots == lots
    assert problem.win_a.shape == (lots, weekdays, 8, len(PLANNED_MODES))
    assert problem.weekday.max() < weekdays
    left_over = fruit_portions(problem) - tight * wanted_portions(problem)
    assert abs(left_over) <= problem.lot_portions.max()


@pytest.mark.parametrize("lots", [40, 400])
def test_many_lots_are_several_stages_of_the_same_produce(lots: int) -> None:
    problem = made(households=50, lots=lots)
    assert problem.n_lots == lots
    per_product = np.bincount(problem.lot_prod)
    assert per_product.min() >= 1
    assert per_product.max() >= 3
    lots_opening = {
        (int(p), int(day))
        for p, day in zip(problem.lot_prod, problem.win_a[:, 0, 3, 0], strict=True)
    }
    assert len(lots_opening) > len(per_product)


def test_the_same_params_make_the_same_week_and_another_seed_another(week: Problem) -> None:
    draw_lots.cache_clear()
    again, other = made(), made(seed=2)
    for name in LAYOUT:
        assert np.array_equal(getattr(again, name), getattr(week, name)), name
    assert not np.array_equal(other.pref, week.pref)
    assert not np.array_equal(other.lot_cost, week.lot_cost)


def test_more_households_are_sold_the_same_lots(week: Problem) -> None:
    fewer = made(households=200)
    for name, (_, axes) in LAYOUT.items():
        if "N" not in axes and name != "lot_stock":
            assert np.array_equal(getattr(fewer, name), getattr(week, name)), name
    assert fewer.lot_stock.sum() < week.lot_stock.sum()


def test_two_weeks_that_share_lots_do_not_share_arrays(week: Problem) -> None:
    again = made()
    again.lot_cost[:] = 0
    assert week.lot_cost.min() > 0
    assert made().lot_cost.min() > 0


def test_the_lots_are_the_catalogs_own(week: Problem) -> None:
    costs = {offer.produce_key: offer.unit_cost_minor for offer in season_offers(SUMMER)}
    for lot, p in enumerate(week.lot_prod):
        produce = load_profiles()[week.products[p]]
        assert week.lot_portions[lot] == produce.portions_per_unit
        assert week.prod_kind[p] == (FLOWER if produce.is_flower else FRUIT)
        assert abs(week.lot_grams[lot] / produce.unit_grams.shipped - 1) < 0.06
        assert abs(week.lot_cost[lot] / costs[produce.key] - 1) < 0.1
        assert week.lot_pv[lot] == (4 if produce.is_flower else produce.portions_per_unit)


def test_the_season_is_that_of_the_week(week: Problem) -> None:
    winter = made(first_on=WINTER, lots=200)
    assert "cherry" in {offer.produce_key for offer in season_offers(SUMMER)}
    assert "cherry" not in winter.products
    assert set(winter.products) <= {offer.produce_key for offer in season_offers(WINTER)}


def test_windows_open_for_nearly_every_lot_and_keep_to_the_home(week: Problem) -> None:
    opens = week.win_a <= week.win_b
    assert opens[:, 0].any(axis=(1, 2)).mean() > 0.95
    no_fridge = slice(0, 8, 2)
    assert not opens[:, :, no_fridge, 1:].any()
    flowers = week.prod_kind[week.lot_prod] == FLOWER
    assert not opens[flowers][..., 1:].any()
    assert (week.win_b <= 13).all()


def test_a_later_weekday_has_a_riper_lot(week: Problem) -> None:
    """What waits at the depot ripens there: on the whole, windows open earlier later in the week."""
    mild = 3
    both = (week.win_a[:, 0, mild, 0] <= week.win_b[:, 0, mild, 0]) & (
        week.win_a[:, 4, mild, 0] <= week.win_b[:, 4, mild, 0]
    )
    first, last = week.win_a[both, 0, mild, 0], week.win_a[both, 4, mild, 0]
    assert (last <= first).all()
    assert (last < first).any()


def test_a_bonus_is_earned_near_the_last_day_only(week: Problem) -> None:
    early = week.lot_last[:, None] - np.arange(5) > 2
    assert not week.lot_bonus[early].any()
    ends = np.flatnonzero(week.lot_last < 4)
    assert len(ends)
    assert (week.lot_bonus[ends, week.lot_last[ends]] > 0).all()


def test_nearly_no_two_households_are_alike(week: Problem) -> None:
    assert len(np.unique(week.pref, axis=0)) > 0.95 * week.n_subscribers
    excluded = (week.pref == EXCLUDED).sum(axis=1)
    assert 1 < excluded.mean() < 6
    assert (week.pref == EXCLUDED).mean(axis=0).max() < 0.5
    had = np.unpackbits(week.last_week, axis=1, bitorder="little")
    assert not had[:, week.n_products :].any()
    had = had[:, : week.n_products].astype(bool)
    assert not (had & (week.pref == EXCLUDED)).any()
    assert not had[week.plan == FRUIT][:, week.prod_kind == FLOWER].any()


def test_a_household_is_limited_as_in_the_reference_instances(week: Problem) -> None:
    reference = read_problem(DATA / "n500.npz")
    for name in ("n_por", "k_stem", "horizon", "u_max", "c_day", "min_dist", "home", "weekday"):
        mine, theirs = getattr(week, name), getattr(reference, name)
        assert mine.max() <= theirs.max() + 1, name
        assert abs(mine.mean() - theirs.mean()) < 0.4, name
    for plan in (FRUIT, FLOWER, MIXED):
        assert abs((week.plan == plan).mean() - (reference.plan == plan).mean()) < 0.06
    fruit_only = week.plan == FRUIT
    portions = week.n_por[fruit_only].astype(np.int64) * week.horizon[fruit_only]
    fruit = week.prod_kind[week.lot_prod] == FRUIT
    cost = (week.lot_cost[fruit] * week.lot_stock[fruit]).sum() / fruit_portions(week)
    ratio = week.budget[fruit_only] / portions / cost
    assert np.quantile(ratio, 0.01) > 0.9
    assert np.quantile(ratio, 0.99) < 2.2


def test_a_few_popular_products_are_scarce(week: Problem) -> None:
    """Next to their popularity at this price there is far less of them than of others."""
    fruit = np.flatnonzero(week.prod_kind == FRUIT)
    portions = np.bincount(week.lot_prod, week.lot_stock * week.lot_portions)[fruit]
    liking = np.where(week.pref == EXCLUDED, 0, week.pref).mean(axis=0)[fruit]
    popular = liking >= np.quantile(liking, 2 / 3)
    assert portions[popular].min() < 0.4 * portions.mean()


def test_what_was_made_can_be_planned() -> None:
    found = solve(made(households=15, lots=30))
    assert found.verdict.is_feasible
    assert found.verdict.cover_fraction > 0.5


def test_what_may_be_lost_is_said_as_the_products_own_planning_says_it() -> None:
    """Lots and homes of a weekday, given to the product's planning, make the same windows and risks."""
    params = replace(USUAL, households=40, lots=30, risks=True)
    week, problem = lots_of(season_offers(SUMMER), params), made(households=40, lots=30, risks=True)
    weekday = 2
    chances = all_chances(
        week.states,
        profiles=load_profiles(),
        delivery_on=SUMMER + dt.timedelta(days=weekday),
        days=14,
    )
    opens, closes = week.arrays["win_a"][:, weekday], week.arrays["win_b"][:, weekday]
    loss = np.stack([loss_of(chances, opens, closes, horizon=h) for h in (7, 14)], axis=1)
    offers = [
        LotOffer(
            lot_id=uuid4(), produce_key=state.produce_key, kind="fruit", units_available=1, cost_minor=1, grams=1,
            portions=1, pv=1, last_weekday=0, bonus_minor=[0] * 5, win_a=opens[i], win_b=closes[i], loss=loss[i],
            loss_by_day=loss_by_day(chances)[i, :, : len(PLANNED_MODES)],
        )
        for i, state in enumerate(week.states)
    ]  # fmt: skip
    due = DueHousehold(
        subscription_id=uuid4(), plan_kind="fruit", portions_a_day=1, stems_a_day=0, horizon_days=7, weekday=0,
        home_class=5, tastes={}, excluded=frozenset(), last_week=frozenset(), budget_minor=1, grams_max=1, u_max=1,
        c_day=1, min_distinct=0,
    )  # fmt: skip
    both = [due, replace(due, horizon_days=14)]
    told = build_problem(both, offers)
    assert np.array_equal(problem.win_a[:, weekday], told.win_a[:, 0])
    assert np.array_equal(problem.win_b[:, weekday], told.win_b[:, 0])
    for name in ("win_risk", "day_risk"):
        mine, theirs = getattr(problem.extras, name), getattr(told.extras, name)
        assert mine.any()
        assert np.array_equal(mine[:, weekday], theirs[:, 0]), name
    homes = home_until_next_box(np.array([5, 5], np.int8), np.array([7, 14], np.int8))
    assert homes.tolist() == told.home.tolist()


def test_a_week_with_risks_is_the_same_week_but_for_its_homes(week: Problem) -> None:
    risky = made(risks=True)
    for name in LAYOUT:
        if name not in {"win_a", "win_b", "home"}:
            assert np.array_equal(getattr(risky, name), getattr(week, name)), name
    assert (risky.home == week.home + 8 * (week.horizon == 14)).all()
    late = week.win_a >= 7
    assert (risky.win_a[:, :, :8] > risky.win_b[:, :, :8])[late].all()
    assert np.array_equal(risky.win_b[:, :, 8:], week.win_b)


def test_a_week_with_portions_to_spare_is_the_same_week_but_for_them(week: Problem) -> None:
    spared = made(spare_pct=10)
    for name in LAYOUT:
        assert np.array_equal(getattr(spared, name), getattr(week, name)), name
    assert week.extras.reserve is None
    assert spared.extras.reserve is not None
    wanted = week.n_por.astype(int) * week.horizon
    assert spared.extras.reserve.tolist() == np.ceil(wanted / 10).astype(int).tolist()
    assert spared.weights == replace(week.weights, missing_reserve=SPARE_WORTH)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("households", 0), ("households", 10_000_001), ("seed", -1), ("seed", 2**32), ("lots", 1),
        ("lots", 5001), ("weekdays", 0), ("weekdays", 6), ("tight", 0.0), ("tight", float("nan")),
        ("tight", float("inf")), ("tight", 11.0), ("service_level", 0.0), ("service_level", 1.0),
        ("spare_pct", -1), ("spare_pct", 31),
        ("first_on", dt.date(9999, 12, 31)),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        replace(USUAL, **{name: value})
    assert refused.value.field == name


@pytest.mark.parametrize("kept", ["fruit", "flower"])
def test_a_catalog_of_one_kind_makes_no_week(kept: str) -> None:
    offers = [
        offer for offer in season_offers(SUMMER) if load_profiles()[offer.produce_key].kind == kept
    ]
    with pytest.raises(Invalid, match="not on sale"):
        make_instance(offers, USUAL)


def test_a_catalog_of_two_makes_a_week() -> None:
    problem = make_instance(
        [SeasonOffer("banana", 30, 10), SeasonOffer("rose", 300, 5)], replace(USUAL, lots=40)
    )
    assert problem.products == ("banana", "rose")
    assert problem.n_lots == 40
