"""Photos that people send, drawn anew: small, upright, and without anything that the camera wrote into them."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message

MOST_BYTES: Final = 12_000_000
"""Of a file as it is sent; phones stay below."""

MOST_PIXELS: Final = 60_000_000
EDGE_PX: Final = 1600
_QUALITIES: Final = (82, 70, 55, 40)
_KEPT_BYTES: Final = 1_500_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG of our own making."""

    content: bytes
    width_px: int
    height_px: int


def drawn_anew(sent: bytes) -> Photo:
    """Return a photo as we keep it; what a file is, its content says, not its name.

    Raises
    ------
    Invalid
        It is no JPEG, PNG or WebP, is broken, or is too large; `field` is `photo`.
    """
    if len(sent) > MOST_BYTES:
        raise Invalid("photo", message("This photo is too large; 12 MB fit."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(sent)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Warning):
        # Pillow tells broken files in as many ways; none of them is ours.
        raise Invalid(
            "photo", message("We cannot read this as a photo. Send a JPEG, PNG or WebP.")
        ) from None


def _drawn(sent: bytes) -> Photo:
    with Image.open(io.BytesIO(sent), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        opened.draft("RGB", (2 * EDGE_PX, 2 * EDGE_PX))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((EDGE_PX, EDGE_PX))
        plain = Image.new("RGB", upright.size, "white")
        with_alpha = upright.convert("RGBA")
        plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
    for quality in _QUALITIES:
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= _KEPT_BYTES:
            break
    return Photo(out.getvalue(), plain.width, plain.height)
