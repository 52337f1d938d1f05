"""Compiles functions to machine code, kept on disk until any of them changes.

numba looks for changes in the file of a function only, not in those it calls. So the folder of kept code is named
after the text of the whole engine.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])


def _digest() -> str:
    """Name the text of the engine and the versions that compile it."""
    text = hashlib.sha256(f"{numba.__version__} {np.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text.update(path.read_bytes())
    return text.hexdigest()[:16]


def _kept_in() -> Path:
    """Find a folder that can be written to: the user's cache, or else the machine's."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    for base in (home / "ripeday", Path(tempfile.gettempdir()) / f"ripeday-{os.getuid()}"):
        try:
            folder = base / "engine" / _digest()
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="ripeday-"))


KEPT_IN: Final = _kept_in()


def compiled(function: Function) -> Function:
    """Compile on first use; calls run without holding Python's lock."""
    numba.config.CACHE_DIR = str(KEPT_IN)
    machine: Function = numba.njit(cache=True, nogil=True)(function)
    return machine
