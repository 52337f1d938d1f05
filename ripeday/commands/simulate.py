"""`simulate`: lives through stored plans as digital households."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ripeday.commands.console import house_today, progress, run, say, with_data_dir
from ripeday.commands.simulation_table import tables
from ripeday.installation import reached_database
from ripeday.kit.errors import Invalid, Refused
from ripeday.kit.text import message
from ripening.misfit import MISFITS
from ripening.weather import HeatWave, read_heat_wave
from subscriptions.simulation.audit import WORLDS, Setting
from subscriptions.simulation.audit import simulate as live_through
from subscriptions.simulation.choice import PlanName, chosen_plans, read_name
from subscriptions.simulation.report import Report
from subscriptions.simulation.stored import StoredPlan


def _typed(read: Callable[[str], Any], *, several: bool = False) -> Callable[..., Any]:
    """Read what was typed; what cannot be read is a wrongly typed command."""

    def convert(_: click.Context, __: click.Parameter, given: Any) -> Any:
        try:
            return tuple(map(read, given)) if several else None if given is None else read(given)
        except Invalid as error:
            raise click.BadParameter(str(error)) from error

    return convert


@click.command()
@with_data_dir
@click.argument("plan", nargs=-1, callback=_typed(read_name, several=True))
@click.option(
    "--households", type=click.IntRange(1, 100_000), metavar="N",
    help="Draw so many households from each plan. [default: each box once]",
)  # fmt: skip
@click.option("--seed", default=0, show_default=True, help="The same seed tells the same story.")
@click.option(
    "--misfit", type=click.Choice(list(MISFITS)), default="usual", show_default=True,
    help="How far the truth strays from what the plan assumes.",
)  # fmt: skip
@click.option(
    "--followers", type=click.FloatRange(0, 1), metavar="SHARE",
    help="Share of households that follow the advice. [default: 1, 0.7 or 0.4 by misfit]",
)  # fmt: skip
@click.option(
    "--heat-wave", metavar="START:DAYS:+C", callback=_typed(read_heat_wave),
    help="Kitchens C degrees warmer for some days; START is a date, or days after delivery.",
)  # fmt: skip
@click.option(
    "--worlds", type=click.IntRange(2, 10_000), default=WORLDS, show_default=True,
    help="How often all lots are drawn anew.",
)  # fmt: skip
@click.option(
    "--plots", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Draw pictures (SVG and PNG) into this folder.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def simulate(
    *,
    plan: tuple[PlanName, ...],
    households: int | None,
    seed: int,
    misfit: str,
    followers: float | None,
    heat_wave: HeatWave | None,
    worlds: int,
    plots: Path | None,
    as_json: bool,
) -> None:
    """Live through stored plans as digital households, and see what becomes of their promise.

    PLAN is MERCHANT/YYYY-MM-DD, or MERCHANT for its next planned day; without one, the next planned day of every
    merchant. Fruit, kitchens and people are drawn from a process of their own, not the planner's. Says how
    many days were covered, how portions were eaten and what was wasted, with 95 % intervals, beside what the
    plan had promised.
    """
    from ripening.produce import load_profiles  # noqa: PLC0415

    plans = run(_stored(plan))
    if plans is None:
        return
    profiles = load_profiles()
    setting = Setting(misfit, households, worlds, seed, followers, heat_wave)
    with progress() as bars:
        task = bars.add_task("Living through worlds", total=worlds)
        report = live_through(
            plans, setting, profiles=profiles, progress=lambda n, _: bars.update(task, completed=n)
        )
    names = {each.key: profiles[each.key].name_en for each in report.per_produce}
    if as_json:
        click.echo(json.dumps(report.values(), ensure_ascii=False))
    else:
        click.echo(tables(report, names), nl=False)
    if plots is not None:
        _draw(report, plots)


async def _stored(names: tuple[PlanName, ...]) -> list[StoredPlan]:
    from ripeday.kit.adapters.engine import pool  # noqa: PLC0415
    from ripeday.migration import migrate  # noqa: PLC0415
    from subscriptions.adapters import simulation_store as store  # noqa: PLC0415

    async with reached_database(os.environ, say=say) as url:
        await migrate(url)
        async with pool():
            chosen = chosen_plans(
                names,
                await store.planned_days(),
                merchants=await store.merchant_slugs(),
                today=house_today(),
            )
            return [await store.stored_plan(merchant, on) for merchant, on in chosen]


def _draw(report: Report, folder: Path) -> None:
    from ripening.produce import load_profiles  # noqa: PLC0415
    from subscriptions.adapters.simulation_plot import draw  # noqa: PLC0415

    try:
        files = draw(report, load_profiles(), folder)
    except OSError as error:
        raise Refused(
            message("The pictures cannot be written to {path}: {why}", path=folder, why=error)
        ) from error
    say(f"{len(files)} pictures in {folder}")
