"""One accepted visit of 安师傅's, the door, and phones of his and of 薄师傅's."""

from __future__ import annotations

from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from adapters.open_api import DescribedApp
from domain.kit.unit_of_work import Runtime
from engineer_app import api, door
from engineer_app.signing_in import Desk
from tests.domain.service_sheets.world import World, world_in
from tests.doubles import Counters, Folder, WeChatPages
from tests.engineer_app.phone import Phone, phone_of


@pytest.fixture
def world(runtime: Runtime) -> World:
    return world_in(runtime)


@pytest.fixture
def shelf() -> Folder:
    return Folder()


@pytest.fixture
def platform() -> WeChatPages:
    return WeChatPages()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What Vite would have built."""
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "sw.js", "manifest.webmanifest", "assets/app-1a2b.js"):
        (tmp_path / name).write_text(name)
    return tmp_path


def app_on(runtime: Runtime, shelf: Folder, platform: WeChatPages, built: Path) -> APIFlask:
    app = DescribedApp("test", docs_path="/docs", spec_path="/openapi.json")
    desk = Desk(runtime, Counters(), "secret")
    app.register_blueprint(api.blueprint(desk, shelf))
    app.register_blueprint(
        door.blueprint(desk, platform, public_url="https://service.example", secure_cookies=True, built=built)
    )
    return app


@pytest.fixture
def app(runtime: Runtime, shelf: Folder, platform: WeChatPages, built: Path) -> APIFlask:
    return app_on(runtime, shelf, platform, built)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def phone(runtime: Runtime, client: FlaskClient, world: World) -> Phone:
    return phone_of(runtime, client, world.network.an)


@pytest.fixture
def other(runtime: Runtime, client: FlaskClient, world: World) -> Phone:
    """Of an engineer who has nothing to do with the visit."""
    return phone_of(runtime, client, world.network.bo)
