"""Whatever is sent to the API, it answers with one of the documented statuses and never with a failure of its own."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, Phase, given, settings

from adapters.open_api import DescribedApp
from domain.kit.unit_of_work import Runtime
from engineer_app import api
from engineer_app.signing_in import Desk
from tests.domain.payments.platform import FakePlatform
from tests.domain.service_sheets.world import World
from tests.doubles import Folder, Unlimited
from tests.engineer_app.phone import Phone, phone_of
from tests.runtime import NOW

EXAMPLES = 12


def listed() -> list[tuple[str, str]]:
    """Every call of the API: its rows need no database."""
    app = DescribedApp("test", spec_path="/openapi.json")
    app.register_blueprint(api.blueprint(cast("Desk", None)))
    paths = app.test_client().get("/openapi.json").get_json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


LISTED = listed()


@pytest.fixture
def unlimited(runtime: Runtime, shelf: Folder) -> APIFlask:
    app = DescribedApp("test", spec_path="/openapi.json")
    app.register_blueprint(
        api.blueprint(Desk(runtime, Unlimited(), "secret"), shelf, gateway=FakePlatform(runtime.clock))
    )
    return app


@pytest.fixture
def caller(unlimited: APIFlask, runtime: Runtime, world: World) -> Phone:
    return phone_of(runtime, unlimited.test_client(), world.network.an)


@pytest.fixture
def documented(unlimited: APIFlask, caller: Phone) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", unlimited)


@pytest.mark.parametrize(("method", "path"), LISTED)
def test_no_call_fails(documented: Any, caller: Phone, method: str, path: str) -> None:
    @given(case=documented[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def never(case: Any) -> None:
        answer = case.call(headers=caller.headers())
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert {"error", "message"} <= set(answer.json()), answer.text

    never()


BODIES: list[Any] = [
    None, {}, [], {"kind": 1}, {"a": {"b": [[[]]]}}, {"value": "\x00"}, {"position": {"lat": 1e999}}, {"line": "x" * 9000},
    {"value": "\ud83d"}, {"deep": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]},
]  # fmt: skip
KINDS = ["visit.move", "part.put", "correct", "signature.add", "offer.answer", "change.ask", "x\x00"]


def test_no_operation_fails_the_batch(caller: Phone, world: World) -> None:
    for kind in KINDS:
        bad = [{**caller.operation(world.visit_id, kind), "body": body} for body in BODIES]
        after = caller.operation(world.visit_id, "field.set", name="remark", value="好")
        answers = caller.sync(*bad, after, now=NOW.isoformat()).get_json()["answers"]
        assert [one["outcome"] for one in answers] == ["refused"] * len(bad) + ["applied"], kind


def test_names_no_database_knows_are_found_nowhere(caller: Phone) -> None:
    for method, path in (("POST", "/jobs/a%00b/call"), ("GET", "/uploads/%00"), ("DELETE", "/devices/%00")):
        assert caller(method, path).status_code == 404
    assert caller("POST", "/sign-in", phone="13800000001", code="\ud83d").status_code == 422
    assert caller.sync({**caller.operation(None, "x"), "id": "\ud83d"}).get_json()["answers"][0]["outcome"] == "refused"


@pytest.mark.parametrize("body", [b"[" * 8000, b'{"a":' * 2500, b'{"phone":' + b"9" * 5000 + b"}"])
def test_json_no_program_reads_is_turned_away(unlimited: APIFlask, body: bytes) -> None:
    answer = unlimited.test_client().post("/api/engineer/code", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid")


def test_every_call_is_documented_with_its_errors(unlimited: APIFlask) -> None:
    spec = unlimited.test_client().get("/openapi.json").get_json()
    calls = [(path, method, doc) for path, methods in spec["paths"].items() for method, doc in methods.items()]
    served = {rule.rule for rule in unlimited.url_map.iter_rules() if rule.endpoint.startswith("engineer_api.")}
    assert len({path for path, _, _ in calls}) == len(served)
    open_ = {"/api/engineer/code", "/api/engineer/sign-in", "/api/engineer/wechat", "/api/engineer/time"}
    for path, method, doc in calls:
        assert doc["summary"], (path, method)
        assert ("security" in doc) == (path not in open_), path
        assert {"401", "404", "409", "422", "429", "503"} <= set(doc["responses"]), (path, method)
