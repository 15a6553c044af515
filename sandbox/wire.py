"""A push in the format its account's owner chose: XML, or JSON of the same names (protocol sheet 3.4)."""

import json
from collections.abc import Mapping

from sandbox import xml


def write(fields: Mapping[str, object], format: str) -> str:
    """The body of a push."""
    if format == "xml":
        return xml.write(fields)
    return json.dumps(_on_top(fields), ensure_ascii=False)


def _on_top(fields: Mapping[str, object]) -> dict[str, object]:
    """JSON has the `List` of templates on top: an object for one template, an array for several."""
    flat: dict[str, object] = {}
    for name, value in fields.items():
        items = value.get("List") if isinstance(value, Mapping) else None
        if isinstance(items, list):
            flat["List"] = items[0] if len(items) == 1 else items
        else:
            flat[name] = value
    return flat
