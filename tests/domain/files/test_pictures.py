"""What is kept of a picture, and what is turned away."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from domain.files.pictures import LONGEST_SIDE, SMALL_SIDE, NotUsable, checked_video, cleaned, small
from domain.files.store import new_key, seal, unseal
from domain.kit.personal import WrongKey
from tests.drawn import jpeg, photo


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png(width: int, height: int) -> bytes:
    """A PNG that says it has this size, and has no more than its head."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk


def test_position_and_camera_are_gone() -> None:
    sent = photo()
    assert b"SecretPhone" in sent
    kept = cleaned(sent)
    assert b"SecretPhone" not in kept
    assert not opened(kept).getexif()


def test_a_picture_taken_sideways_stands_upright() -> None:
    kept = opened(cleaned(photo(640, 480, orientation=6)))
    assert kept.size == (480, 640)
    assert kept.getpixel((240, 20)) == pytest.approx((255, 0, 0), abs=12)


def test_a_large_picture_is_made_smaller() -> None:
    assert max(opened(cleaned(photo(5000, 3000))).size) == LONGEST_SIDE


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "WEBP"])
def test_other_formats_become_jpeg(kind: str) -> None:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "blue").save(written, kind)
    kept = opened(cleaned(written.getvalue()))
    assert (kept.format, kept.size) == ("JPEG", (60, 40))


def test_what_is_seen_through_is_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(cleaned(written.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("nothing", b""),
        ("a page", b"<html><body>gateway error</body></html>"),
        ("a program", b"MZ\x90\x00" + bytes(200)),
        ("half a picture", photo()[:2000]),
        ("a bomb", png(60_000, 60_000)),
        ("a bomb that Pillow lets pass", png(8000, 8000)),
        ("a drawing with scripts", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
    ],
)
def test_what_is_no_picture_is_turned_away(what: str, data: bytes) -> None:
    with pytest.raises(NotUsable):
        cleaned(data)


def test_small_ones_are_small() -> None:
    assert max(opened(small(cleaned(photo(3000, 2000)))).size) == SMALL_SIDE


def test_a_video_is_an_mp4() -> None:
    video = b"\x00\x00\x00\x18ftypmp42" + bytes(100)
    assert checked_video(video) == video
    with pytest.raises(NotUsable):
        checked_video(jpeg(Image.new("RGB", (10, 10))))


def test_content_opens_with_its_own_key_in_its_own_place_only() -> None:
    key = new_key()
    sealed = seal(key, "fi_1", b"a photo")
    assert b"a photo" not in sealed
    assert unseal(key, "fi_1", sealed) == b"a photo"
    for other_key, other_id, content in (
        (new_key(), "fi_1", sealed), (key, "fi_2", sealed), (key, "fi_1", sealed[:-1]), (key, "fi_1", b""),
    ):  # fmt: skip
        with pytest.raises(WrongKey):
            unseal(other_key, other_id, content)
