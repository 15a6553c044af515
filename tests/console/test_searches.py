"""Combined searches on their page: chips, tabs, and the spreadsheet, masked and in plain words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from console.pages.searches import EXPORTING
from console.searching import COLUMNS, MOST_PLAIN, query_in
from console.security import SESSION_COOKIE
from domain.access import sessions
from domain.access.model import Staff, TrailEntry
from domain.access.roles import StaffRole
from domain.kit.unit_of_work import Runtime
from tests.console.conftest import NAME, PHONE, Browser
from tests.console.sides import put_sides

STATUS = {"field-0": "status", "value-0": "reported"}
BOTH = STATUS | {"field-1": "phone", "value-1": PHONE}


@pytest.fixture
def manager(app: APIFlask, runtime: Runtime, administrator: Browser) -> Browser:
    """With all reports and personal data."""
    return administrator


def sheet(browser: Browser, path: str, form: dict[str, str]) -> list[tuple[object, ...]]:
    answer = browser.client.post(path, data={"csrf_token": browser.token, **form})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    return [tuple(row) for row in book.get_sheet_by_index(0).to_python()]


def test_the_spreadsheet_is_masked_as_the_page_is(
    manager: Browser, open_order: Callable[..., str], runtime: Runtime
) -> None:
    open_order()
    manager.get("/console/searches")
    title, row = sheet(manager, "/console/searches/export", STATUS)
    assert title == COLUMNS
    assert "138******78" in row
    assert not {NAME, PHONE} & set(row)
    assert not [word for word in row if "502" in str(word)], "the door number"
    with runtime.transaction() as uow:
        [entry] = uow.session.scalars(select(TrailEntry).filter_by(action="order.export"))
        assert entry.detail == {"rows": 1, "fields": ["status"], "plain": False}
        assert not uow.session.scalars(select(TrailEntry).filter_by(action="personal.reveal")).all()


def test_in_plain_words_every_order_of_it_is_on_record(
    manager: Browser, open_order: Callable[..., str], runtime: Runtime
) -> None:
    ids = {open_order(), open_order(phone="13900000001", words="=1+1")}
    manager.get("/console/searches")
    _, *rows = sheet(manager, "/console/searches/export-plain", STATUS)
    assert {row[7] for row in rows} == {PHONE, "13900000001"}
    assert all(row[6] == NAME and "502" in str(row[8]) for row in rows)
    with runtime.transaction() as uow:
        looks = uow.session.scalars(select(TrailEntry).filter_by(action="personal.reveal")).all()
        assert {entry.subject_id for entry in looks} == ids
        [entry] = uow.session.scalars(select(TrailEntry).filter_by(action="order.export"))
        assert entry.detail["plain"] is True
    assert MOST_PLAIN <= 500


def test_whoever_may_not_see_personal_data_gets_none_of_it(
    app: APIFlask, runtime: Runtime, open_order: Callable[..., str]
) -> None:
    open_order()
    auditor = signed_in(app, runtime, StaffRole.AUDITOR)
    page = auditor.get("/console/searches").get_data(as_text=True)
    assert "导出表格" in page
    assert "export-plain" not in page
    answer = auditor.client.post(
        "/console/searches/export-plain", data={"csrf_token": auditor.token, **STATUS}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 403


def signed_in(app: APIFlask, runtime: Runtime, role: StaffRole, **scope: str) -> Browser:
    with runtime.transaction() as uow:
        staff = Staff(
            id=f"st_{role}", username=role, display_name=role, role=role, password_hash="x", created_at=uow.now,
            failed_sign_ins=0, **scope,
        )  # fmt: skip
        uow.session.add(staff)
        uow.session.flush()
        secret = sessions.new_session(uow, staff, "browser", timedelta(days=1))
    browser = Browser(app.test_client())
    browser.client.set_cookie(SESSION_COOKIE, secret, path="/console")
    return browser


def test_a_providers_spreadsheet_holds_its_own_orders_alone(app: APIFlask, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        mine, near, far = put_sides(uow)
    browser = signed_in(app, runtime, StaffRole.PROVIDER_DISPATCHER, provider_id=mine.id("pr"))
    browser.get("/console/searches")
    for path in ("/console/searches/export", "/console/searches/export-plain"):
        _, *rows = sheet(browser, path, {})
        assert len(rows) == 1
        assert not [word for side in (near, far) for word in (side.word, side.phone) if word in str(rows)]


def test_nothing_in_the_spreadsheet_is_a_formula(manager: Browser, open_order: Callable[..., str]) -> None:
    open_order(name="=cmd()")
    manager.get("/console/searches")
    answer = manager.client.post("/console/searches/export-plain", data={"csrf_token": manager.token, **STATUS})
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        written = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "=cmd()" in written
    assert "<f>" not in written


def test_a_chip_takes_its_condition_away(manager: Browser, open_order: Callable[..., str]) -> None:
    open_order()
    manager.get("/console/searches")
    page = manager.post("/console/searches", BOTH).get_data(as_text=True)
    assert 'aria-label="去掉条件：状态 是 已受理"' in page
    assert f"客户电话 是 {PHONE}" in page
    assert [one.field for one in query_in(MultiDict(BOTH | {"without": "1"})).conditions] == ["status"]
    less = manager.post("/console/searches", BOTH | {"without": "1"}).get_data(as_text=True)
    assert "去掉条件：状态" in less
    assert PHONE not in less


def test_what_is_kept_is_a_tab_beside_the_orders(manager: Browser) -> None:
    manager.get("/console/searches")
    manager.post("/console/searches/keep", BOTH | {"name": "等着的空调", "shared": "1"})
    for path in ("/console/orders", "/console/searches"):
        assert "等着的空调</a>" in manager.get(path).get_data(as_text=True)


def test_a_process_makes_one_spreadsheet_at_a_time(manager: Browser, open_order: Callable[..., str]) -> None:
    open_order()
    manager.get("/console/searches")
    form = {"csrf_token": manager.token, **STATUS}
    with EXPORTING:
        answer = manager.client.post("/console/searches/export-plain", data=form, headers={"HX-Request": "true"})
        assert answer.status_code == 409
    assert len(sheet(manager, "/console/searches/export", STATUS)) == 2
