"""Named arrays in an uncompressed `.npz` file: read without trusting a byte of it, written whole or not at all.

numpy's own reader makes room for whatever a header claims before it looks how much there is, and a damaged file
fails in whichever of its parsers comes first. Here a header is held against the bytes that are there, and every
failure names the array.
"""

import math
import os
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid, Refused
from ripeday.kit.text import message

# What zip, header and number parsers raise on bytes that nobody wrote on purpose.
_DAMAGE: Final = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError, TypeError,
    ValueError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_BLOCK: Final = 1 << 20
_ENCRYPTED: Final = 1


def read_arrays(
    path: Path, names: Sequence[str], *, optional: Sequence[str] = ()
) -> dict[str, NDArray[Any]]:
    """Read the named arrays, C-ordered and writable, and the optional ones that are there; others are passed over.

    Raises
    ------
    Invalid
        The file is no such file, is damaged or compressed, lacks an array, or an array claims more than there is.
    """
    if not path.is_file():
        raise _unreadable(path)
    try:
        with zipfile.ZipFile(path) as stored:
            present = [name for name in optional if f"{name}.npy" in stored.NameToInfo]
            return {name: _read(stored, name, path) for name in (*names, *present)}
    except _DAMAGE as error:
        raise _unreadable(path) from error


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the arrays beside `path` first and move them there when they are whole.

    Raises
    ------
    Refused
        The place cannot be written to.
    """
    refuse_unwritable(path)
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".ripeday-", delete=False) as file:
            part = Path(file.name)
            try:
                np.savez(file, allow_pickle=False, **arrays)
                file.flush()
                os.fsync(file.fileno())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error


def refuse_unwritable(path: Path) -> None:
    """Say before long work that its result could not be written to `path`.

    Raises
    ------
    Refused
        Something that is no file is there, or its folder does not exist or may not be written to.
    """
    if path.exists() and not path.is_file():
        # A file that is moved there would take the place of a device or a folder.
        raise Refused(message("{file} is no file, so nothing is written there.", file=str(path)))
    if not path.parent.is_dir():
        raise Refused(message("There is no folder {folder}.", folder=str(path.parent)))
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise Refused(
            message("The folder {folder} may not be written to.", folder=str(path.parent))
        )


def _read(stored: zipfile.ZipFile, name: str, path: Path) -> NDArray[Any]:
    entry = stored.NameToInfo.get(f"{name}.npy")
    if entry is None:
        raise Invalid(
            name, message("The file {file} has no array {array}.", file=path.name, array=name)
        )
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & _ENCRYPTED:
        raise Invalid(
            name,
            message(
                "The array {array} in the file {file} is compressed or locked; it should be stored plainly.",
                array=name,
                file=path.name,
            ),
        )
    try:
        with stored.open(entry) as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about headers that are refused anyway
            return _array(stream, name, min(entry.file_size, path.stat().st_size))
    except _DAMAGE as error:
        raise _damaged(name, path) from error


def _array(stream: IO[bytes], name: str, n_bytes: int) -> NDArray[Any]:
    """Read one array of `n_bytes`, header included; its header may claim neither more nor less."""
    version = npy.read_magic(stream)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, is_fortran, dtype = read_header(stream)
    n_data = math.prod(shape) * dtype.itemsize
    if dtype.hasobject:
        raise _claiming(name, shape, dtype, 0)
    if n_data != n_bytes - stream.tell():
        raise _claiming(name, shape, dtype, n_bytes - stream.tell())
    data = np.empty(n_data, dtype=np.uint8)
    _fill(data.data, stream)
    array = data.view(dtype)
    return (
        np.ascontiguousarray(array.reshape(shape[::-1]).T) if is_fortran else array.reshape(shape)
    )


def _fill(room: memoryview, stream: IO[bytes]) -> None:
    """Copy the rest of a stream in blocks, so that a large array is in memory once."""
    done = 0
    while block := stream.read(_BLOCK):  # the last read, of nothing, compares the checksum
        room[done : done + len(block)] = block
        done += len(block)
    if done != len(room):
        raise EOFError


def _claiming(name: str, shape: tuple[int, ...], dtype: np.dtype[Any], n_bytes: int) -> Invalid:
    return Invalid(
        name,
        message(
            "The array {array} claims shape {shape} of type {dtype}; the file holds {n} bytes of it.",
            array=name,
            shape=str(shape),
            dtype=str(dtype),
            n=n_bytes,
        ),
    )


def _damaged(name: str, path: Path) -> Invalid:
    return Invalid(
        name,
        message("The array {array} in the file {file} is damaged.", array=name, file=path.name),
    )


def _unreadable(path: Path) -> Invalid:
    return Invalid(
        "file", message("The file {file} cannot be read as a plan file.", file=path.name)
    )


def _unwritable(path: Path, why: str) -> Refused:
    return Refused(message("The file {file} cannot be written: {why}.", file=str(path), why=why))
