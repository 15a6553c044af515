"""What the codes on a display mean: a general table, and one for each brand that gave us its own.

A brand's table is ``codes/<brand code>.toml``; it goes before ``codes/general.toml``, code by code.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

GENERAL = "general"
"""The name of the table that belongs to no brand."""


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One code of one kind of appliance. ``self_help``: the customer may do something about it."""

    table: str
    category: str
    code: str
    means: str
    self_help: bool
    article: str | None
    """The id of the article that helps, if there is one."""
    warning: str
    """What the customer must do or leave at once, or ""."""
    source: str
    checked: date

    @property
    def is_general(self) -> bool:
        """Only what the code usually means: brands differ."""
        return self.table == GENERAL

    @property
    def name(self) -> str:
        return f"{self.table}:{self.category}:{self.code}"

    @property
    def words(self) -> str:
        """The meaning as said in the chat, with the warning and whether an engineer is needed."""
        usually = "一般" if self.is_general else ""
        beware = "（不同品牌含义可能不同，以说明书为准）" if self.is_general else ""
        expert = "" if self.self_help else "这需要工程师处理，请不要自行拆修。"
        return f"{self.code} {usually}表示：{self.means}{beware}。{self.warning}{expert}"


def plain_code(code: str) -> str:
    """The code as it is compared: half width, upper case, letters and digits only."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code).upper())
