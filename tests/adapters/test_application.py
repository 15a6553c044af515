"""The whole application as it is served: every door together, and the pages that only the whole can have."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from adapters.application import create
from adapters.settings import Settings
from domain.kit.unit_of_work import Runtime
from tests.conftest import Servers


@pytest.fixture
def client(runtime: Runtime, servers: Servers, tmp_path: Path) -> FlaskClient:
    given = {"data_dir": str(tmp_path), "redis_url": servers.valkey, "secret_key": "s" * 32}
    return create(Settings.model_validate(given), runtime, runtime).test_client()


def test_the_documentation_has_every_api_and_no_page(client: FlaskClient) -> None:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    paths = answer.get_json()["paths"]
    for door in ("console", "consumer", "engineer"):
        assert any(path.startswith(f"/api/{door}/") for path in paths), door
    assert not [path for path in paths if not path.startswith("/api/")]


def test_every_shape_of_the_documentation_has_a_name_of_its_own(client: FlaskClient) -> None:
    shapes = client.get("/openapi.json").get_json()["components"]["schemas"]
    assert {"ConsoleOrderOut", "ConsumerOrderOut", "EngineerMeOut"} <= shapes.keys()
    numbered = [name for name in shapes if name[-1].isdigit()]
    assert numbered == [], "two shapes of one API have the same name, or one was described twice"


@pytest.mark.parametrize("page", ["/docs", "/healthz", "/console/sign-in"])
def test_pages_that_ask_for_nothing_are_served(client: FlaskClient, page: str) -> None:
    assert client.get(page).status_code == 200
