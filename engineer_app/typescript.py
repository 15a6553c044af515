"""Writes ``web/src/api.ts`` from the shapes: ``python -m engineer_app.typescript``. A test holds the two together."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from apiflask import Schema
from apiflask.validators import OneOf
from marshmallow import fields, missing

from domain.service_sheets import fields as operations
from engineer_app import content_shapes, job_shapes, money_shapes, shapes

FILE = Path(__file__).parent / "web/src/api.ts"
HEAD = """/** The engineer's API under /api/engineer: every request and answer. Written from engineer_app/shapes.py, job_shapes.py and
 *  content_shapes.py by `python -m engineer_app.typescript`: change them there. */
"""
BODIES = "/** What `body` of an operation holds, by its `kind`: domain/service_sheets/fields.py. */"
PLACE = '{ lat: number; lng: number; datum: "gcj02" | "wgs84"; radius_m: number } | null'
PLAIN: dict[Any, str] = {
    operations.name: "string", operations.sha256: "string", operations.names: "string[]", operations.titles: "string[]",
    operations.flag: "boolean", operations.amounts: "Record<string, number>", operations.place: PLACE, operations.strokes: "number[][][]",
    operations.path: "{ node: string; finding: string }[]",
}  # fmt: skip


def written() -> str:
    """The whole file."""
    return HEAD + "\n" + "\n".join(interface(shape) for shape in all_shapes()) + "\n" + bodies()


def all_shapes() -> Iterator[type[Schema]]:
    """Those of the modules, by name of module and place in it."""
    for module in (job_shapes, content_shapes, money_shapes, shapes):
        for shape in vars(module).values():
            if isinstance(shape, type) and issubclass(shape, Schema) and shape.__module__ == module.__name__:
                yield shape


def interface(shape: type[Schema]) -> str:
    lines = [f"export interface {shape.__name__} {{"]
    for plain, field in shape().fields.items():
        name = field.data_key or plain
        said = field.metadata.get("description")
        lines += [f"  /** {said} */"] if said else []
        comes_in = shape.__name__.endswith(("In", "Query"))
        left_out = "?" if name == "fields" or (comes_in and not field.required) else ""
        lines.append(f"  {name}{left_out}: {type_of(field)};")
    return "\n".join([*lines, "}", ""])


def type_of(field: fields.Field[Any]) -> str:
    return plain_type(field) + (" | null" if field.allow_none and field.load_default is missing else "")


def plain_type(field: fields.Field[Any]) -> str:
    match field:
        case fields.Nested():
            return str(field.schema.__class__.__name__)
        case fields.List() if type(field.inner) is fields.Raw:
            return "OperationIn[]"
        case fields.List():
            return f"{type_of(field.inner)}[]"
        case fields.Dict() if type(field.value_field) in (type(None), fields.Raw):
            return "Record<string, unknown>"
        case fields.Dict():
            assert field.value_field is not None, "Raw and None are above"
            return f"Record<string, {type_of(field.value_field)}>"
        case fields.Boolean():
            return "boolean"
        case fields.Number():
            return "number"
    choices = [one for one in field.validators if isinstance(one, OneOf)]
    return " | ".join(f'"{choice}"' for choice in choices[0].choices) if choices else "string"


def bodies() -> str:
    """Every kind of operation with its body."""
    lines = [BODIES, "export interface OperationBodies {"]
    for kind, row in operations.KINDS.items():
        inside = "; ".join(f"{name}: {tested(test)}" for name, test in row.body.items())
        lines.append(f'  "{kind}": {{ {inside} }};')
    return "\n".join([*lines, "}", "", "export type OperationKind = keyof OperationBodies;", ""])


def tested(test: Callable[[Any], bool]) -> str:
    """The type behind a test of `fields`."""
    if test in PLAIN:
        return PLAIN[test]
    maker, closed = test.__qualname__.partition(".")[0], inspect.getclosurevars(test).nonlocals
    if maker == "one_of":
        values = closed["values"]
        ordered = sorted(values) if isinstance(values, frozenset) else list(values)
        return " | ".join(f'"{value}"' for value in ordered)
    return {"text": "string", "whole": "number"}[maker]


if __name__ == "__main__":
    FILE.write_text(written())
