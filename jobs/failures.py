"""Saying what went wrong without saying anything personal: an exception's type and place, never its words."""

from __future__ import annotations

import traceback
from pathlib import Path


def place_of(error: BaseException) -> str:
    """``KeyError at telling.py:41 tell``: the innermost line that is ours, and the cause's type when there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename and frame.filename[:1] != "<"] or frames
    where = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}" if ours else ""
    because = f" from {type(error.__cause__).__name__}" if error.__cause__ else ""
    return f"{type(error).__name__}{where}{because}"
