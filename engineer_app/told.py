"""What shapes are made of: a strict schema, fields with words for /docs, and the patterns of what phones make up."""

from __future__ import annotations

import re
from typing import Any

from apiflask import Schema
from apiflask.validators import Length, OneOf, Range, Regexp
from marshmallow import RAISE, ValidationError, fields

MOST_INTEGER = 2**31 - 1
NAME = r"\A[A-Za-z0-9_-]{1,64}\Z"


UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, and halves of characters."""


def storable(value: str) -> None:
    """:raises ValidationError: no database keeps this text"""
    if UNSTORABLE.search(value):
        raise ValidationError("有不能保存的字符")


class Strict(Schema):
    """What is not known is refused, so that a slip of either side is seen at once."""

    class Meta:
        unknown = RAISE


def told(words: str, **options: Any) -> dict[str, Any]:
    return {"metadata": {"description": words}, **options}


def name(words: str = "", **options: Any) -> fields.String:
    """An id as ours or a phone's."""
    return fields.String(validate=Regexp(NAME), **told(words, **options))


def text(longest: int, words: str = "", *, least: int = 1, **options: Any) -> fields.String:
    """Words of a person; NUL and halves of characters are in nobody's, and no database keeps them."""
    rules: list[Any] = [Length(min=least, max=longest), storable]
    return fields.String(validate=rules, **told(words, **options))


def whole(least: int, most: int = MOST_INTEGER, words: str = "", **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=Range(least, most), **told(words, **options))


def one_of(values: tuple[str, ...], words: str = "", **options: Any) -> fields.String:
    return fields.String(validate=OneOf(values), **told(words, **options))


def said(words: str = "", **options: Any) -> fields.String:
    """Text that goes out."""
    return fields.String(**told(words, **options))


def count(words: str = "", **options: Any) -> fields.Integer:
    """A whole number that goes out."""
    return fields.Integer(**told(words, **options))


def flag(words: str = "", **options: Any) -> fields.Boolean:
    return fields.Boolean(**told(words, **options))


def moment(words: str = "", **options: Any) -> fields.AwareDateTime:
    """An instant: ISO 8601 with a zone."""
    return fields.AwareDateTime(**told(words, **options))


def day(words: str = "", **options: Any) -> fields.Date:
    return fields.Date(**told(words, **options))


def things(shape: type[Schema], words: str = "") -> fields.List[Any]:
    return fields.List(fields.Nested(shape), **told(words))


def words_of(words: str = "") -> fields.List[Any]:
    """A list of codes or words."""
    return fields.List(fields.String(), **told(words))


def anything(words: str = "", **options: Any) -> fields.Dict:
    """An object whose fields depend on something else."""
    return fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), **told(words, **options))


def by_key(inner: fields.Field[Any], words: str = "") -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=inner, **told(words))
