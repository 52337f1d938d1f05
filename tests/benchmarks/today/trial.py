"""One made-up week, planned by everybody, and lived through."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ripeday.sample.offer import season_offers
from ripening.produce import load_profiles
from ripening.window import all_chances
from subscriptions.planning.checker import check
from subscriptions.planning.extras import NO_EXTRAS
from subscriptions.planning.instance import InstanceParams, lots_of, make_instance
from subscriptions.planning.instance_supply import WeekOfLots
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, Problem
from subscriptions.planning.serving import serve_safely
from subscriptions.planning.solve import Params, solve
from subscriptions.simulation.audit import Setting, simulate
from subscriptions.simulation.report import Group
from tests.benchmarks.rivals.outcome import Stopwatch
from tests.benchmarks.rivals.practice import PRACTICES
from tests.benchmarks.today.cover_bound import Edible, cover_bound, covered_portions
from tests.benchmarks.today.living import stored_plans
from tests.benchmarks.today.spare import planned_with_spare, spare_of, with_reserve

WORLDS: Final = 24
WEEKLY: Final = "7"
"""Days until the next box, as the simulation names its groups."""
MISFITS: Final = ("none", "usual")
SURE: Final = 0.99
"""Chance from which fruit is called as good as certainly edible on a day."""
PLANNERS: Final[dict[str, Callable[[Problem], Plan]]] = {
    "planner": lambda problem: solve(problem, params=Params(threads=1)).plan,
    "planner-spare": planned_with_spare,
}
METHODS: Final = (*PRACTICES, *PLANNERS)
BOUNDS: Final = ("bound_portions", "bound_days", "bound_sure")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A week of the sample farm's catalog."""

    first_on: dt.date
    seed: int
    tight: float
    households: int

    def rows(self, methods: Sequence[str] = METHODS, known: Row | None = None) -> Iterator[Row]:
        """Plan by each of the methods, have it checked and lived through; one row each.

        `known` is a stored row of this week, whose bounds need not be found again.
        """
        params = InstanceParams(
            self.households, seed=self.seed, tight=self.tight, first_on=self.first_on, risks=True
        )
        offers = season_offers(self.first_on)
        week, problem = lots_of(offers, params), make_instance(offers, params)
        bounds = {name: known[name] for name in BOUNDS} if known else self._bounds(problem, week)
        for method in methods:
            running = Stopwatch()
            plan = plan_by(method, problem)
            cpu_s = running.read().cpu_seconds
            yield {
                **self._key(method),
                **bounds,
                "cpu_s": f"{cpu_s:.1f}",
                **_planned(problem, plan),
                **_lived(problem, plan, week, first_on=self.first_on),
            }

    def _bounds(self, problem: Problem, week: WeekOfLots) -> Row:
        windows = cover_bound(problem)
        sure = covered_portions(problem, as_good_as_sure(problem, week, first_on=self.first_on))
        found = (windows.portions, windows.days, sure)
        return {name: _share(value) for name, value in zip(BOUNDS, found, strict=True)}

    def is_of(self, row: Row) -> bool:
        """Tell whether a row is of this week."""
        key = self._key(row["method"])
        return all(row[name] == value for name, value in key.items())

    def _key(self, method: str) -> Row:
        return {
            "first_on": str(self.first_on),
            "seed": str(self.seed),
            "tight": f"{self.tight:g}",
            "households": str(self.households),
            "method": method,
        }


def plan_by(method: str, problem: Problem) -> Plan:
    """Plan a week; the practices of today know nothing of risks, but what they send is eaten as we advise."""
    if method in PLANNERS:
        return PLANNERS[method](problem)
    plan = PRACTICES[method](replace(problem, extras=NO_EXTRAS))
    return serve_safely(problem, plan)


def as_good_as_sure(problem: Problem, week: WeekOfLots, *, first_on: dt.date) -> Edible:
    """Tell the days on which fruit of a lot is edible with a chance of `SURE`; shape (L, W, C, 14)."""
    found = []
    for weekday in range(problem.win_a.shape[1]):
        on = first_on + dt.timedelta(days=weekday)
        chances = all_chances(
            week.states, profiles=load_profiles(), delivery_on=on, days=DAYS_MAX
        ).edible[:, :, : len(problem.modes)]
        found.append((chances >= SURE).any(axis=2))
    by_home = np.stack(found, axis=1)
    return np.tile(by_home, (1, 1, problem.win_a.shape[2] // by_home.shape[2], 1))


def _planned(problem: Problem, plan: Plan) -> Row:
    wished = int(spare_of(problem).sum()) if plan.line_reserve.any() else 0
    verdict = check(with_reserve(problem) if wished else problem, plan)
    assert verdict.is_feasible, verdict.breaches[:3]
    wanted = int((problem.n_por.astype(np.int64) * problem.horizon).sum())
    return {
        "planned_days": _share(verdict.fruit_cover_fraction),
        "sold_of_wanted": _share(verdict.shipped_portions / wanted),
        "spare_kept": _share(verdict.reserve_portions / wished) if wished else "",
        "planned_waste": _share(verdict.waste_fraction),
        "goods_a_box": f"{verdict.goods_minor / problem.n_subscribers:.1f}",
        "kinds_a_box": f"{verdict.kinds_per_box:.2f}",
        "taste_a_portion": f"{verdict.preference / max(verdict.shipped_portions, 1):.1f}",
    }


def _lived(problem: Problem, plan: Plan, week: WeekOfLots, *, first_on: dt.date) -> Row:
    """What becomes of the boxes where the model is true, and where it is as wrong as is usual."""
    boxes = stored_plans(problem, plan, week, first_on=first_on)
    row: Row = {}
    for misfit in MISFITS:
        found = simulate(boxes, Setting(misfit, worlds=WORLDS), profiles=load_profiles())
        weekly = [group.cover.seen for group in found.per_size if group.name == WEEKLY]
        row |= _group(misfit, found.total)
        row[f"{misfit}_covered_weekly"] = _share(weekly[0].value) if weekly and weekly[0] else ""
    return row


def _group(misfit: str, found: Group) -> Row:
    seen, portions = found.cover.seen, found.portions
    assert seen is not None
    assert portions.thrown is not None
    assert portions.left is not None
    return {
        f"{misfit}_covered": _share(seen.value),
        f"{misfit}_low": _share(seen.low),
        f"{misfit}_high": _share(seen.high),
        f"{misfit}_thrown": _share(portions.thrown.value),
        f"{misfit}_left": _share(portions.left.value),
    }


def _share(value: float) -> str:
    return f"{value:.5f}"
