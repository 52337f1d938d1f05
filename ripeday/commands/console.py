"""What commands share: how they speak, how they run, and the option that names the data folder."""

import asyncio
import datetime as dt
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ripeday.embedded.folder import DataFolder
from ripeday.kit.clock import ShiftedClock
from ripeday.kit.errors import Invalid
from ripeday.settings import data_dir
from ripeday.supervisor import stop_on_signals

T = TypeVar("T")
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def say(sentence: str) -> None:
    """Tell the person at the terminal something that is not the command's result."""
    click.echo(sentence, err=True)


def progress() -> Progress:
    """Return bars for long work, on stderr; without a terminal only the last state is written."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def run(work: Coroutine[Any, Any, T]) -> T | None:
    """Run a command's work; Ctrl-C and SIGTERM let it clean up, and then None is returned."""

    async def stoppable() -> T:
        stop_on_signals()
        return await work

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        return None


def typed(work: Callable[[], T]) -> T:
    """Do the work on what was typed; what cannot be meant is a wrongly typed command."""
    try:
        return work()
    except Invalid as error:
        raise click.UsageError(str(error)) from error


def house_today() -> dt.date:
    """Return the day that the house lives on."""
    named = os.environ.get("RIPEDAY_CLOCK_SHIFT_S")
    known = named or DataFolder(data_dir(os.environ)).state().get("clock_shift_s") or 0
    return ShiftedClock(int(known)).now().date()


def with_data_dir(command: Decorated) -> Decorated:
    """Add `--data-dir`; it counts before RIPEDAY_DATA_DIR."""

    def choose(_: click.Context, __: click.Parameter, chosen: Path | None) -> None:
        if chosen is not None:
            os.environ["RIPEDAY_DATA_DIR"] = str(chosen.absolute())

    option = click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        callback=choose,
        expose_value=False,
        is_eager=True,
        help="Folder with the data of this house. [default: .ripeday in the project's folder]",
    )
    return option(command)
