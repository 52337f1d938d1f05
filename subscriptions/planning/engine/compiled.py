"""Compiles functions to machine code, kept on disk until any of them changes.

numba looks for changes in the file of a function only, not in those it calls. So the folder of kept code is named
after the text of the whole engine.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])

_OTHERS_WRITE: Final = 0o022


def _digest() -> str:
    """Name the text of the engine and the versions that compile it."""
    text = hashlib.sha256(f"{numba.__version__} {np.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text.update(path.read_bytes())
    return text.hexdigest()[:16]


def _places() -> Iterator[Path]:
    """Where code may be kept: as numba is told, in the user's cache, or else on the machine until it starts anew."""
    if told := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(told).absolute()
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if cache.is_absolute():
        yield cache
    with suppress(RuntimeError):  # a user without a home
        yield Path.home() / ".cache"
    yield Path(tempfile.gettempdir()) / f"ripeday-{os.getuid()}"


def _is_ours(folder: Path) -> bool:
    """Tell whether only this user can write there: who can write kept code can have it run."""
    state = folder.stat()
    mine = state.st_uid == os.getuid() and not state.st_mode & _OTHERS_WRITE
    return mine and os.access(folder, os.W_OK)


def _kept_in() -> Path:
    """Find a folder that this user alone can write to; the last resort is forgotten with the process."""
    for place in _places():
        with suppress(OSError):
            home = place / "ripeday"
            folder = home / "engine" / _digest()
            folder.mkdir(parents=True, exist_ok=True)
            if all(map(_is_ours, (home, home / "engine", folder))):
                return folder
    return Path(tempfile.mkdtemp(prefix="ripeday-"))


KEPT_IN: Final = _kept_in()


def compiled(function: Function) -> Function:
    """Compile on first use; calls run without holding Python's lock."""
    numba.config.CACHE_DIR = str(KEPT_IN)
    machine: Function = numba.njit(cache=True, nogil=True)(function)
    return machine
