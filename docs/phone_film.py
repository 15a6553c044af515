"""Screens of the engineer's app kept by name and put side by side, and the touches every tour makes.

A new picture is a row of `SHEETS`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect
from screenshots import IMAGES, LARGEST

GAP = 16
SHEETS: Mapping[str, Sequence[str]] = {
    "lists": ("sign-in", "today", "coming", "me"),
    "job": ("offer", "about", "work", "others"),
    "arrive": ("way", "far", "safety", "checks"),
    "blocked": ("blocks", "blocked-job", "blocked-end", "change"),
    "diagnosis": ("step", "cause", "neighbours", "part"),
    "lines": ("materials", "photos", "serial"),
    "sign": ("sheet", "signing", "signed", "void"),
    "ends": ("waiting", "receipt", "absent", "finish"),
    "offline": ("offline", "unsent", "conflict", "gone"),
    "money": ("fees", "add", "quote", "agreed"),
    "till": ("owed", "till", "code", "cash"),
    "refused": ("unpriced", "refused", "shop", "dark-fees"),
    "dark": ("dark-today", "dark-work", "dark-checks", "dark-sheet"),
    "narrow": ("narrow-today", "narrow-about", "narrow-checks", "narrow-work"),
}
"""Picture → the screens side by side in it."""


class Film:
    """Keeps screens by name, until they are put side by side."""

    def __init__(self) -> None:
        self.kept: dict[str, Image.Image] = {}

    def shot(self, page: Page, name: str) -> None:
        page.wait_for_timeout(700)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide"
        self.kept[name] = Image.open(io.BytesIO(page.screenshot()))

    def write(self) -> None:
        for sheet, names in SHEETS.items():
            shown = [self.kept[name] for name in names]
            width = sum(one.width + GAP for one in shown) - GAP
            whole = Image.new("RGB", (width, max(one.height for one in shown)), "#8a8a8a")
            at = 0
            for one in shown:
                whole.paste(one, (at, 0))
                at += one.width + GAP
            write(whole, IMAGES / f"phone-app-{sheet}.jpg")


def write(picture: Image.Image, path: Path) -> None:
    for quality in (82, 72, 60, 48):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= LARGEST:
            break
    path.write_bytes(file.getvalue())
    print(f"{path.name} {file.tell() // 1024} KB")


def photo(colour: str) -> list[FilePayload]:
    """What a camera would give."""
    image = Image.new("RGB", (1600, 1200), colour)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((240, 360, 1360, 760), 40, fill="#f4f4f4")
    pen.line((280, 690, 1320, 690), fill="#b8b8b8", width=14)
    file = io.BytesIO()
    image.save(file, "JPEG")
    return [{"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}]


def go(page: Page, visit: str, screen: str = "") -> None:
    page.goto(f"/e/#/job/{visit}/{screen}")
    expect(page.locator("header.top")).to_be_visible()
    page.wait_for_timeout(250)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_timeout(350)
