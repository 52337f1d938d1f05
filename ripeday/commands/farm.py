"""`sample`, `cycle`, `picklist`: the work of a farm, by hand."""

import datetime as dt
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ripeday.commands.console import progress, run, say, with_data_dir
from ripeday.installation import reached

if TYPE_CHECKING:
    from ripeday.composition import House

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@with_data_dir
@click.option("--as-of", type=_DAY, metavar="YYYY-MM-DD", help="The farm's day. [default: today]")
def sample(as_of: dt.datetime | None) -> None:
    """Load the sample farm into an empty database: two merchants, two depots, 300 households.

    The same day always makes the same farm. A database with data in it is left as it is.
    """
    run(_sample(as_of))


async def _sample(as_of: dt.datetime | None) -> None:
    from ripeday.sample.loading import load  # noqa: PLC0415

    async with _house() as house:
        day = as_of.date() if as_of else house.clock.now().date()
        with progress() as bars:
            await load(house, day, bars)


@click.command()
@with_data_dir
@click.option("--merchant", required=True, help="The merchant's short name, as in its address.")
@click.option("--delivery-on", type=_DAY, metavar="YYYY-MM-DD", required=True, help="Delivery day.")
@click.option("--as-of", type=_DAY, metavar="YYYY-MM-DD", help="Act as on this day. [default: now]")
def cycle(merchant: str, delivery_on: dt.datetime, as_of: dt.datetime | None) -> None:
    """Play one delivery day through: plan, cut-off, charge, wave, pick list.

    Prints one JSON object with what was done. Run again, it changes nothing.
    """
    figures = run(_cycle(merchant, delivery_on.date(), as_of.date() if as_of else None))
    if figures is not None:
        click.echo(json.dumps(figures, ensure_ascii=False))


async def _cycle(merchant: str, delivery_on: dt.date, as_of: dt.date | None) -> dict[str, Any]:
    from ripeday.cycle import play  # noqa: PLC0415

    async with _house() as house:
        with progress() as bars:
            figures: dict[str, Any] = await play(
                house, bars, merchant=merchant, delivery_on=delivery_on, as_of=as_of
            )
    return figures


@click.command()
@with_data_dir
@click.option("--depot", required=True, help="The depot's short name.")
@click.option("--on", "pack_on", type=_DAY, metavar="YYYY-MM-DD", required=True, help="Pack day.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
    metavar="FILE.pdf", help="Where the paper goes.",
)  # fmt: skip
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True,
    help="Language of the paper.",
)  # fmt: skip
def picklist(depot: str, pack_on: dt.datetime, output: Path, language: str) -> None:
    """Print the pick list of a depot's day as an A4 PDF.

    Lists what to take from where, wave by wave: location, produce, ripeness stage, lot, units.
    """
    pdf = run(_pick_list(depot, pack_on.date(), language))
    if pdf is not None:
        output.write_bytes(pdf)
        click.echo(output)


async def _pick_list(depot: str, pack_on: dt.date, language: str) -> bytes:
    async with _house() as house:
        pdf: bytes = await house.pick_list(depot, pack_on, language=language)
    return pdf


@asynccontextmanager
async def _house() -> "AsyncIterator[House]":
    """Open the house on a migrated database, with a sandbox to pay and mail through."""
    from ripeday.composition import House  # noqa: PLC0415
    from ripeday.migration import migrate  # noqa: PLC0415

    async with reached(os.environ, say=say, parts=("sandbox",)) as settings:
        await migrate(settings.database_url)
        async with House.open(settings) as house:
            yield house
