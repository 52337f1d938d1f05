"""The data folder (`.ripeday/`): what is in it, who may read it, and who works in it now.

Layout: pg/ valkey/ sandbox/ papers/ logs/ run/*.pid secrets.json state.json, all for the owner only (mode 700).
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ripeday.kit.errors import Refused
from ripeday.kit.text import message

_LAYOUT = 1
_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords and keys of one installation, made at its first start."""

    secret: str
    postgres_password: str
    valkey_password: str
    stripe_key: str
    stripe_webhook_secret: str

    def __repr__(self) -> str:
        return "Secrets(hidden)"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One installation's folder."""

    path: Path

    @property
    def postgres(self) -> Path:
        """Return the folder of PostgreSQL's cluster."""
        return self.path / "pg"

    @property
    def valkey(self) -> Path:
        """Return the folder of Valkey's append-only file."""
        return self.path / "valkey"

    @property
    def sandbox(self) -> Path:
        """Return the folder of the payment sandbox's books and the caught mails."""
        return self.path / "sandbox"

    @property
    def papers(self) -> Path:
        """Return the folder of printed PDFs."""
        return self.path / "papers"

    @property
    def logs(self) -> Path:
        """Return the folder of logs."""
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """Return the folder of pid files."""
        return self.path / "run"

    @property
    def log(self) -> Path:
        """Return the log that every process of the house writes to."""
        return self.logs / "ripeday.log"

    def prepare(self) -> None:
        """Make what is missing; touch no permission outside.

        Raises
        ------
        Refused
            The folder cannot be written, is somebody else's, or was made by a newer version.
        """
        try:
            self.path.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            if self.path.stat().st_uid != os.geteuid():
                raise Refused(
                    message(
                        "{path} belongs to another user; choose another --data-dir.", path=self.path
                    )
                )
            self.path.chmod(_OWNER_ONLY)
            for each in (self.valkey, self.sandbox, self.papers, self.logs, self.run):
                each.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        except OSError as error:
            raise Refused(
                message(
                    "{path} cannot be used as data folder ({reason}); choose another with --data-dir.",
                    path=self.path,
                    reason=error.strerror,
                )
            ) from error
        self._check_layout()

    def _check_layout(self) -> None:
        made_with = self.state().get("layout")
        if made_with is None:
            self.remember(layout=_LAYOUT)
        elif made_with != _LAYOUT:
            raise Refused(
                message(
                    "{path} was made by another version of Ripeday (layout {made}, this one has {ours});"
                    " with that version run `script/ripeday backup farm.dump`, then with this one"
                    " `script/ripeday restore farm.dump` into a new --data-dir.",
                    path=self.path,
                    made=made_with,
                    ours=_LAYOUT,
                )
            )

    def secrets(self) -> Secrets:
        """Return the passwords and keys, made now if this is the first start."""
        path = self.path / "secrets.json"
        known: dict[str, str] = _read(path)
        made = {
            "secret": secrets.token_hex(32),
            "postgres_password": secrets.token_urlsafe(24),
            "valkey_password": secrets.token_urlsafe(24),
            "stripe_key": f"sk_test_{secrets.token_hex(24)}",
            "stripe_webhook_secret": f"whsec_{secrets.token_hex(24)}",
        }
        if missing := {name: value for name, value in made.items() if name not in known}:
            known |= missing
            write_private(path, json.dumps(known, indent=2) + "\n")
        return Secrets(**{name: known[name] for name in made})

    def state(self) -> dict[str, Any]:
        """Return what the installation remembers between starts (ports, clock shift, layout)."""
        return _read(self.path / "state.json")

    def remember(self, **values: object) -> None:
        """Add to, or with None remove from, what the installation remembers."""
        state = self.state() | values
        kept = {name: value for name, value in state.items() if value is not None}
        write_private(self.path / "state.json", json.dumps(kept, indent=2, sort_keys=True) + "\n")

    def publish(self, environment: Mapping[str, str] | None) -> None:
        """Tell (or with None no longer tell) other commands how to reach the running house."""
        path = self.run / "environment.json"
        if environment is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, json.dumps(environment, indent=2) + "\n")

    def published(self) -> dict[str, str]:
        """Return how to reach the running house; empty while it starts."""
        return _read(self.run / "environment.json")

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Work in the folder alone; the lock goes with the process, however it ends.

        Raises
        ------
        Refused
            Another process works in it.
        """
        self.run.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        with (self.run / "supervisor.lock").open("a") as lock:
            if not _locked_soon(lock):
                raise Refused(
                    message("Ripeday is already running in {path}; stop it first.", path=self.path)
                )
            yield

    def is_claimed(self) -> bool:
        """Return whether a process works in the folder now."""
        path = self.run / "supervisor.lock"
        if not path.exists():
            return False
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def _locked_soon(lock: IO[str]) -> bool:
    """Take the lock; wait a moment, as `is_claimed` of another process holds it for an instant."""
    for attempt in range(5):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05 * attempt)
        else:
            return True
    return False


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Refused(
            message("{path} is damaged; put back a copy or choose another --data-dir.", path=path)
        ) from error
    return content
