"""Saving and bringing back a database with PostgreSQL's own programs, and emptying one."""

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from ripeday.embedded.postgres import PostgresPrograms, last_line
from ripeday.kit.errors import Refused
from ripeday.kit.text import message

_LOCK_SOON = "set client_min_messages = warning; set lock_timeout = '10s'"
_EMPTY = "drop schema public cascade; create schema public"


def save(programs: PostgresPrograms, database_url: str, file: Path) -> None:
    """Write the database into a file in pg_dump's custom format; a failed save leaves no file.

    Raises
    ------
    Refused
        The file exists, cannot be written, or pg_dump says no.
    """
    if file.exists():
        raise Refused(message("{file} exists already; choose another name.", file=file))
    beside = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as output:
            _run(programs, "pg_dump", database_url, "--format=custom", "--no-owner", output=output)
        beside.rename(file)
    except OSError as error:
        raise Refused(
            message("{file} cannot be written: {why}.", file=file, why=error.strerror)
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def bring_back(programs: PostgresPrograms, database_url: str, file: Path) -> None:
    """Put the saved data in the place of what is in the database, all of it or nothing.

    Raises
    ------
    Refused
        The file is missing or damaged, or the database does not take it.
    """
    if not file.is_file():
        raise Refused(message("There is no file {file}.", file=file))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "restore.sql")
        _run_plain([programs["pg_restore"], "--no-owner", "--file", script, file], os.environ)
        # The dump makes neither the schema nor its extensions anew if they are there already.
        _run(
            programs, "psql", database_url, "-X", "-q", "-o", os.devnull, "--single-transaction",
            "-v", "ON_ERROR_STOP=1", "-c", _LOCK_SOON, "-c", _EMPTY, "-f", str(script),
        )  # fmt: skip


def empty(programs: PostgresPrograms, database_url: str) -> None:
    """Remove everything from the database.

    Raises
    ------
    Refused
        The database does not allow it.
    """
    _run(
        programs, "psql", database_url, "-X", "-q", "--single-transaction",
        "-v", "ON_ERROR_STOP=1", "-c", _LOCK_SOON, "-c", _EMPTY,
    )  # fmt: skip


def _run(
    programs: PostgresPrograms,
    program: str,
    database_url: str,
    *arguments: str,
    output: IO[bytes] | None = None,
) -> None:
    """Run a client; the password goes through the environment, where others cannot read it."""
    address = urlsplit(database_url)
    environment = os.environ | {"PGPASSWORD": unquote(address.password or "")}
    place = address.netloc.replace(f":{address.password}@", "@")
    bare = address._replace(netloc=place).geturl()
    _run_plain([programs[program], "--dbname", bare, *arguments], environment, output)


def _run_plain(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    output: IO[bytes] | None = None,
) -> None:
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise Refused(
            message(
                "{program} failed: {why}",
                program=Path(command[0]).name,
                why=last_line(done.stderr.decode(errors="replace")),
            )
        )
