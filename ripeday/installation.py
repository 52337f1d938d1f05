"""How a command reaches the house: the servers a person named, the running house, or own servers for the moment."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from ripeday.embedded.folder import DataFolder
from ripeday.kit.errors import Unavailable
from ripeday.kit.text import message
from ripeday.settings import Settings, data_dir
from ripeday.supervisor import Supervisor

_PATIENCE_S = 60.0
_LOOK_S = 0.2
_ENOUGH = (
    "RIPEDAY_SECRET",
    "RIPEDAY_DATABASE_URL",
    "RIPEDAY_REDIS_URL",
    "RIPEDAY_STRIPE_KEY",
    "RIPEDAY_STRIPE_WEBHOOK_SECRET",
    "RIPEDAY_SMTP_URL",
)


@asynccontextmanager
async def reached(
    environment: Mapping[str, str],
    *,
    say: Callable[[str], None],
    parts: Iterable[str] = (),
) -> AsyncIterator[Settings]:
    """Yield the settings of the house; what had to be started for it is stopped at the end.

    Parameters
    ----------
    parts
        Processes the command needs if the house is not running: `("sandbox",)` when it may take money
        or send mail.

    Raises
    ------
    RipedayError
        The house cannot be reached; says why and what to do.
    """
    if all(environment.get(name) for name in _ENOUGH):
        yield Settings.from_environment(environment)
        return
    folder = DataFolder(data_dir(environment))
    folder.prepare()
    if running := await _running_house(folder, environment):
        yield running
        return
    async with Supervisor.open(environment, folder, say=say, serves_web=False) as supervisor:
        if parts := tuple(parts):
            supervisor.start_parts(parts)
            await supervisor.until_sandbox_listens()
        yield supervisor.settings


@asynccontextmanager
async def reached_database(
    environment: Mapping[str, str], *, say: Callable[[str], None]
) -> AsyncIterator[str]:
    """Yield the address of the house's database, like `reached`; a named server is all it needs.

    Raises
    ------
    RipedayError
        The database cannot be reached; says why and what to do.
    """
    if url := environment.get("RIPEDAY_DATABASE_URL"):
        yield url
        return
    async with reached(environment, say=say) as settings:
        yield settings.database_url


async def _running_house(folder: DataFolder, environment: Mapping[str, str]) -> Settings | None:
    """Return the settings of the house that runs in a folder, or None once the folder is free.

    Another command may have it for a moment, and a house needs a moment to start: wait for either.
    """
    for _ in range(int(_PATIENCE_S / _LOOK_S)):
        if not folder.is_claimed():
            return None
        if published := folder.published():
            theirs = {name: value for name, value in environment.items() if value}
            return Settings.from_environment(published | theirs)
        await asyncio.sleep(_LOOK_S)
    raise Unavailable(
        message(
            "Another command has been busy in {path} for {n} s; try again when it is done.",
            path=folder.path,
            n=int(_PATIENCE_S),
        )
    )
