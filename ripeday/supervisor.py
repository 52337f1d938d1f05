"""Starts the house on one machine, keeps it running, and leaves nothing behind.

Children, in order of start: PostgreSQL, Valkey, payment sandbox, web, worker. They end in the opposite
order. All of them are direct children in sessions of their own, so that Ctrl-C reaches only this process,
and bound to it, so that they end with it even when it is killed.
"""

import asyncio
import contextlib
import datetime as dt
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx
import psutil

from ripeday.embedded.child import PidFile, bound_to_parent, free_port, is_free, stop
from ripeday.embedded.folder import DataFolder
from ripeday.embedded.servers import Servers
from ripeday.embedded.watchdog import SUPERVISOR
from ripeday.kit.errors import Refused, RipedayError, Unavailable
from ripeday.kit.text import message
from ripeday.settings import DEFAULT_PORT, Settings

PARTS = ("sandbox", "web", "worker")
"""The processes of the product itself, in order of start; each is a command of the same name.

Further workers are called worker-2, worker-3 and so on.
"""

_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0
_STOP_S = 15.0
_READY_S = 300.0
_FULL_LOG = 20_000_000


@dataclass(slots=True)
class _Part:
    """One running process and the task that keeps it so."""

    name: str
    keeper: "asyncio.Task[None] | None" = None
    process: asyncio.subprocess.Process | None = None
    is_stopping: bool = False


@dataclass(slots=True)
class Supervisor:
    """Holds the servers and the product's processes of one data folder."""

    folder: DataFolder
    servers: Servers
    settings: Settings
    say: Callable[[str], None]
    needs_sandbox: bool
    """Whether payments or mails of this house go to the sandbox."""
    _parts: dict[str, _Part] = field(default_factory=dict)
    _log: IO[bytes] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        environment: Mapping[str, str],
        folder: DataFolder,
        *,
        say: Callable[[str], None],
        serves_web: bool = True,
    ) -> "AsyncIterator[Supervisor]":
        """Run the servers for as long as the context lasts, and each part that is started in it.

        Raises
        ------
        Refused
            Another supervisor works here, the web port is taken, or a server cannot be had.
        """
        servers = Servers.of(folder, environment)
        with folder.claim():
            _stop_leftover_parts(folder)
            _rotate(folder.log)
            if serves_web:
                _refuse_taken_port(environment)
            with servers.running():
                settings = complete(environment, folder, servers)
                if serves_web:  # a command's own servers are gone when it is done
                    folder.publish(settings.to_environment())
                supervisor = cls(folder, servers, settings, say, _needs_sandbox(environment))
                reviver = asyncio.create_task(supervisor._revive())
                try:
                    with folder.log.open("ab", buffering=0) as log:
                        supervisor._log = log
                        yield supervisor
                        await supervisor.stop_parts()
                finally:
                    reviver.cancel()
                    await supervisor.stop_parts()
                    folder.publish(None)

    def start_parts(self, names: Iterable[str] | None = None) -> None:
        """Start processes of the product, all by default, and keep them running; a sandbox only if it is needed."""
        for name in parts_with(self.settings.workers) if names is None else names:
            if name not in self._parts and (name != "sandbox" or self.needs_sandbox):
                part = self._parts[name] = _Part(name)
                part.keeper = asyncio.create_task(self._keep(part))

    async def until_ready(self) -> None:
        """Wait until the web process says that everything it needs is there.

        Raises
        ------
        Unavailable
            It did not happen in time; names what is missing.
        """
        url = f"http://127.0.0.1:{self.settings.port}/ready"
        answer = "it does not answer"
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            try:
                async with asyncio.timeout(_READY_S):
                    while True:
                        with contextlib.suppress(httpx.TransportError):
                            response = await client.get(url)
                            if response.is_success:
                                return
                            answer = response.text
                        await asyncio.sleep(0.2)
            except TimeoutError:
                raise Unavailable(
                    message(
                        "The house did not become ready ({answer}); {log} says why.",
                        answer=answer,
                        log=self.folder.log,
                    )
                ) from None

    async def until_sandbox_listens(self) -> None:
        """Wait until the sandbox, if there is one, takes connections.

        Raises
        ------
        Unavailable
            It did not happen in time.
        """
        if not self.needs_sandbox:
            return
        api = urlsplit(self.settings.stripe_api or self.settings.smtp_url)
        try:
            async with asyncio.timeout(_READY_S):
                while True:
                    with contextlib.suppress(OSError):
                        _, writer = await asyncio.open_connection(api.hostname, api.port)
                        writer.close()
                        return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise Unavailable(
                message("The sandbox did not start; {log} says why.", log=self.folder.log)
            ) from None

    async def stop_parts(self) -> None:
        """Stop the product's processes, last started first."""
        for part in reversed(list(self._parts.values())):
            part.is_stopping = True
            await _stop(part.process)
            if part.keeper is not None:
                await asyncio.wait({part.keeper}, timeout=1.0)  # its last words
                part.keeper.cancel()
            PidFile(self.folder.run / f"{part.name}.pid").forget()
        self._parts.clear()

    async def _keep(self, part: _Part) -> None:
        loop, pause_s = asyncio.get_running_loop(), 0.5
        while True:
            started = loop.time()
            code = await self._run(part)
            if part.is_stopping:
                return
            pause_s = (
                0.5 if loop.time() - started > _STEADY_S else min(pause_s * 2, _LONGEST_PAUSE_S)
            )
            self.say(
                f"{part.name} stopped unexpectedly ({_reason(code)}) and starts again in"
                f" {pause_s:g} s; {self.folder.log} says why"
            )
            await asyncio.sleep(pause_s)

    async def _run(self, part: _Part) -> int:
        """Run one process to its end, copying what it says into the log."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "ripeday", command_of(part.name),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=child_environment(self.settings),
            start_new_session=True,
            preexec_fn=bound_to_parent(signal.SIGTERM),
        )  # fmt: skip
        part.process = process
        with contextlib.suppress(psutil.NoSuchProcess):
            PidFile(self.folder.run / f"{part.name}.pid").write(process.pid)
        await self._copy(part.name, process.stdout)
        return await process.wait()

    async def _copy(self, name: str, output: asyncio.StreamReader | None) -> None:
        rest = b""
        while output is not None and (chunk := await output.read(65_536)):
            *lines, rest = (rest + chunk).split(b"\n")
            self._write(name, lines)
        if rest:
            self._write(name, [rest])

    def _write(self, name: str, lines: list[bytes]) -> None:
        stamp = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        start = f"{stamp} UTC {name:<8} ".encode()
        if self._log is not None and not self._log.closed:
            self._log.write(b"".join(start + line + b"\n" for line in lines))

    async def _revive(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            try:
                revived = self.servers.revive()
            except RipedayError as error:
                self.say(f"{error}; trying again")
                await asyncio.sleep(_LONGEST_PAUSE_S / 3)
                continue
            for name in revived:
                self.say(f"{name} had died and runs again")


def parts_with(workers: int) -> tuple[str, ...]:
    """Return the processes of the product where so many of them are workers."""
    return (*PARTS, *(f"worker-{n}" for n in range(2, workers + 1)))


def command_of(part: str) -> str:
    """Return the command that a process runs."""
    return "worker" if re.fullmatch(r"worker-\d+", part) else part


def complete(environment: Mapping[str, str], folder: DataFolder, servers: Servers) -> Settings:
    """Fill in what the person did not say from the data folder.

    Raises
    ------
    Invalid
        What the person did say is wrong.
    """
    secrets, state = folder.secrets(), folder.state()
    api_port = free_port(state.get("sandbox_port"))
    smtp_port = free_port(state.get("smtp_port"))
    folder.remember(sandbox_port=api_port, smtp_port=smtp_port)
    ours = {
        "RIPEDAY_SECRET": secrets.secret,
        "RIPEDAY_DATA_DIR": str(folder.path),
        "RIPEDAY_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "RIPEDAY_CLOCK_SHIFT_S": str(state.get("clock_shift_s", 0)),
    }
    if not environment.get("RIPEDAY_STRIPE_KEY"):
        ours |= {
            "RIPEDAY_STRIPE_KEY": secrets.stripe_key,
            "RIPEDAY_STRIPE_API": f"http://127.0.0.1:{api_port}",
            "RIPEDAY_STRIPE_WEBHOOK_SECRET": secrets.stripe_webhook_secret,
        }
    theirs = {name: value for name, value in environment.items() if value}
    running = {
        "RIPEDAY_DATABASE_URL": servers.database_url,
        "RIPEDAY_REDIS_URL": servers.redis_url,
    }
    return Settings.from_environment(ours | theirs | running)


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a process that this one supervises."""
    return {
        **os.environ,
        **settings.to_environment(),
        "PICCOLO_CONF": "ripeday.piccolo_conf",
        "PYTHONUNBUFFERED": "1",
        SUPERVISOR: str(os.getpid()),
    }


def stop_on_signals() -> None:
    """Let Ctrl-C, SIGTERM and a closed terminal cancel the running task, once, so that it cleans up."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    is_asked = False

    def ask() -> None:
        nonlocal is_asked
        if task is not None and not is_asked:
            is_asked = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            loop.add_signal_handler(number, ask)


def _needs_sandbox(environment: Mapping[str, str]) -> bool:
    return not (environment.get("RIPEDAY_STRIPE_KEY") and environment.get("RIPEDAY_SMTP_URL"))


def _reason(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


async def _stop(process: asyncio.subprocess.Process | None) -> None:
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _stop_leftover_parts(folder: DataFolder) -> None:
    for path in sorted(folder.run.glob("worker-*.pid")) + [
        folder.run / f"{name}.pid" for name in PARTS
    ]:
        record = PidFile(path)
        process = record.process()
        if process is not None and {"ripeday", command_of(path.stem)} <= set(process.cmdline()):
            stop(process, ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)))
        record.forget()


def _refuse_taken_port(environment: Mapping[str, str]) -> None:
    port = int(environment.get("RIPEDAY_PORT") or DEFAULT_PORT)
    if not is_free(port):
        raise Refused(
            message(
                "Port {port} is in use by another program; choose another, for example"
                " `script/server --port {other}`.",
                port=port,
                other=free_port(port + 1),
            )
        )


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _FULL_LOG:
        log.replace(log.with_name(f"{log.name}.1"))
