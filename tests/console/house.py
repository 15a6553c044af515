"""Everybody who signs in at the console, beside rows of three sides, and one request of one of them, taken back afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from apiflask import APIFlask
from flask import request
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from console.access_table import Route, routes_of
from console.chat_refs import Chat, ref_of
from console.security import SESSION_COOKIE, Guard
from domain.access import sessions
from domain.access.model import Staff
from domain.access.roles import OF_PROVIDER, Permission, StaffRole, may
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.work_orders.numbers import number_from
from tests.console.naming import QUERIES, body_of, filled, form_of
from tests.console.side import Side
from tests.console.sides import put_sides


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
                query = body_of(route.asks, side) if route.asks else None
                body = body_of(route.takes, side) if route.takes else None
                return client.open(path, method=route.method, json=body, headers=headers, query_string=query)
            if route.method == "GET":
                query = QUERIES[route.path](side) if route.path in QUERIES else {}
                return client.get(path, headers={"X-Unattended": "1"}, query_string=query)
            token = {"X-CSRF-Token": csrf(person.secret) if person else "", "HX-Request": "true"}
            return client.post(path, data=form_of(route, side), headers=token)


@cache
def csrf(secret: str) -> str:
    app = APIFlask("tests.csrf")
    with app.test_request_context("/", headers={"Cookie": f"{SESSION_COOKIE}={secret}"}):
        return Guard("k" * 32, False).token_for(request)


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


def put_house(runtime: Runtime, app: APIFlask) -> House:
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


def all_routes(app: APIFlask) -> list[Route]:
    found = routes_of(app)
    assert len(found) > 100
    return found


def tells(answer: TestResponse, side: Side) -> list[str]:
    """What of a side's own words is in an answer."""
    body = answer.get_data().decode(errors="replace")
    spoken = number_from(side.count)
    return [word for word in (side.word, side.phone, spoken, " ".join(spoken[i : i + 3] for i in (0, 3, 6)), f"wo_{side.key}")
            if word in body and not (word.startswith("wo_") and answer.status_code in (403, 404))]  # fmt: skip


LEADS = re.compile(r'\b(?:data-href|href|hx-get)="(/console/[^"?#]*)')
SENDS = re.compile(
    r'\b(?:hx-post|formaction)="(/console/[^"?#]*)|<form[^>]*method="post"[^>]*action="(/console/[^"?#]*)'
)


def dead_ends(house: House, person: Person, answer: TestResponse) -> list[str]:
    """The links, rows, pieces and forms of a page that this person may not open: who sees one must be let in."""
    page, at = answer.get_data().decode(errors="replace"), house.app.url_map.bind("localhost")
    ways = {("GET", path) for path in LEADS.findall(page)}
    ways |= {("POST", one or other) for one, other in SENDS.findall(page)}
    found = []
    for method, path in sorted(ways):
        try:
            endpoint, _ = at.match(path, method)
        except HTTPException:
            found.append(f"{method} {path}, which is nowhere")
            continue
        if not person.may(getattr(house.app.view_functions[endpoint], "permission", Permission.ANYONE)):
            found.append(f"{method} {path}")
    return found
