"""An engineer's photo on the staff's pages: who may change it, who sees it, and that nobody else's provider gets at it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from apiflask import APIFlask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from console.door import blueprints
from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.engineers.model import Engineer
from domain.files.model import FileState, StoredFile
from domain.files.pictures import FACE_SIDE
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime
from tests.brand import Brand
from tests.console.conftest import BY, PASSWORD, Browser
from tests.doubles import Folder
from tests.drawn import photo
from tests.network import Network, network_in


@pytest.fixture
def network(runtime: Runtime, brand: Brand) -> Network:
    return network_in(runtime, brand)


EVERYTHING = Scope()


@dataclass
class Shelf(Folder):
    """``away`` takes nothing."""

    away: bool = False

    def put(self, place: str, content: bytes) -> None:
        if self.away:
            raise OSError("no store")
        super().put(place, content)


@pytest.fixture
def folder() -> Shelf:
    return Shelf()


@pytest.fixture
def app(runtime: Runtime, folder: Shelf) -> APIFlask:
    app = APIFlask("tests.console.engineer_photo")
    for blueprint in blueprints(runtime, secret_key="k" * 32, secure_cookies=False, files=folder):
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def somebody(app: APIFlask, runtime: Runtime, network: Network) -> Callable[..., Browser]:
    def signed_in(role: StaffRole, scope: Scope = EVERYTHING) -> Browser:
        with runtime.transaction() as uow:
            add_staff(
                uow, by=BY, username=f"a-{role.value}".replace("_", "-"), role=role, password=PASSWORD, scope=scope
            )
        browser = Browser(app.test_client())
        assert browser.sign_in(f"a-{role.value}".replace("_", "-")).status_code == 303
        return browser

    return signed_in


def send(browser: Browser, engineer_id: str, content: bytes) -> TestResponse:
    browser.get(f"/console/engineers/{engineer_id}")
    return browser.post(f"/console/engineers/{engineer_id}/photo", {"photo": (io.BytesIO(content), "a.jpg")})  # type: ignore[dict-item]


def kept(runtime: Runtime, engineer_id: str) -> str | None:
    with runtime.transaction() as uow:
        return uow.session.scalars(select(Engineer.photo_id).filter_by(id=engineer_id)).one()


def test_it_is_uploaded_shown_changed_and_taken_away(
    runtime: Runtime, network: Network, somebody: Callable[..., Browser], folder: Shelf
) -> None:
    manager = somebody(StaffRole.MANAGER)
    page = f"/console/engineers/{network.an}"
    assert send(manager, network.an, photo(700, 900)).status_code == 303
    file_id = kept(runtime, network.an)
    assert f'src="{page}/photo?{file_id}"' in manager.get(page).text
    shown = manager.client.get(f"{page}/photo?{file_id}")
    assert (shown.mimetype, Image.open(io.BytesIO(shown.data)).size) == ("image/jpeg", (FACE_SIDE, FACE_SIDE))
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.data not in folder.files.values(), "what lies in the store is sealed"
    assert send(manager, network.an, photo(400, 400)).status_code == 303
    assert kept(runtime, network.an) not in (None, file_id)
    manager.get(page)
    assert manager.post(f"{page}/photo/remove").status_code == 303
    assert kept(runtime, network.an) is None
    assert "照片已删除" in manager.get(page).text
    assert manager.get(f"{page}/photo").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "请选一张"), (b"<svg/>", "不是照片"), (photo(100, 100), "照片太小")]
)
def test_what_is_no_photo_is_refused_in_words_and_nothing_is_kept(
    runtime: Runtime, network: Network, somebody: Callable[..., Browser], folder: Shelf, content: bytes, words: str
) -> None:
    manager = somebody(StaffRole.MANAGER)
    assert send(manager, network.an, content).status_code == 303
    assert words in manager.get(f"/console/engineers/{network.an}").text
    assert (kept(runtime, network.an), folder.files) == (None, {})


def test_with_the_store_away_that_is_said_and_the_former_one_stays(
    runtime: Runtime, network: Network, somebody: Callable[..., Browser], folder: Shelf
) -> None:
    manager = somebody(StaffRole.MANAGER)
    send(manager, network.an, photo())
    before = kept(runtime, network.an)
    folder.away = True
    answer = send(manager, network.an, photo())
    assert (answer.status_code, "稍后再试" in answer.text) == (502, True)
    assert kept(runtime, network.an) == before


def test_a_provider_changes_its_own_engineers_photos_and_sees_no_others(
    runtime: Runtime, network: Network, somebody: Callable[..., Browser]
) -> None:
    manager = somebody(StaffRole.MANAGER)
    for one in (network.an, network.cao):
        send(manager, one, photo())
    own = somebody(StaffRole.PROVIDER_DISPATCHER, Scope(provider_id=network.near))
    before = kept(runtime, network.cao)
    assert own.client.get(f"/console/engineers/{network.an}/photo").status_code == 200
    assert send(own, network.an, photo(300, 300)).status_code == 303
    assert own.get(f"/console/engineers/{network.cao}/photo").status_code == 404
    own.get(f"/console/engineers/{network.an}")
    own.post(f"/console/engineers/{network.cao}/photo/remove")
    send(own, network.cao, photo(300, 300))
    assert kept(runtime, network.cao) == before
    with runtime.transaction() as uow:
        assert uow.get(StoredFile, str(before), called="").state is FileState.KEPT


def test_a_station_looks_and_changes_nothing(
    runtime: Runtime, network: Network, somebody: Callable[..., Browser]
) -> None:
    send(somebody(StaffRole.MANAGER), network.an, photo())
    station = somebody(StaffRole.STATION, Scope(provider_id=network.near, station_id=network.daliang))
    before = kept(runtime, network.an)
    assert station.client.get(f"/console/engineers/{network.an}/photo").status_code == 200
    send(station, network.an, photo(300, 300))
    assert kept(runtime, network.an) == before
