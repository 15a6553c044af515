"""Divisions as the grid writes them: without the zeros that mean "all of it", so that a longer code lies in a shorter one."""

from __future__ import annotations

from domain.regions import divisions

LENGTHS = (2, 4, 6, 9, 12)
"""Digits of a province, city, district, street and community."""


def cell_code(code: str) -> str:
    """440600 → 4406, 440000 → 44; districts and streets as they are."""
    if len(code) == 6 and code.endswith("0000"):
        return code[:2]
    return code[:4] if len(code) == 6 and code.endswith("00") else code


def whole_code(cell: str) -> str:
    """The code as the table of divisions has it: 4406 → 440600."""
    return cell.ljust(6, "0") if len(cell) < 6 else cell


def is_known(cell: str) -> bool:
    """Whether there is such a division today."""
    return cell == cell_code(cell) and divisions().get(whole_code(cell)) is not None


def prefixes(code: str) -> list[str]:
    """The cells a division lies in, from the province down to itself."""
    return [code[:digits] for digits in LENGTHS if digits <= len(code)]


def place_words(cell: str) -> str:
    """广东省佛山市顺德区; the code itself when there is no such division any more."""
    return "".join(divisions().path(whole_code(cell))) or cell
