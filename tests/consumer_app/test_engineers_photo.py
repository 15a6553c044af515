"""The photo of who comes: for the customer of that order, while he is to come, by page and by API alike; for nobody else, ever."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from domain.customers.model import Contact
from domain.customers.sessions import open_session
from domain.engineers.model import Engineer
from domain.engineers.photos import cut, put_photo
from domain.files.pictures import FACE_SIDE
from domain.files.sent import Content
from domain.files.store import new_key, seal
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from tests.consumer_app.conftest import Street
from tests.consumer_app.pages import Browser, Pages
from tests.domain.service_sheets.world import STAFF
from tests.drawn import photo


def put(runtime: Runtime, pages: Pages, engineer_id: str) -> str:
    with runtime.transaction() as uow:
        file_id = uow.new_id("fi")
        content = Content(file_id, f"2026/05/{file_id}", new_key(), cut(photo()))
        pages.shelf.put(content.place, seal(content.key, file_id, content.jpeg))
        return put_photo(uow, engineer_id, content, by=STAFF).id


@pytest.fixture
def photo_id(runtime: Runtime, street: Street, pages: Pages) -> str:
    return put(runtime, pages, street.network.an)


@pytest.fixture
def wang(pages: Pages, street: Street) -> Browser:
    browser = pages.browser()
    browser.sign_in(street.wang.openid)
    return browser


def comes(runtime: Runtime, order_id: str, engineer_id: str) -> str:
    with runtime.transaction() as uow:
        visit = offer_visit(uow, order_id, by=STAFF)
        put_engineers(uow, visit, engineer_id, {engineer_id: 100}, by=STAFF)
        move_visit(uow, visit.id, "accept", by=Actor(Role.ENGINEER, engineer_id))
        return visit.id


def bearer(runtime: Runtime, street: Street, openid: str) -> dict[str, str]:
    with runtime.transaction() as uow:
        contact = uow.session.get_one(Contact, (street.brand.voice.account_id, openid))
        return {"Authorization": f"Bearer {open_session(uow, contact)}"}


def test_whose_order_it_is_sees_it_and_a_neighbour_never(
    runtime: Runtime, street: Street, pages: Pages, chen: Browser, wang: Browser, photo_id: str
) -> None:
    page, path = f"/c/orders/{street.chen.number}", f"/c/orders/{street.chen.number}/engineer/{photo_id}"
    assert chen.get(path).status_code == 404, "nobody comes as yet"
    comes(runtime, street.chen.order_id, street.network.an)
    assert f'src="{path}"' in chen.get(page).text
    seen = chen.get(path)
    assert (seen.mimetype, Image.open(io.BytesIO(seen.data)).size) == ("image/jpeg", (FACE_SIDE, FACE_SIDE))
    assert "private" in seen.headers["Cache-Control"]
    own = path.replace(street.chen.number, street.wang.number)
    for foreign in (path, own, f"/c/pictures/{photo_id}"):
        assert wang.get(foreign).status_code == 404, foreign
    stranger = pages.browser()
    assert stranger.get(path).status_code in (303, 401, 404)
    client = pages.app.test_client()
    for openid, status in ((street.chen.openid, 200), (street.wang.openid, 404)):
        answer = client.get(path.replace("/c/", "/api/consumer/"), headers=bearer(runtime, street, openid))
        assert answer.status_code == status
    assert client.get(path.replace("/c/", "/api/consumer/")).status_code == 401


def test_the_neighbours_engineer_is_not_seen_under_ones_own_order(
    runtime: Runtime, street: Street, pages: Pages, chen: Browser, photo_id: str
) -> None:
    other = put(runtime, pages, street.network.bo)
    comes(runtime, street.chen.order_id, street.network.an)
    comes(runtime, street.wang.order_id, street.network.bo)
    assert chen.get(f"/c/orders/{street.chen.number}/engineer/{photo_id}").status_code == 200
    assert chen.get(f"/c/orders/{street.chen.number}/engineer/{other}").status_code == 404


@pytest.mark.parametrize("over", ["fail", "another"])
def test_when_he_comes_no_more_it_is_gone(
    runtime: Runtime, street: Street, chen: Browser, photo_id: str, over: str
) -> None:
    path = f"/c/orders/{street.chen.number}/engineer/{photo_id}"
    visit_id = comes(runtime, street.chen.order_id, street.network.an)
    assert chen.get(path).status_code == 200
    with runtime.transaction() as uow:
        if over == "fail":
            move_visit(uow, visit_id, "depart", by=Actor(Role.ENGINEER, street.network.an))
            move_visit(uow, visit_id, "fail", by=Actor(Role.ENGINEER, street.network.an), why="客户不在家")
        else:
            visit = move_visit(uow, visit_id, "reassign", by=STAFF, why="请假")
            put_engineers(uow, visit, street.network.bo, {street.network.bo: 100}, by=STAFF)
    assert chen.get(path).status_code == 404
    assert photo_id not in chen.get(f"/c/orders/{street.chen.number}").text


def test_the_former_photo_is_gone_and_without_one_there_is_the_letter(
    runtime: Runtime, street: Street, pages: Pages, chen: Browser, photo_id: str
) -> None:
    page = f"/c/orders/{street.chen.number}"
    comes(runtime, street.chen.order_id, street.network.an)
    newer = put(runtime, pages, street.network.an)
    assert chen.get(f"{page}/engineer/{photo_id}").status_code == 404
    assert newer in chen.get(page).text
    with runtime.transaction() as uow:
        uow.get(Engineer, street.network.an, called="").photo_id = None
    assert '<span class="face" aria-hidden="true">安</span>' in chen.get(page).text


def test_a_photo_the_store_has_lost_is_said_and_the_page_goes_on(
    runtime: Runtime, street: Street, pages: Pages, chen: Browser, photo_id: str
) -> None:
    comes(runtime, street.chen.order_id, street.network.an)
    pages.shelf.files.clear()
    assert chen.get(f"/c/orders/{street.chen.number}/engineer/{photo_id}").status_code == 503
    assert chen.get(f"/c/orders/{street.chen.number}").status_code == 200
