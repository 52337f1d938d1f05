"""`plan`: plans the boxes of a week that lies in a file."""

import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ripeday.commands.console import progress
from ripeday.kit.errors import Refused
from ripeday.kit.text import plural

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from subscriptions.planning.problem import Problem
    from subscriptions.planning.solve import Params, Result

THREADS_MAX, SEEDS, DAY_S = 256, 2**32, 86_400.0

_EPILOG = """\b
--json prints one object:
  households, lots, seed, threads
  feasible              whether the independent checker found no rule broken
  objective, bound      in 1/100 minor unit; no plan is below the bound (null without --bound or
                        --exact; equal where the plan is proved to be the best)
  gap                   (objective - bound) / goods; null without a bound
  goods                 cost of the goods, in minor units
  cover                 share of household days with enough ripe portions and stems in display
  days, covered_days    what it is a share of
  waste                 portions shipped and not eaten
  seconds               {phase: seconds}: read, the planner's own phases, write
  solve_seconds         from loaded arrays to a checked plan
"""


def _finite(_: click.Context, parameter: click.Parameter, given: float | None) -> float | None:
    if given is not None and math.isnan(given):
        raise click.BadParameter("not a number of seconds.", param=parameter)
    return given


@click.command(epilog=_EPILOG)
@click.argument(
    "instance", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="INSTANCE.npz"
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
    metavar="SOLUTION.npz", help="Where the plan goes; a file that is there is replaced.",
)  # fmt: skip
@click.option(
    "--threads", type=click.IntRange(1, THREADS_MAX), default=2, show_default=True,
    help="How many share the work; the plan is the same for a seed and a number of threads.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, SEEDS - 1), default=1, show_default=True)
@click.option("--fast", is_flag=True, help="A preview: sooner, and a little dearer.")
@click.option(
    "--time-limit", type=click.FloatRange(0, DAY_S, min_open=True), callback=_finite, metavar="S",
    help="Stop looking for better after S seconds. [default: when it is no longer worth it]",
)  # fmt: skip
@click.option("--bound", is_flag=True, help="Also prove how far from the best the plan can be.")
@click.option(
    "--exact", is_flag=True,
    help="Look for the best plan of all and prove it; for up to some fifty households.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def plan(
    *,
    instance: Path,
    output: Path,
    threads: int,
    seed: int,
    fast: bool,
    time_limit: float | None,
    bound: bool,
    exact: bool,
    as_json: bool,
    language: str,
) -> None:
    """Plan the boxes of INSTANCE.npz (format ripeday-plan-1), check them, and write SOLUTION.npz.

    A plan that breaks a rule is not written. Needs no server and no settings.
    """
    from subscriptions.adapters.array_file import refuse_unwritable  # noqa: PLC0415
    from subscriptions.adapters.plan_file import read_problem, write_plan  # noqa: PLC0415
    from subscriptions.planning.solve import Params  # noqa: PLC0415

    if output.exists() and output.samefile(instance):
        raise click.UsageError("The plan would take the place of its instance.")
    refuse_unwritable(output)
    began = time.perf_counter()
    problem = read_problem(instance)
    loaded = time.perf_counter()
    params = Params(threads=threads, fast=fast, bound=bound, exact=exact)
    result = _solved(problem, seed=seed, params=params, time_limit=time_limit)
    solved = time.perf_counter()
    if result.verdict.is_feasible:
        write_plan(output, result.plan)
    seconds = {"read": loaded - began, **result.seconds, "write": time.perf_counter() - solved}
    figures = {
        **_figures(problem, result),
        "seed": seed,
        "threads": threads,
        "seconds": {phase: round(spent, 4) for phase, spent in seconds.items()},
        "solve_seconds": round(solved - loaded, 4),
    }
    _tell(figures, as_json=as_json, language=language)
    _refuse_breaches(result)


def _solved(
    problem: "Problem", *, seed: int, params: "Params", time_limit: float | None
) -> "Result":
    from subscriptions.planning.solve import solve  # noqa: PLC0415

    ends = None if time_limit is None else time.monotonic() + time_limit
    with progress() as bars:
        return solve(
            problem,
            stop=None if ends is None else lambda: time.monotonic() >= ends,
            seed=seed,
            params=params,
            progress=_Phases(bars),
        )


class _Phases:
    """Shows a bar for each phase that the planner tells of."""

    def __init__(self, bars: "Progress") -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, phase: str, done: int, total: int) -> None:
        if phase not in self._tasks:
            said = phase.replace("_", " ").capitalize()
            self._tasks[phase] = self._bars.add_task(said, total=total)
        self._bars.update(self._tasks[phase], completed=done, total=total)


def _figures(problem: "Problem", result: "Result") -> dict[str, Any]:
    verdict = result.verdict
    return {
        "households": problem.n_subscribers,
        "lots": problem.n_lots,
        "feasible": verdict.is_feasible,
        "objective": verdict.objective,
        "bound": result.bound,
        "gap": result.gap,
        "goods": verdict.goods_minor,
        "cover": verdict.cover_fraction,
        "days": verdict.days,
        "covered_days": verdict.covered_days,
        "waste": verdict.waste_portions,
    }


def _tell(figures: dict[str, Any], *, as_json: bool, language: str) -> None:
    if as_json:
        click.echo(json.dumps(figures))
        return
    from ripeday.commands.plan_table import told  # noqa: PLC0415
    from ripeday.translation import translator  # noqa: PLC0415

    click.echo(told(figures, translator(language)), nl=False)


def _refuse_breaches(result: "Result") -> None:
    breaches = result.verdict.breaches
    if breaches:
        raise Refused(
            plural(
                "The plan breaks {n} rule and was not written: {first}",
                "The plan breaks {n} rules and was not written, the first: {first}",
                len(breaches),
                first=breaches[0].message,
            )
        )
