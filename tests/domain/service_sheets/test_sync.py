"""Operations of phones: once each, in their device's order, and what they come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.catalog import operations as catalog
from domain.catalog.operations import ModelRow
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.products.model import Product
from domain.service_sheets.canonical import hash_of
from domain.service_sheets.model import SheetOperation
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import move_order
from domain.work_orders.visits import move_visit, put_engineers, take_engineers
from tests.domain.service_sheets.world import STAFF, World, world_in
from tests.runtime import Clock, at_once


@pytest.fixture
def world(runtime: Runtime, clock: Clock) -> World:
    made = world_in(runtime)
    clock.advance(minutes=30)
    return made


def finish(world: World) -> None:
    phone, _ = world.phones
    world.send(phone, *world.everything(phone))
    world.send(
        phone,
        world.operation(
            phone, "signature.add", 2, signature_id="sg_1", upload_id="up_s", purpose="sheet", sheet_hash=world.hash()
        ),
    )
    world.send(phone, world.operation(phone, "visit.end", 3, outcome="finished"))


def test_a_repair_from_the_door_to_the_signature(world: World) -> None:
    finish(world)
    seen = world.look()
    assert (seen["visit"], seen["order"], seen["outcome"]) == (VisitStatus.FINISHED, OrderStatus.FINISHED, "finished")


def test_an_end_that_lacks_something_is_kept_in_mind_and_comes_by_itself_when_nothing_is_missing(world: World) -> None:
    phone, _ = world.phones
    first = world.everything(phone)
    early = world.operation(phone, "visit.end", 2, outcome="finished")
    answers = world.send(phone, *first, early)
    assert answers[-1].outcome == "applied"
    assert answers[-1].words == "让客户签名"
    assert world.look()["visit"] == VisitStatus.CHECKED_IN
    world.send(
        phone,
        world.operation(
            phone, "signature.add", 3, signature_id="sg_1", upload_id="up_s", purpose="sheet", sheet_hash=world.hash()
        ),
    )
    assert world.look()["visit"] == VisitStatus.FINISHED


def test_a_change_after_the_signature_voids_it_and_opens_the_visit_again_but_keeps_the_signature(world: World) -> None:
    finish(world)
    phone, _ = world.phones
    world.send(
        phone, world.operation(phone, "fee.put", 4, line="f1", code="labour", title="人工", fen=5000, payer="customer")
    )
    seen = world.look()
    assert seen["visit"] == VisitStatus.CHECKED_IN
    assert seen["order"] == OrderStatus.IN_SERVICE
    assert seen["signatures"] == ["sg_1"]
    with world.runtime.transaction() as uow:
        assert uow.session.query(OutboxRow).filter_by(kind="SignatureVoid").count() == 1


def test_the_same_batch_three_times_is_the_same_as_once_and_gets_the_same_answers(world: World) -> None:
    phone, _ = world.phones
    batch = world.everything(phone)
    first = world.send(phone, *batch)
    after = world.look()
    assert world.send(phone, *batch) == first
    assert world.send(phone, *batch) == first
    assert world.look() == after


def test_what_comes_behind_a_gap_waits_for_it(world: World) -> None:
    phone, _ = world.phones
    one, two, three = (world.operation(phone, "field.set", n, name="remark", value=str(n)) for n in range(3))
    assert world.outcomes(phone, three) == ["held"]
    assert world.outcomes(phone, two) == ["held"]
    assert world.outcomes(phone, one, three) == ["applied", "applied"]
    assert world.look()["registers"]["field.remark"][0]["value"] == "2"


def test_one_bad_operation_leaves_the_others_alone_and_says_why(world: World) -> None:
    phone, _ = world.phones
    answers = world.send(
        phone,
        world.operation(phone, "field.set", 1, name="remark", value="好"),
        world.operation(phone, "check.record", 2, code="voltage"),
        world.operation(phone, "no.such", 3),
        world.operation(phone, "field.set", 4, name="done", value="换电容"),
    )
    assert [answer.outcome for answer in answers] == ["applied", "refused", "refused", "applied"]
    assert answers[1].words == "环境检查缺少 value"


def test_two_phones_that_write_the_same_are_told_of_each_other_and_the_later_one_stands(world: World) -> None:
    one, two = world.phones
    world.send(one, world.operation(one, "field.set", 5, name="remark", value="一号机"))
    answer = world.send(two, world.operation(two, "field.set", 4, name="remark", value="二号机"))[0]
    assert answer.outcome == "conflict"
    assert answer.more["theirs"]["value"] == "一号机"
    assert answer.more["stood"] is False
    assert world.look()["registers"]["field.remark"][0]["value"] == "一号机"


def test_a_value_that_was_seen_is_no_conflict(world: World) -> None:
    one, two = world.phones
    seen = world.send(one, world.operation(one, "field.set", 1, name="remark", value="一"))[0].more["version"]
    assert world.outcomes(two, world.operation(two, "field.set", 2, base=seen, name="remark", value="二")) == [
        "applied"
    ]


def test_a_job_that_was_given_to_somebody_else_keeps_the_work_for_the_dispatcher(world: World) -> None:
    phone, _ = world.phones
    world.send(phone, world.operation(phone, "visit.move", 1, move="depart"))
    with world.runtime.transaction() as uow:
        move_visit(uow, world.visit_id, "reassign", by=STAFF, why="改派")
        visit = uow.get(Visit, world.visit_id, called="")
        take_engineers(uow, visit, by=STAFF, why="改派")
        put_engineers(uow, visit, world.network.cao, {world.network.cao: 100}, by=STAFF)
    before = world.look()
    with world.runtime.transaction() as uow:
        uow.session.add(offer(uow, world))
    answers = world.send(phone, *world.everything(phone, 2))
    assert {answer.outcome for answer in answers} == {"kept"}
    assert answers[0].words == "任务已改派给别人，您的记录已留给调度"
    assert world.look() == before
    with world.runtime.transaction() as uow:
        assert uow.session.query(OutboxRow).filter_by(kind="WorkKept").count() == 1
        assert uow.session.query(SheetOperation).filter_by(outcome="kept").count() == len(answers)


def offer(uow, world: World):
    """That the first engineer was once chosen."""
    from domain.dispatch.model import Decision

    return Decision(
        id=uow.new_id("de"), work_order_id=world.order_id, visit_id=world.visit_id, at=uow.now, by=str(STAFF),
        why="manual", outcome="assigned", engineer_id=world.network.an, override="", considered=[],
    )  # fmt: skip


def test_another_engineer_is_not_even_told_that_there_is_such_a_visit(world: World) -> None:
    answer = world.send(world.other, world.operation(world.other, "field.set", 1, name="remark", value="x"))[0]
    assert (answer.outcome, answer.code) == ("refused", "not_found")


def test_an_id_of_another_phone_says_nothing_of_what_was_answered_there(world: World) -> None:
    phone, _ = world.phones
    made = world.operation(phone, "field.set", 1, name="remark", value="x")
    world.send(phone, made)
    assert world.send(world.other, made)[0].code == "bad_operation"


def test_a_check_that_blocks_ends_the_visit_and_holds_the_order_for_the_customer(world: World) -> None:
    phone, _ = world.phones
    world.send(
        phone,
        world.operation(phone, "visit.move", 1, move="check_in"),
        world.operation(phone, "check.record", 2, code="socket_earth", value="no"),
        world.operation(phone, "visit.end", 3, outcome="blocked"),
    )
    seen = world.look()
    assert (seen["visit"], seen["order"], seen["hold"]) == (VisitStatus.FAILED, OrderStatus.REPORTED, "blocked")


def test_a_stronger_end_that_comes_later_takes_over(world: World) -> None:
    one, two = world.phones
    world.send(
        one,
        world.operation(one, "visit.move", 1, move="check_in"),
        world.operation(one, "visit.end", 2, outcome="absent", why="敲门无人"),
    )
    assert world.look()["hold"] == "absent"
    world.send(
        two,
        *world.everything(two),
        world.operation(
            two, "signature.add", 2, signature_id="sg", upload_id="u", purpose="sheet", sheet_hash="0" * 64
        ),
    )
    world.send(
        two,
        world.operation(
            two, "signature.add", 3, signature_id="sg2", upload_id="u2", purpose="sheet", sheet_hash=world.hash()
        ),
        world.operation(two, "visit.end", 4, outcome="finished"),
    )
    seen = world.look()
    assert (seen["outcome"], seen["order"], seen["hold"]) == ("finished", OrderStatus.FINISHED, "")
    assert seen["signatures"] == ["sg", "sg2"]


def test_after_a_cancellation_the_work_is_kept_and_nothing_moves(world: World) -> None:
    phone, _ = world.phones
    with world.runtime.transaction() as uow:
        move_order(uow, world.order_id, "cancel", by=STAFF, why="客户取消")
    answer = world.send(phone, world.operation(phone, "visit.move", 1, move="check_in"))[0]
    assert (answer.outcome, answer.code) == ("kept", "cancelled")


def test_a_phone_whose_clock_is_an_hour_ahead_is_corrected(world: World) -> None:
    phone, _ = world.phones
    world.send(phone, world.operation(phone, "visit.move", 60, move="check_in"), ahead=60)
    with world.runtime.transaction() as uow:
        at = world.look()["registers"]["milestone.check_in"][1]
        assert at == uow.now - timedelta(minutes=30)


def test_time_does_not_run_backwards_nor_into_the_future(world: World) -> None:
    phone, _ = world.phones
    world.send(
        phone,
        world.operation(phone, "field.set", 1000, name="remark", value="明天"),
        world.operation(phone, "field.set", -1000, name="done", value="昨天"),
    )
    registers = world.look()["registers"]
    with world.runtime.transaction() as uow:
        assert registers["field.remark"][1] == uow.now
        assert registers["field.done"][1] >= registers["field.remark"][1]


def test_a_corrected_phone_reaches_the_order_with_its_history(world: World) -> None:
    phone, _ = world.phones
    assert world.outcomes(phone, world.operation(phone, "correct", 1, field="phone", value="13911112222")) == [
        "applied"
    ]
    assert world.look()["phone"] == "13911112222"
    assert world.outcomes(phone, world.operation(phone, "correct", 2, field="phone", value="12")) == ["refused"]


def model_in(world: World, code: str, category: str = "air_conditioner") -> str:
    with world.runtime.transaction() as uow:
        brand_id = uow.get(WorkOrder, world.order_id, called="").brand_id
        return catalog.put_model(uow, brand_id, ModelRow(category, code, code), by=STAFF).id


def test_the_model_on_the_nameplate_becomes_the_orders_and_the_products_and_voids_the_signature(world: World) -> None:
    finish(world)
    phone, _ = world.phones
    right, before = model_in(world, "KFR-99LW/N8B1"), world.hash()
    assert world.outcomes(phone, world.operation(phone, "correct", 4, field="model", value=right)) == ["applied"]
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        assert (order.model_id, uow.get(Product, world.product_id, called="").model_id) == (right, right)
        rows = uow.session.query(OutboxRow).filter_by(kind="MachineCorrected").all()
        assert [row.body["work_order_id"] for row in rows] == [world.order_id], "other terms of warranty may hold"
    assert world.hash() != before, "the customer signed for another machine"


def test_a_model_of_another_kind_or_of_nobody_is_refused(world: World) -> None:
    phone, _ = world.phones
    oven = model_in(world, "G80F23", "microwave")
    for number, wrong in enumerate((oven, "mo_nobody")):
        [answer] = world.send(phone, world.operation(phone, "correct", number, field="model", value=wrong))
        assert (answer.outcome, answer.code) == ("refused", "bad_correction")


def test_a_signature_under_another_sheet_than_it_says_is_refused(world: World) -> None:
    phone, _ = world.phones
    body: dict[str, Any] = {"signature_id": "sg", "upload_id": "u", "purpose": "sheet", "content": "{}"}
    wrong = world.operation(phone, "signature.add", 1, sheet_hash="0" * 64, **body)
    right = world.operation(phone, "signature.add", 2, sheet_hash=hash_of({}), **body)
    assert world.outcomes(phone, wrong, right) == ["refused", "applied"]


def test_the_same_batch_at_once_from_one_phone_is_applied_once(fresh_runtime: Runtime, clock: Clock) -> None:
    world = world_in(fresh_runtime)
    clock.advance(minutes=30)
    phone, _ = world.phones
    batch = world.everything(phone)
    answers = at_once(4, lambda _: world.send(phone, *batch))
    assert all(one == answers[0] for one in answers)
    with world.runtime.transaction() as uow:
        assert uow.session.query(SheetOperation).count() == len(batch)


def test_a_phone_that_signed_in_anew_sends_again_what_it_got_no_answer_to_and_each_counts_once(world: World) -> None:
    before, after = world.phones
    done = world.operation(before, "field.set", 1, name="remark", value="一")
    lost = world.operation(before, "field.set", 2, name="done", value="丢了")
    waits = world.operation(before, "field.set", 3, name="fault_found", value="二")
    first = world.send(before, done)
    assert world.outcomes(before, waits) == ["held"]
    again = [replace(one, seq=number) for number, one in enumerate((done, lost, waits), 1)]
    fresh = replace(world.operation(after, "prompt.confirm", 4, code="identify"), seq=4)
    answers = world.send(after, *again, fresh)
    assert [answer.outcome for answer in answers] == ["applied"] * 4
    assert answers[0] == first[0]
    values = {key: value for key, (value, _) in world.look()["registers"].items()}
    assert {values[f"field.{name}"]["value"] for name in ("remark", "done", "fault_found")} == {"一", "丢了", "二"}
    assert world.send(after, *again, fresh) == answers
