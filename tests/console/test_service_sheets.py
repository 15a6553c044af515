"""The service sheet for the staff and for the customer: the page that explains it, the paper with its code, and nobody's data."""

from __future__ import annotations

import json
from collections.abc import Callable

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from apiflask import APIFlask
from flask import Flask
from sqlalchemy import select

from console.door import blueprints
from consumer_app import door as consumer
from domain.access.model import TrailEntry
from domain.engineers.model import Engineer
from domain.files.model import FileState, StoredFile
from domain.files.store import new_key, seal
from domain.files.uploads_model import Upload, UploadState
from domain.kit.unit_of_work import Runtime
from domain.service_sheets.links import path_to_sheet
from domain.service_sheets.model import ServiceSheet
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import move_visit, put_engineers, take_engineers
from tests.console.conftest import Api, Browser
from tests.consumer_app.test_answering import Few
from tests.domain.service_sheets.test_ends import blocked, finish
from tests.domain.service_sheets.test_sync import offer
from tests.domain.service_sheets.world import STAFF, World, world_in
from tests.doubles import Folder
from tests.drawn import photo
from tests.runtime import Clock

NAME = "王小明"


@pytest.fixture
def store() -> Folder:
    return Folder()


@pytest.fixture
def app(runtime: Runtime, store: Folder) -> APIFlask:
    app = APIFlask("tests.console.sheets")
    for blueprint in blueprints(
        runtime, secret_key="k" * 32, secure_cookies=False, files=store, public_url="https://weixiu.test"
    ):
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def world(runtime: Runtime, clock: Clock, store: Folder) -> World:
    """A finished repair with one photo here and two on their way."""
    made = world_in(runtime)
    clock.advance(minutes=30)
    with runtime.transaction() as uow:
        uow.get(WorkOrder, made.order_id, called="").contact_name = NAME
    finish(made, made.phones[0])
    put_photo(made, store, "up_before")
    return made


def put_photo(world: World, store: Folder, upload_id: str) -> None:
    key = new_key()
    store.put("a/photo", seal(key, "fi_1", photo()))
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        uow.session.add(
            StoredFile(
                id="fi_1", brand_id=order.brand_id, kind="image", state=FileState.KEPT, account_id=None, openid="", media_id="",
                work_order_id=order.id, created_at=uow.now, place="a/photo", key=key, mime="image/jpeg",
            )
        )  # fmt: skip
        uow.session.flush()
        uow.session.add(
            Upload(
                id=upload_id, engineer_id=world.network.an, visit_id=world.visit_id, work_order_id=order.id,
                brand_id=order.brand_id, kind="photo", size=1, sha256="0", received=1, state=UploadState.KEPT, key=key,
                file_id="fi_1", begun_at=uow.now, touched_at=uow.now,
            )
        )  # fmt: skip


def page(browser: Browser, world: World) -> str:
    return browser.get(f"/console/orders/{world.order_id}/service-sheets").get_data(as_text=True)


def printed(content: bytes) -> tuple[str, list[str]]:
    """The words on the paper, and what its codes say."""
    document = pypdfium2.PdfDocument(content)
    words = "".join(page.get_textpage().get_text_range() for page in document)
    codes = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    return words, [code.text for code in codes]


def again(world: World) -> None:
    """The sheet is changed after it was signed."""
    phone = world.phones[0]
    world.send(phone, world.operation(phone, "field.set", 9, name="done", value="又换了风扇，客户电话13912345678"))


def test_the_page_shows_what_was_done_and_the_history_that_explains_it(administrator: Browser, world: World) -> None:
    again(world)
    html = page(administrator, world)
    for words in (
        "电容失效",
        "上门费",
        "50.00 元",
        "已失效",
        "手机上的全部操作",
        "微信 8 · Android",
        "还没传完",
        "又换了风扇",
    ):
        assert words in html, words
    assert "/console/files/fi_1/small" in html
    assert NAME not in html
    assert "13912345678" not in html


def test_the_paper_is_masked_for_all_and_full_on_record_for_whoever_may(
    administrator: Browser, world: World, runtime: Runtime
) -> None:
    path = f"/console/visits/{world.visit_id}/service-sheet"
    words, codes = printed(administrator.client.get(path).get_data())
    assert "电容失效" in words
    assert "¥50.00" in words
    assert NAME not in words
    assert "13800138000" not in words
    with runtime.transaction() as uow:
        code = uow.session.get_one(ServiceSheet, world.visit_id).verify_code
    assert codes == [f"https://weixiu.test/c/sheet/{code}"]
    full, _ = printed(administrator.client.get(f"{path}?full=1").get_data())
    assert "13800138000" in full
    with runtime.transaction() as uow:
        looks = uow.session.scalars(select(TrailEntry).filter_by(action="sheet.print").order_by(TrailEntry.id)).all()
        assert [look.detail["full"] for look in looks] == [False, True]


def test_a_void_signature_is_said_so_on_the_paper_and_by_the_code(
    administrator: Browser, world: World, runtime: Runtime
) -> None:
    path = f"/console/visits/{world.visit_id}/service-sheet"
    before, _ = printed(administrator.client.get(path).get_data())
    assert "签名已失效" not in before
    again(world)
    after, _ = printed(administrator.client.get(path).get_data())
    assert "签名已失效" in after


def test_the_code_says_whether_it_is_ours_and_nothing_of_the_customer(world: World, runtime: Runtime) -> None:
    app = Flask("test")
    app.register_blueprint(consumer.blueprint(runtime, Few(4)))
    client = app.test_client()
    with runtime.transaction() as uow:
        sheet = uow.session.get_one(ServiceSheet, world.visit_id)
        code, hash_, number = sheet.verify_code, sheet.hash, uow.get(WorkOrder, world.order_id, called="").number
    html = client.get(f"/c/sheet/{code}").get_data(as_text=True)
    assert "是我们开的服务单" in html
    assert hash_[:8] in html
    assert "签名有效" in html
    for personal in (NAME, "王", "13800138000", number, "电容", hash_[:20]):
        assert personal not in html, personal
    again(world)
    assert "签名已失效" in client.get(f"/c/sheet/{code}").get_data(as_text=True)
    wrong = client.get("/c/sheet/0123456789")
    assert (wrong.status_code, "没有这张服务单" in wrong.get_data(as_text=True)) == (404, True)
    client.get("/c/sheet/0123456789")
    assert client.get(f"/c/sheet/{code}").status_code == 429


def test_the_customers_link_shows_the_sheet_masked_and_gives_the_paper(
    world: World, runtime: Runtime, store: Folder
) -> None:
    app = Flask("test")
    app.register_blueprint(consumer.blueprint(runtime, None, store, "https://weixiu.test"))
    client = app.test_client()
    with runtime.transaction() as uow:
        path = path_to_sheet(uow, uow.session.get_one(ServiceSheet, world.visit_id))
    shown = client.get(path)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "¥50.00" in shown.get_data(as_text=True)
    assert "13800138000" not in shown.get_data(as_text=True)
    paper = client.get(f"{path}/sheet.pdf")
    assert paper.mimetype == "application/pdf"
    words, _ = printed(paper.get_data())
    assert "王**" in words
    assert "另有 2 张还没有传完" in words
    assert client.get(f"{path}x").status_code == client.get(f"{path}x/sheet.pdf").status_code == 404


def test_work_of_whoever_had_the_job_before_is_shown_until_a_dispatcher_has_seen_it(
    administrator: Browser, runtime: Runtime, clock: Clock
) -> None:
    world = world_in(runtime)
    phone, _ = world.phones
    with runtime.transaction() as uow:
        uow.session.add(offer(uow, world))
        visit = move_visit(uow, world.visit_id, "reassign", by=STAFF, why="改派")
        take_engineers(uow, visit, by=STAFF, why="改派")
        put_engineers(uow, visit, world.network.cao, {world.network.cao: 100}, by=STAFF)
    world.send(phone, world.operation(phone, "field.set", 1, name="done", value="拆到一半"))
    assert "拆到一半" in page(administrator, world)
    assert "1 条没看过" in page(administrator, world)
    administrator.get(f"/console/orders/{world.order_id}")
    administrator.post(f"/console/visits/{world.visit_id}/kept-seen")
    assert "都看过了" in page(administrator, world)


def test_staff_let_an_order_go_on_that_waited_for_the_customer(
    administrator: Browser, runtime: Runtime, clock: Clock
) -> None:
    world = world_in(runtime)
    clock.advance(minutes=30)
    blocked(world)
    assert "接地" in page(administrator, world)
    administrator.get(f"/console/orders/{world.order_id}")
    administrator.post(f"/console/orders/{world.order_id}/go-on", {"why": "客户来电说装好了"})
    assert world.look()["hold"] == ""
    assert "等客户整改现场" not in page(administrator, world)


def test_the_api_tells_the_same_without_strokes(api: Callable[[str], Api], world: World, runtime: Runtime) -> None:
    boss = api("boss")
    told = boss("GET", f"/work-orders/{world.order_id}/service-sheets").get_json()
    sheet = told["sheets"][0]
    assert (sheet["outcome"], sheet["read"]["total_fen"]) == ("finished", 5000)
    assert [one["holds"] for one in sheet["signatures"]] == [True]
    assert "strokes" not in json.dumps(told)
    assert NAME not in json.dumps(told, ensure_ascii=False)
    with runtime.transaction() as uow:
        name = uow.session.get_one(Engineer, world.network.an).name
    assert {one["engineer"] for one in sheet["history"]} == {name}
