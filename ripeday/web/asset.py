"""Static files under names that carry their content's checksum, so that a browser may keep them for a year."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

FOLDER = Path(__file__).parent / "static"
STYLESHEET = (
    "tokens.css",
    "ripeday.css",
    "shop.css",
    "customer.css",
    "box.css",
    "household.css",
    "order.css",
    "notice.css",
    "edit.css",
)
"""The one stylesheet is these files, in this order: colours first, the only place for them."""

PICTURE = re.compile(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL)
_TEXT = frozenset({".css", ".js", ".svg", ".txt", ".webmanifest"})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    path: str
    media_type: str
    content: bytes = field(repr=False)
    compressed: bytes | None = field(repr=False)


class Assets:
    """Every static file, read once; asked for by its plain name, served under its full one."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._by_name = {name: _asset(name, content) for name, content in files.items()}
        self._by_path = {asset.path: asset for asset in self._by_name.values()}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Self:
        """Read a folder."""
        return cls(dict(_files(folder)))

    def url(self, name: str) -> str:
        """Return the address of a file, like `/static/ripeday.3f9a1c02be.css`.

        Raises
        ------
        KeyError
            When there is no such file.
        """
        return f"/static/{self._by_name[name].path}"

    def find(self, path: str) -> Asset | None:
        """Return the file behind an address, if it is one of the present version."""
        return self._by_path.get(path)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "ripeday.css", b"\n".join((folder / name).read_bytes() for name in STYLESHEET)
    yield "produce-sheet.svg", _sheet(folder / "produce")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md" and path.name not in STYLESHEET:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _sheet(folder: Path) -> bytes:
    """Return the pictures of a folder as symbols of one file, for pages that show nearly all of them."""
    drawn = []
    for path in sorted(folder.glob("*.svg")):
        found = PICTURE.search(path.read_text(encoding="utf-8"))
        if found is None:
            raise ValueError(f"{path.name} is not a picture with a viewBox")
        box, shapes = found[1], found[2].strip()
        drawn.append(f'<symbol id="p-{path.stem}" viewBox="{box}">{shapes}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(drawn)}</svg>'.encode()


def _asset(name: str, content: bytes) -> Asset:
    stem, dot, suffix = name.rpartition(".")
    checksum = hashlib.sha256(content).hexdigest()[:10]
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_text = dot + suffix in _TEXT
    return Asset(
        f"{stem}.{checksum}.{suffix}",
        f"{media_type}; charset=utf-8" if is_text else media_type,
        content,
        gzip.compress(content, 9, mtime=0) if is_text and len(content) > 500 else None,
    )
