"""Every route, every role, one's own rows and others': generated from the code, so that a new route is tried without a line here.

A new path field needs a line of `PATHS` (whose row it names), a form that names rows of others a line of `FORMS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf
from werkzeug.test import TestResponse

from console.access_table import Route, routes_of
from console.chat_refs import Chat, ref_of
from console.narrowing import BY_OTHER_MEANS, NAMED
from console.security import SESSION_COOKIE, Guard
from domain.access import sessions
from domain.access.model import Staff
from domain.access.roles import OF_PROVIDER, Permission, StaffRole, may
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.work_orders.numbers import number_from
from tests.console.sides import Side, put_sides

PATHS = {
    "order_id": "wo", "visit_id": "vi", "offer_id": "of", "change_id": "cr", "customer_id": "cu", "product_id": "pd",
    "file_id": "fi", "incident_id": "in", "task_id": "dt", "answer_id": "ca", "staff_id": "st", "engineer_id": "en",
    "provider_id": "pr", "station_id": "sn", "plan_id": "pl", "route_id": "ro", "shift_id": "sh", "leave_id": "le",
    "certificate_id": "ce", "coverage_id": "co", "clock_id": "ck", "search_id": "ss", "appointment_id": "ap",
    "reservation_id": "re", "skill_id": "sk", "authorization_id": "au", "area_id": "co", "work_order_id": "wo",
    "decision_id": "de",
}  # fmt: skip
"""Path or body field → the prefix of the ids of `tests.console.sides`."""

OF_BRAND = {"policy_id": "po", "model_id": "mo", "part_id": "pa", "account_id": "ac"}
"""The same for rows that all of a brand's providers see."""

CROSSED: dict[str, dict[str, str]] = {
    "/console/reveal": {"subject": "work_order", "id": "wo", "field": "phone"},
    "/console/reveal/chat": {"subject": "work_order", "id": "wo"},
    "/console/orders": {"q": "phone"},
    "/console/customers": {"q": "phone"},
}
"""Forms of pages without a path field that name somebody's row: field → prefix, or a word as it is."""


@dataclass(frozen=True)
class Person:
    """Somebody signed in; ``sees`` are the keys of the sides whose rows are theirs."""

    name: str
    role: StaffRole
    secret: str
    token: str
    sees: frozenset[str]

    def may(self, permission: Permission) -> bool:
        return permission is Permission.ANYONE or may(self.role, permission)


@dataclass(frozen=True)
class House:
    app: APIFlask
    runtime: Runtime
    sides: tuple[Side, Side, Side]
    people: tuple[Person, ...]
    refs: dict[str, str]

    def client(self, person: Person | None) -> FlaskClient:
        client = self.app.test_client()
        if person:
            client.set_cookie(SESSION_COOKIE, person.secret, path="/console")
        return client

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What a request commits is taken back, so that the next one finds everything as it was."""
        point = self.runtime.sessions.kw["bind"].begin_nested()
        try:
            yield
        finally:
            point.rollback()

    def ask(self, route: Route, person: Person | None, side: Side) -> TestResponse:
        """The request, with everything it names the side's."""
        path = filled(route, side, self.refs)
        client = self.client(person)
        with self.undone():
            if route.is_api:
                headers = {"Authorization": f"Bearer {person.token}"} if person else {}
                return client.open(path, method=route.method, json=body_of(route, side), headers=headers)
            if route.method == "GET":
                return client.get(path, headers={"X-Unattended": "1"})
            token = {"X-CSRF-Token": csrf(person.secret) if person else "", "HX-Request": "true"}
            return client.post(path, data=form_of(route, side), headers=token)


@cache
def csrf(secret: str) -> str:
    app = APIFlask("tests.csrf")
    with app.test_request_context("/", headers={"Cookie": f"{SESSION_COOKIE}={secret}"}):
        from flask import request

        return Guard("k" * 32, False).token_for(request)


def filled(route: Route, side: Side, refs: dict[str, str]) -> str:
    path = route.path
    for name in route.fields:
        path = path.replace(f"<{name}>", value_of(name, side, refs))
    return path


def value_of(name: str, side: Side, refs: dict[str, str]) -> str:
    if name == "number":
        return number_from(side.count)
    if name == "ref":
        return refs[side.key]
    if name in OF_BRAND:
        return f"{OF_BRAND[name]}_{side.brand}"
    assert name in PATHS, f"say in PATHS of tests/console/test_access_matrix.py whose row <{name}> names"
    return side.id(PATHS[name])


def form_of(route: Route, side: Side) -> dict[str, str]:
    asked = CROSSED.get(route.path, {})
    form = {name: side.id(word) if name == "id" else side.phone if word == "phone" and name == "q" else word
            for name, word in asked.items()}  # fmt: skip
    for name in ("engineer_id", "engineer", "provider_id", "station_id", "product_id", "customer_id"):
        form.setdefault(name, side.id(PATHS.get(name, "en")))
    return form


def body_of(route: Route, side: Side) -> dict[str, Any] | None:
    """A body its schema takes, naming the side's rows."""
    schema = route.takes
    if schema is None:
        return None
    made = schema() if isinstance(schema, type) else schema
    return {name: value for name, field in made.fields.items() if (value := sample(name, field, side)) is not None}


def sample(name: str, field: fields.Field[Any], side: Side) -> Any:
    if name in PATHS:
        return side.id(PATHS[name])
    if not field.required or field.dump_only:
        return None
    if name == "brand_id":
        return side.brand
    options = next((check.choices for check in field.validators if isinstance(check, OneOf)), None)
    if options:
        return next(iter(options))
    least = next((check.min or 1 for check in field.validators if isinstance(check, Length)), 1)
    samples: dict[type[Any], Any] = {
        fields.Integer: 1, fields.Boolean: True, fields.Date: "2026-05-13", fields.AwareDateTime: "2026-05-13T01:00:00+00:00",
        fields.List: [], fields.Dict: {}, fields.Float: 1.0,
    }  # fmt: skip
    if isinstance(field, fields.Nested):
        inner: Schema = field.schema
        one = {key: value for key, part in inner.fields.items() if (value := sample(key, part, side)) is not None}
        return [one] if field.many else one
    return next(
        (value for kind, value in samples.items() if isinstance(field, kind)),
        side.phone if name == "text" else "x" * least,
    )


def put_person(uow: UnitOfWork, name: str, role: StaffRole, scope: Scope, sees: set[str]) -> Person:
    staff = Staff(
        id=f"st_{name}", username=name, display_name=name, role=role, password_hash="x", created_at=uow.now,
        failed_sign_ins=0, **vars(scope),
    )  # fmt: skip
    uow.session.add(staff)
    uow.session.flush()
    secret = sessions.new_session(uow, staff, "browser", timedelta(days=1))
    token = sessions.new_session(uow, staff, "api", timedelta(days=1))
    return Person(name, role, secret, token, frozenset(sees))


@pytest.fixture
def house(runtime: Runtime, app: APIFlask) -> House:
    with runtime.transaction() as uow:
        sides = put_sides(uow)
        mine, near = sides[0], sides[1]
        everybody = {side.key for side in sides}
        people = [
            put_person(uow, role.value, role, Scope(), everybody) for role in StaffRole if role not in OF_PROVIDER
        ]
        provider = Scope(provider_id=mine.id("pr"))
        station = Scope(provider_id=mine.id("pr"), station_id=mine.id("sn"))
        brand = Scope(brand_id=mine.brand)
        people += [
            put_person(uow, "p_dispatcher", StaffRole.PROVIDER_DISPATCHER, provider, {mine.key}),
            put_person(uow, "p_station", StaffRole.STATION, station, {mine.key}),
            put_person(uow, "b_manager", StaffRole.MANAGER, brand, {mine.key, near.key}),
            put_person(uow, "b_agent", StaffRole.AGENT, brand, {mine.key, near.key}),
            put_person(uow, "p_manager", StaffRole.MANAGER, provider, {mine.key}),
        ]
        refs = {side.key: ref_of(uow, Chat(f"ac_{side.brand}", side.id("op"))) for side in sides}
    return House(app, runtime, sides, tuple(people), refs)


def test_every_path_field_says_whose_row_it_names(app: APIFlask) -> None:
    unsaid = {name for route in routes_of(app) for name in route.fields} - NAMED.keys() - BY_OTHER_MEANS
    assert unsaid == set(), "say in NAMED of console/rows.py what these path fields name"


def all_routes(app: APIFlask) -> list[Route]:
    found = routes_of(app)
    assert len(found) > 100
    return found


NEW_PROVIDER = "POST /api/console/providers"
"""Somebody of one brand makes a provider, which is no brand's yet, and cannot be shown it."""
BRANDS = {"task_id", "ref", "answer_id", "incident_id"}
"""Path fields that name what is the brand's own: a provider's people do not see even what is about their orders."""


def test_whoever_may_not_is_told_so_and_whoever_may_gets_their_own_and_nothing_of_others(house: House) -> None:
    mine, wrong = house.sides[0], []
    for route in all_routes(house.app):
        if route.permission is Permission.ANYONE:
            continue
        there = house.ask(route, house.people[0], mine).status_code != 404
        for person in house.people:
            answer = house.ask(route, person, mine)
            allowed = person.may(route.permission)
            brands_own = bool(BRANDS & set(route.fields)) and person.name.startswith("p_")
            missing = 404 if there and not brands_own and str(route) != NEW_PROVIDER else 403
            invalid = 422 if route.is_api else 403  # what is asked is read before who asks
            refused = answer.status_code in (403, invalid) if not allowed else answer.status_code in (403, missing)
            broken = answer.status_code == 500 and str(route) != NEW_PROVIDER
            if broken:
                wrong.append(f"{person.name}: {route} 500")
            if allowed and answer.status_code == invalid:
                continue
            if refused is allowed:
                wrong.append(f"{person.name}: {route} {answer.status_code}")
            told = [word for side in house.sides if side.key not in person.sees for word in tells(answer, side)]
            if told:
                wrong.append(f"{person.name}: {route} tells {told}")
    assert not wrong, "\n".join(wrong)


def test_what_is_others_is_not_there(house: House) -> None:
    """Not only refused: nothing of it is told, not even that it exists."""
    wrong = []
    for route in all_routes(house.app):
        for person in (one for one in house.people if len(one.sees) < 3 and one.may(route.permission)):
            if route.permission is Permission.ANYONE:
                continue
            for side in (side for side in house.sides if side.key not in person.sees):
                shared = side.brand == house.sides[0].brand and OF_BRAND.keys() & set(route.fields)
                if shared or (not route.fields and route.path not in CROSSED):
                    continue
                answer = house.ask(route, person, side)
                expected = (
                    (404, 403, 422)
                    if route.is_api
                    else (404, 403)
                    if route.fields or "reveal" in route.path
                    else (200, 303, 404, 403)
                )
                if answer.status_code not in expected or tells(answer, side):
                    wrong.append(f"{person.name}: {route} {side.key} {answer.status_code} {tells(answer, side)}")
    assert not wrong, "\n".join(wrong)


def tells(answer: TestResponse, side: Side) -> list[str]:
    """What of a side's own words is in an answer."""
    body = answer.get_data().decode(errors="replace")
    spoken = number_from(side.count)
    return [word for word in (side.word, side.phone, spoken, " ".join(spoken[i : i + 3] for i in (0, 3, 6)), f"wo_{side.key}")
            if word in body and not (word.startswith("wo_") and answer.status_code in (403, 404))]  # fmt: skip


def test_nobody_unknown_gets_anywhere(house: House) -> None:
    wrong = []
    for route in all_routes(house.app):
        if route.permission is Permission.ANYONE:
            continue
        answer = house.ask(route, None, house.sides[0])
        turned_away = 401 if route.is_api else 303 if route.method == "GET" else 403
        if answer.status_code not in (turned_away, 422 if route.is_api else turned_away):
            wrong.append(f"{route} {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_counts_in_the_navigation_are_of_ones_own(house: House) -> None:
    agent = next(one for one in house.people if one.name == "b_agent")
    boss = next(one for one in house.people if one.role is StaffRole.ADMINISTRATOR)
    counts = {
        person.name: house.client(person).get("/console/pulse").get_data(as_text=True) for person in (agent, boss)
    }
    assert ">3<" in counts[boss.name]
    assert ">2<" in counts[agent.name]
    assert ">3<" not in counts[agent.name]
