"""An order that was billed, sent back, and cancelled after all: nobody can pay what is not owed, and what was paid is not forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from adapters.invariants import breaches
from domain.kit.errors import Conflict
from domain.kit.unit_of_work import Runtime
from domain.ledger.queries import balances
from domain.notices.model import OutgoingMessage
from domain.payments import asking, paying, refunding
from domain.payments.cash import take_cash
from domain.payments.model import Payable, Payment, Refund
from domain.payments.noticing import take_notice
from domain.payments.operations import approve_refund, ask_refund, pay_out_refund, reject_refund
from domain.payments.paying import Payer, PayRefused
from domain.pricing.billing import bill_visit, due_reminders
from domain.pricing.ending import end_bills
from domain.work_orders.operations import move_order
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import LI, WANG, put_merchant
from tests.domain.pricing.test_quotes import finish_with, told
from tests.domain.pricing.world import BOARD, CAP, shop_in
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock, at_once

PAYER = Payer("jsapi", APP_ID, "o1")


class Desk:
    """A finished and billed visit, and the platform its customer pays at."""

    def __init__(self, runtime: Runtime, clock: Clock, *codes: str) -> None:
        self.shop, self.runtime = shop_in(runtime), runtime
        clock.advance(minutes=30)
        finish_with(self.shop, *codes or (CAP,))
        self.platform = FakePlatform(clock)
        with runtime.transaction() as uow:
            self.merchant_id = put_merchant(uow, self.shop.order().brand_id).id

    @property
    def payable_id(self) -> str:
        return self.shop.bills()[0].payable_id

    def begin(self) -> str:
        return paying.start(self.runtime, self.platform, self.payable_id, PAYER, by=STAFF).number

    def hear(self, number: str) -> None:
        notice = self.platform.pay(number)
        with self.runtime.transaction() as uow:
            take_notice(uow, notice, merchant_id=self.merchant_id)  # type: ignore[arg-type]

    def pay(self) -> None:
        self.hear(self.begin())
        self.shop.react()

    def cancel(self) -> None:
        """Not right, to be visited again, and then not wanted any more."""
        order_id = self.shop.world.order_id
        with self.runtime.transaction() as uow:
            move_order(uow, order_id, "send_back", by=STAFF, why="没装好")
            move_order(uow, order_id, "revisit", by=STAFF)
            move_order(uow, order_id, "cancel", by=STAFF, why="客户不要了")

    def all(self, kind: type[Any]) -> list[Any]:
        with self.runtime.transaction() as uow:
            return list(uow.session.scalars(select(kind).order_by(kind.at, kind.id)))

    def refunds(self) -> list[tuple[str, int, str]]:
        return [(str(one.status), one.fen, one.reason_code) for one in self.all(Refund)]

    def words(self, why: str) -> str:
        with self.runtime.transaction() as uow:
            found = uow.session.scalars(select(OutgoingMessage.text).filter_by(why=why)).all()
        assert len(found) == 1, found
        return found[0]

    def books(self) -> dict[str, int]:
        with self.runtime.transaction() as uow:
            assert breaches(uow.session.connection()) == {}
            return {one.account: one.fen for one in balances(uow, self.shop.order().brand_id) if one.fen}


@pytest.fixture
def desk(runtime: Runtime, clock: Clock) -> Desk:
    return Desk(runtime, clock)


def test_an_unpaid_bill_is_void_its_open_order_closed_at_the_platform_and_the_customer_knows(desk: Desk) -> None:
    number = desk.begin()
    desk.cancel()
    desk.shop.react()
    assert [(one.status, one.remind_at) for one in desk.shop.bills()] == [("void", None)]
    assert "115.00 的账单作废，不用付款" in desk.words("payment.cancelled")
    with pytest.raises(PayRefused, match="已作废"):
        desk.begin()
    with desk.runtime.transaction() as uow:
        (due,) = asking.due(uow, limit=5)
    asking.look(desk.runtime, desk.platform, due)
    assert desk.platform.trades[number].state == "CLOSED", "nobody pays by a page that is still open"
    assert desk.books() == {}


def test_what_is_paid_after_the_cancelling_goes_back_by_itself(desk: Desk) -> None:
    number = desk.begin()
    desk.cancel()
    desk.shop.react()
    desk.hear(number)
    desk.shop.react()
    assert desk.refunds() == [("approved", 11_500, "overpaid")]
    assert desk.shop.bills()[0].status == "void"
    assert desk.books() == {"wechat": 11_500, "refund_due": 11_500}


def test_what_was_paid_waits_for_somebodys_yes_and_the_customer_hears_of_both(desk: Desk) -> None:
    """However small it is: perhaps the work was done and stays."""
    desk.pay()
    desk.cancel()
    desk.shop.react()
    desk.shop.react()
    assert desk.refunds() == [("asked", 11_500, "cancelled")]
    assert "¥115.00（服务取消）正在核对退还" in desk.words("refund.asked")
    with desk.runtime.transaction() as uow:
        end_bills(uow, desk.shop.world.order_id)
        approve_refund(uow, desk.all(Refund)[0].id, by=WANG)
    desk.shop.react()
    assert desk.refunds() == [("approved", 11_500, "cancelled")], "said twice, it is asked for once"
    assert desk.books() == {"wechat": 11_500, "refund_due": 11_500}


def test_a_no_to_it_is_told(desk: Desk) -> None:
    desk.pay()
    desk.cancel()
    desk.shop.react()
    with desk.runtime.transaction() as uow:
        reject_refund(uow, desk.all(Refund)[0].id, by=WANG, why="电容已换，客户留用")
    desk.shop.react()
    assert "核对后没有退" in desk.words("refund.not")
    assert sum(fen for account, fen in desk.books().items() if account != "wechat") == 11_500


def test_of_what_is_partly_back_already_the_rest_is_asked_for(desk: Desk) -> None:
    desk.pay()
    with desk.runtime.transaction() as uow:
        ask_refund(uow, desk.payable_id, 4_000, by=LI, reason_code="goodwill")
    desk.cancel()
    desk.shop.react()
    assert sorted(desk.refunds()) == [("approved", 4_000, "goodwill"), ("asked", 7_500, "cancelled")]


def test_cash_waits_for_a_yes_and_is_paid_back_by_hand(desk: Desk) -> None:
    with desk.runtime.transaction() as uow:
        take_cash(uow, desk.payable_id, desk.shop.world.network.an, 11_500, by=STAFF)
    desk.cancel()  # before anybody has heard of the cash
    desk.shop.react()
    (refund,) = desk.all(Refund)
    assert (refund.status, refund.fen) == ("asked", 11_500)
    with desk.runtime.transaction() as uow:
        approve_refund(uow, refund.id, by=WANG)
        pay_out_refund(uow, refund.id, by=WANG, out_of="cash", why="当面退还", engineer_id=desk.shop.world.network.an)
    desk.shop.react()
    assert desk.books() == {}, "the engineer has nothing to hand in"


def test_a_visit_heard_of_after_the_cancelling_is_not_billed(desk: Desk) -> None:
    desk.cancel()
    desk.shop.react()
    with desk.runtime.transaction() as uow:
        assert bill_visit(uow, desk.shop.world.visit_id) is None
        assert list(due_reminders(uow)) == []
    assert [one.status for one in desk.shop.bills()] == ["void"]


def test_cancelled_in_the_moment_it_is_paid_the_money_is_never_lost(fresh_runtime: Runtime, clock: Clock) -> None:
    desk = Desk(fresh_runtime, clock)
    number = desk.begin()
    notice = desk.platform.pay(number)
    desk.cancel()

    def work(index: int) -> None:
        with fresh_runtime.transaction() as uow:
            if index % 2:
                end_bills(uow, desk.shop.world.order_id)
            else:
                take_notice(uow, notice, merchant_id=desk.merchant_id)  # type: ignore[arg-type]

    assert [one for one in at_once(6, work) if isinstance(one, Exception)] == []
    desk.shop.react()
    (payment,) = desk.all(Payment)
    (payable,) = desk.all(Payable)
    (refund,) = desk.all(Refund)
    assert payment.reserved_fen == refund.fen == 11_500
    late = (str(payable.status), payment.surplus, str(refund.status), desk.shop.bills()[0].status)
    assert late in (("void", True, "approved", "void"), ("paid", False, "asked", "paid"))
    desk.books()


# A bill that became smaller


@pytest.fixture
def dear(runtime: Runtime, clock: Clock) -> Desk:
    """¥435 paid; what is asked back of it may be above the limit of ¥200."""
    made = Desk(runtime, clock, CAP, BOARD)
    made.pay()
    return made


def signed_anew(desk: Desk, at: float, fen: int) -> None:
    board = next(n for n, one in enumerate(desk.shop.quotes()[0].lines) if one["code"] == BOARD)
    desk.shop.send("fee.put", at, line=f"q{board}", code=f"part.{BOARD}", title="主板", fen=fen, payer="customer")
    desk.shop.end(at + 1)
    desk.shop.react()


def test_what_no_bill_asks_for_any_more_cannot_be_kept(dear: Desk) -> None:
    signed_anew(dear, 8, 2_000)
    new, old = dear.shop.bills()
    assert (old.status, new.status, new.total_fen, new.before_fen) == ("paid", "nothing", 13_500, 13_500)
    assert dear.refunds() == [("asked", 30_000, "bill_changed")]
    assert "¥300.00（账单有调整）正在核对退还" in dear.words("refund.asked"), "the bill says 135 paid, he paid 435"
    with dear.runtime.transaction() as uow, pytest.raises(Conflict, match="不能不退"):
        reject_refund(uow, dear.all(Refund)[0].id, by=WANG, why="不退")
    with dear.runtime.transaction() as uow:
        approve_refund(uow, dear.all(Refund)[0].id, by=WANG)
    books = dear.books()
    assert books["refund_due"] == 30_000
    assert books["wechat"] - books["refund_due"] == new.before_fen, "what is kept is what the bill says was paid"


def test_what_the_platform_will_not_pay_back_is_paid_by_hand_not_kept(dear: Desk) -> None:
    signed_anew(dear, 8, 2_000)
    (refund,) = dear.all(Refund)
    with dear.runtime.transaction() as uow:
        approve_refund(uow, refund.id, by=WANG)
    refunding.look(dear.runtime, dear.platform, refund.id)
    dear.platform.finish(refund.id, "CLOSED")
    dear.shop.react()
    refunding.look(dear.runtime, dear.platform, refund.id)
    assert dear.refunds() == [("abnormal", 30_000, "bill_changed")]
    with dear.runtime.transaction() as uow, pytest.raises(Conflict, match="不能留下"):
        refunding.give_up(uow, refund.id, by=WANG, why="算了")


def test_a_bill_put_right_takes_back_what_nobody_has_decided(dear: Desk) -> None:
    """The sheet was wrong: of what was to go back only what is too much by the last one goes, and nothing is paid twice."""
    signed_anew(dear, 8, 2_000)
    signed_anew(dear, 12, 31_000)
    newest = dear.shop.bills()[0]
    assert (newest.status, newest.total_fen, newest.before_fen, newest.due_fen) == ("nothing", 42_500, 42_500, 0)
    assert sorted(dear.refunds()) == [("approved", 1_000, "bill_changed"), ("rejected", 30_000, "bill_changed")]
    assert "refund.not" not in told(dear.shop), "nobody was told no"
    books = dear.books()
    assert books["wechat"] - books["refund_due"] == newest.before_fen


def test_a_sheet_put_back_as_it_was_signed_first_is_billed_as_it_is(dear: Desk) -> None:
    """Nobody signs again: what stands there was signed. It is another end all the same."""
    signed_anew(dear, 8, 2_000)
    board = next(n for n, one in enumerate(dear.shop.quotes()[0].lines) if one["code"] == BOARD)
    dear.shop.send("fee.put", 12, line=f"q{board}", code=f"part.{BOARD}", title="主板", fen=32_000, payer="customer")
    dear.shop.react()
    newest = dear.shop.bills()[0]
    assert (newest.total_fen, newest.before_fen, newest.due_fen) == (43_500, 43_500, 0)
    assert dear.refunds() == [("rejected", 30_000, "bill_changed")]
    assert dear.books()["wechat"] == 43_500


def test_cancelled_while_a_part_waits_to_go_back_all_of_it_waits(dear: Desk) -> None:
    signed_anew(dear, 8, 2_000)
    dear.cancel()
    dear.shop.react()
    assert sorted(dear.refunds()) == [("asked", 13_500, "cancelled"), ("asked", 30_000, "bill_changed")]
    assert [one.status for one in dear.shop.bills()] == ["void", "paid"]
