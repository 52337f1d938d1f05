"""Laws of the table over portions and kinds, at the root and deep in the search."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from subscriptions.planning.engine import bench as at
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.box import prepare_node
from subscriptions.planning.engine.box import propose as propose_box
from subscriptions.planning.engine.narrow import narrow
from subscriptions.planning.engine.worth import set_prices
from tests.subscriptions.planning.engine.households import (
    VALUE,
    Fruit,
    Household,
    households,
    on_bench,
    put,
    units_in,
)
from tests.subscriptions.planning.engine.slowly import best_box_slowly, worth_of

CENT = 0.01
ANY = households() | households(horizons=(14,))


@dataclass(frozen=True)
class Node:
    """Units that are in for certain, those that may be in, and prices."""

    household: Household
    low: list[int]
    high: list[int]
    days: list[int]
    per_gram: float = 0.0
    per_cent: float = 0.0


@st.composite
def crowded(draw: st.DrawFn) -> Household:
    """So many lots of a product that their mixes are not listed, with units of any size."""
    household = draw(households(max_lots=8, horizons=(3, 5, 7)))
    sizes = st.sampled_from([1, 2, 3, 5])
    return replace(
        household,
        units_max=draw(st.sampled_from([4, 12])),
        same_a_day=draw(st.integers(1, 9)),
        fruit=tuple(
            replace(f, product=k // 8, portions=draw(sizes), most=draw(st.integers(1, 12)))
            for k, f in enumerate(household.fruit)
        ),
    )


@st.composite
def nodes(draw: st.DrawFn) -> Node:
    """Any node: the root, or some units fixed, some ruled out."""
    household = draw(ANY | crowded())
    deep = draw(st.booleans())
    most = [min(f.most, household.units_max) for f in household.fruit]
    low = [draw(st.sampled_from([0, 0, 1])) if deep else 0 for _ in most]
    high = [draw(st.integers(min(a, b), b)) if deep else b for a, b in zip(low, most, strict=True)]
    price = st.sampled_from([0.0, 0.0, 20.0, 200.0])
    return Node(
        household,
        low,
        high,
        [draw(st.sampled_from([VALUE, VALUE]) | st.integers(0, VALUE)) for _ in household.need],
        draw(price),
        draw(price),
    )


def root(household: Household, low: list[int] | None = None, high: list[int] | None = None) -> Node:
    """A node with all days worth a portion; anything may be in unless said."""
    return Node(
        household,
        low or [0] * len(household.fruit),
        high or [min(f.most, household.units_max) for f in household.fruit],
        [VALUE] * len(household.need),
    )


def laid_out(node: Node) -> tuple[Ints, Floats] | None:
    """Put a node on a bench; None if the engine says it has no box."""
    w, r = on_bench(node.household)
    put(w, at.LOW, node.low)
    put(w, at.HIGH, node.high)
    set_prices(w, r, node.per_gram, node.per_cent)
    if not prepare_node(w):
        return None
    r[at.WORTH : at.WORTH + len(node.days)] = node.days
    return w, r


def propose(node: Node) -> tuple[float, list[int]] | None:
    """Bound and box of a node; None if the engine says it has none."""
    bench = laid_out(node)
    if bench is None:
        return None
    w, r = bench
    return propose_box(w, r, w[at.FLOW], w[at.WANTED]), units_in(w, at.TRIAL)


def best_of(node: Node) -> int | None:
    """Worth of the node's best box."""
    answer = best_box_slowly(node.household, node.low, node.high)
    return None if answer is None else answer[0]


@settings(max_examples=250, deadline=None)
@given(nodes())
def test_no_box_of_a_node_is_worth_more_than_the_table_says(node: Node) -> None:
    best, proposal = best_of(node), propose(node)
    assume(best is not None)
    assert best is not None
    assert proposal is not None
    assert proposal[0] >= best - CENT


@settings(max_examples=100, deadline=None)
@given(nodes())
def test_the_proposed_box_keeps_between_the_limits_of_units(node: Node) -> None:
    proposal = propose(node)
    if proposal is None:
        return
    _, units = proposal
    fruit = node.household.fruit
    assert all(a <= u <= max(a, b) for a, u, b in zip(node.low, units, node.high, strict=True))
    for p in node.household.products:
        of_product = sum(u for u, f in zip(units, fruit, strict=True) if f.product == p)
        assert of_product <= node.household.units_max


@settings(max_examples=80, deadline=None)
@given(households(), st.integers(1, 3))
def test_where_days_cannot_be_told_apart_the_proposed_box_is_worth_what_the_table_says(
    household: Household, portions: int
) -> None:
    # One day takes everything, one lot a product: nothing the table leaves out can matter.
    one_day = replace(
        household,
        need=(portions * 4,),
        same_a_day=99,
        budget=10**6,
        grams_max=10**6,
        fruit=tuple(
            replace(f, product=k, first=0, last=0, lot=None) for k, f in enumerate(household.fruit)
        ),
    )
    proposal = propose(root(one_day))
    assert proposal is not None
    assert proposal[0] == worth_of(one_day, proposal[1]) == best_of(root(one_day))


@settings(max_examples=250, deadline=None)
@given(nodes(), st.sampled_from([0, 0, 1_000, 10_000, 60_000]), st.integers(-3_000, 3_000))
def test_what_the_table_rules_out_is_in_no_box_above_the_goal(
    node: Node, below: int, more: int
) -> None:
    best, bench = best_of(node), laid_out(node)
    assume(best is not None)
    assert best is not None
    assert bench is not None
    w, r = bench
    bound = propose_box(w, r, w[at.FLOW], w[at.WANTED])
    goal = best - below + more
    some = narrow(w, r, bound, goal)
    low, high = units_in(w, at.LOW), units_in(w, at.HIGH)
    left = best_box_slowly(node.household, low, high) if some else None
    assert all(a <= b for a, b in zip(node.low, low, strict=True))
    assert all(a >= b for a, b in zip(node.high, high, strict=True))
    if best > goal + CENT:
        assert left is not None
        assert left[0] == best
    assert r[at.RULED_OUT] >= best - CENT or (left is not None and left[0] == best)


@settings(max_examples=60, deadline=None)
@given(nodes())
def test_what_was_counted_of_a_mix_is_the_same_when_it_is_asked_for_again(node: Node) -> None:
    bench = laid_out(node)
    if bench is None:
        return
    w, r = bench
    wanted, flow = w[at.WANTED], w[at.FLOW]
    first = propose_box(w, r, flow, wanted), units_in(w, at.TRIAL)
    assert first == (propose_box(w, r, flow, wanted), units_in(w, at.TRIAL))
    w[at.KNOWN_KEYS : at.KNOWN_KEYS + at.KNOWN_MIXES] = 0
    assert first == (propose_box(w, r, flow, wanted), units_in(w, at.TRIAL))


BESIDE = Household(
    need=(1, 1),
    same_a_day=1,
    units_max=2,
    fruit=(Fruit(0, first=0, last=0, most=1), Fruit(0, first=1, last=1, most=1)),
)
LOVED_IN_VAIN = Household(need=(0,), fruit=(Fruit(0, cost=-100, most=3),))
LOVED_LOTS_IN_VAIN = Household(
    need=(0,),
    units_max=24,
    fruit=(Fruit(0, cost=-100, most=12), Fruit(0, cost=-200, most=12)),
)
LARGE_OR_SMALL = Household(
    need=(1, 1, 1, 1),
    units_max=12,
    fruit=(
        Fruit(0, portions=3, cost=30_000, most=12),
        Fruit(0, portions=1, cost=1_000, most=12),
        Fruit(1, portions=3, cost=3_000, most=1),
    ),
)
ONE_MORE_KIND = Household(
    need=(1,),
    units_max=12,
    distinct=2,
    fruit=(
        Fruit(0),
        Fruit(1, cost=20_000, most=12),
        Fruit(1, portions=2, cost=1_000, most=12),
    ),
)
LOVED_AFTER_OTHERS = Household(
    need=(1, 1),
    fruit=(Fruit(0, most=1), Fruit(0, cost=-23_000), Fruit(0)),
)
SEVERAL = replace(
    BESIDE,
    need=(1, 1, 1),
    units_max=3,
    fruit=(*BESIDE.fruit, Fruit(0, first=2, last=2, most=1)),
)


@pytest.mark.parametrize(
    "node",
    [
        pytest.param(
            root(SEVERAL, [1, 0, 0], [1, 1, 1]), id="a lot that is settled beside open ones"
        ),
        pytest.param(root(LOVED_IN_VAIN), id="loved fruit when no more is eaten"),
        pytest.param(root(LOVED_LOTS_IN_VAIN), id="loved fruit of many lots when no more is eaten"),
        pytest.param(root(LARGE_OR_SMALL), id="too many mixes of large and small units to list"),
        pytest.param(
            root(ONE_MORE_KIND, [1, 0, 0], [1, 12, 12]), id="one more kind when no more is eaten"
        ),
        pytest.param(
            replace(root(LOVED_AFTER_OTHERS), days=[471, VALUE]),
            id="loved fruit that comes after other fruit of its kind",
        ),
    ],
)
def test_the_table_bounds_boxes_that_once_slipped_through(node: Node) -> None:
    best, proposal = best_of(node), propose(node)
    assert best is not None
    assert proposal is not None
    assert proposal[0] >= best - CENT
