"""Model codes: how they are shown, how they are compared, when two look alike; one rule for import, look-up and chat.

A new way people write a dash is a character in `DASHES`; a new pair of letters that is mixed up is one in `ALIKE`.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40
"""Characters of a code at most; nothing of the trade comes near."""
PLAIN_DASHES = re.compile(r"[‐‑‒–—―−﹣－⁃˗➖]")
DASHES = re.compile(r"[‐‑‒–—―−﹣－⁃˗➖ー一_]")
"""The Chinese 一 is among them: a phone's keyboard gives it for a dash, and no code has it as a number."""
NOT_KEY = re.compile(r"[^0-9A-Z+\u4e00-\u9fff]")
ALIKE = str.maketrans("OQDILSZBG", "000115286")
"""O, Q and D for 0; I and L for 1; S for 5; Z for 2; B for 8; G for 6: what is mixed up on a nameplate."""


def written_code(text: str) -> str:
    """The code as it is kept: as on the nameplate (KFRd keeps its small d), but half width, with plain dashes."""
    return " ".join(PLAIN_DASHES.sub("-", unicodedata.normalize("NFKC", text)).split())


def normalise_code(text: str) -> str:
    """The code as it is said back: half width, upper case, plain dashes, no spaces around. O stays O, 0 stays 0."""
    return re.sub(r"\s+", " ", DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper()).strip()


def code_key(text: str) -> str:
    """The code as it is compared: letters, digits, + and Chinese words only, so KFR-35GW/N1 and kfr35gw n1 are one.

    The + stays because makers put it at the end of the better twin's code.
    """
    return NOT_KEY.sub("", normalise_code(text[: LONGEST * 4]))


def look_alike(text: str) -> str:
    """Equal for codes an eye can take for each other; only ever a reason to ask, never to take one for the other."""
    return code_key(text).translate(ALIKE)
