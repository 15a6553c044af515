"""Photos in pieces: whatever the network made of them, and whatever was sent as one."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PIL import Image

from domain.files.events import UploadComplete
from domain.files.model import StoredFile
from domain.files.uploads import whole
from domain.files.uploads_model import Upload, UploadPiece
from domain.kit.unit_of_work import Runtime
from jobs.context import Jobs
from jobs.uploads import draw_upload, sweep_uploads
from tests.domain.service_sheets.world import World, world_in
from tests.doubles import Folder, WeChatPages
from tests.engineer_app.conftest import app_on
from tests.engineer_app.phone import Phone, content, phone_of, refusal
from tests.runtime import Clock, at_once


def photo(width: int = 400, height: int = 300) -> bytes:
    """A JPEG with a position in it, as a phone takes it."""
    made = Image.effect_noise((width, height), 80).convert("RGB")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (22.0, 48.0, 30.0)
    exif[0x010F] = "Weixiu Phone"
    written = io.BytesIO()
    made.save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.fixture
def draw(runtime: Runtime, shelf: Folder) -> Any:
    """The slow worker's work."""
    jobs = cast("Jobs", SimpleNamespace(runtime=runtime, files=shelf))
    return lambda upload_id: draw_upload(jobs, UploadComplete(upload_id))


def test_a_photo_arrives_in_pieces_and_is_kept_without_its_place(
    phone: Phone, world: World, draw: Any, shelf: Folder
) -> None:
    data = photo()
    assert content(phone.send("up_1", world.visit_id, data, 10_000))["state"] == "checking"
    draw("up_1")
    told = content(phone("GET", "/uploads/up_1"))
    assert (told["state"], told["offset"], told["words"]) == ("kept", len(data), "")
    picture = phone("GET", f"/pictures/{told['picture_id']}")
    with Image.open(io.BytesIO(picture.data)) as seen:
        assert (seen.size, dict(seen.getexif())) == ((400, 300), {})
    assert "private" in picture.headers["Cache-Control"]
    small = phone("GET", f"/pictures/{told['picture_id']}", size="small")
    assert len(small.data) < len(picture.data)
    assert picture.data not in shelf.files.values(), "it lies sealed"
    [shown] = phone.jobs()[0]["pictures"]
    assert (shown["id"], shown["of"], shown["upload_id"]) == (told["picture_id"], "engineer", "up_1")


def test_it_goes_on_where_it_stopped_and_a_piece_twice_or_early_changes_nothing(phone: Phone, world: World) -> None:
    data = photo()
    content(phone.announce("up_1", world.visit_id, data))
    content(phone.piece("up_1", 0, data[:5000]))
    for offset in (0, 4999, 9000):
        answer = phone.piece("up_1", offset, data[offset : offset + 5000])
        assert refusal(answer) == (409, "wrong_offset")
        assert answer.headers["Upload-Offset"] == "5000"
        assert answer.get_json()["fields"] == {"offset": ["5000"]}
    head = phone.client.head("/api/engineer/uploads/up_1", headers=phone.headers())
    assert (head.status_code, head.headers["Upload-Offset"]) == (200, "5000")
    assert content(phone.announce("up_1", world.visit_id, data))["offset"] == 5000
    assert content(phone.piece("up_1", 5000, data[5000:]))["state"] == "checking"
    assert content(phone.piece("up_1", 5000, data[5000:]))["state"] == "checking", (
        "the last once more: the answer was lost"
    )


def test_bytes_that_are_not_those_announced_are_thrown_away_and_it_begins_anew(
    phone: Phone, world: World, runtime: Runtime
) -> None:
    data = photo()
    content(phone.announce("up_1", world.visit_id, data))
    wrong = bytes([data[0] ^ 1]) + data[1:]
    assert refusal(phone.piece("up_1", 0, wrong)) == (409, "bad_hash")
    with runtime.transaction() as uow:
        assert uow.session.query(UploadPiece).count() == 0
    assert content(phone.piece("up_1", 0, data))["state"] == "checking"


BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00\x9b\xa0\x94\x84"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<script>alert(1)</script>", "不是照片"),
        (b"MZ\x90\x00 a program named .jpg", "不是照片"),
        (photo()[:900], "不是照片"),
        (BOMB, ""),
    ],
)
def test_what_is_no_picture_is_refused_in_words_that_reach_the_phone(
    phone: Phone, world: World, draw: Any, shelf: Folder, runtime: Runtime, data: bytes, words: str
) -> None:
    content(phone.send("up_1", world.visit_id, data))
    draw("up_1")
    told = content(phone("GET", "/uploads/up_1"))
    assert told["state"] == "refused"
    assert words in told["words"]
    assert "重新拍照" in told["words"]
    assert content(phone("GET", "/jobs"))["uploads"] == [
        {"id": "up_1", "visit_id": world.visit_id, "state": "refused", "words": told["words"]}
    ]
    assert shelf.files == {}
    with runtime.transaction() as uow:
        assert uow.session.query(UploadPiece).count() == 0


def test_more_pixels_than_any_camera_has_are_refused(phone: Phone, world: World, draw: Any) -> None:
    written = io.BytesIO()
    Image.new("1", (9000, 6000)).save(written, "PNG")
    content(phone.send("up_1", world.visit_id, written.getvalue()))
    draw("up_1")
    assert "5000 万像素" in content(phone("GET", "/uploads/up_1"))["words"]


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"size": (30 << 20) + 1}, (422, "bad_upload")),
        ({"size": 0}, (422, "invalid")),
        ({"sha256": "x"}, (422, "invalid")),
        ({"id": "../etc"}, (422, "invalid")),
        ({"visit_id": "vi_none"}, (404, "not_found")),
    ],
)
def test_what_cannot_be_is_refused_before_a_byte_is_sent(
    phone: Phone, world: World, changed: dict[str, object], answer: tuple[int, str]
) -> None:
    assert refusal(phone.announce("up_1", world.visit_id, b"data", **changed)) == answer


def test_pieces_that_cannot_be_are_refused(phone: Phone, world: World) -> None:
    data = photo(1200, 900)
    assert len(data) > 300_000
    content(phone.announce("up_1", world.visit_id, data))
    assert refusal(phone.piece("up_1", 0, b"")) == (422, "bad_upload")
    assert refusal(phone.piece("up_1", "nowhere", b"x")) == (422, "bad_upload")
    assert refusal(phone.piece("up_1", 0, data[: (256 << 10) + 1])) == (413, "too_large")
    content(phone.announce("up_2", world.visit_id, b"four"))
    assert refusal(phone.piece("up_2", 0, b"fives")) == (422, "bad_upload")
    assert refusal(phone.announce("up_2", world.visit_id, b"else")) == (409, "conflict")


def test_a_picture_that_kills_whoever_opens_it_is_given_up(
    phone: Phone, world: World, draw: Any, runtime: Runtime
) -> None:
    content(phone.send("up_1", world.visit_id, photo()))
    with runtime.transaction() as uow:
        uow.get(Upload, "up_1", called="").tries = 3
    draw("up_1")
    assert content(phone("GET", "/uploads/up_1"))["state"] == "refused"


def test_drawing_twice_keeps_one_file(phone: Phone, world: World, draw: Any, runtime: Runtime) -> None:
    content(phone.send("up_1", world.visit_id, photo()))
    draw("up_1")
    draw("up_1")
    with runtime.transaction() as uow:
        assert uow.session.query(StoredFile).count() == 1


def test_a_worker_that_dies_after_putting_the_content_loses_and_doubles_nothing(
    phone: Phone, world: World, draw: Any, shelf: Folder, runtime: Runtime
) -> None:
    content(phone.send("up_1", world.visit_id, photo()))
    put = shelf.put

    def put_and_die(place: str, content: bytes) -> None:
        put(place, content)
        raise KeyboardInterrupt

    shelf.put = put_and_die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        draw("up_1")
    assert content(phone("GET", "/uploads/up_1"))["state"] == "checking"
    shelf.put = put  # type: ignore[method-assign]
    draw("up_1")
    picture = content(phone("GET", "/uploads/up_1"))["picture_id"]
    assert phone("GET", f"/pictures/{picture}").status_code == 200
    with runtime.transaction() as uow:
        assert uow.session.query(StoredFile).count() == 1


def test_one_piece_ten_times_in_parallel_is_taken_once(
    fresh_runtime: Runtime, shelf: Folder, platform: WeChatPages, built: Path
) -> None:
    world = world_in(fresh_runtime)
    app = app_on(fresh_runtime, shelf, platform, built)
    phone = phone_of(fresh_runtime, app.test_client(), world.network.an)
    data = photo()
    content(phone.announce("up_1", world.visit_id, data))
    statuses = at_once(10, lambda _: Phone(app.test_client(), phone.token).piece("up_1", 0, data[:9000]).status_code)
    assert sorted(statuses) == [200, *[409] * 9]
    begun = at_once(5, lambda n: Phone(app.test_client(), phone.token).announce("up_2", world.visit_id, data))
    assert [content(answer)["offset"] for answer in begun] == [0] * 5
    content(phone.piece("up_1", 9000, data[9000:]))
    with fresh_runtime.transaction() as uow:
        assert whole(uow, uow.get(Upload, "up_1", called="")) == data


def test_uploads_nobody_goes_on_with_are_swept_and_kept_ones_are_not(
    phone: Phone, world: World, draw: Any, runtime: Runtime, shelf: Folder, clock: Clock
) -> None:
    content(phone.send("up_1", world.visit_id, photo()))
    draw("up_1")
    content(phone.announce("up_2", world.visit_id, b"four"))
    content(phone.piece("up_2", 0, b"fo"))
    clock.advance(days=13)
    jobs = cast("Jobs", SimpleNamespace(runtime=runtime, files=shelf))
    assert sweep_uploads(jobs) == 0
    clock.at += timedelta(days=2)
    assert sweep_uploads(jobs) == 1
    with runtime.transaction() as uow:
        assert [one.id for one in uow.session.query(Upload)] == ["up_1"]
        assert uow.session.query(UploadPiece).count() == 0


def test_nobody_sees_another_engineers_upload_or_picture(
    phone: Phone, other: Phone, world: World, draw: Any, runtime: Runtime
) -> None:
    data = photo()
    content(phone.send("up_1", world.visit_id, data))
    draw("up_1")
    picture = content(phone("GET", "/uploads/up_1"))["picture_id"]
    content(phone.announce("up_2", world.visit_id, data))
    for answer in (
        other("GET", "/uploads/up_1"),
        other("GET", f"/pictures/{picture}"),
        other.announce("up_3", world.visit_id, data),
        other.piece("up_2", 0, data[:10]),
    ):
        assert refusal(answer) == (404, "not_found")
    second = phone_of(runtime, phone.client, world.network.an)
    assert content(second.announce("up_2", world.visit_id, data))["offset"] == 0, (
        "the engineer's second phone may go on"
    )
