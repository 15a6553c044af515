"""The API as a program meets it: documented, with one shape of error, working while told to slow down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from apiflask import APIFlask

from console.door import blueprints
from domain.access.operations import issue_token
from domain.kit.unit_of_work import Runtime
from tests.console.conftest import BY, PHONE, Api
from tests.runtime import Clock

Opener = Callable[..., str]


def test_every_call_is_in_the_documentation_with_its_errors_and_its_token(app: APIFlask) -> None:
    spec: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    calls = [(path, method, doc) for path, methods in spec["paths"].items() for method, doc in methods.items()]
    served = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console_api.")}
    assert len({path for path, _, _ in calls}) == len(served)
    for path, method, doc in calls:
        assert path.startswith("/api/console/"), path
        assert doc["summary"], (path, method)
        assert doc["security"] == [{"bearer": []}], (path, method)
        assert {"401", "403", "422"} <= set(doc["responses"]), (path, method)
    assert spec["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert "get" in spec["paths"]["/api/console/work-orders"]


def test_the_documentations_page_needs_nothing_from_elsewhere(app: APIFlask) -> None:
    html = app.test_client().get("/docs").get_data(as_text=True)
    assert "/console/static/swagger-ui/swagger-ui-bundle.js" in html
    assert [place for place in re.findall(r'(?:src|href|url)[=:]\s*"([^"]*)"', html) if not place.startswith("/")] == []


def test_a_refusal_has_one_shape(api: Callable[[str], Api], open_order: Opener) -> None:
    call, mine = api("anna"), open_order()
    for answer, status, code in (
        (call("GET", "/work-orders/nothing"), 404, "not_found"),
        (call("GET", "/work-orders/by-number/123456789"), 404, "not_found"),
        (call("POST", f"/work-orders/{mine}/moves", {"move": "cancel"}), 409, "move_refused"),
        (call("POST", f"/work-orders/{mine}/moves", {"move": "audit"}), 403, "forbidden"),
        (call("PATCH", f"/work-orders/{mine}", {"version": 9, "why": "x", "words": "新的"}), 409, "conflict"),
        (call("PATCH", f"/work-orders/{mine}", {"version": 1, "why": "x", "address": "我家"}), 422, "invalid"),
        (call("POST", f"/work-orders/{mine}/moves", {}), 422, "invalid"),
        (call("GET", "/work-orders", status="sleeping"), 422, "invalid"),
        (call("GET", "/work-orders", after="nonsense"), 422, "bad_filter"),
    ):
        body = answer.get_json()
        assert (answer.status_code, body["error"]) == (status, code)
        assert body["message"]


def test_an_order_is_read_moved_changed_and_revealed(api: Callable[[str], Api], open_order: Opener) -> None:
    call, mine = api("anna"), open_order()
    order = call("GET", f"/work-orders/{mine}").get_json()
    assert {"schedule", "cancel"} <= {move["name"] for move in order["moves"]}
    assert call("GET", f"/work-orders/by-number/{order['number']}").get_json()["id"] == mine
    changed = call("PATCH", f"/work-orders/{mine}", {"version": 1, "why": "改时间", "wanted_time": "周日"}).get_json()
    assert (changed["wanted_time"], changed["version"]) == ("周日", 2)
    assert changed["history"][-1]["fields"] == ["wanted_time"]
    assert call("POST", f"/work-orders/{mine}/reveal", {"field": "phone"}).get_json() == {"value": PHONE}
    moved = call("POST", f"/work-orders/{mine}/moves", {"move": "cancel", "why": "不修了"}).get_json()
    assert moved["status"] == "cancelled"
    assert moved["history"][-1]["from"] == "reported"


def test_pages_of_the_list_follow_each_other(api: Callable[[str], Api], open_order: Opener, clock: Clock) -> None:
    opened = []
    for number in range(5):
        opened.append(open_order(phone=f"1390000000{number}"))
        clock.advance(seconds=1)
    call, seen, after = api("anna"), [], ""
    while after is not None:
        page = call("GET", "/work-orders", limit="2", **({"after": after} if after else {})).get_json()
        seen += [row["id"] for row in page["rows"]]
        after = page["after"]
    assert seen == opened[::-1]


def test_a_session_cookie_opens_nothing_of_the_api_and_a_token_no_page(agent: Any, api: Callable[[str], Api]) -> None:
    assert agent.client.get("/api/console/me").status_code == 401
    call = api("anna")
    call.client.set_cookie("weixiu_session", call.token, path="/console")
    assert call.client.get("/console/orders").status_code == 303
    assert call("GET", "/me").get_json()["username"] == "anna"


def test_who_calls_too_often_is_told_to_wait(runtime: Runtime, staff: dict[str, str]) -> None:
    app = APIFlask("tests.limits")
    asked: list[str] = []

    def may_call(key: str) -> bool:
        asked.append(key)
        return len(asked) <= 2

    for one in blueprints(runtime, secret_key="k" * 32, secure_cookies=True, may_call=may_call):
        app.register_blueprint(one)
    with runtime.transaction() as uow:
        call = Api(app.test_client(), issue_token(uow, "anna", by=BY))
    assert [call("GET", "/me").status_code for _ in range(3)] == [200, 200, 429]
    assert asked[0] == f"api:{staff['anna']}"


def test_a_token_ends_after_a_year_or_when_its_holder_is_disabled(
    api: Callable[[str], Api], clock: Clock, staff: dict[str, str]
) -> None:
    anna, boss = api("anna"), api("boss")
    assert boss("POST", f"/staff/{staff['anna']}/disable").status_code == 200
    assert anna("GET", "/me").status_code == 401
    clock.advance(days=364)
    assert boss("GET", "/me").status_code == 200
    clock.advance(days=1)
    assert boss("GET", "/me").status_code == 401


def test_staff_are_added_over_json_but_no_password_comes_back(api: Callable[[str], Api]) -> None:
    body = {"username": "cara", "role": "agent", "password": "a long enough one"}
    made = api("boss")("POST", "/staff", body)
    assert made.status_code == 201
    assert "password" not in str(made.get_json())
    assert api("boss")("POST", "/staff", body).get_json()["error"] == "conflict"
    assert (
        api("boss")("POST", "/staff", body | {"username": "dan", "password": "short"}).get_json()["error"]
        == "weak_password"
    )
