"""The engineer's own photo on his phone: sent, seen, changed, taken away; his alone, and no other's."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from domain.access.model import TrailEntry
from domain.engineers.model import Engineer
from domain.files.operations import A_DAY
from domain.files.pictures import FACE_SIDE
from domain.kit.unit_of_work import Runtime
from tests.domain.service_sheets.world import World
from tests.drawn import photo
from tests.engineer_app.phone import API, Phone, content, refusal


def send(phone: Phone, data: bytes) -> TestResponse:
    return phone.client.put(f"{API}/me/photo", data=data, headers=phone.headers(), content_type="image/jpeg")


def seen(phone: Phone) -> TestResponse:
    return phone.client.get(f"{API}/me/photo", headers=phone.headers())


def test_it_is_sent_seen_changed_and_taken_away(phone: Phone, world: World, runtime: Runtime) -> None:
    assert content(phone("GET", "/me"))["photo_id"] is None
    assert seen(phone).status_code == 404
    first = content(send(phone, photo(300, 400)))["photo_id"]
    shown = seen(phone)
    assert (shown.mimetype, Image.open(io.BytesIO(shown.data)).size) == ("image/jpeg", (FACE_SIDE, FACE_SIDE))
    assert shown.headers["Cache-Control"] == "no-store"
    second = content(send(phone, photo(300, 300)))["photo_id"]
    assert first != second
    assert content(phone("DELETE", "/me/photo"))["photo_id"] is None
    assert content(phone("DELETE", "/me/photo"))["photo_id"] is None
    assert seen(phone).status_code == 404
    with runtime.transaction() as uow:
        by = select(TrailEntry.actor).where(TrailEntry.action.in_(["engineer.photo", "engineer.photo_removed"]))
        assert uow.session.scalars(by).all() == [f"engineer:{world.network.an}"] * 3


@pytest.mark.parametrize(("data", "words"), [(b"", "请选一张"), (b"<svg/>", "不是照片"), (photo(90, 90), "太小")])
def test_what_is_no_photo_is_refused_in_words(phone: Phone, world: World, data: bytes, words: str) -> None:
    answer = send(phone, data)
    assert refusal(answer)[:2] == (422, "bad_photo")
    assert words in answer.get_json()["message"]


def test_more_than_a_phone_sends_is_not_read(phone: Phone, world: World) -> None:
    assert refusal(send(phone, bytes((256 << 10) + 1)))[:2] == (413, "too_large")


def test_it_is_ones_own_and_nobody_signed_out_gets_any(
    phone: Phone, other: Phone, world: World, runtime: Runtime
) -> None:
    kept = content(send(phone, photo()))["photo_id"]
    assert seen(other).status_code == 404
    content(send(other, photo()))
    content(other("DELETE", "/me/photo"))
    phone_out = Phone(phone.client)
    assert (seen(phone_out).status_code, send(phone_out, photo()).status_code) == (401, 401)
    with runtime.transaction() as uow:
        assert uow.get(Engineer, world.network.an, called="").photo_id == kept


def test_nobody_fills_the_store(phone: Phone, world: World) -> None:
    for _ in range(A_DAY):
        assert send(phone, photo(200, 200)).status_code == 200
    assert refusal(send(phone, photo(200, 200)))[:2] == (429, "too_many_requests")
