"""A price asked for, answered, changed and billed: from the chat, the console and the engineer's phone."""

from __future__ import annotations

import pytest

from domain.access.model import TrailEntry
from domain.desk.model import DeskTask
from domain.kit.actors import Actor, Role
from domain.kit.links import BadLink
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices.model import OutgoingMessage
from domain.payments.model import Payable, Refund
from domain.pricing.billing import bill_visit, note_paid
from domain.pricing.billing import due_reminders as due_bills
from domain.pricing.billing import remind as remind_bill
from domain.pricing.fee_facts import Goodwill, Wanted
from domain.pricing.fee_table import BadFee, FeeDraft, FeeTaken, preview_fee, put_fee
from domain.pricing.links import path_to_quote, quote_behind
from domain.pricing.queries import lines_of, quotes_of, standing_quote
from domain.pricing.quoting import (
    NoPrice,
    QuoteChanged,
    confirm,
    due_reminders,
    due_to_expire,
    expire,
    quote_for,
    reject,
    remind,
    withdraw,
)
from domain.service_levels.keeping import put_defaults
from domain.service_levels.model import Clock as ServiceClock
from domain.service_sheets.model import Register, ServiceSheet
from domain.work_orders.events import WorkOrderOpened
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import move_order
from jobs.clocks import start_clocks
from tests.domain.pricing.world import BOARD, CAP, Shop, shop_in
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock

ENGINEER = Actor(Role.ENGINEER, "en_1")


@pytest.fixture
def shop(runtime: Runtime, clock: Clock) -> Shop:
    made = shop_in(runtime)
    clock.advance(minutes=30)
    return made


def ask(shop: Shop, *codes: str, **more: object) -> str:
    with shop.runtime.transaction() as uow:
        return quote_for(uow, shop.world.order_id, shop.wanted(*codes), by=STAFF, **more).id  # type: ignore[arg-type]


def say_yes(shop: Shop, quote_id: str, hash_: str = "") -> None:
    with shop.runtime.transaction() as uow:
        quote = next(one for one in shop.quotes() if one.id == quote_id)
        confirm(uow, quote_id, hash_ or quote.hash, by=shop.customer, via="chat")


def told(shop: Shop) -> list[str]:
    with shop.runtime.transaction() as uow:
        return [one.why for one in uow.session.query(OutgoingMessage).order_by(OutgoingMessage.seq)]


def test_the_customer_is_asked_once_and_the_engineer_sees_the_answer(shop: Shop) -> None:
    quote_id = ask(shop, CAP)
    assert ask(shop, CAP) == quote_id, "the same lines are the same quote"
    shop.react()
    assert told(shop).count("quote.asked") == 1
    say_yes(shop, quote_id)
    say_yes(shop, quote_id)
    assert shop.order().agreed_fen == 11_500
    with shop.runtime.transaction() as uow:
        (seen,) = quotes_of(uow, [shop.world.visit_id])[shop.world.visit_id]
    assert (seen.status, seen.customer_fen, seen.answered_via) == ("confirmed", 11_500, "chat")
    assert ask(shop, CAP) == quote_id, "what is agreed to is not asked again"


def test_a_change_is_a_new_version_and_the_old_one_can_no_longer_be_agreed_to(shop: Shop) -> None:
    first = ask(shop, CAP)
    second = ask(shop, CAP, BOARD)
    with pytest.raises(QuoteChanged, match=r"最新的是第 2 版：您付 ¥435\.00"):
        say_yes(shop, first)
    say_yes(shop, second)
    third = ask(shop, BOARD)
    with shop.runtime.transaction() as uow:
        reject(uow, third, by=shop.customer, via="page", why="太贵")
        assert standing_quote(uow, shop.world.order_id).id == second  # type: ignore[union-attr]
    assert [one.status for one in shop.quotes()] == ["rejected", "confirmed", "superseded"]
    assert shop.order().agreed_fen == 43_500, "a no to a change leaves what was agreed to"


def test_an_answer_to_other_lines_than_were_seen_is_refused(shop: Shop) -> None:
    quote_id = ask(shop, CAP)
    with pytest.raises(QuoteChanged, match="内容已经变了"):
        say_yes(shop, quote_id, "0" * 64)


def test_what_has_no_price_is_not_asked_for(shop: Shop) -> None:
    with shop.runtime.transaction() as uow, pytest.raises(NoPrice, match="magic"):
        quote_for(uow, shop.world.order_id, Wanted.of({"magic": 1000}), by=STAFF)


def test_where_nothing_is_to_pay_nobody_is_asked_and_it_is_said(shop: Shop) -> None:
    quote_id = ask(shop, CAP, goodwill=[Goodwill("*", 1000, "老客户")])
    (quote,) = shop.quotes()
    assert (quote.id, quote.status, quote.answered_via, quote.customer_fen) == (quote_id, "confirmed", "itself", 0)
    shop.react()
    assert "quote.asked" not in told(shop)


def test_nobody_answers(shop: Shop, clock: Clock) -> None:
    quote_id = ask(shop, CAP)
    shop.react()
    for minutes in (16, 120, 720):
        clock.advance(minutes=minutes)
        with shop.runtime.transaction() as uow:
            assert list(due_reminders(uow)) == [quote_id]
            remind(uow, quote_id)
            assert list(due_reminders(uow)) == []
        shop.react()
    assert told(shop).count("quote.remind") == 3
    clock.advance(hours=12)
    with shop.runtime.transaction() as uow:
        assert list(due_to_expire(uow)) == [quote_id]
        expire(uow, quote_id)
    shop.react()
    with shop.runtime.transaction() as uow:
        (task,) = uow.session.query(DeskTask).filter_by(kind="quote_silent").all()
        assert "没有答复" in task.words
    with pytest.raises(QuoteChanged, match="逾期"):
        say_yes(shop, quote_id)


def test_the_clocks_rest_while_the_customer_thinks_about_the_price(shop: Shop) -> None:
    with shop.runtime.transaction() as uow:
        put_defaults(uow)
        start_clocks(uow, WorkOrderOpened(shop.world.order_id))
    quote_id = ask(shop, CAP)
    shop.react()
    assert paused(shop)
    say_yes(shop, quote_id)
    shop.react()
    assert not paused(shop)


def paused(shop: Shop) -> bool:
    with shop.runtime.transaction() as uow:
        return bool(
            uow.session.query(ServiceClock).filter_by(work_order_id=shop.world.order_id, pause_reason="quote").count()
        )


def test_a_cancelled_order_asks_for_nothing_any_more(shop: Shop) -> None:
    quote_id = ask(shop, CAP)
    with shop.runtime.transaction() as uow:
        withdraw(uow, quote_id, by=STAFF, why="填错了")
    second = ask(shop, BOARD)
    with shop.runtime.transaction() as uow:
        order = uow.get(WorkOrder, shop.world.order_id, called="")
        order.rectifies_id = None
        move_order(uow, order.id, "cancel", by=STAFF, why="客户取消")
    shop.react()
    assert [one.status for one in shop.quotes()] == ["withdrawn", "withdrawn"]
    with pytest.raises(QuoteChanged):
        say_yes(shop, second)


def test_a_yes_in_the_moment_of_the_cancelling_agrees_to_nothing(shop: Shop) -> None:
    quote_id = ask(shop, CAP)
    with shop.runtime.transaction() as uow:
        move_order(uow, shop.world.order_id, "cancel", by=STAFF, why="客户取消")
    with pytest.raises(QuoteChanged, match="已取消"):
        say_yes(shop, quote_id)
    assert shop.order().agreed_fen is None


def finish_with(shop: Shop, *codes: str) -> None:
    quote_id = ask(shop, *codes)
    say_yes(shop, quote_id)
    shop.ready()
    shop.put_lines(shop.quotes()[0])
    shop.end()
    shop.react()


def test_a_finished_visit_is_billed_and_what_is_due_is_owed(shop: Shop) -> None:
    finish_with(shop, CAP)
    (bill,) = shop.bills()
    assert (bill.due_fen, bill.status, bill.kind) == (11_500, "issued", "work")
    with shop.runtime.transaction() as uow:
        payable = uow.get(Payable, bill.payable_id, called="")
        assert payable.due_fen == 11_500
        shares = {(one["account"], one["party"]): one["fen"] for one in payable.split}
    assert sum(shares.values()) == 11_500
    assert shares["income_part", ""] == 3_500
    assert "payment.bill" in told(shop)


def test_of_what_was_agreed_to_only_what_was_done_is_billed(shop: Shop) -> None:
    say_yes(shop, ask(shop, CAP, BOARD))
    shop.ready()
    quote = shop.quotes()[0]
    shop.put_lines(quote)
    board = next(n for n, line in enumerate(quote.lines) if line["code"] == BOARD)
    shop.send("part.remove", 2, line=f"q{board}")
    shop.send("fee.remove", 2, line=f"q{board}")
    shop.end()
    shop.react()
    (bill,) = shop.bills()
    assert {one.code for one in lines_of(bill) if one.fen} == {"board", CAP}
    assert bill.due_fen == 11_500


def test_a_sheet_that_says_more_than_was_agreed_to_waits_for_the_customer(shop: Shop) -> None:
    say_yes(shop, ask(shop, CAP))
    shop.ready()
    shop.put_lines(shop.quotes()[0])
    shop.send("fee.put", 2, line="extra", code="extra.height", title="高空作业", fen=10_000, payer="customer")
    (answer,) = shop.world.send(shop.phone, shop.world.operation(shop.phone, "visit.end", 5, outcome="finished"))
    assert "让客户确认报价" in answer.more["missing"]
    shop.send("quote.ask", 6, quote_id="phone_1")
    shop.react()
    assert (shop.quotes()[0].customer_fen, shop.quotes()[0].version) == (21_500, 2)
    say_yes(shop, shop.quotes()[0].id)
    shop.end(7)
    shop.react()
    assert [one.due_fen for one in shop.bills()] == [21_500]


def test_a_no_costs_coming_and_looking_and_nothing_else(shop: Shop) -> None:
    quote_id = ask(shop, BOARD)
    with shop.runtime.transaction() as uow:
        reject(uow, quote_id, by=shop.customer, via="chat")
    shop.ready()
    shop.send("fee.put", 2, line="f1", code="inspection", title="上门检测费", fen=3_000, payer="customer")
    shop.end()
    shop.react()
    (bill,) = shop.bills()
    assert (bill.kind, bill.due_fen) == ("declined", 3_000)


def test_agreed_to_on_the_engineers_phone_without_network(shop: Shop) -> None:
    """Asked, answered, signed and ended there; all of it arrives at once. Of two prices the customer pays the smaller."""
    shop.ready()
    shop.send("part.put", 2, line="p1", part_code="lh cap35", quantity=1)
    shop.send("fee.put", 2, line="f1", code="part.LH-CAP-35", title="电容", fen=3_000, payer="customer")
    shop.send("fee.put", 2, line="f2", code="labour.board", title="更换电器件人工", fen=8_000, payer="customer")
    shop.send("quote.ask", 2, quote_id="phone_1", note="电容坏了")
    shop.send(
        "quote.confirm", 3, quote_id="phone_1", hash="a" * 64, customer_fen=11_000,
        shown={"part.LH-CAP-35": 3_000, "labour.board": 8_000}, signature_id="sg_1",
    )  # fmt: skip
    shop.end()
    shop.react()
    (quote,) = shop.quotes()
    assert (quote.status, quote.customer_fen, quote.answered_via, quote.note) == (
        "confirmed",
        11_000,
        "engineer",
        "电容坏了",
    )
    assert {one.key: one.fen for one in lines_of(quote) if one.payer == "brand"} == {"part.LH-CAP-35+": 500}
    (bill,) = shop.bills()
    assert (bill.due_fen, bill.status) == (11_000, "issued")
    with shop.runtime.transaction() as uow:
        (task,) = uow.session.query(DeskTask).filter_by(kind="price_off").all()
        assert "差额由品牌承担" in task.words, "only the phone says that less was shown"
        entry = uow.session.query(TrailEntry).filter_by(action="quote.shown_less").one()
        assert (entry.detail["fen"], entry.actor.partition(":")[0]) == (500, "engineer")


def test_nothing_is_taken_in_twice_and_what_cannot_be_is_told_to_somebody(shop: Shop) -> None:
    shop.ready()
    shop.send("quote.confirm", 3, quote_id="phone_9", hash="a" * 64, customer_fen=1, shown={})
    shop.react()
    shop.send("field.set", 4, name="remark", value="x")
    shop.react()
    with shop.runtime.transaction() as uow:
        (task,) = uow.session.query(DeskTask).filter_by(kind="price_off").all()
        assert "报价" in task.words
    assert shop.quotes() == []


def test_corrected_after_it_was_billed_and_after_it_was_paid(shop: Shop) -> None:
    finish_with(shop, CAP)
    first = shop.bills()[0]
    shop.send("fee.put", 8, line="q1", code=f"part.{CAP}", title="电容", fen=2_000, payer="customer")
    shop.react()
    assert [one.status for one in shop.bills()] == ["void"], "open again: nothing is owed"
    shop.end(9)
    shop.react()
    second, voided = shop.bills()
    assert (second.due_fen, second.status, voided.id) == (10_000, "issued", first.id)
    with shop.runtime.transaction() as uow:
        assert uow.get(Payable, first.payable_id, called="").status == "void"
        note_paid(uow, second.id)
        note_paid(uow, second.id)
    assert shop.bills()[0].status == "paid"


def come_again(shop: Shop, *codes: str) -> None:
    """Sent back by the audit, the order is made another visit of; it ends as finished with these done besides."""
    with shop.runtime.transaction() as uow:
        move_order(uow, shop.world.order_id, "send_back", by=STAFF, why="照片不全")
        move_order(uow, shop.world.order_id, "revisit", by=STAFF)
        uow.session.add(
            Visit(id="vi_again", work_order_id=shop.world.order_id, seq=9, status="finished", opened_at=uow.now)
        )
        uow.session.flush()
        first = uow.get(ServiceSheet, shop.world.visit_id, called="")
        same = {one.name: getattr(first, one.name) for one in ServiceSheet.__table__.columns}
        uow.session.add(ServiceSheet(**same | {"visit_id": "vi_again", "verify_code": "AGAINAGAIN12"}))
        uow.session.flush()
    shop.react()
    if codes:
        say_yes(shop, ask(shop, *codes))
    with shop.runtime.transaction() as uow:
        for n, line in enumerate(shop.quotes()[0].lines if codes else []):
            fee = {"code": line["key"], "title": line["title"], "fen": line["fen"], "payer": line["payer"]}
            put_register(uow, f"fee.n{n}", fee)
            if line["kind"] == "part":
                put_register(uow, f"part.n{n}", {"part_code": line["code"], "quantity": 1})
        bill_visit(uow, "vi_again")
    shop.react()


def put_register(uow: UnitOfWork, key: str, value: dict[str, object]) -> None:
    uow.session.add(
        Register(visit_id="vi_again", key=key, value=value, at=uow.now, device_id="", version=0, operation_id="")
    )
    uow.session.flush()


def test_whoever_comes_again_does_not_give_back_what_was_paid_for(shop: Shop) -> None:
    finish_with(shop, CAP)
    with shop.runtime.transaction() as uow:
        note_paid(uow, shop.bills()[0].id)
    come_again(shop)
    assert [(one.status, one.due_fen) for one in shop.bills()] == [("paid", 11_500)], "what was done then is done"
    with shop.runtime.transaction() as uow:
        bill_visit(uow, "vi_again")
    assert len(shop.bills()) == 1


def test_work_of_another_visit_and_another_yes_is_billed_by_itself(shop: Shop) -> None:
    finish_with(shop, CAP)
    with shop.runtime.transaction() as uow:
        note_paid(uow, shop.bills()[0].id)
    come_again(shop, BOARD)
    assert [(one.status, one.due_fen, one.before_fen) for one in shop.bills()] == [
        ("issued", 40_000, 0),
        ("paid", 11_500, 0),
    ]
    with shop.runtime.transaction() as uow:
        assert uow.session.query(Refund).count() == 0


def test_an_unpaid_bill_is_reminded_of_three_times(shop: Shop, clock: Clock) -> None:
    finish_with(shop, CAP)
    (bill,) = shop.bills()
    for days in (1, 2, 4):
        clock.advance(days=days)
        with shop.runtime.transaction() as uow:
            assert list(due_bills(uow)) == [bill.id]
            remind_bill(uow, bill.id)
        shop.react()
    clock.advance(days=30)
    with shop.runtime.transaction() as uow:
        assert list(due_bills(uow)) == []
    assert [one for one in told(shop) if one.startswith("payment.remind")] == [f"payment.remind_{n}" for n in (1, 3, 7)]


def test_a_link_opens_one_quote_of_one_customer(shop: Shop) -> None:
    quote_id = ask(shop, CAP)
    with shop.runtime.transaction() as uow:
        token = path_to_quote(uow, shop.quotes()[0]).removeprefix("/c/quotes/")
        assert quote_behind(uow, token)[0].id == quote_id
        for wrong in ("", "x", token[:-1], f"{token}0", token.replace(quote_id, "qt_x")):
            with pytest.raises(BadLink):
                quote_behind(uow, wrong)


def test_a_new_price_begins_on_its_day_and_what_was_asked_keeps_its_own(shop: Shop, clock: Clock) -> None:
    quote_id = ask(shop, CAP)
    dearer = FeeDraft("labour", "board", "更换电器件人工", "air_conditioner", fen=9_000, owner="provider")
    with shop.runtime.transaction() as uow:
        brand_id = uow.get(WorkOrder, shop.world.order_id, called="").brand_id
        (effect,) = preview_fee(uow, brand_id, dearer)
        assert (effect.now_fen, effect.then_fen) == (11_500, 12_500)
        tomorrow = uow.today.replace(day=uow.today.day + 1)
        put_fee(uow, brand_id, dearer, tomorrow, by=STAFF)
        with pytest.raises(FeeTaken):
            put_fee(uow, brand_id, dearer, uow.today, by=STAFF)
        with pytest.raises(BadFee, match="过去"):
            put_fee(uow, brand_id, dearer, uow.today.replace(day=1), by=STAFF)
    clock.advance(days=1)
    assert shop.quotes()[0].customer_fen == 11_500
    again = ask(shop, CAP)
    assert again != quote_id
    assert shop.quotes()[0].customer_fen == 12_500
