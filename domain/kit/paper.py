"""The pen for what is printed: A4 as PDF with an embedded Chinese font, text that can be selected, QR codes (decisions 0043, 0051).

What is on a sheet says whoever prints it; this only knows paper.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import zxingcpp
from fpdf import FPDF
from fpdf.enums import WrapMode
from PIL import Image

FONT = "NotoSansSC"
MARGIN, LABEL, LINE = 14.0, 24.0, 6.2
"""Millimetres."""
CODE = 26.0
RED, BLACK, GREY = (190, 30, 30), (0, 0, 0), (110, 110, 110)


@lru_cache(maxsize=1)
def font_file() -> str:
    """The font comes with the package pylopdf-fonts-zh-cn; nothing of the machine's is used."""
    return str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")


class Paper:
    """The pen on one document."""

    def __init__(self, title: str, made_at: datetime) -> None:
        self.pdf = FPDF(format="A4")
        self.pdf.set_margin(MARGIN)
        self.pdf.set_auto_page_break(True, MARGIN)
        self.pdf.add_font(FONT, "", font_file())
        self.pdf.set_title(title)
        self.pdf.set_lang("zh-CN")
        self.pdf.set_creation_date(made_at)
        self.pdf.add_page()

    def content(self) -> bytes:
        return bytes(self.pdf.output())

    def size(self, points: float) -> None:
        self.pdf.set_font(FONT, size=points)

    def room(self, height: float) -> None:
        """A new page, unless so much is left on this one."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()

    def write(self, width: float, height: float, words: str, **options: Any) -> None:
        """A paragraph that breaks between any two characters, as Chinese does."""
        self.pdf.multi_cell(width, height, words, align="L", wrapmode=WrapMode.CHAR, **options)

    def line(self, points: float, height: float, words: str) -> None:
        """One line from the margin, the pen below it."""
        self.size(points)
        self.pdf.cell(0, height, words, new_x="LMARGIN", new_y="NEXT")

    def paragraph(self, points: float, height: float, words: str) -> None:
        """Across the page, the pen below it."""
        self.size(points)
        self.write(0, height, words, new_x="LMARGIN", new_y="NEXT")

    def lines(self, words: str, width: float) -> int:
        """How many lines the words take."""
        told = self.pdf.multi_cell(width, LINE, words, dry_run=True, output="LINES", wrapmode=WrapMode.CHAR)
        return len(cast("list[str]", told))

    def head(self, title: str, number: str, below: str, code: str) -> None:
        """The name of the sheet, the number, a line below, and the code in the corner."""
        self.line(20, 10, title)
        self.line(14, 8, number)
        self.line(9, 6, below)
        self.pdf.image(qr_code(code), x=self.pdf.w - MARGIN - CODE, y=MARGIN - 2, w=CODE, h=CODE)
        self.pdf.set_y(MARGIN + CODE + 1)

    def title(self, words: str) -> None:
        self.room(16)
        self.pdf.ln(2)
        self.line(11, 7, words)

    def rows(self, rows: Sequence[tuple[str, str]], *, tall: bool = False) -> None:
        """Two columns with lines around them."""
        self.size(10)
        for label, words in rows:
            lines = self.lines(words or " ", self.pdf.epw - LABEL - 4)
            height = max(LINE * lines + 1.6, 8.0 if tall else 0)
            self.room(height)
            top = self.pdf.get_y()
            self.pdf.rect(MARGIN, top, LABEL, height)
            self.pdf.rect(MARGIN + LABEL, top, self.pdf.epw - LABEL, height)
            self.pdf.set_xy(MARGIN + 1, top + 0.8)
            self.pdf.cell(LABEL - 2, LINE, label)
            self.pdf.set_xy(MARGIN + LABEL + 1, top + 0.8)
            if words:
                self.write(self.pdf.epw - LABEL - 2, LINE, words)
            self.pdf.set_xy(MARGIN, top + height)

    def table(self, widths: Sequence[float], head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns with lines around them; ``widths`` are parts of the page's width. The head is said once."""
        self.size(9)
        whole = [width * self.pdf.epw / sum(widths) for width in widths]
        for row in (head, *rows):
            height = (
                LINE * max(self.lines(words or " ", width - 3) for words, width in zip(row, whole, strict=True)) + 1
            )
            self.room(height)
            top, left = self.pdf.get_y(), MARGIN
            for words, width in zip(row, whole, strict=True):
                self.pdf.rect(left, top, width, height)
                self.pdf.set_xy(left + 0.5, top + 0.5)
                self.write(width - 1, LINE, words)
                left += width
            self.pdf.set_xy(MARGIN, top + height)

    def box(self, words: str) -> None:
        """A line to be ticked."""
        self.size(9)
        self.room(LINE * 2)
        self.pdf.rect(MARGIN + 0.8, self.pdf.get_y() + 1.3, 3, 3)
        self.pdf.set_x(MARGIN + 5.5)
        self.write(self.pdf.epw - 5.5, 5.4, words, new_x="LMARGIN", new_y="NEXT")

    def pictures(self, shown: Sequence[tuple[str, bytes]], *, across: int = 4) -> None:
        """Small pictures beside each other, each with a word below it."""
        width = self.pdf.epw / across
        for start in range(0, len(shown), across):
            self.room(width + 6)
            top = self.pdf.get_y()
            for place, (words, content) in enumerate(shown[start : start + across]):
                left = MARGIN + place * width
                self.pdf.image(io.BytesIO(content), x=left, y=top, w=width - 2, h=width - 2, keep_aspect_ratio=True)
                self.pdf.set_xy(left, top + width - 2)
                self.size(8)
                self.pdf.cell(width - 2, 5, words, align="C")
            self.pdf.set_xy(MARGIN, top + width + 5)

    def drawn(
        self, strokes: Sequence[Sequence[Sequence[int]]], left: float, top: float, width: float, height: float
    ) -> None:
        """Lines drawn by hand, as large as the room allows and no longer than they were wide."""
        points = [point for stroke in strokes for point in stroke]
        if not points:
            return
        least = [min(point[axis] for point in points) for axis in (0, 1)]
        most = [max(point[axis] for point in points) for axis in (0, 1)]
        scale = min(width / max(1, most[0] - least[0]), height / max(1, most[1] - least[1]))
        self.pdf.set_line_width(0.5)
        for stroke in strokes:
            path = [(left + (x - least[0]) * scale, top + (y - least[1]) * scale) for x, y in stroke]
            self.pdf.polyline(path if len(path) > 1 else path * 2)
        self.pdf.set_line_width(0.2)

    def colour(self, colour: tuple[int, int, int]) -> None:
        self.pdf.set_text_color(*colour)
        self.pdf.set_draw_color(*colour)


def qr_code(words: str) -> Image.Image:
    code = zxingcpp.create_barcode(words, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(code.to_image(scale=8))
