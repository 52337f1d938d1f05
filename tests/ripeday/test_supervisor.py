"""The supervisor leaves nothing behind, however it ends, and brings back what dies under it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ripeday.embedded.child import PidFile, free_port
from ripeday.embedded.folder import DataFolder
from ripeday.settings import PROJECT
from ripeday.supervisor import PARTS, command_of, parts_with
from tests.ripeday.place import environment, eventually, processes_of, ripeday

Supervised = "subprocess.Popen[str]"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "a farm" / ".ripeday"


@pytest.fixture
def supervised(data_dir: Path) -> Iterator[Supervised]:
    """A running supervisor with both servers and the sandbox."""
    data_dir.parent.mkdir()
    process = _start(data_dir, "sandbox")
    yield process
    process.kill()
    process.wait()
    assert eventually(lambda: not processes_of(data_dir))


def _start(data_dir: Path, *parts: str) -> Supervised:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ripeday.supervised", *parts],
        env=environment(data_dir, RIPEDAY_PORT=str(free_port())),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _server(data_dir: Path, name: str) -> int:
    process = PidFile(data_dir / "run" / f"{name}.pid").process()
    assert process is not None
    return process.pid


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_everything_when_asked(
    supervised: Supervised, data_dir: Path, asked: signal.Signals
) -> None:
    assert len(processes_of(data_dir)) >= 4

    supervised.send_signal(asked)

    assert supervised.wait(timeout=30) == 0
    assert processes_of(data_dir) == []
    assert list((data_dir / "run").glob("*.pid")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start stops what is left")
def test_nothing_outlives_it_when_it_is_killed(supervised: Supervised, data_dir: Path) -> None:
    supervised.kill()
    assert eventually(lambda: not processes_of(data_dir))


def test_after_a_kill_of_everything_it_starts_again(supervised: Supervised, data_dir: Path) -> None:
    for process in [*processes_of(data_dir)]:
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended with its parent
            process.kill()
    supervised.wait()
    assert eventually(lambda: not processes_of(data_dir))

    again = _start(data_dir, "sandbox")

    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=30) == 0


def test_it_brings_back_what_dies(supervised: Supervised, data_dir: Path) -> None:
    assert supervised.stdout is not None
    for name, said in (
        ("sandbox", "sandbox stopped unexpectedly (killed by SIGKILL)"),
        ("valkey", "Valkey had died"),
        ("postgres", "PostgreSQL had died"),
    ):
        old = _server(data_dir, name)
        os.kill(old, signal.SIGKILL)
        assert said in supervised.stdout.readline()
        record = PidFile(data_dir / "run" / f"{name}.pid")
        assert eventually(lambda: (now := record.process()) is not None and now.pid != old)  # noqa: B023


def test_so_many_workers_are_started_as_are_asked_for() -> None:
    assert parts_with(1) == PARTS
    assert parts_with(3) == (*PARTS, "worker-2", "worker-3")
    assert [command_of(part) for part in parts_with(3)[-3:]] == ["worker"] * 3
    assert command_of("a-part-that-there-is-not") == "a-part-that-there-is-not"


def test_a_second_one_in_the_same_folder_is_refused(supervised: Supervised, data_dir: Path) -> None:
    second = ripeday(data_dir, "up", "--port", str(free_port()))
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert supervised.poll() is None


def test_other_commands_use_the_running_servers(supervised: Supervised, data_dir: Path) -> None:
    postgres = _server(data_dir, "postgres")

    assert ripeday(data_dir, "migrate").returncode == 0
    saved = ripeday(data_dir, "backup", "farm.dump")

    assert saved.returncode == 0
    assert saved.stdout == "farm.dump\n"
    assert (data_dir.parent / "farm.dump").stat().st_size > 0
    assert _server(data_dir, "postgres") == postgres
    for destructive in (("reset", "--yes"), ("restore", "farm.dump", "--yes")):
        refused = ripeday(data_dir, *destructive)
        assert refused.returncode == 1
        assert "running" in refused.stderr


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = ripeday(tmp_path / ".ripeday", "up", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "--port" in done.stderr
    assert processes_of(tmp_path / ".ripeday") == []


def test_one_log_says_who_spoke_and_what(data_dir: Path) -> None:
    data_dir.parent.mkdir()
    process = _start(data_dir, "a-part-that-there-is-not")
    assert process.stdout is not None
    assert (
        "a-part-that-there-is-not stopped unexpectedly (exit code 2)" in process.stdout.readline()
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    log = DataFolder(data_dir).log.read_text()
    assert " postgres [" in log
    assert "Ready to accept connections" in log
    assert " UTC a-part-that-there-is-not Error: No such command" in log
