"""Every route names its permission, and whoever lacks it is turned away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from apiflask import APIFlask
from werkzeug.routing import Rule

from domain.access.roles import MAY, Permission, StaffRole
from tests.console.conftest import Api, Browser


def routes(app: APIFlask, blueprint: str) -> Iterator[tuple[Rule, str, Permission]]:
    """(rule, method, permission) of everything a blueprint serves but static files."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{blueprint}.") and rule.endpoint != f"{blueprint}.static":
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield rule, method, getattr(app.view_functions[rule.endpoint], "permission", None)  # type: ignore[misc]


def path_of(rule: Rule) -> str:
    """An address the rule matches."""
    _, address = rule.build(dict.fromkeys(rule.arguments, "none")) or ("", "")
    return address


@pytest.mark.parametrize("blueprint", ["console", "console_api"])
def test_every_route_names_its_permission(app: APIFlask, blueprint: str) -> None:
    found = list(routes(app, blueprint))
    assert len(found) > 20
    assert [f"{method} {rule.rule}" for rule, method, permission in found if permission not in set(Permission)] == []


def test_only_the_sign_in_page_is_for_anyone(app: APIFlask) -> None:
    open_ = {
        rule.rule for name in ("console", "console_api") for rule, _, p in routes(app, name) if p is Permission.ANYONE
    }
    assert open_ == {"/console/sign-in"}


def test_nobody_gets_past_a_page_without_signing_in(app: APIFlask, browser: Browser, staff: object) -> None:
    browser.get("/console/sign-in")
    for rule, method, permission in routes(app, "console"):
        if permission is not Permission.ANYONE:
            answer = browser.get(path_of(rule)) if method == "GET" else browser.post(path_of(rule))
            assert (answer.status_code, answer.location[:16]) == (303, "/console/sign-in"), rule.rule


def test_nobody_gets_past_the_api_without_a_token(app: APIFlask) -> None:
    for rule, method, _ in routes(app, "console_api"):
        for token in ("", "Bearer", "Bearer nonsense", "Basic YTpi"):
            answer = app.test_client().open(path_of(rule), method=method, headers={"Authorization": token}, json={})
            assert answer.status_code in (401, 422), rule.rule
            assert answer.get_json()["error"] in ("unauthorized", "invalid")


def test_an_agent_is_refused_what_is_for_administrators(app: APIFlask, agent: Browser) -> None:
    refused = 0
    for rule, method, permission in routes(app, "console"):
        if permission not in MAY[StaffRole.AGENT]:
            answer = agent.get(path_of(rule)) if method == "GET" else agent.post(path_of(rule))
            assert answer.status_code == 403, rule.rule
            refused += 1
    assert refused >= 8


def test_an_agents_token_is_refused_what_is_for_administrators(api: Callable[[str], Api]) -> None:
    for path in ("/staff", "/trail", "/dead-letters"):
        answer = api("anna")("GET", path)
        assert (answer.status_code, answer.get_json()["error"]) == (403, "forbidden")
        assert api("boss")("GET", path).status_code == 200


def test_an_agent_may_not_make_moves_that_decide_about_money(
    agent: Browser, administrator: Browser, open_order: Callable[..., str]
) -> None:
    order = open_order()
    for move in ("schedule", "start", "finish"):
        assert agent.post(f"/console/orders/{order}/moves", {"move": move}).location == f"/console/orders/{order}"
    assert "审核通过" not in agent.get(f"/console/orders/{order}").get_data(as_text=True)
    refused = agent.post(f"/console/orders/{order}/moves", {"move": "audit"}, htmx=True)
    assert refused.status_code == 403
    assert "审核通过" in administrator.get(f"/console/orders/{order}").get_data(as_text=True)
    administrator.post(f"/console/orders/{order}/moves", {"move": "audit"})
    assert "已审核" in administrator.get(f"/console/orders/{order}").get_data(as_text=True)


def test_a_form_from_elsewhere_does_nothing(agent: Browser, app: APIFlask, open_order: Callable[..., str]) -> None:
    order = open_order()
    for rule, method, _ in routes(app, "console"):
        if method == "POST":
            forged = agent.client.post(path_of(rule), data={"csrf_token": "0" * 64, "move": "cancel", "why": "x"})
            assert forged.status_code == 403, rule.rule
    assert agent.client.post(f"/console/orders/{order}/moves", data={"move": "cancel", "why": "x"}).status_code == 403
    assert "s-reported" in agent.get(f"/console/orders/{order}").get_data(as_text=True)


def test_one_persons_form_token_is_no_good_for_another(agent: Browser, administrator: Browser) -> None:
    administrator.get("/console/password")
    agent.token = administrator.token
    assert agent.post("/console/sign-out").status_code == 403


def test_pages_let_no_script_but_ours_run_and_are_never_kept(agent: Browser, open_order: Callable[..., str]) -> None:
    for path in ("/console/orders", f"/console/orders/{open_order()}", "/console/nowhere"):
        answer = agent.get(path)
        if path == "/console/nowhere":
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        html = answer.get_data(as_text=True)
        assert "style=" not in html
        assert " onclick=" not in html
        assert "<script>" not in html
