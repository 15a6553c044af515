"""Reconciliation finds what was put wrong into a day's bills or books, each for what it is, and nothing else; twice is once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, text

from domain.kit.errors import Refused
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.ledger.queries import balance
from domain.payments import bill_files, paying, reconciling, refunding
from domain.payments.keeping_differences import settle_difference
from domain.payments.lifecycle import DifferenceStatus
from domain.payments.noticing import take_notice
from domain.payments.operations import ask_refund
from domain.payments.paying import Payer
from domain.payments.reconciling import reconcile
from domain.payments.statements_model import Statement, StatementDifference
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, LI, make_world, owe_bill
from tests.doubles import Folder
from tests.runtime import Clock

DAY = date(2026, 5, 12)


class Day:
    """A day with four payments of 128.00 (the second with 28.00 back) of which we know, and its bills."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self.world, self.platform, self.numbers = make_world(runtime), FakePlatform(clock), []
        self.runtime, self.files = runtime, Folder()
        with runtime.transaction() as uow:
            others = [owe_bill(uow, self.world.brand_id, self.world.customer_id, f"bi_d{n}").id for n in range(3)]
        for payable_id in (self.world.payable_id, *others):
            number = paying.start(runtime, self.platform, payable_id, Payer("jsapi", APP_ID, "o"), by=BY).number
            self.platform.pay(number)
            self.numbers.append(number)
        for notice in list(self.platform.notices):
            with runtime.transaction() as uow:
                take_notice(uow, notice, merchant_id=self.world.merchant_id)
        with runtime.transaction() as uow:
            self.refund_id = ask_refund(uow, others[0], 2_800, by=LI, reason_code="goodwill").id
        refunding.look(runtime, self.platform, self.refund_id)
        self.bills = {"trade": self.platform.trade_bill(DAY).decode(), "fund": self.platform.fund_bill(DAY).decode()}

    def run(self) -> set[tuple[str, str]]:
        """(kind, number) of the open differences after comparing."""
        for kind, bill in self.bills.items():
            self.platform.bills[DAY, kind] = bill.encode()
        reconcile(self.runtime, self.platform, self.files, self.world.merchant_id, DAY)
        return {(one.kind, one.number) for one in self.differences() if one.status is DifferenceStatus.OPEN}

    def differences(self) -> list[StatementDifference]:
        with self.runtime.transaction() as uow:
            return list(uow.session.scalars(select(StatementDifference).order_by(StatementDifference.id)))

    def lines(self, bill: str, number: str) -> list[str]:
        return [line for line in self.bills[bill].split("\r\n") if f"`{number}," in line or line.endswith(f"`{number}")]

    def change(self, number: str, how: Callable[[str], str | None]) -> None:
        """Change a number's first line, in both bills alike; None leaves the lines out."""
        for kind in self.bills:
            for line in self.lines(kind, number):
                if how(line) is None:
                    self.bills[kind] = self.bills[kind].replace(line + "\r\n", "")
                else:
                    self.bills[kind] = self.bills[kind].replace(line, how(line) or "")
        self.recount()

    def recount(self) -> None:
        for kind, bill in self.bills.items():
            lines = bill.rstrip("\r\n").split("\r\n")
            lines[-1] = f"`{len(lines) - 3}"
            self.bills[kind] = "".join(f"{line}\r\n" for line in lines)

    def sql(self, statement: str, **values: object) -> None:
        with self.runtime.transaction() as uow:
            uow.session.execute(text(statement), values)


@pytest.fixture
def day(runtime: Runtime, clock: Clock) -> Day:
    return Day(runtime, clock)


def drop_payment(day: Day) -> set[tuple[str, str]]:
    day.change(day.numbers[0], lambda line: None)
    return {("missing_payment", day.numbers[0])}


def stranger(day: Day) -> set[tuple[str, str]]:
    """Somebody else's order on our merchant number: our fourth, unknown to us by that number, missing by its own."""
    day.change(day.numbers[3], lambda line: line.replace(day.numbers[3], "WX-STRANGER"))
    return {("unknown_payment", "WX-STRANGER"), ("missing_payment", day.numbers[3])}


def other_amount(day: Day) -> set[tuple[str, str]]:
    day.change(day.numbers[2], lambda line: line.replace("`128.00", "`127.00"))
    return {("payment_amount", day.numbers[2])}


def other_transaction(day: Day) -> set[tuple[str, str]]:
    day.sql("UPDATE payments SET transaction_id = 'another' WHERE out_trade_no = :number", number=day.numbers[1])
    return {("payment_number", day.numbers[1])}


def drop_refund(day: Day) -> set[tuple[str, str]]:
    day.change(day.refund_id, lambda line: None)
    return {("missing_refund", day.refund_id)}


def refund_amount(day: Day) -> set[tuple[str, str]]:
    day.change(day.refund_id, lambda line: line.replace("`28.00", "`27.00"))
    return {("refund_amount", day.refund_id)}


def stranger_refund(day: Day) -> set[tuple[str, str]]:
    day.change(day.refund_id, lambda line: line.replace(day.refund_id, "rf_stranger"))
    return {("unknown_refund", "rf_stranger"), ("missing_refund", day.refund_id)}


def other_flow(day: Day) -> set[tuple[str, str]]:
    head, *rest = day.bills["fund"].split("\r\n")
    row = "`2026-05-12 12:00:00,`B9,`F9,`代扣,`其他,`支出,`3.00,`0.00,`x,`平台服务费,`V9"
    day.bills["fund"] = "\r\n".join([head, row, *rest])
    day.recount()
    return {("unknown_flow", "F9")}


def fund_without(day: Day) -> set[tuple[str, str]]:
    line = next(one for one in day.lines("fund", day.numbers[1]) if "`交易,`收入" in one)
    day.bills["fund"] = day.bills["fund"].replace(line + "\r\n", "")
    day.recount()
    return {("flow_amount", day.numbers[1])}


def fees(day: Day) -> set[tuple[str, str]]:
    line = next(
        one for one in day.lines("fund", day.numbers[0]) or day.lines("fund", day.numbers[1]) if "手续费" in one
    )
    day.bills["fund"] = day.bills["fund"].replace(line, line.replace("`0.77", "`0.97"))
    return {("fee_total", "")}


INJECTIONS = [drop_payment, stranger, other_amount, other_transaction, drop_refund, other_flow, fund_without]
ALONE = [refund_amount, stranger_refund, fees]


def test_an_honest_day_has_no_differences_and_its_fees_are_booked_once(day: Day) -> None:
    assert day.run() == set()
    assert day.run() == set()
    with day.runtime.transaction() as uow:
        assert balance(uow, "pay_fee") == 4 * 77 - 17
        assert balance(uow, "wechat", day.world.merchant_id) == 4 * 12_800 - (4 * 77 - 17), "the refund is not done yet"
        assert {one.state for one in uow.session.scalars(select(Statement))} == {"compared"}


@pytest.mark.parametrize("inject", [*INJECTIONS, *ALONE], ids=lambda one: one.__name__)
def test_what_is_injected_is_found_for_what_it_is(day: Day, inject: Callable[[Day], set[tuple[str, str]]]) -> None:
    expected = inject(day)
    assert day.run() == expected
    assert len(day.differences()) == len(expected)
    day.run()
    assert len(day.differences()) == len(expected), "run again, nothing is found twice"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.sampled_from(range(len(INJECTIONS))), max_size=5))
def test_any_number_of_them_at_once(runtime: Runtime, clock: Clock, chosen: set[int]) -> None:
    with runtime.sessions() as session:
        savepoint = session.connection().begin_nested()
        day = Day(runtime, clock)
        expected = {one for place in sorted(chosen) for one in INJECTIONS[place](day)}
        assert day.run() == expected
        savepoint.rollback()


def test_a_payment_nobody_told_us_of_is_taken_in_by_the_bill(day: Day, clock: Clock) -> None:
    with day.runtime.transaction() as uow:
        new = owe_bill(uow, day.world.brand_id, day.world.customer_id, "bi_late").id
    number = paying.start(day.runtime, day.platform, new, Payer("jsapi", APP_ID, "o"), by=BY).number
    day.platform.pay(number)
    day.bills = {}
    assert day.run() == set()
    assert [(one.kind, one.how, one.number) for one in day.differences()] == [("unnoticed_payment", "taken_in", number)]
    with day.runtime.transaction() as uow:
        assert balance(uow, "receivable", new) == 0


def test_a_refund_taken_before_midnight_and_told_of_after_it_is_on_its_own_day(day: Day, clock: Clock) -> None:
    clock.at = clock.at.astimezone(SHANGHAI).replace(hour=23, minute=59, second=50)
    with day.runtime.transaction() as uow:
        late = ask_refund(uow, day.world.payable_id, 1_000, by=LI, reason_code="goodwill").id
    day.platform.lose_after = 1
    refunding.look(day.runtime, day.platform, late)
    clock.advance(seconds=30)
    told = day.platform.finish(late)
    assert told
    with day.runtime.transaction() as uow:
        take_notice(uow, told, merchant_id=day.world.merchant_id)
    day.bills = {}
    assert day.run() == set()
    reconcile(day.runtime, day.platform, day.files, day.world.merchant_id, DAY + timedelta(days=1))
    assert [one.number for one in day.differences()] == []


def test_a_refund_that_waited_for_money_is_on_the_day_it_was_taken(day: Day, clock: Clock) -> None:
    with day.runtime.transaction() as uow:
        waits = ask_refund(uow, day.world.payable_id, 1_000, by=LI, reason_code="goodwill").id
    day.platform.no_money = True
    refunding.look(day.runtime, day.platform, waits)
    clock.advance(days=1)
    day.platform.no_money, day.platform.lose_after = False, 1
    refunding.look(day.runtime, day.platform, waits)
    told = day.platform.finish(waits)
    assert told
    with day.runtime.transaction() as uow:
        take_notice(uow, told, merchant_id=day.world.merchant_id)
    assert day.run() == set()


def test_what_agrees_the_next_time_is_settled_by_itself(day: Day) -> None:
    honest = dict(day.bills)
    drop_payment(day)
    day.run()
    day.bills = honest
    assert day.run() == set()
    assert [one.how for one in day.differences()] == ["vanished"]


def test_a_late_bill_and_an_empty_day(day: Day) -> None:
    day.platform.away = True
    reconcile(day.runtime, day.platform, day.files, day.world.merchant_id, DAY)
    day.platform.away = False
    empty = reconcile(day.runtime, day.platform, day.files, day.world.merchant_id, DAY - timedelta(days=1))
    assert (empty.states, empty.found) == ({"trade": "empty", "fund": "empty"}, 0)
    with day.runtime.transaction() as uow:
        late = uow.session.scalars(select(Statement).filter_by(day=DAY)).all()
        assert {one.state for one in late} == {"late"}
    assert day.run() == set()


def test_days_are_due_after_ten_and_late_ones_every_hour(day: Day, clock: Clock) -> None:
    clock.at = clock.at.astimezone(SHANGHAI).replace(hour=9, minute=0) + timedelta(days=1)
    with day.runtime.transaction() as uow:
        assert reconciling.due_days(uow) == []
    clock.advance(hours=2)
    with day.runtime.transaction() as uow:
        assert reconciling.due_days(uow) == [(day.world.merchant_id, DAY)]
        assert reconciling.due_days(uow) == []
    clock.advance(hours=1)
    with day.runtime.transaction() as uow:
        assert reconciling.due_days(uow) == [(day.world.merchant_id, DAY)]
    day.run()
    clock.advance(hours=1)
    with day.runtime.transaction() as uow:
        assert reconciling.due_days(uow) == []


def test_a_difference_is_settled_with_a_reason_and_an_entry(day: Day) -> None:
    other_flow(day)
    day.run()
    (one,) = day.differences()
    with day.runtime.transaction() as uow:
        before = balance(uow, "wechat", day.world.merchant_id)
        with pytest.raises(MoveRefused, match="原因"):
            settle_difference(uow, one.id, "fee", by=LI, why=" ")
        with pytest.raises(Refused, match="不能这样处理"):
            settle_difference(uow, one.id, "sold", by=LI, why="x")
        settled = settle_difference(uow, one.id, "fee", by=LI, why="平台服务费")
        assert settled.entry_id
        assert balance(uow, "wechat", day.world.merchant_id) == before - 300
        with pytest.raises(MoveRefused):
            settle_difference(uow, one.id, "fee", by=LI, why="再来")


@pytest.mark.parametrize(
    ("text_", "words"),
    [
        ("交易时间,商户号\r\n", "没有“微信订单号”这一列"),
        ("<html>", "没有“交易时间”这一列"),
    ],
)
def test_what_is_no_bill_is_said(text_: str, words: str) -> None:
    with pytest.raises(bill_files.BadBill, match=words):
        bill_files.read_trades(text_)


@pytest.mark.parametrize("when", ["2026-05-12", "20260512 113000", "2026-05-12T11:30:00", "2026-05-12 25:00:00", "`"])
def test_a_time_of_another_shape_is_no_time(when: str) -> None:
    with pytest.raises(bill_files.BadBill, match="时间"):
        bill_files.moment(when)
    assert bill_files.moment("2026-05-12 11:30:00") == datetime(2026, 5, 12, 3, 30, tzinfo=UTC)


def test_a_bill_that_is_cut_off_is_not_compared(day: Day) -> None:
    line = day.lines("trade", day.numbers[0])[0]
    day.bills["trade"] = day.bills["trade"].replace(line + "\r\n", "")
    assert day.run() == {("bill_unreadable", "")}
    assert "汇总" in day.differences()[0].words
