"""Pictures as they are kept: checked, drawn anew without what the camera wrote into them, and small ones to look at.

Nothing that was sent is kept or shown as it came: decoders of few formats read it, and what they saw is written anew.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageOps

Image.init()  # else the decoders of some formats are not known yet
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
MOST_BYTES = 10 << 20
MOST_PIXELS = 50_000_000
"""A phone's largest is about 200 million, but the platform sends at most some ten; more is meant to fill memory."""
LONGEST_SIDE = 2000
"""Pixels: enough to read a nameplate that fills a quarter of it."""
SMALL_SIDE = 320
FACE_SIDE, LEAST_FACE = 480, 160
"""Pixels a side of a person's photo as it is kept, and the least it may come with."""
FACE_AT = (0.5, 0.35)
"""Where a face is in a photo of somebody: what a square of it is cut around."""
QUALITY = 85
MIME = "image/jpeg"
VIDEO_MIME = "video/mp4"


class NotUsable(Exception):
    """What was sent is no picture, or none we take. The words are for staff."""


class TooManyPixels(NotUsable):
    """It may be a picture, but is larger than any phone's."""


class TooSmall(NotUsable):
    """A picture of too few pixels for what it is wanted for."""


def cleaned(data: bytes) -> bytes:
    """A JPEG of at most `LONGEST_SIDE`, upright, without position, camera and time.

    :raises NotUsable: no picture of a known format, broken, or with more pixels than any camera's
    """
    return read(data, lambda picture: drawn(picture, LONGEST_SIDE))


def face(data: bytes) -> bytes:
    """A person's photo as a square JPEG of `FACE_SIDE`, cut around where a face is.

    :raises NotUsable: as `cleaned`; :raises TooSmall: nobody would be recognized on it
    """

    def cut(picture: Image.Image) -> bytes:
        if min(picture.size) < LEAST_FACE:
            raise TooSmall(f"{picture.width} × {picture.height} pixels are too few")
        return drawn(ImageOps.fit(picture.convert("RGBA"), (FACE_SIDE, FACE_SIDE), centering=FACE_AT), FACE_SIDE)

    return read(data, cut)


def read(data: bytes, draw: Callable[[Image.Image], bytes]) -> bytes:
    """What ``draw`` makes of the picture, upright.

    :raises NotUsable: see there
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            check_pixels(picture)
            picture.verify()
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG is read at half size where that is enough
            return draw(ImageOps.exif_transpose(picture))
    except NotUsable:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels(str(error)) from error
    except Exception as error:  # decoders raise a dozen kinds at what is not theirs
        raise NotUsable(f"not a picture: {type(error).__name__}") from error


def check_pixels(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise TooManyPixels(f"{width} × {height} pixels are too many")


def drawn(picture: Image.Image, longest: int) -> bytes:
    picture.thumbnail((longest, longest))
    plain = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA")
    plain.paste(seen, mask=seen.getchannel("A"))
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def small(jpeg: bytes) -> bytes:
    """A picture we keep, to look at in a list."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        picture.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        return drawn(picture, SMALL_SIDE)


def checked_video(data: bytes) -> bytes:
    """An MP4 as it came: it is only handed out as a file, never played in a page.

    :raises NotUsable: it is none
    """
    if data[4:8] != b"ftyp":
        raise NotUsable("not a video")
    return data
