"""The APIs' shapes as TypeScript, for the engineers' app and the mini-program: `weixiu docs` writes them, a test says when they are old.

A new module of shapes is a name in the call of its API.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from apiflask import Schema
from apiflask.fields import File
from apiflask.validators import OneOf
from marshmallow import fields, missing

from consumer_app import money_shapes as consumer_money
from consumer_app import order_shapes, person_shapes, product_shapes
from consumer_app import shapes as consumer
from domain.service_sheets import fields as operations
from engineer_app import content_shapes, job_shapes, shapes
from engineer_app import money_shapes as engineer_money

BODIES = "/** What `body` of an operation holds, by its `kind`: domain/service_sheets/fields.py. */"
PLACE = '{ lat: number; lng: number; datum: "gcj02" | "wgs84"; radius_m: number } | null'
PLAIN: dict[Any, str] = {
    operations.name: "string", operations.sha256: "string", operations.names: "string[]", operations.titles: "string[]",
    operations.flag: "boolean", operations.amounts: "Record<string, number>", operations.place: PLACE, operations.strokes: "number[][][]",
    operations.path: "{ node: string; finding: string }[]",
}  # fmt: skip


def engineer_api() -> str:
    """engineer_app/web/src/api.ts."""
    modules = (job_shapes, content_shapes, engineer_money, shapes)
    return f"{written('engineer', 'engineer_app', modules)}\n{bodies()}"


def consumer_api() -> str:
    """miniprogram/api.ts."""
    modules = (consumer, product_shapes, order_shapes, consumer_money, person_shapes)
    return written("consumer", "consumer_app", modules)


def written(api: str, package: str, modules: tuple[ModuleType, ...]) -> str:
    head = (
        f"/** The {api}'s API under /api/{api}: every request and answer. Written from {package}/*shapes.py by `weixiu docs`:\n"
        " *  change them there. */\n"
    )
    return head + "\n" + "\n".join(interface(shape) for shape in shapes_of(modules))


def shapes_of(modules: tuple[ModuleType, ...]) -> Iterator[type[Schema]]:
    """By module, and place in it."""
    for module in modules:
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
        case fields.Raw() if not isinstance(field, File):
            return "unknown"
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
