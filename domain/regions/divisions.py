"""The divisions in memory, by code and by any name people use; load them with `divisions()`, once a process."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from domain.regions import source
from domain.regions.short_names import short_names, short_street_names

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
NAMES = Path(__file__).with_name("names.toml")


class Level(StrEnum):
    """From large to small; a municipality is a PROVINCE, a county-level city a DISTRICT."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Division:
    """Code: six digits down to the district, nine for a street (GB/T 2260 and GB/T 10114)."""

    code: str
    name: str
    level: Level
    parent: str | None


class Divisions:
    """Look-ups return nothing rather than guess: an unknown code is None, a name shared by four places four rows."""

    def __init__(self) -> None:
        self._by_code: dict[str, Division] = {}
        self._children: dict[str | None, list[str]] = defaultdict(list)
        self._named: dict[str, list[str]] = defaultdict(list)
        self._successor: dict[str, str] = {}
        self._streets: dict[str, dict[str, str]] = {}
        self._street_named: dict[str, list[str]] = {}
        self._street_by_code: dict[str, Division] = {}
        for row in source.districts():
            self._add(row)
        self._streets = source.streets()
        self._add_renames()
        self._add_own_names()
        self.longest_name = max(map(len, self._named))

    # -- building --------------------------------------------------------------------------------------------------

    def _add(self, row: source.Row) -> None:
        level = Level.PROVINCE if row.parent is None else Level.CITY if row.code.endswith("00") else Level.DISTRICT
        self._by_code[row.code] = Division(row.code, row.name, level, row.parent)
        self._children[row.parent].append(row.code)
        for name in (row.name, *short_names(row.name)):
            self._name(name, row.code)

    def _name(self, name: str, code: str) -> None:
        if code not in self._named[name]:
            self._named[name].append(code)

    def _add_renames(self) -> None:
        rows = list(source.renames())
        for row in rows:
            if row.old_code and row.old_code != row.new_code and row.old_code not in self._by_code:
                self._successor[row.old_code] = row.new_code
        for row in rows:
            today = self.today(row.new_code)
            if today and not self._is_taken(row.old_name, today):
                for name in (row.old_name, *short_names(row.old_name)):
                    self._name(name, today.code)

    def _is_taken(self, name: str, today: Division) -> bool:
        """Whether a place of today in the same city has that very name, so that it is no old name any more."""
        return any(code[:4] == today.code[:4] or self._by_code[code].name == name for code in self._named.get(name, ()))

    def _add_own_names(self) -> None:
        own = tomllib.loads(NAMES.read_text(encoding="utf-8"))
        for table in (own["old"], own["nicknames"]):
            for name, codes in table.items():
                for code in codes:
                    self._name(name, code)
        for parent, rows in own["streets"].items():
            self._streets.setdefault(parent, {row[3:]: parent + row[:3] for row in rows})

    # -- looking up ------------------------------------------------------------------------------------------------

    def get(self, code: str) -> Division | None:
        """The division of today with that code; six digits, nine for a street."""
        if len(code) != 9:
            return self._by_code.get(code)
        self._know_streets()
        return self._street_by_code.get(code)

    def today(self, code: str) -> Division | None:
        """As `get`, but a code that was abolished leads to what it became."""
        seen = set()
        while code not in self._by_code and code in self._successor and code not in seen:
            seen.add(code)
            code = self._successor[code]
        return self.get(code)

    def line(self, code: str) -> tuple[Division, ...]:
        """From the province down to the division itself; empty for an unknown code."""
        found: list[Division] = []
        division = self.get(code)
        while division:
            found.append(division)
            division = self.get(division.parent) if division.parent else None
        return tuple(reversed(found))

    def path(self, code: str) -> tuple[str, ...]:
        """The names from the province down, ("广东省", "佛山市", "顺德区"); empty for an unknown code."""
        return tuple(division.name for division in self.line(code))

    def children(self, code: str | None = None) -> tuple[Division, ...]:
        """What lies directly below; provinces without a code. Cities without districts have streets as children."""
        below = [self._by_code[child] for child in self._children.get(code, ())]
        streets = self._streets.get(code, {}) if code else {}
        return (*below, *(Division(c, name, Level.STREET, code) for name, c in streets.items()))

    def contains(self, outer: str, inner: str) -> bool:
        """Whether the first code is the second or lies above it."""
        if len(outer) == 9:
            return outer == inner
        return inner.startswith(outer[:2] if outer.endswith("0000") else outer[:4] if outer.endswith("00") else outer)

    def is_name(self, name: str) -> bool:
        """Whether any province, city or district is called so."""
        return name in self._named

    def find(self, name: str, within: str | None = None) -> tuple[Division, ...]:
        """Provinces, cities and districts of that official, short, old or popular name; the largest first."""
        found = [self._by_code[code] for code in self._named.get(name, ()) if code in self._by_code]
        if within:
            found = [division for division in found if self.contains(within, division.code)]
        return tuple(sorted(found, key=lambda division: (division.name != name, division.level.rank)))

    def find_streets(self, name: str, within: str | None = None) -> tuple[Division, ...]:
        """Streets, towns and townships called so; `within` may be a district, a city or a province."""
        self._know_streets()
        codes = self._street_named.get(name, ())
        return tuple(self._street_by_code[code] for code in codes if within is None or self.contains(within, code))

    def _know_streets(self) -> None:
        """Streets are indexed when first asked for: most processes never do."""
        if self._street_named:
            return
        named: dict[str, list[str]] = defaultdict(list)
        for parent, streets in self._streets.items():
            for name, code in streets.items():
                self._street_by_code[code] = Division(code, name, Level.STREET, parent)
                for called in (name, *short_street_names(name)):
                    named[called].append(code)
        self._street_named = dict(named)


@lru_cache(maxsize=1)
def divisions() -> Divisions:
    """The one copy of this process, read on first use."""
    return Divisions()
