"""The contract with the phone's app: one set of names on both sides."""

from __future__ import annotations

import re

from adapters.typescript import engineer_api, shapes_of
from domain.service_sheets.fields import KINDS
from engineer_app import content_shapes, job_shapes, money_shapes, shapes


def interfaces(source: str) -> dict[str, set[str]]:
    """A small reader of TypeScript: interface → names of its fields."""
    found = {}
    for name, inside in re.findall(r"^export interface (\w+) \{\n(.*?)^\}", source, re.MULTILINE | re.DOTALL):
        found[name] = set(re.findall(r'^  "?([\w.]+)"?\??:', inside, re.MULTILINE))
    return found


def test_every_shape_and_every_kind_of_operation_is_in_the_types() -> None:
    read = interfaces(engineer_api())
    for shape in shapes_of((job_shapes, content_shapes, money_shapes, shapes)):
        assert read[shape.__name__] == {field.data_key or name for name, field in shape().fields.items()}
    assert read["OperationBodies"] == set(KINDS)
