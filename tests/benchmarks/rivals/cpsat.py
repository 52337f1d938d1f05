"""The whole model given to CP-SAT; needs the extra `bench` (`pip install -e ".[bench]"`), and says so.

It starts from the first-come-first-served plan as a whole hint. Tried on the instance of 50, 45 s on two busy
processors, one run each: objective 683 cents a box with the hint and 844 without (two threads); bound 554.5
with eight threads and 199.5 with two, though the objective was 688 and 683. Eight run six searches of the whole
problem where two run one.
"""

from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.highs import completed
from tests.benchmarks.rivals.model import NO_LIMIT, Model, model_of
from tests.benchmarks.rivals.outcome import Outcome, Stopwatch, judged


def solve_with_cpsat(
    problem: Problem, *, seconds: float, threads: int, hint: Plan | None = None
) -> Outcome:
    """Solve the whole problem for at most `seconds` in the solver.

    Raises
    ------
    ModuleNotFoundError
        OR-Tools is not installed.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 - only who compares needs it

    building = Stopwatch()
    model = model_of(problem)
    program, columns = _written(cp_model, model)
    if hint is not None:
        for column, value in zip(
            columns, completed(model, model.units_of(hint)).tolist(), strict=True
        ):
            program.add_hint(column, value)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    solver.parameters.linearization_level = 2
    built, solving = building.read(), Stopwatch()
    status = solver.solve(program)
    took = solving.read()
    has_plan = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    values = (
        np.array([solver.value(each) for each in columns], dtype=np.float64) if has_plan else None
    )
    return judged(
        problem,
        solver=f"CP-SAT of OR-Tools {version('ortools')}",
        status="optimal" if status == cp_model.OPTIMAL else "time limit",
        plan=None if values is None else model.plan(values),
        value=None if values is None else solver.objective_value,
        bound=solver.best_objective_bound,
        took=took,
        build_seconds=built.seconds,
    )


def _written(cp_model: ModuleType, model: Model) -> tuple[Any, list[Any]]:
    program = cp_model.CpModel()
    columns = [program.new_int_var(0, most, "") for most in model.most.tolist()]
    starts, at, value = model.rows.indptr, model.rows.indices, model.rows.data.tolist()
    for row, (low, high) in enumerate(zip(model.low.tolist(), model.high.tolist(), strict=True)):
        here = slice(starts[row], starts[row + 1])
        total = cp_model.LinearExpr.weighted_sum([columns[c] for c in at[here]], value[here])
        if low > -NO_LIMIT:
            program.add(total >= low)
        if high < NO_LIMIT:
            program.add(total <= high)
    program.minimize(cp_model.LinearExpr.weighted_sum(columns, model.cost.tolist()) + model.offset)
    return program, columns
