"""Whatever is sent to the consumer's API, it answers with one of the documented statuses and never with a failure of its own;
nothing of another customer's is ever in an answer."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, Phase, given, settings

from adapters.open_api import DescribedApp
from consumer_app import api
from domain.customers.model import Contact
from domain.customers.sessions import open_session
from domain.kit.unit_of_work import Runtime
from tests.consumer_app.conftest import Street
from tests.consumer_app.mini_program import FakePlatform as MiniPrograms
from tests.consumer_app.pages import Browser, Pages
from tests.domain.payments.platform import FakePlatform
from tests.doubles import Folder, Unlimited

EXAMPLES = 5


def app_on(runtime: Runtime) -> APIFlask:
    app = DescribedApp("test", spec_path="/openapi.json")
    gateway = FakePlatform(runtime.clock) if runtime is not None else None
    app.register_blueprint(api.blueprint(runtime, MiniPrograms(), Unlimited(), Folder(), gateway))
    return app


def listed() -> list[tuple[str, str]]:
    """Every call of the API: its rows need no database."""
    paths = app_on(None).test_client().get("/openapi.json").get_json()["paths"]  # type: ignore[arg-type]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


LISTED = listed()


@pytest.fixture
def app(runtime: Runtime) -> APIFlask:
    return app_on(runtime)


@pytest.fixture
def bearer(runtime: Runtime, street: Street) -> dict[str, str]:
    with runtime.transaction() as uow:
        contact = uow.session.get_one(Contact, (street.brand.voice.account_id, street.chen.openid))
        return {"Authorization": f"Bearer {open_session(uow, contact)}"}


@pytest.mark.parametrize(("method", "path"), LISTED)
def test_no_call_fails(app: APIFlask, bearer: dict[str, str], method: str, path: str) -> None:
    documented = schemathesis.openapi.from_wsgi("/openapi.json", app)

    @given(case=documented[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def never(case: Any) -> None:
        answer = case.call(headers=bearer)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert {"error", "message"} <= set(answer.json()), answer.text

    never()


BODIES: list[Any] = [
    None,
    {},
    [],
    {"text": "\x00"},
    {"text": "\ud83d"},
    {"code": "x" * 9000},
    {"deep": [[[[[[[[]]]]]]]]},
    "x",
]


@pytest.mark.parametrize(("method", "path"), [one for one in LISTED if one[0] == "POST"])
def test_odd_bodies_are_turned_away(app: APIFlask, bearer: dict[str, str], method: str, path: str) -> None:
    client = app.test_client()
    for body in BODIES:
        answer = client.post(path.replace("{", "").replace("}", ""), json=body, headers=bearer)
        assert answer.status_code < 500, (path, body, answer.text)
    for data, kind in (
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"a=b", "text/plain"),
        (b"x" * 40_000, "application/json"),
        (b"[" * 8000, "application/json"),
        (b'{"a":' * 2500, "application/json"),
        (b'{"back_fen":' + b"9" * 5000 + b"}", "application/json"),
    ):
        assert client.post(path, data=data, content_type=kind, headers=bearer).status_code < 500, (path, data[:9])


@pytest.mark.parametrize(("method", "path"), LISTED)
def test_anothers_ids_are_not_there_and_without_a_session_nothing_is(
    app: APIFlask, bearer: dict[str, str], street: Street, method: str, path: str
) -> None:
    wang, client = street.wang, app.test_client()
    theirs = (
        path.replace("{product_id}", wang.product_id).replace("{number}", wang.number).replace("{file_id}", "fi_1")
        .replace("{quote_id}", "qt_1").replace("{payable_id}", "ow_1").replace("{payment_id}", "pm_1")
        .replace("{cover_id}", "co_1").replace("{code}", "LH")
    )  # fmt: skip
    if path not in ("/api/consumer/login", "/api/consumer/prices/{code}"):
        assert client.open(theirs, method=method, json={} if method == "POST" else None).status_code in (401, 422)
        forged = {"Authorization": "Bearer " + "x" * 43}
        assert client.open(theirs, method=method, json={}, headers=forged).status_code in (401, 422)
    full = {
        "why": "x", "since": "2026-05-13T00:00:00+00:00", "until": "2026-05-13T02:00:00+00:00", "stars": 5, "id": "x",
        "yes": True, "answer": "confirm", "hash": "x", "title": "x", "email": "a@b.cc", "back_fen": 1, "words": "",
    }  # fmt: skip
    answer = client.open(theirs, method=method, json=full if method == "POST" else None, headers=bearer)
    if "{" in path and "{code}" not in path:
        assert answer.status_code in (404, 422), answer.text
    assert wang.number not in answer.text
    assert "王先生" not in answer.text


FORMS: list[tuple[str, dict[str, str]]] = [
    ("/c/orders/{number}/time", {"window": "2026-05-14/2026-05-15"}),
    ("/c/orders/{number}/time", {"window": "2026-05-14T10:00:00/2026-05-14T12:00:00"}),
    ("/c/orders/{number}/time", {"window": "0001-01-01T00:00:00+14:00/9999-12-31T00:00:00-12:00"}),
    ("/c/orders/{number}/time", {"window": "2026-05-14T10:00:00+08:00/2026-05-14T12:00:00+08:00", "reason": "a\x00b"}),
    ("/c/orders/{number}/rate", {"stars": "5", "aspects.\x00": "5"}),
    ("/c/orders/{number}/urge", {"words": "a\x00b"}),
    ("/c/report", {"agree": "1", "category": "washer", "words": "漏水", "picture_ids": "fi\x00"}),
    ("/c/report", {"agree": "1", "category": "washer", "words": "漏水", "picture_ids": "f" * 3000}),
    ("/c/products/{product}/proof", {"purchased_on": "yesterday"}),
    ("/c/survey/np_x.y", {"score": "10", "words": "\x00"}),
    ("/c/me/data", {"name": "x" * 200}),
]


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_no_form_fails_and_its_words_are_for_people(
    pages: Pages, chen: Browser, street: Street, path: str, form: dict[str, str]
) -> None:
    answer = chen.post(path.format(number=street.chen.number, product=street.chen.product_id), form)
    assert answer.status_code in (404, 409), answer.text
    assert answer.mimetype == "text/html"
    assert "GET" not in answer.text


def test_a_form_too_large_is_told_in_words(chen: Browser) -> None:
    large = chen.post("/c/me/data", {"name": "水" * 20_000})
    assert (large.status_code, "内容太多了" in large.text) == (413, True)


@pytest.mark.parametrize("path", ["/c/nothing", "/c/orders/1/2/3", "/c/sign-out", "/c/orders/1/urge"])
def test_a_link_to_nothing_is_a_page_with_words(chen: Browser, path: str) -> None:
    answer = chen.get(path)
    assert (answer.status_code, "没有找到这个页面" in answer.text) == (404, True)
