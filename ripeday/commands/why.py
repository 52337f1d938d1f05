"""`why`: asks a stored plan why a box holds what it holds, and what was scarce."""

import json
import os
from typing import TYPE_CHECKING

import click

from ripeday.commands.console import house_today, run, say, with_data_dir
from ripeday.installation import reached_database
from ripeday.kit.errors import Invalid, NotFound, Refused
from ripeday.kit.text import message
from subscriptions.simulation.choice import PlanName, chosen_plans, read_name

if TYPE_CHECKING:
    from ripeday.commands.why_table import Asked
    from subscriptions.adapters.fairness_store import RecordedDay

_EPILOG = """\b
--json prints one object:
  delivery_on
  rounds                of each delivery round that day:
    round
    scarce              without --box: what was scarce in each plan of the day, newest first;
                        waits[k] households have now gone without k + 1 times in a row
    answers             with --box: produce, answer, sentences, and counts of households
    replays             with --replay: whether each plan, made again, is the same
"""


def _named(_: click.Context, __: click.Parameter, given: str) -> PlanName:
    try:
        return read_name(given)
    except Invalid as error:
        raise click.BadParameter(str(error)) from error


@click.command(epilog=_EPILOG)
@with_data_dir
@click.argument("plan", callback=_named)
@click.option("--box", type=click.IntRange(1), metavar="N", help="Ask for the box of this number.")
@click.option("--produce", metavar="KEY", help="Ask for one produce only; needs --box.")
@click.option(
    "--replay", is_flag=True,
    help="Also make the plan again from what was kept of it; ends with 1 if a box differs.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def why(
    *,
    plan: PlanName,
    box: int | None,
    produce: str | None,
    replay: bool,
    as_json: bool,
    language: str,
) -> None:
    """Say why a box holds what it holds, and not something else; without --box, what was scarce.

    PLAN is MERCHANT/YYYY-MM-DD, or MERCHANT for its next planned day. Who went without something scarce comes first
    the next time; every answer is from the record of the plan itself.
    """
    if produce is not None and box is None:
        raise click.UsageError("--produce needs --box.")
    from ripeday.commands.why_table import document, told  # noqa: PLC0415
    from ripeday.translation import translator  # noqa: PLC0415
    from ripening.produce import load_profiles  # noqa: PLC0415

    found = run(_asked(plan, box=box, produce=produce, replay=replay))
    if found is None:
        return
    words = translator(language)
    if as_json:
        click.echo(json.dumps(document(found, words), ensure_ascii=False))
    else:
        click.echo(told(found, words, load_profiles()), nl=False)
    if not all(same for each in found for same in each.replays or ()):
        raise Refused(message("Made again, the plan is another one."))


async def _asked(
    plan: PlanName, *, box: int | None, produce: str | None, replay: bool
) -> list["Asked"] | None:
    from ripeday.kit.adapters.engine import pool  # noqa: PLC0415
    from ripeday.migration import migrate  # noqa: PLC0415
    from subscriptions.adapters import fairness_store, simulation_store  # noqa: PLC0415

    async with reached_database(os.environ, say=say) as url:
        await migrate(url)
        async with pool():
            ((merchant, on),) = chosen_plans(
                (plan,),
                await simulation_store.planned_days(),
                merchants=await simulation_store.merchant_slugs(),
                today=house_today(),
            )
            days = await fairness_store.recorded_days(merchant, on)
            asked = [await _ask(day, box=box, produce=produce, replay=replay) for day in days]
    found = [each for each in asked if each is not None]
    if not found:
        raise NotFound(message("No record is kept of such a plan."))
    return found


async def _ask(
    day: "RecordedDay", *, box: int | None, produce: str | None, replay: bool
) -> "Asked | None":
    """Ask one round; None where it has no such box."""
    from ripeday.commands.why_table import Asked  # noqa: PLC0415
    from subscriptions.adapters import fairness_store  # noqa: PLC0415
    from subscriptions.services import fairness  # noqa: PLC0415

    answers, scarce = None, None
    if box is None:
        scarce = await fairness.scarce_in(day.id)
    else:
        box_id = await fairness_store.box_numbered(day.id, box)
        answers = None if box_id is None else await fairness.why_box(box_id, produce)
        if answers is None:
            return None
    replays = await fairness.replays(day.id) if replay else None
    return Asked(day, scarce, answers, replays)
