"""Photos and signatures that the demo's engineers sent: drawn here, uploaded piece by piece, kept by the worker like any other.

A further kind of photo is a function in `DRAWN`.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from domain.catalog.model import Model
from domain.files import uploads
from domain.files.uploads import Announced, BadHash
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import Visit, WorkOrder

WIDE, HIGH = 640, 480
SHAPES: Mapping[str, tuple[int, int, int, int]] = {
    "air_conditioner": (80, 150, 560, 300), "refrigerator": (210, 30, 430, 450), "washing_machine": (180, 110, 460, 430),
    "range_hood": (120, 90, 520, 230), "television": (70, 90, 570, 370), "gas_stove": (110, 220, 530, 340),
}  # fmt: skip
"""Where the appliance stands in the picture; all others are boxes on a wall."""
BOX = (230, 90, 410, 400)
STROKES = ([[20, 60], [60, 20], [100, 70], [140, 30]], [[40, 90], [150, 85]])
"""How everybody in the demo signs."""


def send(uow: UnitOfWork, order: WorkOrder, visit: Visit, upload_id: str, purpose: str) -> None:
    """The whole picture in one piece. It is small; the worker draws it anew and keeps it."""
    data = DRAWN[purpose](uow, order)
    kind, engineer_id = "signature" if purpose == "signature" else "photo", visit.engineer_id or ""
    uploads.begin(uow, Announced(
        upload_id, engineer_id, visit.id, order.id, order.brand_id, kind, len(data), hashlib.sha256(data).hexdigest(),
    ))  # fmt: skip
    taken = uploads.take_piece(uow, upload_id, engineer_id, 0, data)
    if isinstance(taken, BadHash):
        raise taken


def nameplate(uow: UnitOfWork, order: WorkOrder) -> bytes:
    """The plate, as far as the order knows it."""
    model = uow.session.get(Model, order.model_id) if order.model_id else None
    picture = Image.new("RGB", (WIDE, HIGH), "#b9bec4")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((60, 70, 580, 410), 14, fill="#f3f4f1", outline="#6d7278", width=3)
    lines = (
        "YUNFENG",
        f"MODEL  {model.code if model else '-'}",
        f"S/N  {order.serial_key or '-'}",
        "220 V ~ 50 Hz",
        "MADE IN FOSHAN",
    )
    for place, line in enumerate(lines):
        pen.text((95, 95 + 60 * place), line, fill="#22272b", font=ImageFont.load_default(34 if place else 44))
    return written(picture)


@cache
def appliance(category: str, *, clean: bool) -> bytes:
    """It on a wall: dusty and dark before, clean and running after."""
    picture = Image.new("RGB", (WIDE, HIGH), "#dfe3dc" if clean else "#cfcdc4")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 440, WIDE, HIGH), fill="#a98e72")
    left, top, right, bottom = SHAPES.get(category, BOX)
    pen.rounded_rectangle(
        (left, top, right, bottom), 18, fill="#fbfbfa" if clean else "#e4e1d6", outline="#8b9197", width=3
    )
    for y in range(bottom - 60, bottom - 15, 14):
        pen.line((left + 30, y, right - 30, y), fill="#a6acb2", width=4)
    pen.rounded_rectangle((right - 110, top + 25, right - 30, top + 55), 6, fill="#0f7a4d" if clean else "#3a3a3a")
    for place in range(0 if clean else 14):
        x, y = left + 20 + place * 97 % (right - left - 40), top + 20 + place * 53 % (bottom - top - 40)
        pen.ellipse((x, y, x + 14, y + 9), fill="#b3a98f")
    return written(picture)


@cache
def signature() -> bytes:
    picture = Image.new("RGB", (320, 160), "white")
    pen = ImageDraw.Draw(picture)
    for stroke in STROKES:
        pen.line([(2 * x, y + 20) for x, y in stroke], fill="#111111", width=4)
    return written(picture)


def written(picture: Image.Image) -> bytes:
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=80)
    return jpeg.getvalue()


DRAWN: Mapping[str, Callable[[UnitOfWork, WorkOrder], bytes]] = {
    "before": lambda uow, order: appliance(order.category_code, clean=False),
    "after": lambda uow, order: appliance(order.category_code, clean=True),
    "nameplate": nameplate,
    "signature": lambda uow, order: signature(),
}
"""Purpose → the picture."""
