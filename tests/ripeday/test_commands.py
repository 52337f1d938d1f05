"""What a person types: help, exit codes, one sentence for an error, and data that comes back."""

from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from ripeday.cli import commands
from tests.ripeday.place import processes_of, ripeday
from tests.servers import ServersOfRun

COMMANDS = (
    "up", "web", "worker", "sandbox", "migrate", "sample", "cycle",
    "plan", "instance", "picklist", "simulate", "backup", "restore", "reset", "windows", "warm-up",
    "doctor", "receipts",
)  # fmt: skip


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / ".ripeday"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(commands, [command, "--help"])
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) > 4


def test_the_list_names_every_command(data_dir: Path) -> None:
    done = ripeday(data_dir, "--help")
    assert done.returncode == 0
    assert all(f"  {command} " in done.stdout for command in COMMANDS)
    assert not data_dir.exists()


@pytest.mark.parametrize("typed", [("nonsense",), ("up", "--port", "many"), ("cycle",)])
def test_what_is_typed_wrong_ends_with_2(data_dir: Path, typed: tuple[str, ...]) -> None:
    done = ripeday(data_dir, *typed)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_process_without_settings_says_which_one_is_missing(data_dir: Path) -> None:
    done = ripeday(data_dir, "web")
    assert done.returncode == 1
    assert "RIPEDAY_SECRET" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_server_that_does_not_answer_is_one_sentence(data_dir: Path) -> None:
    done = ripeday(data_dir, "migrate", RIPEDAY_DATABASE_URL="postgresql://a:b@127.0.0.1:9/x")
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_backup_brings_the_data_back(data_dir: Path) -> None:
    assert "applied" in ripeday(data_dir, "migrate").stderr
    assert ripeday(data_dir, "backup", "farm.dump").returncode == 0

    assert ripeday(data_dir, "reset", typed="reset\n").returncode == 0
    assert not (data_dir / "pg").exists()
    assert ripeday(data_dir, "restore", "farm.dump", "--yes").returncode == 0

    assert "up to date" in ripeday(data_dir, "migrate").stderr
    assert processes_of(data_dir) == []


async def test_a_restore_that_fails_changes_nothing(data_dir: Path, servers: ServersOfRun) -> None:
    url = await servers.clone()
    connection = await asyncpg.connect(url)
    await connection.execute("create table kept as select 7 as n")
    saved = ripeday(data_dir, "backup", "farm.dump", RIPEDAY_DATABASE_URL=url)
    assert saved.returncode == 0, saved.stderr
    whole = (data_dir.parent / "farm.dump").read_bytes()
    (data_dir.parent / "half.dump").write_bytes(whole[: len(whole) // 2])

    done = ripeday(data_dir, "restore", "half.dump", "--yes", RIPEDAY_DATABASE_URL=url)

    assert done.returncode == 1
    assert "pg_restore failed" in done.stderr
    assert await connection.fetchval("select n from kept") == 7
    await connection.close()
    await servers.drop(url)


def test_a_backup_never_overwrites(data_dir: Path) -> None:
    (data_dir.parent / "farm.dump").write_text("precious")
    done = ripeday(data_dir, "backup", "farm.dump")
    assert done.returncode == 1
    assert "exists already" in done.stderr
    assert (data_dir.parent / "farm.dump").read_text() == "precious"


@pytest.mark.parametrize("typed", ["", "yes\n", "y\n"])
def test_nothing_is_thrown_away_without_the_word(data_dir: Path, typed: str) -> None:
    (data_dir / "pg").mkdir(parents=True)
    done = ripeday(data_dir, "reset", typed=typed)
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert (data_dir / "pg").exists()


def test_a_fresh_start_does_not_touch_a_server_of_yours(data_dir: Path) -> None:
    done = ripeday(data_dir, "up", "--fresh", RIPEDAY_DATABASE_URL="postgresql://a:b@127.0.0.1:9/x")
    assert done.returncode == 1
    assert "reset" in done.stderr


def test_the_doctor_finds_pending_migrations_and_then_all_is_well(data_dir: Path) -> None:
    before = ripeday(data_dir, "doctor")
    assert before.returncode == 1
    assert "✗ Migrations" in before.stdout
    assert "→ script/ripeday migrate" in before.stdout

    ripeday(data_dir, "migrate")
    after = ripeday(data_dir, "doctor")

    assert [line for line in after.stdout.splitlines() if line.startswith("✗ ")] == []
    for subject in ("Python", "PostgreSQL", "Valkey", "Fonts", "Time zones", "Clock", "Disk"):
        assert f"✓ {subject}" in after.stdout
    assert after.returncode == 0


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(data_dir: Path) -> None:
    data_dir.mkdir()
    data_dir.chmod(0o755)
    done = ripeday(data_dir, "doctor", RIPEDAY_REDIS_URL="redis://127.0.0.1:9/0")
    assert done.returncode == 1
    assert f"chmod 700 '{data_dir}'" in done.stdout
    assert "✗ Valkey" in done.stdout
    assert "RIPEDAY_REDIS_URL" in done.stdout


async def test_a_newer_database_is_refused(data_dir: Path, servers: ServersOfRun) -> None:
    url = await servers.clone()
    connection = await asyncpg.connect(url)
    await connection.execute(
        "insert into migration (name, app_name, ran_on) values ('9999', 'kit', now())"
    )
    await connection.close()

    done = ripeday(data_dir, "migrate", RIPEDAY_DATABASE_URL=url)

    assert done.returncode == 1
    assert "newer than this version" in done.stderr
    await servers.drop(url)
