"""The app with its description at /openapi.json: three APIs in one, so every shape there is named with its API before it.

Inside one API no two shapes may have the same name; a test of `adapters.application` says when they do.
"""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask, Schema
from apispec import APISpec
from apispec.ext.marshmallow.common import make_schema_key

APIS = {"console": "Console", "consumer_app": "Consumer", "engineer_app": "Engineer"}


def name_of(schema: Schema | type[Schema]) -> str:
    """``ConsoleOrderOut`` for the ``OrderOut`` of the console."""
    kind = schema if isinstance(schema, type) else type(schema)
    return APIS.get(kind.__module__.partition(".")[0], "") + kind.__name__


class DescribedApp(APIFlask):
    """`APIFlask` that writes a shape into its description once: by itself it writes one that stood inside another before
    a second time, with a number behind its name."""

    def __init__(self, name: str, **wanted: Any) -> None:
        super().__init__(name, **wanted)
        self.schema_name_resolver = name_of

    def _register_schema_and_get_ref(self, spec: APISpec, registered: dict[int, str], shape: Any) -> dict[str, str]:
        converter = self._ma_plugin.converter
        assert converter is not None, "made with the description"
        if isinstance(shape, Schema) and (known := converter.refs.get(make_schema_key(shape))):
            return {"$ref": f"#/components/schemas/{known}"}
        return super()._register_schema_and_get_ref(spec, registered, shape)
