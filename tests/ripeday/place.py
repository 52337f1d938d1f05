"""What tests of real processes share: a clean environment, and a look at who is still running."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from ripeday.settings import PROJECT


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Return an environment that names no server and no secret but the data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RIPEDAY_")}
    return {**kept, "PYTHONPATH": str(PROJECT), "RIPEDAY_DATA_DIR": str(data_dir), **more}


def ripeday(
    data_dir: Path, *arguments: str, typed: str = "", **more: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command as a person would, away from the project's folder."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "ripeday", *arguments],
        env=environment(data_dir, **more),
        cwd=data_dir.parent,
        input=typed,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """Return the living processes that work in a data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            mentions = any(str(data_dir) in part for part in process.cmdline())
            serves = process.environ().get("RIPEDAY_DATA_DIR") == str(data_dir)
            works_there = process.cwd().startswith(str(data_dir))
        except psutil.Error:  # gone, or a zombie
            continue
        if (mentions or serves or works_there) and process.pid != os.getpid():
            found.append(process)
    return found


def eventually(claim: Callable[[], bool], *, within_s: float = 20.0) -> bool:
    """Return whether a claim about other processes comes true in time."""
    until = time.monotonic() + within_s
    while not claim():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def permissions_up_to_root(path: Path) -> Mapping[Path, tuple[int, int, int]]:
    """Return mode, owner and group of every folder above `path`."""
    return {
        each: (each.stat().st_mode, each.stat().st_uid, each.stat().st_gid) for each in path.parents
    }
