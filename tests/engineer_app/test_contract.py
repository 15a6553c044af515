"""The contract with the phone's app: one set of names on both sides."""

from __future__ import annotations

import re

from domain.service_sheets.fields import KINDS
from engineer_app.typescript import FILE, all_shapes, written


def interfaces(source: str) -> dict[str, set[str]]:
    """A small reader of TypeScript: interface → names of its fields."""
    found = {}
    for name, inside in re.findall(r"^export interface (\w+) \{\n(.*?)^\}", source, re.MULTILINE | re.DOTALL):
        found[name] = set(re.findall(r'^  "?([\w.]+)"?\??:', inside, re.MULTILINE))
    return found


def test_the_apps_types_are_written_from_the_shapes() -> None:
    assert FILE.read_text() == written(), "run `python -m engineer_app.typescript`"


def test_every_shape_and_every_kind_of_operation_is_in_the_types() -> None:
    read = interfaces(FILE.read_text())
    for shape in all_shapes():
        assert read[shape.__name__] == {field.data_key or name for name, field in shape().fields.items()}
    assert read["OperationBodies"] == set(KINDS)
