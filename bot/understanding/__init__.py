"""Text → what was meant: pure functions over one message, no database, no network. Start at `message.understand`.

Each finder is a module of its own and returns `Found(value, span, score)`; what people say is data in `lexicon/`.
Order of work: normalise, then phone, codes, error code, name, address, product, symptoms, day, each on what is left.
To recognise a new thing: a module with a `find_…` function, a field in `message.Understood`, a table test.
"""

from bot.understanding.address_answers import choose, joined, parse_detail
from bot.understanding.addresses import Address, parse_address
from bot.understanding.categories import Named, category_of_code, find_category
from bot.understanding.codes import CodeMention, find_codes, find_error_code
from bot.understanding.contacts import find_name, find_phone
from bot.understanding.faults import Said, find_symptoms, looks_like_fault
from bot.understanding.found import Found
from bot.understanding.intents import Intent
from bot.understanding.labels import labels
from bot.understanding.message import Understood, understand
from bot.understanding.moments import Bound, HalfDay
from bot.understanding.normalise import Normalised, Span, normalise
from bot.understanding.products import CodeHit, CodeIndex, Match
from bot.understanding.times import Day, Precision, find_date
from bot.understanding.visits import When, find_when
from bot.understanding.windows import Window
from domain.catalog.codes import code_key, normalise_code

__all__ = [
    "Address",
    "Bound",
    "CodeHit",
    "CodeIndex",
    "CodeMention",
    "Day",
    "Found",
    "HalfDay",
    "Intent",
    "Match",
    "Named",
    "Normalised",
    "Precision",
    "Said",
    "Span",
    "Understood",
    "When",
    "Window",
    "category_of_code",
    "choose",
    "code_key",
    "find_category",
    "find_codes",
    "find_date",
    "find_error_code",
    "find_name",
    "find_phone",
    "find_symptoms",
    "find_when",
    "joined",
    "labels",
    "looks_like_fault",
    "normalise",
    "normalise_code",
    "parse_address",
    "parse_detail",
    "understand",
]
