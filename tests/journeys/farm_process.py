"""The whole house, started as a stranger starts it, for journeys in a real browser."""

import asyncio
import datetime as dt
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ripeday.installation import reached_database
from ripeday.kit.adapters.engine import pool
from ripeday.migration import point_at

Answer = TypeVar("Answer")

PROJECT = Path(__file__).parents[2]
OPEN_WITHIN_S = 300
_OPEN = re.compile(r"Ripeday is open at (\S+)")
_SANDBOX = re.compile(r"payment sandbox and mails\s+(\S+)")
_LAST = "Ctrl-C stops everything"


@dataclass
class FarmProcess:
    """`ripeday up` with its sample farm, in a folder of its own."""

    data_dir: Path
    port: int
    as_of: dt.date
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start everything and wait until the house says that it is open."""
        hidden = ("RIPEDAY_DATABASE_URL", "RIPEDAY_REDIS_URL")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "ripeday", "up"),
                *("--port", str(self.port), "--data-dir", str(self.data_dir)),
                *("--as-of", self.as_of.isoformat()),
            ],
            cwd=PROJECT,
            env={**environment, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        is_open = threading.Event()
        threading.Thread(target=self._listen, args=(is_open,), daemon=True).start()
        if not is_open.wait(OPEN_WITHIN_S) or self.process.poll() is not None:
            raise AssertionError("the house did not open:\n" + "".join(self.lines[-30:]))

    def _listen(self, is_open: threading.Event) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if _LAST in line:
                is_open.set()
        is_open.set()

    def stop(self) -> int:
        """Press Ctrl-C; return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def ask(self, question: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """Ask the house's database; from a thread of its own, as the browser's loop runs in this one."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._asked(question)).result()

    async def _asked(self, question: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        environment = {"RIPEDAY_DATA_DIR": str(self.data_dir)}
        async with reached_database(environment, say=print) as address:
            point_at(address)
            async with pool():
                return await question()

    @property
    def url(self) -> str:
        """Return the address of the pages."""
        return self._found(_OPEN)

    @property
    def sandbox_url(self) -> str:
        """Return the address of the payment sandbox and of the mails."""
        return self._found(_SANDBOX)

    def _found(self, what: re.Pattern[str]) -> str:
        found = what.search("".join(self.lines))
        assert found is not None
        return found.group(1)
