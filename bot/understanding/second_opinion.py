"""Another opinion on what a message means, from a language model, when the rules are unsure. Off unless one is handed in.

The model sees the message with phones, names, addresses and codes masked. Its answer is checked against the same labels
the rules use, and fills only what the rules left open, with scores below `MOST_SURE`: everything it says is confirmed
by the customer before anything is done. Dangers are the rules' business alone. A new field is a row in `_FIELDS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.understanding.categories import Named
from bot.understanding.days import Day
from bot.understanding.faults import Said
from bot.understanding.found import Found
from bot.understanding.intents import OTHER, Intent
from bot.understanding.lexicon import lexicon
from bot.understanding.message import Understood
from bot.understanding.moments import HalfDay, Moment, half_of
from bot.understanding.normalise import Span
from bot.understanding.products import Id
from bot.understanding.visits import When

UNSURE = 0.6
"""Below this score of the intent the rules are unsure."""
MOST_SURE = 0.7
"""What the model says is never surer than this; from 0.8 on nothing would be asked again."""
LONGEST_WAIT = 1.0
"""Seconds; a turn has 1.8 for everything."""
SHORTEST_WAIT = 0.15
MOST_SYMPTOMS = 4
_LONG_NUMBER = re.compile(r"[0-9０-９][0-9０-９\- ]{3,}[0-9０-９]")
_LONG_CODE = re.compile(r"(?=[A-Za-z\-_.@]*\d)[A-Za-z0-9][A-Za-z0-9\-_.@/]{5,}|[\w.+-]+@[\w-]+\.[\w.]+")


class SecondOpinion(Protocol):
    """Whoever can be asked."""

    def ask(self, masked: str, wait: float) -> Mapping[str, Any] | None:
        """What the masked message means, as labels (see `labels`), within `wait` seconds; None for no answer.

        Never raises. The answer is not to be trusted.
        """
        ...


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data; `table` holds what each placeholder stands for."""

    text: str
    table: dict[str, str]

    def restored(self, words: str) -> str:
        for placeholder, original in self.table.items():
            words = words.replace(placeholder, original)
        return words


def is_unsure(understood: Understood[Id]) -> bool:
    """Whether a second opinion is worth its time. Dangers never wait for one."""
    return understood.intent.score < UNSURE and not understood.is_dangerous and len(understood.text.strip()) > 3


def mask(understood: Understood[Id]) -> Masked:
    """The message with placeholders for whatever tells who or where somebody is, or which machine it is."""
    spans = [
        (found.span, name)
        for name, found in (
            ("电话", understood.phone),
            ("号码", understood.phone_like),
            ("姓名", understood.name),
            ("地址", understood.address),
        )
        if found and found.span.words
    ]
    spans += [(code.span, "型号") for code in understood.codes if code.span.words]
    text = understood.said.original
    table: dict[str, str] = {}
    taken: list[Span] = []
    for span, name in sorted(spans, key=lambda row: -row[0].start):
        if any(span.overlaps(other) for other in taken):
            continue
        taken.append(span)
        placeholder = f"[{name}{len(table) + 1}]"
        table[placeholder] = text[span.start : span.end]
        text = text[: span.start] + placeholder + text[span.end :]
    for pattern in (_LONG_CODE, _LONG_NUMBER):
        text = pattern.sub(lambda match: _noted(match.group(), table), text)
    return Masked(text, table)


def _noted(words: str, table: dict[str, str]) -> str:
    placeholder = f"[编号{len(table) + 1}]"
    table[placeholder] = words
    return placeholder


def with_second_opinion(understood: Understood[Id], model: SecondOpinion | None, seconds_left: float) -> Understood[Id]:
    """The same, with what the model adds where the rules are unsure; asks nobody when there is no time or no need."""
    wait = min(seconds_left, LONGEST_WAIT)
    if model is None or wait < SHORTEST_WAIT or not is_unsure(understood):
        return understood
    masked = mask(understood)
    answer = model.ask(masked.text, wait)
    return merged(understood, answer, masked) if isinstance(answer, Mapping) else understood


def merged(understood: Understood[Id], answer: Mapping[str, Any], masked: Masked) -> Understood[Id]:
    """What the rules found, and beside it what of the answer is a known label and was still open."""
    whole = understood.said.span(0, len(understood.said.text))
    filled = understood
    for field, read in _FIELDS.items():
        value = answer.get(field)
        if isinstance(value, str):
            value = masked.restored(value)
        filled = read(filled, value, whole)
    return filled


def _intent(understood: Understood[Id], value: Any, whole: Span) -> Understood[Id]:
    wish = lexicon().wishes.get(value) if isinstance(value, str) else None
    if wish is None or wish.label == OTHER or understood.intent.score >= UNSURE:
        return understood
    rivals = ((understood.intent.value.label, understood.intent.score), *understood.intent.value.rivals)
    return replace(understood, intent=Found(Intent(wish.label, wish.title, rivals[:3]), whole, MOST_SURE))


def _category(understood: Understood[Id], value: Any, whole: Span) -> Understood[Id]:
    known = isinstance(value, str) and value in lexicon().categories
    if not known or (understood.category and understood.category.value.label):
        return understood
    if understood.category and value not in understood.category.value.options:
        return understood
    return replace(understood, category=Found(Named((value,)), whole, MOST_SURE))


def _symptoms(understood: Understood[Id], value: Any, whole: Span) -> Understood[Id]:
    if not isinstance(value, list) or understood.symptoms:
        return understood
    denied = {found.value.label for found in understood.denied}
    known = lexicon().symptoms
    labels = [label for label in dict.fromkeys(v for v in value if isinstance(v, str)) if label in known]
    said = tuple(
        Found(Said(label, known[label].title, False, False), whole, MOST_SURE)
        for label in labels[:MOST_SYMPTOMS]
        if not known[label].safety and label not in denied and label != "error_code"
    )
    return replace(understood, symptoms=said) if said else understood


def _error_code(understood: Understood[Id], value: Any, whole: Span) -> Understood[Id]:
    if understood.error_code or not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{1,2}\d{1,3}", value):
        return understood
    if value.lower() not in re.sub(r"[\s\-:]", "", understood.said.text):
        return understood  # made up
    return replace(understood, error_code=Found(value.upper(), whole, MOST_SURE))


def _when(understood: Understood[Id], value: Any, whole: Span) -> Understood[Id]:
    if understood.when or not isinstance(value, Mapping):
        return understood
    offset, weekday, hour = (_number(value.get(key)) for key in ("date_offset_days", "weekday", "hour"))
    half = value.get("half_day")
    half_day = HalfDay(half) if isinstance(half, str) and half in set(HalfDay) else None
    if hour is not None and 0 <= hour < 24:
        half_day = half_of(hour)
    else:
        hour = None
    offset = offset if offset is not None and 0 <= offset <= 60 else None
    weekday = weekday if weekday is not None and 1 <= weekday <= 7 and offset is None else None
    if offset is None and weekday is None and half_day is None:
        return understood
    day = Day(0, offset=offset, weekday=weekday) if offset is not None or weekday is not None else None
    moment = Moment(0, 0, day=day, half=half_day, hour=hour)
    when = When(offset, weekday, half_day, hour, 0, None, None, None, False, moment)
    return replace(understood, when=Found(when, whole, MOST_SURE))


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_FIELDS = {
    "intent": _intent,
    "category": _category,
    "symptoms": _symptoms,
    "error_code": _error_code,
    "when": _when,
}
"""What the model may add; phones, names, addresses and model codes come from the message itself alone."""
