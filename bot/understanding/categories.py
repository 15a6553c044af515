"""Which product is meant: by its name, by the model's code, by a part that only one product has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from bot.understanding.found import Found
from bot.understanding.lexicon import Undecided, lexicon
from bot.understanding.normalise import Normalised
from bot.understanding.standard import read_standard
from domain.catalog.codes import code_key

_NOT_A_PRODUCT = re.compile(
    r"厂|城|塔|台(?!一|两|式|坏|不|又|没)|路|街|柜机?门口|师傅|工程师|维修点|专卖|专柜|广告|节目|剧|信号|费|号店|行业"
)
"""What follows when 电视塔, 冰箱厂宿舍, 空调城 are places and 空调师傅 a person."""


@dataclass(frozen=True, slots=True)
class Named:
    """One product named in the text. `options` has several labels when the word leaves them open (热水器)."""

    options: tuple[str, ...]

    @property
    def label(self) -> str | None:
        return self.options[0] if len(self.options) == 1 else None

    @property
    def kind(self) -> str:
        """The label, or what the options have in common (water_heater): what can be said of it in either case."""
        shared = takewhile(lambda letters: len(set(letters)) == 1, zip(*self.options, strict=False))
        return "".join(letters[0] for letters in shared).rstrip("_")


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {name: category.label for category in lexicon().categories.values() for name in category.names}
    table |= {name: open_.label for open_ in lexicon().undecided for name in open_.names}
    return re.compile("|".join(re.escape(name) for name in sorted(table, key=len, reverse=True))), table


def product_names() -> re.Pattern[str]:
    """Every name of a product, longest first."""
    return _names()[0]


@lru_cache(maxsize=1)
def _hints() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {hint: category.label for category in lexicon().categories.values() for hint in category.hints}
    return re.compile("|".join(re.escape(hint) for hint in sorted(table, key=len, reverse=True))), table


@lru_cache(maxsize=1)
def _prefixes() -> list[tuple[str, str]]:
    rows = [(code_key(code), c.label) for c in lexicon().categories.values() for code in c.codes]
    return sorted(rows, key=lambda row: len(row[0]), reverse=True)


def category_of_code(code: str) -> str | None:
    """The category by how the code begins (KFR, BCD, JSQ …); None for beginnings that say nothing."""
    key = code_key(code)
    for prefix, label in _prefixes():
        if key.startswith(prefix) and (len(prefix) > 2 or len(key) == len(prefix) or key[len(prefix)].isdigit()):
            return label
    return None


def categories_in(text: str | Normalised) -> list[Found[Named]]:
    """Every product named or given away, names first, in the order written; without those that are part of a place."""
    said = read_standard(text)
    pattern, table = _names()
    undecided = {open_.label: open_ for open_ in lexicon().undecided}
    found: list[Found[Named]] = []
    for match in pattern.finditer(said.text):
        if _NOT_A_PRODUCT.match(said.text, match.end()) and len(match.group()) > 1:
            continue
        label = table[match.group()]
        options = _decide(undecided[label], said) if label in undecided else (label,)
        found.append(Found(Named(options), said.span(*match.span()), 1.0 if len(options) == 1 else 0.5))
    if found:
        return found
    pattern, table = _hints()
    return [Found(Named((table[m.group()],)), said.span(*m.span()), 0.7) for m in pattern.finditer(said.text)]


def find_category(text: str | Normalised, codes: tuple[str, ...] = ()) -> Found[Named] | None:
    """The product meant, the first when there are several; `codes` are model codes found in the text."""
    said = read_standard(text)
    found = categories_in(said)
    by_code = next((label for label in map(category_of_code, codes) if label), None)
    named = next((f for f in found if f.score == 1.0), None)
    if named:
        return named
    if by_code:
        return Found(Named((by_code,)), said.span(0, 0), 0.8)
    return found[0] if found else None


def _decide(open_: Undecided, said: Normalised) -> tuple[str, ...]:
    speaks = [option for option, words in open_.deciding.items() if any(word in said.text for word in words)]
    return tuple(speaks) if len(speaks) == 1 else open_.options
