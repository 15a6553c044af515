"""An id of others, wherever it is sent: generated from the schemas and the code, so that a new field is tried without a line here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from marshmallow import fields

from console.narrowing import NO_NAMES, PREFIXES
from domain.access.roles import Permission
from tests.console.house import House, all_routes, csrf
from tests.console.naming import PATHS, body_of, filled


def places(schema: Any) -> Iterator[tuple[Callable[[dict[str, Any], str], object], str]]:
    """How to put a word into every field of a body that takes words, also those inside others, and the field's name."""
    for name, field in (schema() if isinstance(schema, type) else schema).fields.items():
        if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            for put, inside in places(field.inner.schema):
                yield partial(put_inside, name, put), inside
        elif isinstance(field, (fields.List, fields.Dict, fields.String)):
            made = list if isinstance(field, fields.List) else dict if isinstance(field, fields.Dict) else str
            yield partial(put_word, name, made), name


def put_word(name: str, made: type[Any], body: dict[str, Any], word: str) -> None:
    body[name] = [word] if made is list else {word: 1} if made is dict else word


def put_inside(name: str, put: Callable[[dict[str, Any], str], object], body: dict[str, Any], word: str) -> None:
    body[name] = body.get(name) or [{}]
    put(body[name][0], word)


def test_an_id_of_others_is_not_found_in_whatever_field_it_stands(house: House) -> None:
    """Bodies and queries of the API as their schemas take them; forms and queries of pages under any name at all."""
    mine, near, wrong, tried = house.sides[0], house.sides[1], [], 0
    person = next(one for one in house.people if one.name == "p_manager")
    for route in (one for one in all_routes(house.app) if one.permission is not Permission.ANYONE):
        if not person.may(route.permission) or route.path == "/console/sign-out":
            continue
        path, client = filled(route, mine, house.refs), house.client(person)
        if route.is_api:
            schema, at = (route.takes, "json") if route.takes else (route.asks, "query_string")
            for put, name in places(schema) if schema else ():
                body = body_of(schema, mine)
                put(body, near.id(PATHS.get(name, "wo")))
                headers = {"Authorization": f"Bearer {person.token}"}
                sent: dict[str, Any] = {at: body}
                with house.undone():
                    status = client.open(path, method=route.method, headers=headers, **sent).status_code
                tried += status == 404
                if status not in (404, 422):
                    wrong.append(f"{route} {name} {status}")
            continue
        headers = {"X-CSRF-Token": csrf(person.secret), "HX-Request": "true"}
        for form, query in (
            (None, {"x": near.id("wo")}),
            ({"share-" + near.id("en"): "1"}, None),
            ({"x": [near.id("vi")]}, None),
        ):
            if form is None or route.method == "POST":
                with house.undone():
                    answer = client.open(path, method=route.method, data=form, query_string=query, headers=headers)
                tried += answer.status_code == 404
                if answer.status_code != 404:
                    wrong.append(f"{route} {form or query} {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert tried > 200


def test_ids_of_every_kind_that_is_made_are_looked_at() -> None:
    made = {found for folder in ("domain", "bot", "console", "engineer_app") for file in Path(folder).rglob("*.py")
            for found in re.findall(r'new_id\("([a-z]+)"\)', file.read_text())}  # fmt: skip
    assert made - PREFIXES.keys() == NO_NAMES & made, "say in console/narrowing.py what ids of this beginning name"
    assert len(made) > 20
