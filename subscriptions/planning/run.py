"""One run of the planner: prices are learned, boxes handed out, and improved one at a time.

Households are dealt to lanes, one a thread, each with its share of the stock; after every round the lanes put back
what they have left and agree on prices. So a plan depends on the seed and the number of threads only.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.empty import empty_objective, stems_at_home
from subscriptions.planning.engine.bench import Floats, Ints, make_bench
from subscriptions.planning.engine.eating import eat_boxes
from subscriptions.planning.engine.lanes import (
    Effort,
    Lines,
    hand_out,
    improve,
    price_out,
    try_prices,
)
from subscriptions.planning.engine.week import Week
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, FRUIT, Problem
from subscriptions.planning.reading import read_week
from subscriptions.planning.serving import serve_safely

Told = Callable[[str, int, int], None]
Asked = Callable[[], bool]
Bench = tuple[Ints, Floats]
Found = TypeVar("Found")

ROUNDS: Final = 24
"""Rounds of a pass; lanes share stock and prices anew after each."""
PLENTY: Final = 64
"""Times the stock of a week that is as good as any amount."""
LOT_SHIFT: Final = 16
MODE_SHIFT: Final = 8
BYTE: Final = 255


@dataclass(frozen=True, slots=True, eq=False)
class _Terms:
    """What the boxes of a pass are chosen by: change of price per unit, boxes still to come in a lane, effort."""

    step: Floats
    share: Floats
    ahead: float
    effort: Effort


@dataclass(frozen=True, slots=True, eq=False)
class _Eaten:
    """Portions by line and day, those of each line kept in reserve, and those by item at home and day."""

    of_box: NDArray[np.uint8]
    reserve: NDArray[np.uint8]
    at_home: NDArray[np.uint8]

    @classmethod
    def of(cls, lines: int, items: int) -> "_Eaten":
        """Lay out nothing eaten."""
        of_box, at_home = (np.zeros((n, DAYS_MAX), dtype=np.uint8) for n in (lines, items))
        return cls(of_box, np.zeros(lines, dtype=np.uint8), at_home)


@dataclass(slots=True)
class Run:
    """Boxes, stock and prices of a run.

    `who` are the households whose boxes are chosen, all by default. `lines[n]` are the lines of box n, packed as
    lot, mode and units; `worth[n]` what its fruit and flowers save at no price for stock [1/100 cent]; `prices` what
    a unit of each lot is worth to others [1/100 cent]; `left` the units that no box holds; `most` what no plan is known
    to save more than [1/100 cent].
    """

    problem: Problem
    stock: Ints
    threads: int
    seed: int
    told: Told
    stopped: Asked
    who: Ints = field(init=False)
    week: Week = field(init=False)
    lines: Lines = field(init=False)
    worth: Floats = field(init=False)
    prices: Floats = field(init=False)
    left: Ints = field(init=False)
    most: float = field(init=False, default=np.inf)
    rng: np.random.Generator = field(init=False)
    _benches: list[Bench] = field(init=False)

    def __post_init__(self) -> None:
        n = self.problem.n_subscribers
        self.week, width = read_week(self.problem)
        self.who = np.arange(n)
        self.rng = np.random.default_rng(self.seed)
        self.lines = np.zeros((n, max(width, 1)), dtype=np.int32)
        self.worth = np.zeros((n, 2))
        self.prices = np.zeros(self.problem.n_lots)
        self.left = self.stock.copy()
        self._benches = [_bench(self.problem) for _ in range(self.threads)]

    @property
    def scale(self) -> Floats:
        """What a unit of each lot costs, as a measure for changes of its price; shape (L,). [1/100 cent]"""
        return 100.0 * np.maximum(self.problem.lot_cost, 1)

    def keep(self, before: Plan, kept: NDArray[np.bool_]) -> None:
        """Let the boxes marked in `kept` be those of an earlier plan; only the others will be chosen.

        A kept box must be one that the problem allows; `left` may fall below nought where stock was lost since.
        """
        owner = before.line_subscriber
        held = kept[owner]
        owner, lot = owner[held], before.line_lot[held].astype(np.int64)
        units = before.line_units[held].astype(np.int64)
        packed = lot << LOT_SHIFT | before.line_mode[held].astype(np.int64) << MODE_SHIFT | units
        for fruit, start in ((True, 0), (False, int(self.week.weights[-1]))):
            chosen = self.week.fruit[lot] == fruit
            self.lines[owner[chosen], start + _place_in_box(owner[chosen])] = packed[chosen]
        self.left = self.stock - np.bincount(lot, weights=units, minlength=len(self.stock)).astype(
            np.int64
        )
        self.who = np.flatnonzero(~kept)

    def learn_prices(
        self, sample: int, rounds: int, pace: float, effort: Effort, *, each: int = 1
    ) -> None:
        """Find what stock is worth on a sample of households, as if all took what they want at these prices.

        The pace is halved after `each` rounds. Lots that can stand in for each other need many: whoever wants one of
        them wants the cheapest, so their prices settle slowly.
        """
        sample = min(sample, len(self.who))
        share = self.left / max(len(self.who), 1)
        for k in range(rounds):
            if self.stopped():
                return
            step = pace / 2 ** (k // each) * self.scale / np.maximum(share * sample, 1.0)
            lanes = _deal(self.rng.permutation(self.who)[:sample], self.threads)
            terms = _Terms(step * self.threads, share, 0.0, effort)
            found = self._each_lane(self._try, lanes, repeat(terms))
            self.prices = np.mean(found, axis=0)
            self.told("prices", k + 1, rounds)

    def _try(self, lane: Ints, bench: Bench, terms: _Terms) -> Floats:
        prices, total = self.prices.copy(), np.zeros_like(self.prices)
        lines, worth = np.zeros((1, self.lines.shape[1]), dtype=np.int32), np.zeros((1, 2))
        try_prices(
            self.week,
            *bench,
            lane,
            self.stock,
            prices,
            terms.step,
            terms.share,
            lines,
            worth,
            total,
            terms.effort,
        )
        return total / max(len(lane), 1)

    def ask(self, who: Ints, pace: float, effort: Effort) -> None:
        """Let households take what they want, as of the first of many weeks like this; prices follow what is taken.

        Their boxes are those of the run until they are handed out; `prices` become their mean.
        """
        self.lines[who], self.worth[who] = 0, 0.0
        n, total = self.problem.n_subscribers, np.zeros_like(self.prices)
        step = pace * self.threads * self.scale / np.maximum(self.stock / n * len(who), 1.0)
        lanes = _deal(who, self.threads)
        plenty = [self.stock * PLENTY for _ in lanes]
        prices = [self.prices.copy() for _ in lanes]
        terms = _Terms(step, step, float(n * PLENTY), effort)
        for each in self._each_lane(self._hand, lanes, plenty, prices, repeat(terms)):
            total += each
        self.prices = total / max(len(who), 1)

    def take_back(self) -> None:
        """Empty all boxes."""
        self.lines[:], self.worth[:] = 0, 0.0
        self.left = self.stock.copy()

    def hand_out(self, pace: float, effort: Effort, hasty: Effort) -> None:
        """Fill every box in random order, prices following what is left for those still to come.

        Once the run is stopped the rest is filled in haste. `prices` become their mean over the pass.
        """
        n = len(self.who)
        step = pace * self.threads * self.scale / np.maximum(self.left, 1)
        total = np.zeros_like(self.prices)
        start, done = self.prices, 0
        for part in self._parts():
            terms = _Terms(
                step, step, (n - done) / self.threads, hasty if self.stopped() else effort
            )
            shares, prices = self._shares(), [start.copy() for _ in range(self.threads)]
            lanes = _deal(part, self.threads)
            sums = self._each_lane(self._hand, lanes, shares, prices, repeat(terms))
            self.left = np.sum(shares, axis=0)
            start = np.mean(prices, axis=0)
            total += np.sum(sums, axis=0)
            done += len(part)
            self.told("boxes", done, n)
        self.prices = total / max(n, 1)

    def _hand(self, lane: Ints, bench: Bench, left: Ints, prices: Floats, terms: _Terms) -> Floats:
        total = np.zeros_like(prices)
        hand_out(
            self.week,
            *bench,
            lane,
            left,
            prices,
            terms.step,
            terms.ahead,
            self.lines,
            self.worth,
            total,
            terms.effort,
        )
        return total

    def improve(self, factors: Sequence[float], effort: Effort) -> None:
        """Refill boxes one at a time from what is left; at full prices they give up what others need more."""
        n = len(self.who)
        for sweep, factor in enumerate(factors):
            prices, done = self.prices * factor, sweep * n
            for part in self._parts():
                if self.stopped():
                    return
                shares, lanes = self._shares(), _deal(part, self.threads)
                self._each_lane(self._refill, lanes, shares, repeat(prices), repeat(effort))
                self.left = np.sum(shares, axis=0)
                done += len(part)
                self.told("improve", done, n * len(factors))

    def _refill(self, lane: Ints, bench: Bench, left: Ints, prices: Floats, effort: Effort) -> None:
        improve(self.week, *bench, lane, left, prices, self.lines, self.worth, effort)

    def price_out(self, prices: Floats, effort: Effort) -> tuple[Lines, Floats, Floats]:
        """Find every household's best box at fixed prices, stock being no matter between them.

        Returns lines and worth, laid out as those of the run, and bounds on what any box saves; shape (N,).
        """
        n = self.problem.n_subscribers
        into = np.zeros_like(self.lines), np.zeros((n, 2)), np.zeros(n)
        done = 0
        for part in np.array_split(np.arange(n), min(ROUNDS, max(n, 1))):
            lanes = _deal(part, self.threads)
            self._each_lane(self._price, lanes, repeat(prices), repeat(effort), repeat(into))
            done += len(part)
            self.told("bound", done, n)
        return into

    def _price(
        self,
        lane: Ints,
        bench: Bench,
        prices: Floats,
        effort: Effort,
        into: tuple[Lines, Floats, Floats],
    ) -> None:
        lines, worth, bounds = into
        price_out(self.week, *bench, lane, self.stock, prices, lines, worth, bounds, effort)

    def bound(self, effort: Effort) -> float:
        """Certify that no plan has a lower objective, by what stock is worth at the prices found. [1/100 cent]

        What an earlier phase has proved counts too.
        """
        _, _, bounds = self.price_out(self.prices, effort)
        rounding = 1e-3 * len(bounds)
        saved = float(bounds.sum()) + float(self.prices @ self.stock) + rounding
        return self.empty - min(saved, self.most)

    @property
    def saved(self) -> float:
        """What the boxes save over empty ones at no price. [1/100 cent]"""
        return float(self.worth_of_boxes.sum())

    @property
    def worth_of_boxes(self) -> Floats:
        """What each box saves at no price; shape (N,). [1/100 cent]"""
        worth: Floats = self.worth.sum(axis=1) - self._counted_twice()
        return worth

    @property
    def empty(self) -> float:
        """Objective of empty boxes, as much as can be eaten of what is at home. [1/100 cent]"""
        weights, eaten = self.problem.weights, 0
        if self.problem.extras.n_carried:
            eaten = int(self._written(np.zeros_like(self.lines)).carry_eat.sum())
        saved = weights.uncovered_portion * eaten
        saved += weights.uncovered_stem_day * stems_at_home(self.problem)
        return empty_objective(self.problem) - 100.0 * saved

    def _counted_twice(self) -> Floats:
        """What the fruit and the flowers of a box earn towards its least value by cents that both count; shape (N,)."""
        least = self.problem.extras.min_cost
        if least is None:
            return np.zeros(len(self.lines))
        cents = self.problem.lot_cost[self.lines >> LOT_SHIFT] * np.int64(1)
        cents *= self.lines & BYTE
        split = int(self.week.weights[-1])
        fruit, flowers = cents[:, :split].sum(axis=1), cents[:, split:].sum(axis=1)
        each = np.minimum(fruit, least) + np.minimum(flowers, least)
        twice: Floats = each - np.minimum(fruit + flowers, least)
        return 100.0 * self.problem.weights.missing_value * twice

    def plan(self) -> Plan:
        """Write the boxes as a plan, with the days on which portions are eaten."""
        return serve_safely(self.problem, self._written(self.lines), threads=self.threads)

    def _written(self, lines: Lines) -> Plan:
        """Write these boxes as a plan."""
        held = lines > 0
        ptr = np.concatenate([[0], np.cumsum(held.sum(axis=1, dtype=np.int64))])
        packed = lines[held]
        eaten = _Eaten.of(len(packed), self.problem.extras.n_carried)
        lanes = np.array_split(np.arange(self.problem.n_subscribers), self.threads)
        self._each_lane(self._eat, lanes, repeat(ptr), repeat(packed), repeat(eaten))
        lot, mode, units = packed >> LOT_SHIFT, (packed >> MODE_SHIFT) & BYTE, packed & BYTE
        return plan_of(
            ptr, lot, mode, units, eaten.of_box, line_reserve=eaten.reserve, carry_eat=eaten.at_home
        )

    def _eat(
        self, lane: Ints, bench: Bench, ptr: Ints, packed: NDArray[np.int32], eaten: "_Eaten"
    ) -> None:
        eat_boxes(self.week, *bench, lane, ptr, packed, eaten.of_box, eaten.reserve, eaten.at_home)

    def _parts(self) -> list[Ints]:
        """Deal the households, in random order, to the rounds of a pass."""
        n = len(self.who)
        return np.array_split(
            self.rng.permutation(self.who), max(min(ROUNDS, n // self.threads), 1)
        )

    def _shares(self) -> list[Ints]:
        """Deal what is left to the lanes, odd units to each in turn."""
        each, odd = np.divmod(np.maximum(self.left, 0), self.threads)
        lots = np.arange(len(self.left))
        return [each + ((lots + k) % self.threads < odd) for k in range(self.threads)]

    def _each_lane(
        self, work: Callable[..., Found], lanes: Sequence[Ints], *more: Iterable[Any]
    ) -> list[Found]:
        """Do the work of every lane, each on a bench and a thread of its own."""
        if len(lanes) == 1:
            return list(map(work, lanes, self._benches, *more))
        with ThreadPoolExecutor(len(lanes)) as pool:
            return list(pool.map(work, lanes, self._benches, *more))


def silent(_phase: str, _done: int, _total: int) -> None:
    """Tell nobody how far a run is."""


def never() -> bool:
    """Let a run end by its own rule."""
    return False


def _place_in_box(owner: NDArray[np.integer]) -> Ints:
    """Number the lines of each box from 0; those of a box stand together."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    return np.arange(len(owner)) - np.repeat(starts, np.diff(starts, append=len(owner)))


def _deal(order: Ints, lanes: int) -> list[Ints]:
    return [np.ascontiguousarray(order[k::lanes]) for k in range(lanes)]


def _bench(problem: Problem) -> Bench:
    """Lay out a bench for the largest box of a problem."""
    wanted = problem.n_por.astype(np.int64) * problem.horizon
    extras, most_at_home = problem.extras, 0
    if extras.day_need is not None:
        wanted = extras.day_need.sum(axis=1, dtype=np.int64)
    if extras.reserve is not None:
        wanted = wanted + extras.reserve
    if extras.carry_ptr is not None:
        most_at_home = int(np.diff(extras.carry_ptr).max(initial=0))
    return make_bench(
        products=int((problem.prod_kind == FRUIT).sum()) + most_at_home,
        portions=int(wanted.max(initial=1)),
        distinct=int(problem.min_dist.max(initial=0)),
    )
