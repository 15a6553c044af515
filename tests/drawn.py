"""Pictures drawn for tests: a nameplate with its bar code, a photo with what a camera writes into it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""Installed with the browser of the browser tests (`make chromium`)."""


def jpeg(picture: Image.Image, **how: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85, **how)
    return written.getvalue()


def photo(width: int = 640, height: int = 480, *, orientation: int = 1) -> bytes:
    """A photo with position, camera and orientation in it; its left half is red."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "SecretPhone 12", orientation
    exif.get_ifd(0x8825)[2] = (22.0, 45.0, 12.0)
    return jpeg(picture, exif=exif)


def nameplate(*lines: str, bar_code: str = "", tilt: float = 0.0) -> bytes:
    """A nameplate as somebody photographs it."""
    if not FONT.exists():
        pytest.skip("no Chinese font here: apt-get install fonts-noto-cjk")
    plate = Image.new("RGB", (1200, 120 + 90 * len(lines) + (240 if bar_code else 0)), "#e4e4e0")
    pen, font = ImageDraw.Draw(plate), ImageFont.truetype(str(FONT), 44)
    for row, line in enumerate(lines):
        pen.text((60, 50 + 90 * row), line, font=font, fill="#202020")
    if bar_code:
        plate.paste(bars(bar_code), (60, plate.height - 230))
    return jpeg(plate.rotate(tilt, expand=True, fillcolor="#808080"))


def bars(text: str, kind: str = "Code128") -> Image.Image:
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    drawn = Image.fromarray(numpy.array(zxingcpp.write_barcode_to_image(code, scale=4)))
    return drawn.convert("RGB").resize((drawn.width, 170))
