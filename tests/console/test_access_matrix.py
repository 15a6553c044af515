"""Every route, every role, one's own rows and others': generated from the code, so that a new route is tried without a line here.

A new path field needs a line of `PATHS` (whose row it names), a form that names rows of others a line of `FORMS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf
from werkzeug.test import TestResponse

from console.access_table import Route, routes_of
from console.chat_refs import Chat, ref_of
from console.narrowing import BY_OTHER_MEANS, NAMED, NO_NAMES, PREFIXES, seen_by
from console.security import SESSION_COOKIE, Guard
from domain.access import sessions
from domain.access.model import Staff, TrailEntry
from domain.access.roles import OF_PROVIDER, Permission, StaffRole, may
from domain.dispatch.explaining import explain
from domain.dispatch.model import Decision, Offer
from domain.kit.scope import Scope, see_only
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices.model import OutgoingMessage
from domain.work_orders.model import Visit, VisitEngineer, VisitMove
from domain.work_orders.numbers import number_from
from tests.console.sides import Side, put_sides

PATHS = {
    "order_id": "wo", "visit_id": "vi", "offer_id": "of", "change_id": "cr", "customer_id": "cu", "product_id": "pd",
    "file_id": "fi", "incident_id": "in", "task_id": "dt", "answer_id": "ca", "staff_id": "st", "engineer_id": "en",
    "provider_id": "pr", "station_id": "sn", "plan_id": "pl", "route_id": "ro", "shift_id": "sh", "leave_id": "le",
    "certificate_id": "ce", "coverage_id": "co", "clock_id": "ck", "search_id": "ss", "appointment_id": "ap",
    "reservation_id": "re", "skill_id": "sk", "authorization_id": "au", "area_id": "co", "work_order_id": "wo",
    "decision_id": "de", "device_id": "engineer_devices", "finding_id": "wf",
    "quote_id": "qt", "bill_id": "bi", "cover_id": "co", "batch_id": "gb", "redemption_id": "rd", "rating_id": "ra", "callback_id": "cb", "complaint_id": "ts",
    "payable_id": "payables", "payment_id": "payments", "refund_id": "refunds", "merchant_id": "merchants",
    "invoice_id": "invoice_requests", "difference_id": "statement_differences", "hand_in_id": "cash_hand_ins", "entry_id": "ledger_entries",
}  # fmt: skip
"""Path or body field → the prefix of the ids of `tests.console.sides`."""

OF_BRAND = {
    "policy_id": "po",
    "cover_plan_id": "cp",
    "model_id": "mo",
    "part_id": "pa",
    "account_id": "ac",
    "fee_id": "fe",
}
"""The same for rows that all of a brand's providers see."""

CROSSED: dict[str, dict[str, str]] = {
    "/console/reveal": {"subject": "work_order", "id": "wo", "field": "phone"},
    "/console/reveal/chat": {"subject": "work_order", "id": "wo"},
    "/console/orders": {"q": "phone"},
    "/console/customers": {"q": "phone"},
}
"""Forms of pages without a path field that name somebody's row: field → prefix, or a word as it is."""


QUERIES: dict[str, Callable[[Side], dict[str, str]]] = {
    "/console/board/orders/<order_id>/ask": lambda side: {"engineer": side.id("en")},
    "/console/board/plans/new": lambda side: {"provider": side.id("pr"), "station": side.id("sn"), "day": "2026-05-13"},
}
"""What pages must be asked with, beside their path."""

SAMPLES = {"division_code": "440606", "field": "phone", "starts": 480, "ends": 720, "warn_minutes": 1, "minutes": 60}
"""Values of required fields that a made-up word would not do for."""

NOT_THERE = {
    "a thing that only is there after something went wrong": {
        "POST /api/console/dead-letters/messages", "POST /api/console/dead-letters/reactions",
        "POST /console/dead-letters/messages", "POST /console/dead-letters/reactions",
    },
    "a search is shown to those of the very same scope": {
        "GET /api/console/searches/<search_id>", "POST /api/console/searches/<search_id>/drop",
        "GET /console/searches/<search_id>", "POST /console/searches/<search_id>/drop",
    },
    "acts on the task of a chat, where the page takes any chat": {
        "POST /console/inbox/<ref>/drop", "POST /console/inbox/<ref>/give-back", "POST /console/inbox/<ref>/pass-on",
        "POST /console/inbox/<ref>/replies", "POST /console/inbox/<ref>/typing",
    },
    "forms with more than a name": {
        "POST /api/console/covers", "POST /api/console/covers/<cover_id>/hold", "POST /api/console/complaints",
        "POST /console/notices/templates", "POST /console/board/plans",
    },
    "nobody has sent a photo of the engineers here": {"GET /console/engineers/<engineer_id>/photo"},
    "a telephone number is looked at, or named by the row's own key": {
        "POST /api/console/customers/<customer_id>/reveal",
        "POST /api/console/work-orders",
    },
}  # fmt: skip
"""Why what is asked here answers 404 or 422 even where everything may be seen. All else must be there for whoever may."""


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
    for name in ("engineer_id", "provider_id", "station_id", "product_id", "customer_id"):
        form.setdefault(name, side.id(PATHS[name]))
    return {**form, "engineer": side.id("en"), "station": side.id("sn"), "provider": side.id("pr")}


def body_of(schema: Any, side: Side) -> dict[str, Any]:
    """A body or a query that this takes, naming the side's rows."""
    made = schema() if isinstance(schema, type) else schema
    return {name: value for name, field in made.fields.items() if (value := sample(name, field, side)) is not None}


def sample(name: str, field: fields.Field[Any], side: Side) -> Any:
    if name in PATHS:
        return side.id(PATHS[name])
    if not field.required or field.dump_only:
        return None
    if name in SAMPLES:
        return SAMPLES[name]
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


BRANDS = {
    "batch_id", "task_id", "ref", "answer_id", "callback_id", "complaint_id", "difference_id", "invoice_id",
}  # fmt: skip
"""Path fields that name what is the brand's own: a provider's people do not see even what is about their orders."""
DRAWN = {"/console/orders/<order_id>/sheet": {"administrator", "b_agent", "p_station"}}
"""What takes half a second to draw is asked for by these alone of those who may."""
ALSO = {"POST /console/searches/export-plain": Permission.PERSONAL_REVEAL}
"""What needs a second permission besides the route's."""
ALLS_OWN = {"POST /api/console/providers", "POST /console/network/providers"}
"""What only those without a scope may do, whatever their role."""


def test_whoever_may_not_is_told_so_and_whoever_may_gets_their_own_and_nothing_of_others(house: House) -> None:
    mine, wrong = house.sides[0], []
    excused = {name for names in NOT_THERE.values() for name in names}
    for route in all_routes(house.app):
        if route.permission is Permission.ANYONE:
            continue
        for person in house.people:
            if person.may(route.permission) and person.name not in DRAWN.get(route.path, {person.name}):
                continue
            answer = house.ask(route, person, mine)
            status = answer.status_code
            brands_own = bool(BRANDS & set(route.fields)) and person.name.startswith("p_")
            allowed = person.may(route.permission) and person.may(ALSO.get(str(route), Permission.ANYONE))
            if not allowed or (str(route) in ALLS_OWN and len(person.sees) < 3):
                right = status == 403
            elif brands_own:
                right = status == 404
            elif str(route) in excused:
                right = status < 500 and status != 403
            else:
                right = status < 500 and status not in ((401, 403, 404, 422) if route.is_api else (401, 403, 404))
            if not right and not (status == 502 and route.path.startswith("/console/files/")):
                wrong.append(f"{person.name}: {route} {status}")
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


def test_engineers_of_others_who_were_considered_or_came_earlier_are_nobody_in_particular(house: House) -> None:
    """An order that came from a neighbour: who was asked, chosen and announced there is named nowhere to a provider's people."""
    mine, near, wrong = house.sides[0], house.sides[1], []
    with house.runtime.transaction() as uow:
        theirs, now, order = near.id("en"), uow.now, mine.id("wo")
        line = {
            "engineer_id": theirs,
            "score": 9.0,
            "objections": [{"code": "skill", "words": "没有技能"}],
            "points": [],
        }
        decision = {"work_order_id": order, "visit_id": mine.id("vi"), "at": now, "by": "system:dispatch", "why": "opened",
                    "outcome": "offered", "engineer_id": theirs, "considered": [line]}  # fmt: skip
        uow.session.add(Decision(id="dd_earlier", **decision))
        uow.session.flush()
        uow.session.add_all([
            Offer(
                id="of_earlier", visit_id=mine.id("vi"), work_order_id=order, engineer_id=theirs, decision_id="dd_earlier",
                status="refused", offered_at=now, answer_by=now, answered_at=now, window_since=now, window_until=now,
            ),
            VisitEngineer(visit_id=mine.id("vi"), engineer_id=theirs, share=50, lead=False),
            OutgoingMessage(
                at=now, account_id=f"ac_{mine.brand}", recipient=mine.id("op"), why="assigned", subject_id=order,
                author="system:notices", text=f"{near.word}师傅 139{near.phone[3:]} 将上门", not_before=now,
            ),
            TrailEntry(
                at=now, actor="system:dispatch", action="dispatch.assign", subject_kind="work_order", subject_id=order,
                detail={"engineer": theirs},
            ),
            VisitMove(visit_id=mine.id("vi"), move="refuse", frm="offered", to="opened", by=f"engineer:{theirs}", at=now),
        ])  # fmt: skip
        uow.session.get_one(Visit, mine.id("vi")).engineer_id = theirs
        unasked = uow.session.get_one(Decision, mine.id("de"))
        unasked.considered, unasked.engineer_id = [line], theirs
    for route in (one for one in all_routes(house.app) if one.permission is not Permission.ANYONE):
        for person in (one for one in house.people if one.name == "p_manager" and one.may(route.permission)):
            answer = house.ask(route, person, mine)
            if answer.status_code >= 500 and "/files/" not in route.path:
                wrong.append(f"{person.name}: {route} {answer.status_code}")
            if told := tells(answer, near):
                wrong.append(f"{person.name}: {route} tells {told}")
    assert not wrong, "\n".join(wrong)
    with house.runtime.transaction() as uow:
        see_only(uow.session, seen_by(Scope(provider_id=mine.id("pr"))))
        assert near.word not in str(explain(uow, mine.id("wo")))


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
        if answer.status_code != turned_away:
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
