"""A real worker process that a test can kill, and a way to wait for what it does."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pendulum
from pendulum import DateTime

from ripeday.settings import Settings
from tests.sandbox_fixture import Sandbox

PROJECT = Path(__file__).parents[2]
PATIENCE_S = 60.0
LOOK_AGAIN_S = 0.05


def settings_for(database: str, valkey: str, sandbox: Sandbox, data_dir: Path) -> Settings:
    """Return the settings of a house on the test's own servers."""
    return Settings(
        secret="a secret of the tests, long enough: 0123456789",
        database_url=database,
        redis_url=valkey,
        stripe_key=sandbox.api_key,
        stripe_webhook_secret=sandbox.webhook_secret,
        smtp_url=sandbox.smtp_url,
        stripe_api=sandbox.url,
        data_dir=data_dir,
    )


@dataclass
class WorkerProcess:
    """`ripeday worker`, living at a moment of the test's choice."""

    settings: Settings
    process: subprocess.Popen[bytes] | None = None

    def start(self, at: DateTime) -> None:
        """Start the process on a clock that now shows `at`."""
        shift_s = int((at - pendulum.now("UTC")).total_seconds())
        environment = {
            **os.environ,
            **self.settings.to_environment(),
            "RIPEDAY_CLOCK_SHIFT_S": str(shift_s),
            "PYTHONPATH": str(PROJECT),
            "PICCOLO_CONF": "ripeday.piccolo_conf",
        }
        log = (self.settings.data_dir / "worker.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ripeday", "worker"], env=environment, stdout=log, stderr=log
        )

    def kill(self) -> None:
        """Kill -9: no clean-up, no goodbye."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def log(self) -> str:
        """Return what the worker has said so far."""
        return (self.settings.data_dir / "worker.log").read_text()[-3000:]


async def until(holds: Callable[[], Awaitable[bool]], worker: WorkerProcess) -> None:
    """Wait until something holds; a real process works meanwhile, so there is nothing else to wait for."""
    end = time.monotonic() + PATIENCE_S
    while not await holds():
        if worker.process is not None and worker.process.poll() is not None:
            raise AssertionError(f"the worker ended by itself:\n{worker.log()}")
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain; the worker said:\n{worker.log()}")
        await asyncio.sleep(LOOK_AGAIN_S)
