"""Passwords as argon2id hashes, computed beside the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from subscriptions.account import new_token
from subscriptions.password import LONGEST, normalized

_HASHER = PasswordHasher()

# Each hash takes 64 MiB: two at a time bound what a flood of sign-ins can ask of the machine.
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


def hash_password(password: str) -> str:
    """Return the hash to keep of a password (takes tens of milliseconds)."""
    return _HASHER.hash(normalized(password))


async def hashed(password: str) -> str:
    """Return the hash to keep of a password, without holding up other requests."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, hash_password, password)


async def matches(kept: str | None, password: str) -> bool:
    """Tell whether the password is the one kept; with nothing kept it takes the same time to say no."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _matches, kept, password)


def is_outdated(kept: str) -> bool:
    """Tell whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _matches(kept: str | None, password: str) -> bool:
    given = normalized(password[: 4 * LONGEST])
    try:
        found = _HASHER.verify(kept or _decoy(), given)
    except (VerificationError, InvalidHashError):
        return False
    return found and kept is not None


@cache
def _decoy() -> str:
    """Return the hash of a password that nobody knows."""
    return _HASHER.hash(new_token())
