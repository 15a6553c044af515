"""Writes the API's shapes as TypeScript for the mini-program: ``python -m consumer_app.typescript PATH``.

Without a path it prints. A new module of shapes goes into `MODULES`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apiflask import Schema
from apiflask.fields import File
from apiflask.validators import OneOf
from marshmallow import fields, missing

from consumer_app import money_shapes, order_shapes, person_shapes, product_shapes, shapes

MODULES = (shapes, product_shapes, order_shapes, money_shapes, person_shapes)
HEAD = """/** The consumer's API under /api/consumer: every request and answer. Written from consumer_app/*shapes.py by
 *  `python -m consumer_app.typescript`: change them there. */
"""
SIMPLE: dict[type[fields.Field[Any]], str] = {fields.Boolean: "boolean", fields.Number: "number", File: "string"}


def written() -> str:
    """The whole file."""
    return HEAD + "\n" + "\n".join(interface(shape) for shape in all_shapes())


def all_shapes() -> Iterator[type[Schema]]:
    """Those of the modules, in their order."""
    for module in MODULES:
        for shape in vars(module).values():
            if isinstance(shape, type) and issubclass(shape, Schema) and shape.__module__ == module.__name__:
                yield shape


def interface(shape: type[Schema]) -> str:
    lines = [f"export interface {shape.__name__} {{"]
    for plain, field in shape().fields.items():
        name = field.data_key or plain
        said = field.metadata.get("description")
        lines += [f"  /** {said} */"] if said else []
        optional = name == "fields" or (shape.__name__.endswith(("In", "Query")) and not field.required)
        nothing = " | null" if field.allow_none and field.load_default is missing else ""
        lines.append(f"  {name}{'?' if optional else ''}: {type_of(field)}{nothing};")
    return "\n".join([*lines, "}", ""])


def type_of(field: fields.Field[Any]) -> str:
    match field:
        case fields.Nested():
            return str(field.schema.__class__.__name__)
        case fields.List():
            return f"{type_of(field.inner)}[]"
        case fields.Dict():
            inner = field.value_field
            return "Record<string, unknown>" if inner is None else f"Record<string, {type_of(inner)}>"
        case fields.Raw() if type(field) is fields.Raw:
            return "unknown"
    plain = next((word for kind, word in SIMPLE.items() if isinstance(field, kind)), "string")
    choices = [one for one in field.validators if isinstance(one, OneOf)]
    return " | ".join(f'"{choice}"' for choice in choices[0].choices) if choices else plain


def main(arguments: list[str]) -> None:
    if arguments:
        Path(arguments[0]).write_text(written())
    else:
        sys.stdout.write(written())


if __name__ == "__main__":
    main(sys.argv[1:])
