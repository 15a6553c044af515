"""One message and everything in it: each finder reads what the ones before it left, so nothing counts twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic

from bot.understanding.addresses import Address, parse_address
from bot.understanding.categories import Named, find_category
from bot.understanding.codes import CodeMention, find_codes, find_error_code
from bot.understanding.contacts import find_name, find_phone, phone_like
from bot.understanding.faults import Said, find_symptoms, looks_like_fault
from bot.understanding.found import Found
from bot.understanding.intents import Intent, find_intent
from bot.understanding.moments import moments_in
from bot.understanding.normalise import Normalised, Span, normalise
from bot.understanding.products import CodeIndex, Id
from bot.understanding.standard import standard
from bot.understanding.times import Day, find_date
from bot.understanding.visits import When, find_when

NO_VISIT = {"cancel_order", "rate"}
"""Who wants these wants no visit; a time beside them is the old appointment's."""


@dataclass(frozen=True, slots=True)
class Understood(Generic[Id]):
    """What one message says, each with the words it came from and a score; lists are in the order said."""

    said: Normalised
    intent: Found[Intent]
    """What is wanted now; `other` with a low score when nothing tells."""
    category: Found[Named] | None
    symptoms: tuple[Found[Said], ...]
    """Without the denied ones, which are in `denied`."""
    denied: tuple[Found[Said], ...]
    error_code: Found[str] | None
    codes: tuple[Found[CodeMention[Id]], ...]
    phone: Found[str] | None
    phone_like: Found[str] | None
    """Digits meant as a phone number that are none; only when there is no phone."""
    name: Found[str] | None
    address: Found[Address] | None
    day: Found[Day] | None
    """A day in the past or today (purchase), not the visit wanted."""
    is_fault: bool
    when: Found[When] | None = None
    """The visit wanted; purchases, breakdowns and missed appointments are not."""

    @property
    def text(self) -> str:
        return self.said.original

    @property
    def is_dangerous(self) -> bool:
        """Gas, smoke or current: answered at once, before anything else is asked."""
        return any(found.value.safety for found in self.symptoms)

    @property
    def product(self) -> Found[CodeMention[Id]] | None:
        """The product code that matters: the first that is in the catalogue, else the first written."""
        return next((code for code in self.codes if code.value.hit), next(iter(self.codes), None))


def understand(
    text: str, today: date, code_index: CodeIndex[Id] | None = None, near: str | None = None
) -> Understood[Id]:
    """Read one message. Never raises, whatever the text; pure: the same text and day give the same answer.

    `near` is the code of a division the customer is known to be in (see `parse_address`).
    """
    said = normalise(text)
    phone = find_phone(said)
    left = said.blanked(*_spans(phone))
    codes = tuple(find_codes(left, code_index))
    left = left.blanked(*(code.span for code in codes))
    error = find_error_code(left)
    name = find_name(said.blanked(*(code.span for code in codes)))
    address = parse_address(left.blanked(*_spans(error), *_introduced(name)), near)
    if name and address and name.span.overlaps(address.span):
        name = None
    where = _spans(Found(address, address.span)) if address else ()
    left = standard(left.blanked(*where))
    category = find_category(left, tuple(code.value.written for code in codes))
    symptoms = find_symptoms(left, category.value.kind if category else None)
    is_fault = error is not None or looks_like_fault(left)
    intent = find_intent(left, moments_in(left), is_fault=is_fault, names_product=category is not None)
    return Understood(
        said=said,
        intent=intent,
        category=category,
        symptoms=tuple(found for found in symptoms if not found.value.denied),
        denied=tuple(found for found in symptoms if found.value.denied),
        error_code=error,
        codes=codes,
        phone=phone,
        phone_like=None if phone else phone_like(left),
        name=name,
        address=Found(address, address.span, _how_sure(address, said)) if address else None,
        day=find_date(left, today),
        is_fault=is_fault,
        when=None if intent.value.label in NO_VISIT else find_when(left, today),
    )


def _spans(found: Found[Address] | Found[str] | None) -> tuple[Span, ...]:
    return (found.span,) if found and found.span.words else ()


def _how_sure(address: Address, said: Normalised) -> float:
    """A city in passing (青岛的师傅) is hardly an address, unless it is all that was said."""
    if not address.detail and not address.stated_district and len(address.span.words) * 2 < len(said.text):
        return 0.3
    return 0.6 if address.candidates else 1.0


def _introduced(name: Found[str] | None) -> tuple[Span, ...]:
    """Names that were introduced as such are no part of an address; those that merely look like one may be."""
    return (name.span,) if name and name.score > 0.8 else ()
