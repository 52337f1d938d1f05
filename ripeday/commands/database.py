"""`migrate`, `backup`, `restore`, `reset`: what happens to the data as a whole."""

import datetime as dt
import os
import shutil
from pathlib import Path

import click

from ripeday.commands.console import run, say, with_data_dir
from ripeday.embedded import backup as copying
from ripeday.embedded.folder import DataFolder
from ripeday.embedded.postgres import find_programs
from ripeday.embedded.servers import Servers
from ripeday.installation import reached_database
from ripeday.kit.errors import Refused
from ripeday.kit.text import message, plural
from ripeday.settings import data_dir, pg_bin


@click.command()
@with_data_dir
def migrate() -> None:
    """Bring the database to the form that this version needs, all of the way or not at all.

    Safe to run at any time and several times at once. `ripeday up` does it by itself.
    """
    run(_migrate())


async def _migrate() -> None:
    from ripeday.migration import migrate as apply  # noqa: PLC0415

    async with reached_database(os.environ, say=say) as url:
        done = await apply(url)
    if done:
        say(str(plural("{n} migration applied.", "{n} migrations applied.", len(done))))
    else:
        say("The database is up to date.")


@click.command()
@with_data_dir
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def backup(file: Path | None) -> None:
    """Save the whole database in FILE (default: ripeday-DATE-TIME.dump here).

    Works while the house runs. `ripeday restore FILE` brings it back, also on another machine.
    """
    name = file or Path(f"ripeday-{dt.datetime.now().astimezone():%Y-%m-%d-%H%M%S}.dump")
    run(_backup(name))
    click.echo(name)


async def _backup(file: Path) -> None:
    async with reached_database(os.environ, say=say) as url:
        copying.save(find_programs(pg_bin(os.environ)), url, file)


@click.command()
@with_data_dir
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, *, yes: bool) -> None:
    """Put the data saved in FILE in the place of what is there now, all of it or nothing.

    The house must not be running. What is there now is lost: make a backup first.
    """
    if not file.is_file():
        raise Refused(message("There is no file {file}.", file=file))
    folder = _resting_folder()
    _confirm(f"Everything in {_place(folder)} is replaced by {file.name}.", "restore", yes=yes)
    run(_restore(file))
    say("The data is back; the next start migrates it if this version is newer.")


async def _restore(file: Path) -> None:
    async with reached_database(os.environ, say=say) as url:
        copying.bring_back(find_programs(pg_bin(os.environ)), url, file)


@click.command()
@with_data_dir
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Throw all data away and begin anew. There is no way back.

    The house must not be running. Logs and the passwords of the servers stay.
    """
    folder = _resting_folder()
    _confirm(f"All data in {_place(folder)} is thrown away.", "reset", yes=yes)
    throw_away(folder)
    say("Everything is gone; the next start makes a new farm.")


def throw_away(folder: DataFolder) -> None:
    """Remove the data of a house that is not running.

    Raises
    ------
    Refused
        The house is running, or a named database does not allow it.
    """
    servers = Servers.of(folder, os.environ)
    with folder.claim():
        servers.stop_leftovers()
        if servers.own_postgres is None:
            copying.empty(find_programs(pg_bin(os.environ)), servers.database_url)
        for each in (folder.postgres, folder.valkey, folder.sandbox, folder.papers):
            shutil.rmtree(each, ignore_errors=True)
        folder.remember(clock_shift_s=None)
    folder.prepare()


def _place(folder: DataFolder) -> str:
    named = bool(os.environ.get("RIPEDAY_DATABASE_URL"))
    return "the database of RIPEDAY_DATABASE_URL" if named else str(folder.path)


def _resting_folder() -> DataFolder:
    folder = DataFolder(data_dir(os.environ))
    folder.prepare()
    if folder.is_claimed():
        raise Refused(
            message("Ripeday is running in {path}; stop it first (Ctrl-C).", path=folder.path)
        )
    return folder


def _confirm(warning: str, word: str, *, yes: bool) -> None:
    if yes:
        return
    say(warning)
    try:
        typed = click.prompt(f"Type {word} to go on", default="", show_default=False, err=True)
    except click.Abort:
        typed = ""
    if typed.strip() != word:
        raise Refused(message("Nothing was changed."))
