"""`up`: the whole house on one machine, with one command."""

import asyncio
import datetime as dt
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ripeday.commands.console import progress, run, say, with_data_dir
from ripeday.commands.database import throw_away
from ripeday.commands.warm_up import compile_planner
from ripeday.embedded.folder import DataFolder
from ripeday.kit.errors import Refused
from ripeday.kit.text import message
from ripeday.settings import Settings, data_dir, shift_to
from ripeday.supervisor import Supervisor


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the pages. [default: 8000]")
@with_data_dir
@click.option("--fresh", is_flag=True, help="Throw the data folder's farm away and begin anew.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which a new farm lives. [default: today]",
)
@click.option("--once", is_flag=True, help="Do the whole main job once, print it as JSON and end.")
def up(*, port: int | None, fresh: bool, as_of: dt.datetime | None, once: bool) -> None:
    """Start everything on this machine: servers, a sample farm if there is none, pages and worker.

    Prints where to look and how to sign in. Ctrl-C stops all of it; the data stays in the data folder and is there
    again at the next start.
    """
    if port is not None:
        os.environ["RIPEDAY_PORT"] = str(port)
    folder = DataFolder(data_dir(os.environ))
    folder.prepare()
    if fresh:
        _begin_anew(folder)
    if as_of is not None:
        _live_on(folder, as_of.date())
    seconds: dict[str, float] = {}
    with _timed(seconds, "compile"):  # before anything runs that Ctrl-C would have to stop
        compile_planner()
    run(_up(folder, seconds, once=once))


def _begin_anew(folder: DataFolder) -> None:
    if os.environ.get("RIPEDAY_DATABASE_URL"):
        raise Refused(
            message("--fresh leaves a server of yours alone; `script/ripeday reset` empties it.")
        )
    throw_away(folder)


def _live_on(folder: DataFolder, as_of: dt.date) -> None:
    """Set the clock of a new farm; a farm that exists keeps the one it has."""
    shift_s = shift_to(as_of, today=dt.datetime.now(dt.UTC).date())
    known = folder.state().get("clock_shift_s")
    if folder.postgres.exists() and known != shift_s:
        lives_on = dt.datetime.now(dt.UTC).date() + dt.timedelta(seconds=known or 0)
        raise Refused(
            message(
                "The farm in {path} lives on {day}, and time runs on there; --fresh with --as-of begins a"
                " new one.",
                path=folder.path,
                day=lives_on,
            )
        )
    folder.remember(clock_shift_s=shift_s)


async def _up(folder: DataFolder, seconds: dict[str, float], *, once: bool) -> None:
    with _timed(seconds, "start"):
        opening = Supervisor.open(os.environ, folder, say=say)
        supervisor = await opening.__aenter__()
    try:
        await _run_house(supervisor, seconds, once=once)
    finally:
        say("Stopping…")
        await opening.__aexit__(None, None, None)
    say("Stopped; nothing is left running.")


async def _run_house(supervisor: Supervisor, seconds: dict[str, float], *, once: bool) -> None:
    from ripeday.migration import migrate  # noqa: PLC0415

    settings = supervisor.settings
    os.environ.update(settings.to_environment())
    with _timed(seconds, "migrate"):
        await migrate(settings.database_url)
    supervisor.start_parts(["sandbox"])
    await supervisor.until_sandbox_listens()
    with _timed(seconds, "farm"):
        figures = await _farm(settings, once=once)
    supervisor.start_parts()
    with _timed(seconds, "ready"):
        await supervisor.until_ready()
    _tell(supervisor, figures)
    if once:
        click.echo(
            json.dumps({**figures, "seconds": seconds | figures["seconds"]}, ensure_ascii=False)
        )
        return
    await asyncio.Event().wait()


async def _farm(settings: Settings, *, once: bool) -> dict[str, Any]:
    """Load the sample farm into an empty database and play its rounds; return the figures."""
    from ripeday import cycle  # noqa: PLC0415
    from ripeday.composition import House  # noqa: PLC0415
    from ripeday.sample.loading import load  # noqa: PLC0415

    async with House.open(settings) as house:
        with progress() as bars:
            await load(house, settings.clock.now().date(), bars)
            figures: dict[str, Any] = await cycle.play(house, bars, once=once)
    return figures


def _tell(supervisor: Supervisor, figures: dict[str, Any]) -> None:
    settings = supervisor.settings
    say(f"\nRipeday is open at {settings.base_url}")
    for line in figures.get("logins", ()):
        say(f"  {line}")
    if paper := figures.get("pick_list"):
        say(f"  pick list  {paper}")
    if settings.is_sandbox:
        say(f"  payment sandbox and mails  {settings.stripe_api}")
        say(f"  every mail that is sent    {settings.stripe_api}/mail")
    say(f"  log  {supervisor.folder.log}\nCtrl-C stops everything.")


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[phase] = round(time.perf_counter() - started, 2)
