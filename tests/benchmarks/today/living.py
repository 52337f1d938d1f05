"""Made-up weeks as stored plans, for digital households to live through."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid5

import numpy as np

from ripening.home import HOME_CLASSES, MODES
from ripening.lot_state import LotState
from ripening.produce import load_profiles
from ripening.window import Chances, all_chances, switch_day
from subscriptions.planning.instance_supply import WeekOfLots
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, Problem
from subscriptions.simulation.stored import StoredBox, StoredLine, StoredPlan

_LOTS = UUID("7e0f3a52-6c1d-4f6e-9a55-2c0f2b7d9e11")


def stored_plans(
    problem: Problem, plan: Plan, week: WeekOfLots, *, first_on: dt.date
) -> list[StoredPlan]:
    """Store the boxes of every delivery day as the product does; lots are the same on all days.

    A simulation only groups by `n_people`: here by the days until the next box.
    """
    lots = {uuid5(_LOTS, str(i)): state for i, state in enumerate(week.states)}
    return [
        _Day(problem, plan, lots, first_on, weekday).stored()
        for weekday in np.unique(problem.weekday).tolist()
    ]


class _Day:
    """One delivery day of a week."""

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        lots: dict[UUID, LotState],
        first_on: dt.date,
        weekday: int,
    ) -> None:
        self.problem, self.plan, self.weekday = problem, plan, weekday
        self.lots = lots
        self.ids, self.states = list(lots), list(lots.values())
        self.on = first_on + dt.timedelta(days=weekday)
        self.chances: Chances = all_chances(
            self.states, profiles=load_profiles(), delivery_on=self.on, days=DAYS_MAX
        )
        self.moves: dict[tuple[int, int, int], int | None] = {}

    def stored(self) -> StoredPlan:
        due = np.flatnonzero(self.problem.weekday == self.weekday).tolist()
        boxes = [self._box(n) for n in due]
        return StoredPlan("made-up", self.on, self.lots, boxes)

    def _box(self, n: int) -> StoredBox:
        problem = self.problem
        home = HOME_CLASSES[int(problem.home[n]) % len(HOME_CLASSES)]
        return StoredBox(
            portions_a_day=int(problem.n_por[n]),
            stems_a_day=int(problem.k_stem[n]),
            horizon_days=int(problem.horizon[n]),
            n_people=int(problem.horizon[n]),
            room_class=int(home.room),
            has_fridge=home.has_fridge,
            lines=list(self._lines(n)),
        )

    def _lines(self, n: int) -> Iterator[StoredLine]:
        problem, plan = self.problem, self.plan
        horizon = int(problem.horizon[n])
        for i in plan.lines_of(n):
            lot, units = int(plan.line_lot[i]), int(plan.line_units[i])
            where = lot, self.weekday, int(problem.home[n]), int(plan.line_mode[i])
            mode = MODES.index(problem.modes[where[3]])
            at = lot, where[2] % len(HOME_CLASSES), mode
            portions = int(problem.lot_portions[lot])
            yield StoredLine(
                lot_id=self.ids[lot],
                produce_key=self.states[lot].produce_key,
                units=units,
                portions=units * portions,
                portion_g=int(problem.lot_grams[lot]) / portions,
                mode=mode,
                move_day=self._move_day(at),
                ready_day=int(problem.win_a[where]),
                last_day=min(int(problem.win_b[where]), horizon - 1),
                eat=plan.line_eat[i, :horizon].tolist(),
                chance=self.chances.edible[at].tolist(),
            )

    def _move_day(self, at: tuple[int, int, int]) -> int | None:
        """Tell the day on which a home moves what it keeps in this way; many homes keep the same lot alike."""
        if at not in self.moves:
            lot, home, mode = at
            self.moves[at] = switch_day(
                self.states[lot],
                HOME_CLASSES[home],
                mode,
                profiles=load_profiles(),
                delivery_on=self.on,
            )
        return self.moves[at]
