"""Own servers: they keep what they were given through kills and restarts, and leave the machine alone."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import redis.asyncio as redis

from ripeday.embedded.child import PidFile
from ripeday.embedded.folder import DataFolder
from ripeday.embedded.postgres import EmbeddedPostgres, PostgresPrograms, find_programs
from ripeday.embedded.valkey import EmbeddedValkey, find_program
from ripeday.kit.errors import Refused
from ripeday.settings import PROJECT
from tests.ripeday.place import environment, eventually, permissions_up_to_root, ripeday


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder whose path has a space in it."""
    made = DataFolder(tmp_path / "a farm" / ".ripeday")
    made.prepare()
    return made


@pytest.fixture
def postgres(folder: DataFolder) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder, find_programs())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(folder: DataFolder) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(folder, find_program())
    server.start()
    yield server
    server.stop()


async def _sql(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_killed_postgres_starts_again_with_its_data(postgres: EmbeddedPostgres) -> None:
    await _sql(postgres.url, "create table kept as select 7 as n")
    port = postgres.port

    os.kill(postgres.pid or 0, signal.SIGKILL)
    assert eventually(lambda: not postgres.is_running())
    postgres.start()

    assert postgres.port == port
    assert await _sql(postgres.url, "select n from kept") == 7


async def test_a_stopped_postgres_starts_again_with_its_data(postgres: EmbeddedPostgres) -> None:
    await _sql(postgres.url, "create table kept as select 7 as n")
    postgres.stop()
    postgres.start()
    assert await _sql(postgres.url, "select n from kept") == 7


async def test_a_killed_valkey_starts_again_with_its_data(valkey: EmbeddedValkey) -> None:
    async with redis.Redis.from_url(valkey.url) as client:
        await client.set("kept", "7")
        await client.config_set("appendfsync", "always")
        await client.set("kept_too", "8")

    os.kill(valkey.pid or 0, signal.SIGKILL)
    assert eventually(lambda: not valkey.is_running())
    valkey.start()

    async with redis.Redis.from_url(valkey.url) as client:
        assert await client.mget("kept", "kept_too") == [b"7", b"8"]


async def test_nobody_gets_in_without_the_password(
    postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url, password="guess")
    async with redis.Redis(port=valkey.port) as client:
        with pytest.raises(redis.AuthenticationError):
            await client.ping()
    command_lines = [psutil.Process(server.pid).cmdline() for server in (postgres, valkey)]
    for secret in (
        postgres.folder.secrets().postgres_password,
        valkey.folder.secrets().valkey_password,
    ):
        assert not any(secret in part for line in command_lines for part in line)


async def test_servers_listen_on_this_machine_only(
    postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    for server in (postgres, valkey):
        listening = psutil.Process(server.pid).net_connections(kind="inet")
        assert {each.laddr.ip for each in listening if each.status == "LISTEN"} == {"127.0.0.1"}


def test_a_postgres_left_over_from_a_killed_supervisor_is_stopped_at_the_next_start(
    folder: DataFolder, postgres: EmbeddedPostgres
) -> None:
    left_over = psutil.Process(postgres.pid)

    successor = EmbeddedPostgres(folder, find_programs())
    successor.start()

    assert eventually(lambda: not _is_alive(left_over))
    assert successor.pid != left_over.pid
    successor.stop()


def test_a_process_that_only_has_the_number_of_an_old_one_is_left_alone(folder: DataFolder) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    record = PidFile(folder.run / "postgres.pid")
    record.write(stranger.pid)
    record.path.write_text(record.path.read_text().replace('"started": ', '"started": 1'))
    folder.postgres.mkdir()
    (folder.postgres / "postmaster.pid").write_text(f"{stranger.pid}\n")

    EmbeddedPostgres(folder, find_programs()).stop_leftover()

    assert stranger.poll() is None
    stranger.communicate(b"\n")


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_everything_in_the_data_folder_is_for_its_owner_only(
    folder: DataFolder, postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    for path in (folder.postgres, folder.run, folder.logs, folder.papers, folder.valkey):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    for path in (folder.path / "secrets.json", folder.run / "valkey.conf"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_outside_the_data_folder_changes(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "farm" / ".ripeday")
    folder.path.parent.mkdir()
    before = permissions_up_to_root(folder.path)
    programs = permissions_up_to_root(find_programs()["postgres"])

    folder.prepare()
    server = EmbeddedPostgres(folder, find_programs())
    server.start()
    server.stop()

    assert permissions_up_to_root(folder.path) == before
    assert permissions_up_to_root(find_programs()["postgres"]) == programs


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a user namespace")
def test_root_without_user_namespaces_is_told_what_to_do(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    data_dir = tmp_path / ".ripeday"

    done = ripeday(data_dir, "migrate", PATH=str(bare))

    assert done.returncode == 1
    assert "does not run as root" in done.stderr
    assert "RIPEDAY_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (data_dir / "pg").exists()


def test_data_of_another_postgres_is_refused_with_the_command_that_saves_it(
    folder: DataFolder, postgres: EmbeddedPostgres
) -> None:
    postgres.stop()
    (folder.postgres / "PG_VERSION").write_text("15\n")

    with pytest.raises(Refused) as refusal:
        postgres.start()

    assert "RIPEDAY_PG_BIN=" in str(refusal.value)
    assert "backup" in str(refusal.value)
    assert "restore" in str(refusal.value)


def test_a_folder_of_another_layout_is_refused(folder: DataFolder) -> None:
    folder.remember(layout=0)
    with pytest.raises(Refused, match="another version of Ripeday"):
        folder.prepare()


def test_a_damaged_state_is_said_in_a_sentence(folder: DataFolder) -> None:
    (folder.path / "state.json").write_text("{")
    with pytest.raises(Refused, match="damaged"):
        folder.prepare()


def test_two_do_not_work_in_one_folder(folder: DataFolder) -> None:
    with folder.claim():
        assert folder.is_claimed()
        with pytest.raises(Refused, match="already running"), folder.claim():
            pass
    assert not folder.is_claimed()


def test_a_wrong_postgres_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="RIPEDAY_PG_BIN"):
        find_programs(tmp_path)


def test_a_program_for_another_machine_is_told(tmp_path: Path) -> None:
    program = tmp_path / "postgres"
    program.write_bytes(b"\x7fELF nonsense")
    program.chmod(0o755)
    with pytest.raises(Refused, match="does not run here"):
        _ = PostgresPrograms(tmp_path).version


@pytest.mark.skipif(os.geteuid() != 0, reason="we are an ordinary user: every other test shows it")
def test_an_ordinary_user_needs_nothing_special() -> None:
    # Not in tmp_path: the folders above that one are closed to others.
    with tempfile.TemporaryDirectory(prefix="ripeday-ordinary-") as home:
        python = _python_of_nobody() or _python_that_thinks_it_is_ordinary()
        is_nobody = "user" in python.identity
        if is_nobody:
            os.chown(home, _NOBODY, _NOBODY)
        done = subprocess.run(
            [*python.command, "-P", "-m", "ripeday", "migrate"],
            env=environment(Path(home, ".ripeday"), HOME=home, PYTHONPATH=_modules()),
            cwd=home, capture_output=True, text=True, timeout=60, check=False, **python.identity,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "applied" in done.stderr
        owner = Path(home, ".ripeday", "pg", "PG_VERSION").stat().st_uid
        assert owner == (_NOBODY if is_nobody else 0)


_NOBODY = 65534


@dataclass(frozen=True)
class _Python:
    """How to run Python as somebody else than root."""

    command: list[str]
    identity: dict[str, Any]


def _python_of_nobody() -> _Python | None:
    """Return a Python that user nobody may run; none where Python lies in root's own home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    identity = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    for candidate in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            subprocess.run(
                [candidate, "-c", "import ripeday.migration, ripeday.embedded.valkey, ripeday.cli"],
                env={"PYTHONPATH": _modules(), "PICCOLO_CONF": "ripeday.piccolo_conf"},
                check=True, capture_output=True, **identity,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            continue
        return _Python([candidate], identity)
    return None


def _python_that_thinks_it_is_ordinary() -> _Python:
    """Return our Python under an ordinary user's id in a namespace."""
    namespace = ["unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]
    return _Python([*namespace, sys.executable], {})


def _modules() -> str:
    packages = [each for each in sys.path if each.endswith("site-packages")]
    return os.pathsep.join([str(PROJECT), *packages])
