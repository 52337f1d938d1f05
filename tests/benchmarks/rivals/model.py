"""The whole planning problem as one integer program: minimise cost @ x + offset, low <= rows @ x <= high.

Columns per household: units of each item; portions eaten, by product and window over blocks of days that
no window tells apart; distinct fruit that count; stems missing over days that the same flowers reach.
With whole units the rest is a flow or a minimum, so that its best is whole without being asked to be.

Beyond the plain rows: ways of keeping that another one contains are left out, units are bounded by use
(`household`), and portions against days in which to eat them, and stems against stems wanted, are rounded
(mixed-integer rounding). Tried and left out: binding the
eating of each day to the units it can come from. For 200 households it raised the relaxation from 612.0 to
612.5 cents a box and took 8.8 s instead of 1.8 s; HiGHS's plans after 100 s were better with it while only
units were whole (one run: 695, not 714) and worse once all columns were (639, not 619).
Every number is whole.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.eating import plan_of_units
from tests.benchmarks.rivals.household import Item, items_of
from tests.benchmarks.rivals.instance import refuse_extras

Ints = NDArray[np.int64]
NO_LIMIT = 2**53
Terms = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Columns are whole and at least 0. `who`, `lot` and `mode` say what the columns `unit_column` are units of."""

    problem: Problem
    cost: Ints
    offset: int
    most: Ints
    rows: csr_array
    low: Ints
    high: Ints
    unit_column: Ints
    who: Ints
    lot: Ints
    mode: Ints

    def plan(self, columns: NDArray[np.float64]) -> Plan:
        """Return the plan whose units are those of a solution, eaten as well as can be."""
        units = np.rint(columns[self.unit_column]).astype(np.int64)
        return plan_of_units(self.problem, self.who, self.lot, self.mode, units)

    def units_of(self, plan: Plan) -> Ints:
        """Say a plan's units by `unit_column`; lines in ways of keeping that the model leaves out are not said."""
        where = {
            key: i
            for i, key in enumerate(
                zip(self.who.tolist(), self.lot.tolist(), self.mode.tolist(), strict=True)
            )
        }
        units = np.zeros(len(where), dtype=np.int64)
        who, lot, mode = plan.line_subscriber, plan.line_lot, plan.line_mode
        for key, count in zip(
            zip(who.tolist(), lot.tolist(), mode.tolist(), strict=True),
            plan.line_units.tolist(),
            strict=True,
        ):
            if key in where:
                units[where[key]] = count
        return units


@dataclass(slots=True)
class _Draft:
    """A model while it grows."""

    cost: list[int] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[int] = field(default_factory=list)
    units: list[tuple[int, int, int, int]] = field(default_factory=list)
    offset: int = 0

    def add_column(self, cost: int, most: int) -> int:
        self.cost.append(cost)
        self.most.append(most)
        return len(self.cost) - 1

    def add_row(self, terms: Terms, *, low: int = -NO_LIMIT, high: int = NO_LIMIT) -> None:
        """Add a row unless the columns' own bounds already keep it (or it says nothing)."""
        kept = [(column, value) for column, value in terms if value]
        largest = sum(value * self.most[column] for column, value in kept if value > 0)
        least = sum(value * self.most[column] for column, value in kept if value < 0)
        if largest <= high and least >= low:
            return
        for column, value in kept:
            self.row.append(len(self.low))
            self.column.append(column)
            self.value.append(value)
        self.low.append(low)
        self.high.append(high)


@dataclass(frozen=True, slots=True)
class _Unit:
    """An item and the column of its units."""

    item: Item
    at: int


def model_of(problem: Problem, *, rounded: bool = True) -> Model:
    """Write down the whole problem; `rounded` adds the rows that only tighten its relaxation.

    Raises
    ------
    ValueError
        The instance says more than the plain format.
    """
    refuse_extras(problem)
    draft = _Draft()
    for n in range(problem.n_subscribers):
        _add_household(draft, problem, n, rounded=rounded)
    of_lot: dict[int, list[int]] = defaultdict(list)
    for _, lot, _, at in draft.units:
        of_lot[lot].append(at)
    for lot, columns in of_lot.items():
        draft.add_row(((at, 1) for at in columns), high=int(problem.lot_stock[lot]))
    units = np.array(draft.units, dtype=np.int64).reshape(-1, 4)
    return Model(
        problem=problem,
        cost=np.array(draft.cost, dtype=np.int64),
        offset=draft.offset,
        most=np.array(draft.most, dtype=np.int64),
        rows=csr_array(
            (np.array(draft.value, dtype=np.int64), (draft.row, draft.column)),
            shape=(len(draft.low), len(draft.cost)),
        ),
        low=np.array(draft.low, dtype=np.int64),
        high=np.array(draft.high, dtype=np.int64),
        unit_column=units[:, 3],
        who=units[:, 0],
        lot=units[:, 1],
        mode=units[:, 2],
    )


def _add_household(draft: _Draft, problem: Problem, n: int, *, rounded: bool) -> None:
    fruit_items, flower_items = items_of(problem, n)
    waste = 100 * problem.weights.waste_portion
    fruit = [_add_units(draft, n, item, item.price + waste * item.portions) for item in fruit_items]
    flowers = [_add_units(draft, n, item, item.price) for item in flower_items]
    for limit, each in ((problem.budget, problem.lot_cost), (problem.grams_max, problem.lot_grams)):
        draft.add_row(
            ((unit.at, int(each[unit.item.lot])) for unit in (*fruit, *flowers)),
            high=int(limit[n]),
        )
    of_prod: dict[int, list[_Unit]] = defaultdict(list)
    for unit in (*fruit, *flowers):
        of_prod[unit.item.prod].append(unit)
    for units in of_prod.values():
        draft.add_row(((unit.at, 1) for unit in units), high=int(problem.u_max[n]))
    fruit_prods = {unit.item.prod for unit in fruit}
    _add_distinct(draft, problem, n, [units for p, units in of_prod.items() if p in fruit_prods])
    _add_eating(draft, problem, n, fruit, rounded=rounded)
    _add_display(draft, problem, n, flowers, rounded=rounded)


def _add_units(draft: _Draft, n: int, item: Item, cost: int) -> _Unit:
    at = draft.add_column(cost, item.most)
    draft.units.append((n, item.lot, item.mode, at))
    return _Unit(item, at)


def _add_distinct(draft: _Draft, problem: Problem, n: int, fruit: list[list[_Unit]]) -> None:
    """Credit each different fruit, up to the number wished."""
    wished, each = int(problem.min_dist[n]), 100 * problem.weights.missing_product
    draft.offset += each * wished
    if not wished:
        return
    counted = []
    for units in fruit:
        here = draft.add_column(-each, 1)
        counted.append(here)
        draft.add_row([(here, 1), *((unit.at, -1) for unit in units)], high=0)
    draft.add_row(((here, 1) for here in counted), high=wished)


def _blocks(units: list[_Unit], horizon: int) -> list[list[int]]:
    """Gather the days of the horizon that the same items reach; days that none reaches are left out."""
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for t in range(horizon):
        alike[tuple(unit.at for unit in units if t in unit.item.days)].append(t)
    return [days for reached, days in alike.items() if reached]


def _add_eating(
    draft: _Draft, problem: Problem, n: int, fruit: list[_Unit], *, rounded: bool
) -> None:
    weights, horizon = problem.weights, int(problem.horizon[n])
    a_day, same_a_day = int(problem.n_por[n]), min(int(problem.n_por[n]), int(problem.c_day[n]))
    draft.offset += 100 * weights.uncovered_portion * a_day * horizon
    if same_a_day == 0:
        return
    blocks = _blocks(fruit, horizon)
    worth = 100 * (weights.uncovered_portion + weights.waste_portion)
    alike: dict[tuple[int, int, int], list[_Unit]] = defaultdict(list)
    for unit in fruit:
        if unit.item.days:
            alike[unit.item.prod, unit.item.first, unit.item.last].append(unit)
    of_block: list[dict[int, list[int]]] = [defaultdict(list) for _ in blocks]
    of_prod: dict[int, list[int]] = defaultdict(list)
    for (prod, *_), units in alike.items():
        eaten = []
        for days, eating in zip(blocks, of_block, strict=True):
            if days[0] in units[0].item.days:
                room = len(days) * same_a_day
                at = draft.add_column(-worth, min(room, _portions(units)))
                eaten.append(at)
                eating[prod].append(at)
        in_time = len(units[0].item.days) * same_a_day
        draft.add_row(
            [*((at, 1) for at in eaten), *_use(units, in_time if rounded else NO_LIMIT)], high=0
        )
        of_prod[prod] += eaten
    for days, eating in zip(blocks, of_block, strict=True):
        for columns in eating.values():
            draft.add_row(((at, 1) for at in columns), high=len(days) * same_a_day)
        everything = [at for columns in eating.values() for at in columns]
        draft.add_row(((at, 1) for at in everything), high=len(days) * a_day)
    if rounded:
        _round_portions(draft, fruit, of_prod, same_a_day)


def _portions(units: list[_Unit]) -> int:
    return sum(unit.item.portions * unit.item.most for unit in units)


def _use(units: list[_Unit], room: int) -> list[tuple[int, int]]:
    """Terms of the portions of `units`, of each unit no more than the room there is."""
    return [(unit.at, -min(unit.item.portions, room)) for unit in units]


def _round_portions(
    draft: _Draft, fruit: list[_Unit], of_prod: dict[int, list[int]], same_a_day: int
) -> None:
    """Eaten <= portions * units and eaten <= room, with whole units: what the last unit adds is a remainder."""
    for prod, eaten in of_prod.items():
        units = [unit for unit in fruit if unit.item.prod == prod and unit.item.days]
        sizes = {unit.item.portions for unit in units}
        room = same_a_day * len({t for unit in units for t in unit.item.days})
        whole, rest = divmod(room, min(sizes))
        if len(sizes) == 1 and whole and rest:
            terms = [*((at, 1) for at in eaten), *((unit.at, -rest) for unit in units)]
            if rest + (min(sizes) - rest) * whole < _portions(units):
                draft.add_row(terms, high=(min(sizes) - rest) * whole)


def _add_display(
    draft: _Draft, problem: Problem, n: int, flowers: list[_Unit], *, rounded: bool
) -> None:
    wanted, each = int(problem.k_stem[n]), 100 * problem.weights.uncovered_stem_day
    if not wanted:
        return
    blocks = _blocks(flowers, int(problem.horizon[n]))
    draft.offset += each * wanted * (int(problem.horizon[n]) - sum(map(len, blocks)))
    for days in blocks:
        shown = [unit for unit in flowers if days[0] in unit.item.days]
        missing = draft.add_column(each * len(days), wanted)
        terms = [(unit.at, min(unit.item.portions, wanted)) for unit in shown]
        draft.add_row([(missing, 1), *terms], low=wanted)
        sizes = {min(unit.item.portions, wanted) for unit in shown} if rounded else set()
        for size in sizes:
            whole, rest = divmod(wanted, size)
            if rest:
                rounded_terms = [
                    (at, stems // size * rest + min(rest, stems % size)) for at, stems in terms
                ]
                draft.add_row([(missing, 1), *rounded_terms], low=rest * (whole + 1))
