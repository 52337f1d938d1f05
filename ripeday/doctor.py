"""Looks at an installation and says what is wrong with it and how to mend it."""

import datetime as dt
import importlib.resources
import importlib.util
import platform
import shutil
import sys
import zoneinfo
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import redis.asyncio as redis

from ripeday.embedded.child import is_free
from ripeday.embedded.folder import DataFolder
from ripeday.embedded.postgres import find_programs, user_namespace_trouble
from ripeday.embedded.valkey import find_program
from ripeday.kit.errors import RipedayError
from ripeday.settings import DEFAULT_PORT, Settings, data_dir, pg_bin

_ENOUGH_BYTES = 2_000_000_000
_CLOCKS_APART_S = 5.0
_ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")
_FONTS = (
    ("noto_cjk_sans_otc", "*.tt[cf]"),
    ("cvttf_NotoSansCJK_Bold", "*.otf"),
    ("fontpkg_inter", "files/*.ttf"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look showed; `mend` says what to do when it is wrong."""

    subject: str
    said: str
    mend: str = ""

    @property
    def is_fine(self) -> bool:
        """Return whether nothing is to be done."""
        return not self.mend


def examine_machine(environment: Mapping[str, str]) -> list[Finding]:
    """Look at what can be seen while nothing runs."""
    return [look(environment) for look in _STILL_LOOKS]


async def examine_servers(settings: Settings) -> list[Finding]:
    """Look at the servers of a house that can be reached."""
    return [await look(settings) for look in _LOOKS_AT_SERVERS]


def python(_: Mapping[str, str]) -> Finding:
    """Look at the Python that runs this."""
    said = platform.python_version()
    if not (3, 11) <= sys.version_info < (3, 15):
        return Finding("Python", said, "Install Python 3.11 to 3.14 and run script/bootstrap.")
    return Finding("Python", said)


def postgres_programs(environment: Mapping[str, str]) -> Finding:
    """Look for PostgreSQL's programs."""
    subject = "PostgreSQL's programs"
    try:
        programs = find_programs(pg_bin(environment))
        return Finding(subject, f"{programs.version} in {programs.folder}")
    except RipedayError as error:
        return Finding(subject, str(error), "Run script/bootstrap, or name a server as it says.")


def valkey_program(_: Mapping[str, str]) -> Finding:
    """Look for Valkey's program."""
    try:
        return Finding("Valkey's program", str(find_program()))
    except RipedayError as error:
        return Finding("Valkey's program", str(error), "Run script/bootstrap, or name a server.")


def own_user(environment: Mapping[str, str]) -> Finding:
    """Look whether an own PostgreSQL can run as this user."""
    if environment.get("RIPEDAY_DATABASE_URL"):
        return Finding("User", "the database is a server of yours")
    trouble = user_namespace_trouble()
    if trouble:
        mend = "Run Ripeday as an ordinary user, or set RIPEDAY_DATABASE_URL to a server."
        return Finding("User", f"root without user namespaces ({trouble})", mend)
    return Finding("User", psutil.Process().username())


def folder_permissions(environment: Mapping[str, str]) -> Finding:
    """Look who may read the data folder."""
    path = data_dir(environment)
    if not path.exists():
        return Finding("Data folder", f"{path} (made at the first start)")
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Finding("Data folder", f"{path} is open to others ({mode:o})", f"chmod 700 '{path}'")
    return Finding("Data folder", f"{path}, for its owner only")


def disk_space(environment: Mapping[str, str]) -> Finding:
    """Look how much room is left for data."""
    path = data_dir(environment)
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free
    said = f"{free / 1e9:.1f} GB free"
    if free < _ENOUGH_BYTES:
        return Finding("Disk", said, f"Make room on the disk of {path}: 2 GB at the least.")
    return Finding("Disk", said)


def fonts(_: Mapping[str, str]) -> Finding:
    """Look for the fonts that papers are set in."""
    missing = [package for package, pattern in _FONTS if not _has_files(package, pattern)]
    if missing:
        return Finding("Fonts", f"{', '.join(missing)} missing", "Run script/bootstrap.")
    return Finding("Fonts", "Inter and Noto Sans CJK, regular and bold")


def _has_files(package: str, pattern: str) -> bool:
    if importlib.util.find_spec(package) is None:
        return False
    with importlib.resources.as_file(importlib.resources.files(package)) as folder:
        return any(folder.glob(pattern))


def time_zones(_: Mapping[str, str]) -> Finding:
    """Look whether local times can be told."""
    try:
        for name in _ZONES:
            zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError as error:
        return Finding("Time zones", str(error), "Run script/bootstrap (package tzdata).")
    return Finding("Time zones", f"tzdata {_zone_version()}")


def _zone_version() -> str:
    for folder in zoneinfo.TZPATH:  # the system's comes first, as for zoneinfo itself
        for name in ("tzdata.zi", "+VERSION"):
            path = Path(folder, name)
            if path.is_file():
                with path.open() as file:
                    return f"{file.readline().strip().removeprefix('# version ')} of the system"
    import tzdata  # noqa: PLC0415

    return f"{tzdata.IANA_VERSION} of the package tzdata"


def web_port(environment: Mapping[str, str]) -> Finding:
    """Look whether the pages can be served, or are."""
    port = int(environment.get("RIPEDAY_PORT") or DEFAULT_PORT)
    if DataFolder(data_dir(environment)).is_claimed():
        return Finding("Web port", f"{port}, the house is running")
    if not is_free(port):
        return Finding(
            "Web port",
            f"{port} is in use by another program",
            f"Stop that program or start with `script/server --port {port + 1}`.",
        )
    return Finding("Web port", f"{port} is free")


async def database(settings: Settings) -> Finding:
    """Ask PostgreSQL for its version."""
    try:
        version = await _ask(settings, "show server_version")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        mend = "Start the server that RIPEDAY_DATABASE_URL names, or unset it for an own one."
        return Finding("PostgreSQL", f"does not answer: {error or 'no answer in time'}", mend)
    return Finding("PostgreSQL", f"{version} answers")


async def valkey(settings: Settings) -> Finding:
    """Ask Valkey for its version."""
    try:
        async with redis.Redis.from_url(settings.redis_url, socket_timeout=5) as client:
            server = await client.info("server")
    except (OSError, redis.RedisError) as error:
        mend = "Start the server that RIPEDAY_REDIS_URL names, or unset it for an own one."
        return Finding("Valkey", f"does not answer: {error}", mend)
    version = server.get("valkey_version") or server.get("redis_version")
    return Finding("Valkey", f"{version} answers")


async def migrations(settings: Settings) -> Finding:
    """Compare the database with what this version needs."""
    from ripeday.kit.adapters.engine import pool  # noqa: PLC0415
    from ripeday.migration import point_at, state  # noqa: PLC0415

    try:
        point_at(settings.database_url)
        async with pool(max_size=2):
            found = await state()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return Finding("Migrations", str(error), "Mend PostgreSQL first.")
    if found.unknown:
        said = f"the database is newer ({len(found.unknown)} migrations more)"
        return Finding("Migrations", said, "Start the version of Ripeday that made it.")
    if found.pending:
        return Finding("Migrations", f"{len(found.pending)} to do", "script/ripeday migrate")
    return Finding("Migrations", f"all {len(found.done)} applied")


async def books(settings: Settings) -> Finding:
    """Look whether stock, charges and the ledger add up."""
    from ripeday.audit import audit  # noqa: PLC0415
    from ripeday.kit.adapters.engine import pool  # noqa: PLC0415
    from ripeday.migration import point_at  # noqa: PLC0415

    try:
        point_at(settings.database_url)
        async with pool(max_size=2):
            found = await audit()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return Finding("Books", str(error), "Mend PostgreSQL and the migrations first.")
    if found:
        said = f"{len(found)} do not add up, the first: {found[0]}"
        return Finding("Books", said, "Keep a backup (script/ripeday backup) and look into it.")
    return Finding("Books", "stock, charges and the ledger add up")


async def clock(settings: Settings) -> Finding:
    """Compare this machine's clock with the database's."""
    try:
        theirs: dt.datetime = await _ask(settings, "select now()")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return Finding("Clock", str(error), "Mend PostgreSQL first.")
    apart_s = abs((theirs - dt.datetime.now(dt.UTC)).total_seconds())
    if apart_s > _CLOCKS_APART_S:
        mend = "Switch on time synchronisation (NTP) on both machines."
        return Finding("Clock", f"{apart_s:.0f} s apart from the database's", mend)
    days = settings.clock_shift_s / 86_400
    return Finding("Clock", f"right; the farm lives {days:+.0f} days from it" if days else "right")


async def _ask(settings: Settings, query: str) -> Any:
    connection = await asyncpg.connect(settings.database_url, timeout=5)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


_STILL_LOOKS: tuple[Callable[[Mapping[str, str]], Finding], ...] = (
    python,
    postgres_programs,
    valkey_program,
    own_user,
    folder_permissions,
    disk_space,
    fonts,
    time_zones,
    web_port,
)
_LOOKS_AT_SERVERS: tuple[Callable[[Settings], Awaitable[Finding]], ...] = (
    database,
    valkey,
    migrations,
    books,
    clock,
)


def told(findings: list[Finding]) -> Iterator[str]:
    """Yield the findings as lines for a terminal."""
    for finding in findings:
        yield f"{'✓' if finding.is_fine else '✗'} {finding.subject}: {finding.said}"
        if not finding.is_fine:
            yield f"    → {finding.mend}"
