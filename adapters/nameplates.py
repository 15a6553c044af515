"""Reading bar codes (zxing-cpp) and print (RapidOCR, whose models come in its package) on pictures.

The recogniser takes about half a second to load and 460 MB to work: only the slow worker reads, and loads it with the
first picture that has something to read.
"""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from bot.understanding.nameplates import Print

SURE = 0.6
"""Below this score a line of print is more likely a pattern."""
ENOUGH = 80
"""Lines that are taken from one picture, and codes from one."""
THREADS = 1
"""The recogniser would take all cores of the machine; webhooks need one."""


class Nameplates:
    """A `jobs.pictures.PlateReader`."""

    def read(self, picture: bytes) -> Print:
        import numpy
        import zxingcpp
        from PIL import Image

        with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:
            seen = numpy.asarray(opened.convert("RGB"))
        codes = [code.text.strip() for code in zxingcpp.read_barcodes(seen) if code.text.strip()]
        return Print(tuple(self.lines(seen)), tuple(codes[:ENOUGH]))

    def lines(self, seen: Any) -> list[str]:
        """The lines of print, top to bottom."""
        found = self.recogniser(seen[:, :, ::-1])  # it wants blue before red
        if found.txts is None:
            return []
        return [text for text, score in zip(found.txts, found.scores, strict=True) if score >= SURE][:ENOUGH]

    @cached_property
    def recogniser(self) -> Any:
        from rapidocr import RapidOCR

        return RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": THREADS,
            }
        )
