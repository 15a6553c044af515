"""Photos of the demo's engineers: drawn here, of nobody. Everybody always gets the same one. A new look is a row of a table below."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import select

from domain.engineers.model import Engineer
from domain.engineers.photos import cut, put_photo
from domain.files.sent import Content
from domain.files.store import FileStore, new_key, seal
from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork

BY = system("demo")
SIDE, SHARP = 480, 2
"""Pixels a side, and how much larger it is drawn, so that edges are smooth."""
WALLS = ("#dbe7f3", "#e3efe6", "#efe8dc", "#e6e4f0", "#f1e4e1")
SKINS = ("#f3cda8", "#e9bd94", "#dcaa7c", "#cf9a6b")
HAIRS = ("#1d1a19", "#2b2522", "#3a302a", "#56504c")
JACKETS = ("#1f5f8b", "#2b6f5b", "#37474f", "#8a3b2e", "#44507a")
CAPS = 3
"""One of so many wears the cap of the jacket."""


def put_faces(uow: UnitOfWork, engineer_ids: Sequence[str], files: FileStore) -> None:
    """Everybody gets a photo, as staff would upload it."""
    for engineer in uow.session.scalars(select(Engineer).where(Engineer.id.in_(engineer_ids)).order_by(Engineer.code)):
        file_id, key = uow.new_id("fi"), new_key()
        content = Content(file_id, f"{uow.today:%Y/%m}/{file_id}", key, cut(face(engineer.code)))
        files.put(content.place, seal(key, file_id, content.jpeg))
        put_photo(uow, engineer.id, content, by=BY)


def face(code: str) -> bytes:
    """Head and shoulders in front of a wall, looks by the code."""
    chance = random.Random(code)
    wall, skin, hair, jacket = (chance.choice(table) for table in (WALLS, SKINS, HAIRS, JACKETS))
    picture = Image.new("RGB", (SIDE * SHARP, SIDE * SHARP), wall)
    pen = Drawn(picture)
    pen.ellipse(40, 330, 440, 760, jacket)
    pen.polygon([(205, 318), (275, 318), (262, 352), (240, 378), (218, 352)], shade(skin, 0.9))
    pen.polygon([(186, 340), (216, 326), (240, 384), (214, 402)], shade(jacket, 1.25))
    pen.polygon([(294, 340), (264, 326), (240, 384), (266, 402)], shade(jacket, 1.25))
    pen.rounded(208, 250, 272, 340, 26, shade(skin, 0.92))
    wide, long = chance.randint(76, 86), chance.randint(98, 108)
    pen.ellipse(240 - wide - 10, 190, 240 - wide + 14, 236, shade(skin, 0.95))
    pen.ellipse(240 + wide - 14, 190, 240 + wide + 10, 236, shade(skin, 0.95))
    hairdo(pen, chance, hair, wide, jacket, skin, long)
    looks(pen, chance, hair, skin)
    pen.rounded(286, 424, 344, 446, 5, "#f4f6f8")
    pen.rounded(292, 432, 330, 437, 2, "#8fa1b3")
    near = picture.crop((40 * SHARP, 52 * SHARP, 440 * SHARP, 452 * SHARP))
    small = near.resize((SIDE, SIDE), Image.Resampling.LANCZOS).filter(ImageFilter.SMOOTH)
    written = io.BytesIO()
    small.save(written, "JPEG", quality=90)
    return written.getvalue()


def hairdo(pen: Drawn, chance: random.Random, hair: str, wide: int, jacket: str, skin: str, long: int) -> None:
    """What is behind the head, the head, and what is above it."""
    pen.ellipse(240 - wide - 6, 92, 240 + wide + 6, 260, hair)
    pen.ellipse(240 - wide, 112, 240 + wide, 112 + 2 * long, skin)
    if chance.randrange(CAPS) == 0:
        pen.pie(240 - wide - 8, 78, 240 + wide + 8, 250, jacket)
        pen.rounded(240 - wide - 14, 156, 240 + wide + 14, 174, 9, shade(jacket, 0.8))
        return
    fringe = chance.randint(140, 156)
    pen.pie(240 - wide - 4, 86, 240 + wide + 4, 2 * fringe - 86, hair)
    if chance.random() < 0.5:
        side = chance.choice((-1, 1))
        pen.polygon([(240 - side * wide, fringe - 26), (240 + side * (wide - 8), fringe - 6), (240 + side * wide, fringe + 22),
                     (240 - side * 10, fringe + 6)], hair)  # fmt: skip


def looks(pen: Drawn, chance: random.Random, hair: str, skin: str) -> None:
    """Brows, eyes, nose, mouth, and glasses for some."""
    for x in (206, 274):
        pen.rounded(x - 20, 188, x + 20, 195, 3, hair)
        pen.ellipse(x - 9, 206, x + 9, 222, "#ffffff")
        pen.ellipse(x - 6, 207, x + 6, 221, "#2a211d")
    pen.rounded(234, 222, 246, 248, 6, shade(skin, 0.88))
    smile = chance.randint(16, 26)
    pen.arc(240 - 26, 250, 240 + 26, 262 + smile, "#a35b4a")
    if chance.random() < 0.3:
        for x in (206, 274):
            pen.ring(x - 25, 196, x + 25, 234, "#3b4652")
        pen.rounded(230, 210, 250, 214, 2, "#3b4652")


def shade(colour: str, by: float) -> str:
    return "#" + "".join(f"{min(255, round(int(colour[at : at + 2], 16) * by)):02x}" for at in (1, 3, 5))


class Drawn:
    """A pen that draws in pixels of the finished picture."""

    def __init__(self, picture: Image.Image) -> None:
        self.pen = ImageDraw.Draw(picture)

    def box(self, *corners: float) -> tuple[float, float, float, float]:
        left, top, right, bottom = (corner * SHARP for corner in corners)
        return left, top, right, bottom

    def ellipse(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self.pen.ellipse(self.box(left, top, right, bottom), fill=colour)

    def ring(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self.pen.ellipse(self.box(left, top, right, bottom), outline=colour, width=4 * SHARP)

    def pie(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """The upper half of an ellipse."""
        self.pen.pieslice(self.box(left, top, right, bottom), 180, 360, fill=colour)

    def arc(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self.pen.arc(self.box(left, top, right, bottom), 25, 155, fill=colour, width=5 * SHARP)

    def rounded(self, left: float, top: float, right: float, bottom: float, radius: float, colour: str) -> None:
        self.pen.rounded_rectangle(self.box(left, top, right, bottom), radius * SHARP, fill=colour)

    def polygon(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        self.pen.polygon([(x * SHARP, y * SHARP) for x, y in points], fill=colour)
