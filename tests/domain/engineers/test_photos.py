"""An engineer's photo: what becomes of what was sent, that the former one is gone for good, and that nobody's clearing takes it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.engineers.model import Engineer
from domain.engineers.photos import BadPhoto, cut, photo_of, put_photo, remove_photo
from domain.files.model import FileState, StoredFile
from domain.files.operations import UNUSED, forget_unused
from domain.files.pictures import FACE_SIDE, LEAST_FACE, MOST_BYTES
from domain.files.sent import Content
from domain.files.store import new_key
from domain.kit.actors import Actor, Role
from domain.kit.errors import NotFound
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in
from tests.drawn import jpeg, photo
from tests.network import Network, network_in
from tests.runtime import Clock

BY = Actor(Role.STAFF, "st_1")


@pytest.fixture
def network(runtime: Runtime) -> Network:
    return network_in(runtime, brand_in(runtime))


def put(runtime: Runtime, engineer_id: str) -> str:
    with runtime.transaction() as uow:
        file_id = uow.new_id("fi")
        content = Content(file_id, f"2026/05/{file_id}", new_key(), cut(photo()))
        return put_photo(uow, engineer_id, content, by=BY).id


def test_a_photo_becomes_an_upright_square_without_place_and_camera() -> None:
    sent = photo(900, 1200, orientation=6)
    assert b"SecretPhone" in sent
    kept = cut(sent)
    made = Image.open(io.BytesIO(kept))
    assert (made.format, made.size) == ("JPEG", (FACE_SIDE, FACE_SIDE))
    assert b"SecretPhone" not in kept
    assert not made.getexif()


def test_a_tall_photo_is_cut_around_the_face_which_is_above_the_middle() -> None:
    tall = Image.new("RGB", (400, 1200), "white")
    tall.paste("red", (100, 330, 300, 430))
    top, bottom = 330, 430
    made = Image.open(io.BytesIO(cut(jpeg(tall)))).convert("RGB")
    red = [y for y in range(FACE_SIDE) if made.getpixel((FACE_SIDE // 2, y))[1] < 128]  # type: ignore[index]
    assert red, "the face is on it"
    assert red[0] == pytest.approx((top - 0.35 * 800) * FACE_SIDE / 400, abs=4)
    assert red[-1] == pytest.approx((bottom - 0.35 * 800) * FACE_SIDE / 400, abs=4)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_what_is_seen_through_and_has_few_colours_is_taken(kind: str) -> None:
    written = io.BytesIO()
    Image.new("P", (300, 200)).save(written, kind)
    assert Image.open(io.BytesIO(cut(written.getvalue()))).size == (FACE_SIDE, FACE_SIDE)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "请选一张"), (b"<svg onload=alert(1)>", "不是照片"), (b"\xff\xd8\xff" + bytes(100), "不是照片"),
        (photo(LEAST_FACE - 1, 900), "太小"), (bytes(MOST_BYTES + 1), "太大"),
    ],
)  # fmt: skip
def test_what_shows_nobody_is_refused_in_words(sent: bytes, words: str) -> None:
    with pytest.raises(BadPhoto, match=words):
        cut(sent)


def test_the_former_photo_cannot_be_opened_any_more_and_its_place_is_emptied(
    runtime: Runtime, network: Network
) -> None:
    first = put(runtime, network.an)
    second = put(runtime, network.an)
    with runtime.transaction() as uow:
        assert photo_of(uow, uow.get(Engineer, network.an, called="")).id == second
        gone = uow.get(StoredFile, first, called="")
        assert (gone.state, gone.key, gone.place) == (FileState.DELETED, None, None)
        told = [row.body for row in uow.session.scalars(select(OutboxRow).filter_by(kind="PicturesForgotten"))]
        assert told == [{"places": [f"2026/05/{first}"]}]
        lines = select(TrailEntry.detail).filter_by(action="engineer.photo", subject_id=network.an)
        assert len(uow.session.scalars(lines).all()) == 2


def test_taken_away_there_is_none_and_again_changes_nothing(runtime: Runtime, network: Network) -> None:
    put(runtime, network.an)
    for _ in range(2):
        with runtime.transaction() as uow:
            remove_photo(uow, network.an, by=BY)
            with pytest.raises(NotFound):
                photo_of(uow, uow.get(Engineer, network.an, called=""))
    with runtime.transaction() as uow:
        assert len(uow.session.scalars(select(TrailEntry).filter_by(action="engineer.photo_removed")).all()) == 1


def test_it_is_no_picture_of_a_customer_that_is_cleared_away_in_time(
    runtime: Runtime, network: Network, clock: Clock
) -> None:
    kept = put(runtime, network.an)
    clock.advance(seconds=(UNUSED + timedelta(days=1)).total_seconds())
    with runtime.transaction() as uow:
        assert forget_unused(uow) == []
        assert uow.get(StoredFile, kept, called="").state is FileState.KEPT
