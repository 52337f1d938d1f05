"""Processes that end with the one that started them, and a record of them for the case that they did not."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from ripeday.embedded.folder import write_private

_PR_SET_PDEATHSIG = 1
_SAME_START_S = 1.0
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a direct child in a session of its own, its output added to `log`.

    On Linux it gets `death_signal` when this thread ends, also by `kill -9`; so start children from
    the main thread only. It has no keyboard and does not see Ctrl-C: its parent stops it.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
            # Safe beside threads: two system calls, and no lock is taken.
            preexec_fn=bound_to_parent(death_signal),  # noqa: PLW1509
        )


def bound_to_parent(death_signal: signal.Signals) -> Any:
    """Return what a child runs before its program, so that it ends with its parent (Linux)."""
    if _LIBC is None:
        return None
    libc, parent, number = _LIBC, os.getpid(), int(death_signal)

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return bind


def stop(
    process: subprocess.Popen[bytes] | psutil.Process,
    steps: Sequence[tuple[signal.Signals, float]],
) -> None:
    """End a process: each signal in turn, with the seconds to wait for it, until it is gone."""
    for signal_, patience_s in steps:
        try:
            process.send_signal(signal_)
            process.wait(timeout=patience_s)
        except psutil.NoSuchProcess:
            return
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            continue
        return


def free_port(preferred: int | None = None) -> int:
    """Return a port of 127.0.0.1 that nobody listens on, `preferred` if it is one."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Return whether nobody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        # As servers do: a connection that lingers from a stopped server does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_gone(pid: int, patience_s: float) -> bool:
    """Wait until no process has this id; return whether that came true in time."""
    until = time.monotonic() + patience_s
    while psutil.pid_exists(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@dataclass(frozen=True, slots=True)
class PidFile:
    """Says which process serves a folder; process ids are reused, so it says when it started too."""

    path: Path

    def write(self, pid: int) -> None:
        """Record a running process."""
        record = {"pid": pid, "started": psutil.Process(pid).create_time()}
        write_private(self.path, json.dumps(record))

    def process(self) -> psutil.Process | None:
        """Return the recorded process if that very process still runs."""
        try:
            record = json.loads(self.path.read_text())
            process = psutil.Process(record["pid"])
            is_same = abs(process.create_time() - record["started"]) < _SAME_START_S
            is_alive = process.status() != psutil.STATUS_ZOMBIE
        except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
            return None
        return process if is_same and is_alive else None

    def forget(self) -> None:
        """Remove the record."""
        self.path.unlink(missing_ok=True)
