"""Photos are drawn anew: what the camera wrote into them goes, and what is no photo is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.Image import Exif

from ripeday.kit.errors import Invalid
from subscriptions.adapters.photo import EDGE_PX, MOST_BYTES, drawn_anew

SECRET = b"51.4545N somewhere at home"


def picture(form: str, size: tuple[int, int] = (400, 200), *, mode: str = "RGB") -> bytes:
    """Return a picture whose left half is red, that says where it was taken."""
    image = Image.new(mode, size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6  # the camera lay on its side
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


def huge_png() -> bytes:
    """Return a small file that claims to be 50,000 by 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_and_tells_nothing_of_where_it_was_taken(form: str) -> None:
    sent = picture(form)
    assert SECRET in sent

    photo = drawn_anew(sent)

    assert SECRET not in photo.content
    with Image.open(io.BytesIO(photo.content)) as kept:
        assert kept.format == "JPEG"
        assert not kept.getexif()
        assert kept.size == (photo.width_px, photo.height_px) == (200, 400)
        red, _, blue = kept.convert("RGB").getpixel((100, 10))  # type: ignore[misc]
        assert red > 200 > blue


def test_a_large_photo_is_made_small() -> None:
    photo = drawn_anew(picture("JPEG", (4000, 3000)))

    assert max(photo.width_px, photo.height_px) == EDGE_PX
    assert len(photo.content) < 1_500_000


def test_what_is_seen_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")

    with Image.open(io.BytesIO(drawn_anew(out.getvalue()).content)) as kept:
        assert min(kept.convert("RGB").getpixel((5, 5))) > 250  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sent",
    [
        b"x",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\x00" * 50,
        b"\xff\xd8\xff\xe0" + b"\x00" * 200,
        b"%PDF-1.7\n",
        b"PK\x03\x04" + b"\x00" * 100,
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100,
        picture("JPEG")[:300],
        picture("PNG")[:120],
        huge_png(),
    ],
    ids=["letter", "svg", "gif", "jpeg head", "pdf", "zip", "heic", "cut jpeg", "cut png", "bomb"],
)
def test_what_is_no_photo_is_refused_by_its_content(sent: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        drawn_anew(sent)

    assert refusal.value.field == "photo"


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(Invalid, match="12 MB"):
        drawn_anew(picture("JPEG") + b"\x00" * MOST_BYTES)
