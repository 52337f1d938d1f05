"""What a process has to be told before it starts: read once from the environment, never changed after.

`script/server` fills all of this in by itself. Whoever runs `ripeday web` and `ripeday worker` under a supervisor of
their own sets the variables named at each field.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from ripeday.kit.clock import ShiftedClock
from ripeday.kit.errors import Invalid
from ripeday.kit.text import message

PROJECT = Path(__file__).resolve().parents[1]
"""The folder that holds `script/`, the packages and the migrations."""

DEFAULT_PORT = 8000
DEFAULT_MAIL_FROM = "Ripeday <box@ripeday.example>"
SHORTEST_SECRET = 32
MOST_WORKERS = 64
_FEWEST_DIFFERENT = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the servers, the money and the mail are. Passwords and keys do not show in `repr`."""

    secret: str = field(repr=False)
    """RIPEDAY_SECRET: signs sessions and links; at least 32 random characters, the same in every process."""
    database_url: str = field(repr=False)
    """RIPEDAY_DATABASE_URL: postgresql://user:password@host:port/database"""
    redis_url: str = field(repr=False)
    """RIPEDAY_REDIS_URL: redis://:password@host:port/0, a Valkey or Redis that may be flushed at any time."""
    stripe_key: str = field(repr=False)
    """RIPEDAY_STRIPE_KEY: Stripe's secret key, sk_test_… or sk_live_…"""
    stripe_webhook_secret: str = field(repr=False)
    """RIPEDAY_STRIPE_WEBHOOK_SECRET: whsec_…, checks that a webhook really comes from the provider."""
    smtp_url: str = field(repr=False)
    """RIPEDAY_SMTP_URL: smtp://user:password@host:port (smtps:// for TLS from the first byte)."""
    stripe_api: str | None = None
    """RIPEDAY_STRIPE_API: address of the local payment sandbox; not set: Stripe itself."""
    base_url: str = f"http://127.0.0.1:{DEFAULT_PORT}"
    """RIPEDAY_BASE_URL: how people reach the pages; links in mails begin with it."""
    port: int = DEFAULT_PORT
    """RIPEDAY_PORT: the port that the web process listens on."""
    data_dir: Path = PROJECT / ".ripeday"
    """RIPEDAY_DATA_DIR: embedded servers, papers and logs live here."""
    mail_from: str = DEFAULT_MAIL_FROM
    """RIPEDAY_MAIL_FROM: sender of every mail."""
    workers: int = 1
    """RIPEDAY_WORKERS: worker processes to start; a plan keeps two processors busy by itself."""
    clock_shift_s: int = 0
    """RIPEDAY_CLOCK_SHIFT_S: seconds that this house lives ahead of the true time (0 outside samples)."""
    pg_bin: Path | None = None
    """RIPEDAY_PG_BIN: folder with postgres, initdb and pg_dump to use instead of the ones in the wheel."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; refuse what is missing or unsafe in a sentence that names the variable.

        Raises
        ------
        Invalid
            A variable is missing, empty, unsafe or not of the form it should have.
        """
        port = _whole_number(environment, "RIPEDAY_PORT", DEFAULT_PORT)
        return cls(
            secret=_secret(environment),
            database_url=_url(environment, "RIPEDAY_DATABASE_URL", ("postgresql", "postgres")),
            redis_url=_url(environment, "RIPEDAY_REDIS_URL", ("redis", "rediss", "unix")),
            stripe_key=_required(environment, "RIPEDAY_STRIPE_KEY"),
            stripe_webhook_secret=_required(environment, "RIPEDAY_STRIPE_WEBHOOK_SECRET"),
            smtp_url=_url(environment, "RIPEDAY_SMTP_URL", ("smtp", "smtps")),
            stripe_api=environment.get("RIPEDAY_STRIPE_API") or None,
            base_url=(environment.get("RIPEDAY_BASE_URL") or f"http://127.0.0.1:{port}").rstrip(
                "/"
            ),
            port=port,
            data_dir=data_dir(environment),
            mail_from=environment.get("RIPEDAY_MAIL_FROM") or DEFAULT_MAIL_FROM,
            workers=_workers(environment),
            clock_shift_s=_whole_number(environment, "RIPEDAY_CLOCK_SHIFT_S", 0),
            pg_bin=pg_bin(environment),
        )

    def to_environment(self) -> dict[str, str]:
        """Return the variables that `from_environment` reads back as these settings."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            f"RIPEDAY_{name.upper()}": str(value)
            for name, value in values.items()
            if value is not None
        }

    @property
    def clock(self) -> ShiftedClock:
        """Return the clock of this house."""
        return ShiftedClock(self.clock_shift_s)

    @property
    def is_sandbox(self) -> bool:
        """Return whether payments go to the local sandbox, so that no real money moves."""
        return self.stripe_api is not None


def data_dir(environment: Mapping[str, str]) -> Path:
    """Return the folder of the embedded servers, papers and logs, as an absolute path."""
    return Path(environment.get("RIPEDAY_DATA_DIR") or PROJECT / ".ripeday").absolute()


def pg_bin(environment: Mapping[str, str]) -> Path | None:
    """Return the folder with PostgreSQL's programs that the person chose, if any."""
    chosen = environment.get("RIPEDAY_PG_BIN")
    return Path(chosen).absolute() if chosen else None


def shift_to(as_of: dt.date, *, today: dt.date) -> int:
    """Return the clock shift in seconds with which `today` becomes the day `as_of`."""
    return (as_of - today).days * 86_400


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise Invalid(
            name,
            message("{name} is missing: set it, or let script/server fill it in.", name=name),
        )
    return value


def _secret(environment: Mapping[str, str]) -> str:
    value = environment.get("RIPEDAY_SECRET", "").strip()
    if not value:
        raise Invalid(
            "RIPEDAY_SECRET",
            message(
                "RIPEDAY_SECRET is missing: set it to at least {n} random characters, for example from"
                " `openssl rand -hex 32`.",
                n=SHORTEST_SECRET,
            ),
        )
    if len(value) < SHORTEST_SECRET:
        raise Invalid(
            "RIPEDAY_SECRET",
            message(
                "RIPEDAY_SECRET has {length} characters and needs at least {n}; `openssl rand -hex 32`"
                " makes a good one.",
                length=len(value),
                n=SHORTEST_SECRET,
            ),
        )
    if len(set(value)) < _FEWEST_DIFFERENT:
        raise Invalid(
            "RIPEDAY_SECRET",
            message(
                "RIPEDAY_SECRET can be guessed (too few different characters);"
                " `openssl rand -hex 32` makes a good one."
            ),
        )
    return value


def _url(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    value = _required(environment, name)
    if urlsplit(value).scheme not in schemes:
        raise Invalid(
            name, message("{name} must begin with {scheme}://.", name=name, scheme=schemes[0])
        )
    return value


def _workers(environment: Mapping[str, str]) -> int:
    workers = _whole_number(environment, "RIPEDAY_WORKERS", 1)
    if not 1 <= workers <= MOST_WORKERS:
        raise Invalid(
            "RIPEDAY_WORKERS",
            message(
                "RIPEDAY_WORKERS is {n}; it should be between 1 and {most}.",
                n=workers,
                most=MOST_WORKERS,
            ),
        )
    return workers


def _whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise Invalid(
            name,
            message("{name} must be a whole number, not {value}.", name=name, value=value),
        ) from None
