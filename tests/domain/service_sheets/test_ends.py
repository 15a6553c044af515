"""What the end of a visit brings: words to the customer, an order that waits or goes on, a true day, and nothing said twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.appointments.model import Appointment
from domain.appointments.operations import book_window, windows_for
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.operations import reserve
from domain.desk.model import DeskTask
from domain.dispatch.assigning import CannotAssign, assign
from domain.dispatch.model import Decision, Offer, WaitingOrder
from domain.dispatch.operations import dispatch
from domain.dispatch.standing import version_of
from domain.dispatch.waiting import forgotten
from domain.engineers.model import Engineer
from domain.kit.events import Event
from domain.kit.links import BadLink
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.service_sheets.appraisals import NoFinding, give_appraisal
from domain.service_sheets.facts import todo_for
from domain.service_sheets.links import path_to_sheet, sheet_behind, sheet_with_code
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.operations import Incoming
from domain.work_orders.holds import lift_hold
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import Visit, WorkOrder, WorkOrderMove
from domain.work_orders.operations import move_order
from domain.work_orders.visits import move_visit
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.domain.service_sheets.world import STAFF, World, world_in
from tests.runtime import NOW, Clock


@pytest.fixture
def world(runtime: Runtime, clock: Clock) -> World:
    made = world_in(runtime)
    clock.advance(minutes=30)
    return made


def react(world: World) -> None:
    """Everything that follows inside, every time again: once is enough."""
    with world.runtime.transaction() as uow:
        for row in uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all():
            event = Event.from_json(row.kind, row.body)
            for reaction in REACTIONS[type(event)]:
                if not isinstance(reaction, Outside):
                    reaction(uow, event)


def told(world: World) -> dict[str, str]:
    """What was said, by the notice's name."""
    with world.runtime.transaction() as uow:
        return {one.why: one.text for one in uow.session.scalars(select(OutgoingMessage))}


def blocked(world: World) -> None:
    phone, _ = world.phones
    world.send(
        phone,
        world.operation(phone, "visit.move", 1, move="check_in"),
        world.operation(phone, "check.record", 2, code="socket_earth", value="no"),
        world.operation(phone, "visit.end", 3, outcome="blocked"),
    )


def test_a_blocked_visit_tells_the_customer_what_to_put_right_and_how_to_go_on_in_one_message(world: World) -> None:
    blocked(world)
    react(world)
    react(world)
    said = told(world)
    assert "接地" in said["sheet.blocked"]
    assert "改好了" in said["sheet.blocked"]
    assert not said.keys() & {"order.revisit", "order.visit.fail"}, "one message says it all"
    with world.runtime.transaction() as uow:
        assert uow.session.query(OutgoingMessage).filter_by(why="sheet.blocked").count() == 1


def test_what_waits_for_the_customer_is_nobodys_to_do(world: World, clock: Clock) -> None:
    blocked(world)
    react(world)
    clock.advance(minutes=30)
    with world.runtime.transaction() as uow:
        assert dispatch(uow, world.order_id, "again") is None
        assert uow.session.get(WaitingOrder, world.order_id) is None
        assert world.order_id not in forgotten(uow)
        assert uow.session.query(Offer).filter_by(work_order_id=world.order_id).count() == 0
        with pytest.raises(CannotAssign, match="等客户整改现场"):
            assign(uow, world.order_id, world.network.an, by=STAFF, version=version_of(uow, world.order_id))


def test_whoever_says_it_is_put_right_has_somebody_looked_for(world: World) -> None:
    blocked(world)
    with world.runtime.transaction() as uow:
        lift_hold(uow, world.order_id, by=STAFF, why="客户来电")
        lift_hold(uow, world.order_id, by=STAFF, why="再点一次")
    react(world)
    with world.runtime.transaction() as uow:
        lines = uow.session.query(WorkOrderMove).filter_by(work_order_id=world.order_id, move="go_on").all()
        assert [line.why for line in lines] == ["客户来电"]
        visits = uow.session.query(Visit).filter_by(work_order_id=world.order_id).order_by(Visit.seq).all()
        assert [visit.status for visit in visits] == [VisitStatus.FAILED, VisitStatus.OFFERED]


def test_booking_a_window_goes_on_as_well(world: World) -> None:
    blocked(world)
    react(world)
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        window = windows_for(uow, order)[0]
        book_window(uow, order.id, window.since, window.until, by=STAFF, via="console")
        assert (order.on_hold, order.status) == ("", OrderStatus.SCHEDULED)
        assert uow.session.query(Visit).filter_by(work_order_id=order.id).count() == 2


def kept_time(world: World, minutes: int = 120) -> str:
    """Time is kept for the visit, from in half an hour."""
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="", lock=True)
        made = reserve(
            uow, world.network.an, order, NOW + timedelta(hours=1), NOW + timedelta(hours=3), minutes, None, by=STAFF,
            visit_id=world.visit_id,
        )  # fmt: skip
        return made.id


def end_after(world: World, clock: Clock, minutes: int) -> None:
    """The engineer is there when planned and gone after so many minutes."""
    phone, _ = world.phones
    with world.runtime.transaction() as uow:
        starts = uow.session.scalars(select(Reservation)).one().starts_at
    clock.at = starts + timedelta(minutes=minutes + 5)
    at = (starts - NOW) / timedelta(minutes=1)
    world.send(
        phone,
        world.operation(phone, "visit.move", at, move="check_in"),
        world.operation(phone, "visit.end", at + minutes, outcome="revisit", why="还要再来"),
    )
    react(world)


@pytest.mark.parametrize("minutes", [20, 200])
def test_the_engineers_day_ends_a_visit_when_it_ended(world: World, clock: Clock, minutes: int) -> None:
    kept = kept_time(world)
    end_after(world, clock, minutes)
    with world.runtime.transaction() as uow:
        row = uow.session.get_one(Reservation, kept)
        assert row.state is ReservationState.BOOKED
        assert (row.ends_at - row.starts_at, row.minutes) == (timedelta(minutes=minutes), minutes)


def test_a_part_that_is_waited_for_is_named_and_the_order_goes_on_when_it_is_there(world: World) -> None:
    phone, _ = world.phones
    with world.runtime.transaction() as uow:
        visit, order = uow.get(Visit, world.visit_id, called=""), uow.get(WorkOrder, world.order_id, called="")
        prompts = [prompt.code for prompt in todo_for(order, visit).prompts]
    world.send(
        phone,
        world.operation(phone, "visit.move", 1, move="check_in"),
        *(world.operation(phone, "prompt.confirm", 2, code=code) for code in prompts),
        world.operation(phone, "visit.end", 3, outcome="waiting_part", parts=["LH-CAP-35"]),
    )
    react(world)
    assert "LH-CAP-35" in told(world)["sheet.waiting_part"]
    assert "order.wait_part" not in told(world)
    with world.runtime.transaction() as uow:
        assert uow.get(WorkOrder, world.order_id, called="").status is OrderStatus.WAITING_PART
        move_order(uow, world.order_id, "resume", by=STAFF)
    react(world)
    with world.runtime.transaction() as uow:
        assert uow.session.query(Offer).filter_by(work_order_id=world.order_id).count() == 1


def fee(world: World, phone: str, at: float, fen: int) -> Incoming:
    return world.operation(phone, "fee.put", at, line="f1", code="door", title="上门费", fen=fen, payer="customer")


def agree(world: World, phone: str, at: float, fen: int) -> Incoming:
    """The customer says yes to the price on the engineer's phone."""
    return world.operation(
        phone, "quote.confirm", at, quote_id=f"q{fen}", hash="a" * 64, customer_fen=fen, shown={"door": fen}
    )


def sign(world: World, phone: str, at: float, id_: str) -> Incoming:
    return world.operation(
        phone, "signature.add", at, signature_id=id_, upload_id=f"u{id_}", purpose="sheet", sheet_hash=world.hash(), name="王小明",
        strokes=[[[0, 0], [50, 20], [90, 5]]],
    )  # fmt: skip


def finish(world: World, phone: str) -> None:
    world.send(phone, *world.everything(phone), fee(world, phone, 2, 5000), agree(world, phone, 2.5, 5000))
    world.send(phone, sign(world, phone, 3, "s1"), world.operation(phone, "visit.end", 4, outcome="finished"))


def test_a_finished_sheet_is_sent_once_and_again_when_it_says_something_else(world: World) -> None:
    phone, _ = world.phones
    finish(world, phone)
    react(world)
    said = told(world)
    assert "{link}" in said["sheet.finished"]
    assert "order.finish" not in said
    world.send(phone, fee(world, phone, 6, 9000))
    react(world)
    assert "签名已失效" in told(world)["sheet.changed"]
    (without_a_yes,) = world.send(phone, sign(world, phone, 7, "s2"))
    assert without_a_yes.more["missing"] == ["让客户确认报价"]
    world.send(phone, agree(world, phone, 8, 9000))
    react(world)
    with world.runtime.transaction() as uow:
        sent = uow.session.query(OutgoingMessage).filter_by(why="sheet.finished").all()
        assert len({one.seq for one in sent}) == 2


def test_whoever_was_there_is_preferred_for_the_next_visit(world: World) -> None:
    phone, _ = world.phones
    world.send(
        phone,
        world.operation(phone, "visit.move", 1, move="check_in"),
        world.operation(phone, "visit.end", 2, outcome="revisit", why="要两个人"),
    )
    react(world)
    with world.runtime.transaction() as uow:
        decision = uow.session.scalars(select(Decision).order_by(Decision.at)).first()
        assert decision is not None
        knows = {line["engineer_id"] for line in decision.considered for point in line["points"] if point["words"] == "修过这台机器"}  # fmt: skip
    assert knows == {world.network.an}


def test_a_promise_is_judged_by_when_the_engineer_was_there_not_by_when_we_heard(world: World, clock: Clock) -> None:
    phone, _ = world.phones
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        window = windows_for(uow, order)[0]
        made = book_window(uow, order.id, window.since, window.until, by=STAFF, via="console").id
    clock.at = window.until + timedelta(minutes=90)
    inside = (window.until - NOW) / timedelta(minutes=1) - 10
    world.send(phone, world.operation(phone, "visit.move", inside, move="check_in"))
    react(world)
    with world.runtime.transaction() as uow:
        assert uow.session.get_one(Appointment, made).status == "kept"


def test_a_link_opens_one_sheet_for_a_year_and_a_code_needs_no_case(world: World, clock: Clock) -> None:
    finish(world, world.phones[0])
    with world.runtime.transaction() as uow:
        sheet = uow.session.get_one(ServiceSheet, world.visit_id)
        token = path_to_sheet(uow, sheet).removeprefix("/c/sheets/")
        assert sheet_behind(uow, token) is sheet
        code = sheet.verify_code.lower()
        assert sheet_with_code(uow, f"{code[:5]} {code[5:]}") is sheet
        assert sheet_with_code(uow, "") is sheet_with_code(uow, "zzzzzzzzzz") is None
        for wrong in ("", "x", token[:-1], f"{token}0", token.replace(world.visit_id, "vi_x")):
            with pytest.raises(BadLink):
                sheet_behind(uow, wrong)
    clock.advance(days=366)
    with world.runtime.transaction() as uow, pytest.raises(BadLink, match="过期"):
        sheet_behind(uow, token)


def test_help_is_called_for_and_an_appraisal_is_written_back(world: World) -> None:
    phone, _ = world.phones
    world.send(phone, world.operation(phone, "visit.move", 1, move="check_in"))
    world.send(phone, world.operation(phone, "help.ask", 2, to="appraisal", words="压缩机三个月就坏了"))
    react(world)
    assert "质量鉴定" in told(world)["help.appraisal"]
    with world.runtime.transaction() as uow:
        with pytest.raises(NoFinding):
            give_appraisal(uow, world.order_id, "quality", " ", by=STAFF)
        give_appraisal(uow, world.order_id, "quality", "绕组短路", by=STAFF)
        assert uow.session.scalars(select(DeskTask).filter_by(kind="help_appraisal")).one().status == "done"
        line = uow.session.query(WorkOrderMove).filter_by(work_order_id=world.order_id, move="appraisal").one()
        assert (line.why, line.detail["finding"]) == ("属于产品质量问题：绕组短路", "quality")
    react(world)
    assert "属于产品质量问题" in told(world)["appraisal.given"]


def test_a_visit_that_somebody_ended_by_hand_takes_what_was_done_there_and_stays_ended(world: World) -> None:
    phone, _ = world.phones
    world.send(phone, world.operation(phone, "visit.move", 1, move="check_in"))
    with world.runtime.transaction() as uow:
        move_visit(uow, world.visit_id, "finish", by=STAFF, why="工程师来电")
    assert set(world.outcomes(phone, *world.everything(phone, 2))) == {"applied"}
    assert world.look()["visit"] is VisitStatus.FINISHED


def test_a_product_taken_in_is_at_the_engineers_station(world: World) -> None:
    phone, _ = world.phones
    world.send(
        phone, *world.everything(phone), world.operation(phone, "photo.add", 2, upload_id="ur", purpose="receipt")
    )
    world.send(
        phone,
        world.operation(phone, "signature.add", 3, signature_id="sr", upload_id="u", purpose="receipt", sheet_hash=world.hash()),
        world.operation(phone, "visit.end", 4, outcome="taken_in"),
    )  # fmt: skip
    react(world)
    assert "取件单" in told(world)["sheet.taken_in"]
    with world.runtime.transaction() as uow:
        there = uow.session.get_one(Engineer, world.network.an).station_id
        assert uow.session.get_one(ServiceSheet, world.visit_id).taken_to == there
        assert uow.get(WorkOrder, world.order_id, called="").status is OrderStatus.IN_SERVICE
