"""Pictures on the staff's pages: seen behind sign-in only, and every look on record."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from apiflask import APIFlask
from PIL import Image
from sqlalchemy import select

from console.door import blueprints
from domain.access.model import TrailEntry
from domain.files import operations
from domain.files.model import StoredFile
from domain.files.pictures import MIME, SMALL_SIDE, VIDEO_MIME, cleaned
from domain.files.store import new_key, seal
from domain.kit.inbox import Received, ReceivedState
from domain.kit.unit_of_work import Runtime
from domain.work_orders.model import WorkOrder
from tests.brand import Brand
from tests.console.conftest import Browser
from tests.doubles import Folder
from tests.drawn import photo
from tests.runtime import Clock

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


@dataclass
class Shelf:
    """A file store with what customers sent."""

    runtime: Runtime
    brand: Brand
    folder: Folder

    def put(self, order_id: str | None, kind: str = "image", *, kept: bool = True, media_id: str = "m1") -> str:
        content = cleaned(photo(1000, 800)) if kind == "image" else VIDEO
        key = new_key()
        with self.runtime.transaction() as uow:
            file = operations.hear(
                uow, brand_id=self.brand.voice.brand_id, account_id=self.brand.voice.account_id, openid="oWang",
                kind=kind, media_id=media_id, work_order_id=order_id,
            )  # fmt: skip
            if kept:
                self.folder.put(f"a/{file.id}", seal(key, file.id, content))
                mime = MIME if kind == "image" else VIDEO_MIME
                operations.keep(uow, file.id, place=f"a/{file.id}", key=key, content=content, mime=mime)
        return file.id


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def app(runtime: Runtime, folder: Folder) -> APIFlask:
    app = APIFlask("tests.console.files")
    for blueprint in blueprints(runtime, secret_key="k" * 32, secure_cookies=False, files=folder):
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def shelf(runtime: Runtime, brand: Brand, folder: Folder) -> Shelf:
    return Shelf(runtime, brand, folder)


def looks(runtime: Runtime, file_id: str) -> list[str]:
    with runtime.transaction() as uow:
        found = select(TrailEntry.action).filter_by(subject_kind="file", subject_id=file_id).order_by(TrailEntry.id)
        return list(uow.session.scalars(found))


def test_nobody_sees_a_picture_without_signing_in(shelf: Shelf, browser: Browser) -> None:
    file_id = shelf.put(None)
    for path in (f"/console/files/{file_id}", f"/console/files/{file_id}/small"):
        assert browser.get(path).status_code == 303
    assert looks(shelf.runtime, file_id) == []


def test_every_look_is_on_record_and_nothing_is_cached(shelf: Shelf, agent: Browser) -> None:
    file_id = shelf.put(None)
    for _ in range(2):
        seen = agent.client.get(f"/console/files/{file_id}")
        assert (seen.status_code, seen.mimetype, seen.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
        assert Image.open(io.BytesIO(seen.data)).size == (1000, 800)
    assert looks(shelf.runtime, file_id) == ["file.view", "file.view"]


def test_small_ones_are_on_record_once_an_hour(shelf: Shelf, agent: Browser, clock: Clock) -> None:
    file_id = shelf.put(None)
    for _ in range(3):
        small = agent.client.get(f"/console/files/{file_id}/small")
    assert max(Image.open(io.BytesIO(small.data)).size) == SMALL_SIDE
    assert looks(shelf.runtime, file_id) == ["file.glance"]
    clock.advance(minutes=61)
    agent.client.get(f"/console/files/{file_id}/small")
    assert looks(shelf.runtime, file_id) == ["file.glance", "file.glance"]


def test_a_video_is_a_download_and_has_no_small_picture(shelf: Shelf, agent: Browser) -> None:
    file_id = shelf.put(None, "video")
    seen = agent.get(f"/console/files/{file_id}")
    assert (seen.data, seen.headers["Content-Disposition"]) == (VIDEO, f"attachment; filename={file_id}.mp4")
    assert agent.get(f"/console/files/{file_id}/small").status_code == 404


def test_what_is_not_there_is_said_so(shelf: Shelf, agent: Browser, folder: Folder) -> None:
    assert agent.get("/console/files/fi_none").status_code == 404
    assert agent.get(f"/console/files/{shelf.put(None, kept=False)}").status_code == 404
    lost = shelf.put(None)
    folder.files.clear()
    assert agent.get(f"/console/files/{lost}").status_code == 502


def test_content_that_was_tampered_with_is_not_shown(shelf: Shelf, agent: Browser, folder: Folder) -> None:
    one, other = shelf.put(None), shelf.put(None, media_id="m2")
    folder.files[f"a/{one}"] = folder.files[f"a/{other}"]
    assert agent.get(f"/console/files/{one}").status_code == 502


def test_the_orders_page_and_its_chat_show_them(
    shelf: Shelf, agent: Browser, open_order: Callable[..., str], clock: Clock
) -> None:
    order_id, account_id = open_order(), shelf.brand.voice.account_id
    file_id, waiting = shelf.put(order_id), shelf.put(order_id, kept=False, media_id="m2")
    with shelf.runtime.transaction() as uow:
        order = uow.session.get_one(WorkOrder, order_id)
        order.account_id, order.openid = account_id, "oWang"
        for number, media_id in enumerate(("m1", "m2")):
            said = {"kind": "image", "media_id": media_id}
            uow.session.add(
                Received(
                    account_id=account_id, key=str(number), sent_on=uow.today, sender="oWang", received_at=uow.now,
                    trigger="message", content={"said": said}, answer="", state=ReceivedState.ANSWERED,
                )
            )  # fmt: skip
    page = agent.get(f"/console/orders/{order_id}").get_data(as_text=True)
    assert page.count(f'<img src="/console/files/{file_id}/small"') == 2
    assert f"/console/files/{waiting}" not in page
    assert page.count("接收中") == 2
    with shelf.runtime.transaction() as uow:
        assert uow.session.get_one(StoredFile, file_id).work_order_id == order_id
