"""Adding calls to the engineer's API: each with what it takes and gives, in one transaction where somebody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint, Schema
from flask import request

from domain.engineers import devices
from domain.files.store import FileStore
from domain.kit.errors import NotFound
from engineer_app import shapes
from engineer_app.refusals import WRONG
from engineer_app.signing_in import Desk

CALLS_OF_DEVICE = (600, 60)
"""Calls one phone may make, in how many seconds."""

Given = dict[str, Any]
Mine = Callable[..., Any]
"""``view(uow, who, given, **path)`` in one transaction, for whoever is signed in."""


class Rows:
    """Adds calls to the door: what each takes and gives is checked and documented."""

    def __init__(self, door: APIBlueprint, desk: Desk, files: FileStore) -> None:
        self.door, self.desk, self.files = door, desk, files

    def open(
        self, method: str, path: str, view: Callable[..., Any], summary: str, gives: Schema | None,
        takes: Schema | None = None, *, signed_in: bool = False,
    ) -> None:  # fmt: skip
        """A call as it is."""
        where = "query" if method == "GET" else "json"

        def call(json_data: Given | None = None, query_data: Given | None = None, **path_fields: Any) -> Any:
            if any("\x00" in field for field in path_fields.values()):
                raise NotFound("没有找到")
            return view(json_data or query_data or {}, **path_fields)

        documented: Any = self.door.output(gives)(call) if gives else call
        if takes:
            documented = self.door.input(takes, location=where)(documented)
        error = {"application/json": {"schema": shapes.ErrorOut}}
        responses: Any = {code: {"description": words, "content": error} for code, words in WRONG.items()}
        doc = self.door.doc(summary=summary, security="device" if signed_in else None, responses=responses)
        name = f"{method} {path}".lower().replace("/", " ").translate(str.maketrans("", "", "<>"))
        self.door.add_url_rule(path, "_".join(name.split()), doc(documented), methods=[method])

    def mine(
        self, method: str, path: str, view: Mine, summary: str, gives: Schema | None, takes: Schema | None = None
    ) -> None:
        """A call of somebody signed in: one transaction, in which it is known who."""

        def call(given: Given, **path_fields: Any) -> Any:
            with self.desk.runtime.transaction() as uow:
                who = devices.must_be(uow, token())
                self.desk.count("engineer api", who.device.id, CALLS_OF_DEVICE)
                return view(uow, who, given, **path_fields)

        self.open(method, path, call, summary, gives, takes, signed_in=True)


def token() -> str:
    """The session's secret of this request, "" when there is none."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""
