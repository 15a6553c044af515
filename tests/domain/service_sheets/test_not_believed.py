"""What phones say and is not believed: pictures of other visits, times before the visit, places that are none; and which
words the customer's copy does not have."""

from __future__ import annotations

from typing import Any

import pytest

from domain.engineers.devices_model import EngineerDevice
from domain.files.model import FileState, StoredFile
from domain.files.uploads_model import Upload, UploadState
from domain.kit.unit_of_work import Runtime
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.paper import Printed, printed_of, rows_of
from domain.work_orders.model import Visit, WorkOrder
from tests.domain.service_sheets.world import World, world_in
from tests.runtime import NOW, Clock

HASH = "0" * 64


@pytest.fixture
def world(runtime: Runtime, clock: Clock) -> World:
    made = world_in(runtime)
    clock.advance(minutes=30)
    return made


def put_upload(world: World, upload_id: str, *, kind: str = "photo", elsewhere: bool = False, phone: str = "") -> None:
    """A picture that is here: of this visit by its engineer, or of another one (``elsewhere``), or by the engineer of
    another ``phone``."""
    with world.runtime.transaction() as uow:
        engineer = uow.get(EngineerDevice, phone or world.phones[0], called="").engineer_id
        visit, order = uow.get(Visit, world.visit_id, called=""), uow.get(WorkOrder, world.order_id, called="")
        if elsewhere:
            visit = Visit(id=uow.new_id("vi"), work_order_id=order.id, seq=9, status="failed", opened_at=uow.now,
                          engineer_id=engineer)  # fmt: skip
            uow.session.add(visit)
            uow.session.flush()
        file = StoredFile(
            id=uow.new_id("fi"), brand_id=order.brand_id, kind="image", state=FileState.KEPT, account_id=None, openid="",
            media_id="", author="engineer", work_order_id=order.id, product_id=None, created_at=uow.now, tries=0,
            kept_at=uow.now, place=f"place/{upload_id}", key="key", sha256=HASH, size=3, mime="image/jpeg", why="",
        )  # fmt: skip
        uow.session.add(file)
        uow.session.flush()
        uow.session.add(
            Upload(
                id=upload_id, engineer_id=engineer, visit_id=visit.id, work_order_id=order.id, brand_id=order.brand_id,
                kind=kind, size=3, sha256=HASH, received=3, state=UploadState.KEPT, why="", key="key", begun_at=uow.now,
                touched_at=uow.now, tries=0, file_id=file.id,
            )
        )  # fmt: skip


def printed(world: World, *, full: bool = False) -> Printed:
    with world.runtime.transaction() as uow:
        return printed_of(uow, uow.get(ServiceSheet, world.visit_id, called=""), full=full)


@pytest.mark.parametrize(
    ("kind", "made", "outcome"),
    [
        ("photo.add", {}, "applied"),
        ("photo.add", {"elsewhere": True}, "refused"),
        ("photo.add", {"phone": "other"}, "refused"),
        ("photo.add", {"kind": "signature"}, "refused"),
        ("signature.add", {"kind": "signature"}, "applied"),
        ("signature.add", {"kind": "signature", "elsewhere": True}, "refused"),
        ("signature.add", {"kind": "photo"}, "refused"),
    ],
)
def test_a_picture_that_is_here_is_of_this_visit(world: World, kind: str, made: dict[str, Any], outcome: str) -> None:
    phone, _ = world.phones
    put_upload(world, "up_1", **{**made, **({"phone": world.other} if "phone" in made else {})})
    said: dict[str, Any] = {"upload_id": "up_1", "purpose": "before"}
    if kind == "signature.add":
        said |= {"sheet_hash": HASH, "signature_id": "sg_1", "purpose": "sheet"}
    named = world.operation(phone, kind, **said)
    assert world.outcomes(phone, named) == [outcome]


def test_a_picture_that_turns_out_to_be_another_visits_is_not_on_the_paper(world: World) -> None:
    phone, _ = world.phones
    for upload_id in ("up_1", "up_2"):
        world.send(phone, world.operation(phone, "photo.add", upload_id=upload_id, purpose="before"))
    put_upload(world, "up_1")
    put_upload(world, "up_2", elsewhere=True)
    assert set(printed(world).pictures) == {"up_1"}


def test_the_customers_copy_has_no_number_engineers_wrote_and_nothing_written_for_ourselves(world: World) -> None:
    phone, _ = world.phones
    fields = {"fault_found": "电容失效，房东 139 1234 5678", "done": "已告知物业0757-22334455", "remark": "客户难缠",
              "serial": "13912345678"}  # fmt: skip
    world.send(phone, *(world.operation(phone, "field.set", name=name, value=text) for name, text in fields.items()))
    said = world.operation(
        phone, "fee.put", line="l1", code="other", title="代付 13912345678", fen=100, payer="customer"
    )
    world.send(phone, said, world.operation(phone, "diagnosis.record", cause="", said="问过 13912345678"))
    sheet = printed(world)
    words = str([rows_of(sheet), sheet.read.fees, sheet.read.diagnosis])
    for hidden in ("5678", "22334455", "客户难缠"):
        assert hidden not in words.replace("13912345678'", ""), hidden
    assert ("机身编号", "13912345678") in rows_of(sheet), "what stands on a machine is no telephone"
    assert "139 1234 5678" in str(rows_of(printed(world, full=True)))


def test_nothing_was_done_before_there_was_a_visit(world: World) -> None:
    phone, _ = world.phones
    world.send(phone, world.operation(phone, "field.set", -60 * 24 * 3_000, name="done", value="换了电容"))
    value, at = world.look()["registers"]["field.done"]
    assert (value["value"], at) == ("换了电容", NOW)


def test_an_address_is_corrected_to_a_place_there_is(world: World) -> None:
    phone, _ = world.phones
    wrong = world.operation(phone, "correct", field="address", value="某路 9 号", division_code="999999")
    [answer] = world.send(phone, wrong)
    assert (answer.outcome, answer.code) == ("refused", "bad_correction")
    right = world.operation(phone, "correct", field="address", value="某路 9 号", division_code="440606004")
    assert world.outcomes(phone, right) == ["applied"]


@pytest.mark.parametrize("typed", ["某路 9 号", "大良街道某路 9 号", "广东省佛山市顺德区大良街道某路 9 号"])
def test_a_corrected_address_begins_with_the_province_whatever_is_typed(world: World, typed: str) -> None:
    phone, _ = world.phones
    world.send(phone, world.operation(phone, "correct", field="address", value=typed))
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        assert (order.division_code, order.address) == ("440606004", "广东省佛山市顺德区大良街道某路 9 号")


def test_a_position_of_a_thousand_digits_is_none(world: World) -> None:
    phone, _ = world.phones
    position = {"lat": 10**400, "lng": 1, "radius_m": 5, "datum": "wgs84"}
    [answer] = world.send(phone, world.operation(phone, "visit.move", move="depart", position=position))
    assert answer.code == "bad_operation"
