"""The demo's money side: what engineers wrote, customers agreed to and paid is there in every kind, and the books of it are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.demo import sign_ins
from adapters.invariants import breaches
from adapters.open_api import DescribedApp
from adapters.settings import Settings
from console.door import blueprints
from domain.engineers.model import Engineer
from domain.files.pictures import cleaned
from domain.files.uploads import whole
from domain.files.uploads_model import Upload, UploadState
from domain.kit.money import Money
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.ledger.chart import CHART
from domain.ledger.queries import totals
from domain.payments.invoices import live_invoice
from domain.payments.lifecycle import InvoiceStatus, PayableStatus, PaymentStatus, RefundStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.papers_model import CashReceipt, InvoiceRequest
from domain.payments.statements_model import KeptBill, Statement, StatementDifference
from domain.pricing.lifecycle import BillStatus, QuoteStatus
from domain.pricing.model import Bill, Quote
from domain.service_sheets.model import ServiceSheet, SheetOperation, SheetSignature
from domain.work_orders.model import Visit, WorkOrder, WorkOrderMove
from domain.work_orders.numbers import spoken
from domain.work_orders.operations import DONE
from tests.adapters.test_demo import demo as demo  # the demo is loaded once for all that look at it
from tests.adapters.test_demo import kept as kept
from tests.adapters.test_demo import loaded as loaded
from tests.console.conftest import Browser

PAGES = ("quotes", "payments", "refunds", "cash", "invoices", "reconciliation", "ledger")


def test_every_invariant_holds(demo: UnitOfWork) -> None:
    assert breaches(demo.session.connection()) == {}


def test_no_order_was_finished_without_a_sheet_but_those_that_say_why(demo: UnitOfWork) -> None:
    ended = {one.visit_id: one for one in demo.session.scalars(select(ServiceSheet)) if one.outcome == "finished"}
    done = demo.session.scalars(select(WorkOrder).where(WorkOrder.status.in_(DONE))).all()
    with_sheet = {one.work_order_id for one in ended.values()}
    for order in done:
        moves = select(WorkOrderMove.why).where(
            WorkOrderMove.work_order_id == order.id, WorkOrderMove.move.in_(("finish", "guide"))
        )
        assert order.id in with_sheet or any(demo.session.scalars(moves)), order.number
    recent = [one for one in done if one.opened_at > demo.now - timedelta(days=9) and one.provider_id]
    assert len(recent) > 5
    assert {one.id for one in recent} <= with_sheet
    signed = {one.visit_id: one.hash for one in demo.session.scalars(select(SheetSignature))}
    assert {key: one.hash for key, one in ended.items()} == signed
    assert set(demo.session.scalars(select(SheetOperation.outcome))) == {"applied"}


def test_bills_add_up_and_ask_for_no_more_than_was_agreed_to(demo: UnitOfWork) -> None:
    bills = demo.session.scalars(select(Bill)).all()
    assert len(bills) > 12
    for bill in bills:
        quote = demo.session.get_one(Quote, bill.quote_id)
        assert bill.total_fen == sum(line["fen"] for line in bill.lines) == bill.due_fen + bill.before_fen
        assert bill.total_fen <= (quote.declined_fen if bill.kind == "declined" else quote.customer_fen)
        if bill.status is BillStatus.NOTHING:
            assert (bill.due_fen, bill.payable_id) == (0, "")
            continue
        payable = demo.session.get_one(Payable, bill.payable_id)
        assert payable.due_fen == bill.due_fen
        assert (payable.status is PayableStatus.PAID) == (bill.status is BillStatus.PAID)
        assert payable.paid_fen == (bill.due_fen if bill.status is BillStatus.PAID else 0)


def test_every_kind_of_answer_payment_refund_and_invoice_is_there(demo: UnitOfWork) -> None:
    quotes = demo.session.scalars(select(Quote)).all()
    assert {one.status for one in quotes} >= {
        QuoteStatus.ASKED, QuoteStatus.CONFIRMED, QuoteStatus.REJECTED, QuoteStatus.SUPERSEDED,
    }  # fmt: skip
    assert {one.answered_via for one in quotes} >= {"chat", "page", "engineer", "itself"}
    assert {one.version for one in quotes} == {1, 2}
    payers = {line["payer"] for one in quotes for line in one.lines}
    assert payers >= {"customer", "warranty"}
    bills = demo.session.scalars(select(Bill)).all()
    assert Counter(one.status for one in bills)[BillStatus.ISSUED] == 3
    assert {one.status for one in bills} >= {BillStatus.ISSUED, BillStatus.PAID, BillStatus.NOTHING}
    assert {one.kind for one in bills} == {"work", "declined"}
    assert any(one.reminded and one.issued_at < demo.now - timedelta(days=4) for one in bills)
    taken = demo.session.scalars(select(Payment).where(Payment.status == PaymentStatus.PAID)).all()
    assert {one.method for one in taken} == {"jsapi", "cash"}
    assert {one.status for one in demo.session.scalars(select(Refund))} >= {RefundStatus.ASKED, RefundStatus.SUCCEEDED}
    papers = demo.session.scalars(select(InvoiceRequest)).all()
    assert {one.status for one in papers} == {InvoiceStatus.ASKED, InvoiceStatus.ISSUED}
    assert all(live_invoice(demo, one.payable_id) is one for one in papers)


def test_the_ledger_is_balanced_and_says_what_is_owed_and_who_has_the_cash(demo: UnitOfWork) -> None:
    sums = {one.account: one.fen for one in totals(demo, None)}
    assert sum(fen if CHART[name].grows_by_debit else -fen for name, fen in sums.items()) == 0
    open_ = demo.session.scalars(select(Payable).where(Payable.status == PayableStatus.OPEN)).all()
    assert sums["receivable"] == sum(one.due_fen for one in open_) > 0
    receipts = demo.session.scalars(select(CashReceipt)).all()
    assert sums["cash"] == sum(one.fen for one in receipts if one.hand_in_id is None) > 0
    assert sums["bank"] == sum(one.fen for one in receipts if one.hand_in_id) > 0
    owed = demo.session.scalars(select(Refund).where(Refund.status == RefundStatus.APPROVED)).all()
    assert sums.get("refund_due", 0) == sum(one.fen for one in owed)


def test_yesterday_s_bill_was_compared_and_one_line_on_it_is_nobody_s(demo: UnitOfWork) -> None:
    rows = demo.session.scalars(select(Statement)).all()
    assert {(one.kind, one.state, one.day) for one in rows} == {
        (kind, "compared", demo.today - timedelta(days=1)) for kind in ("trade", "fund")
    }
    assert {one.file_id for one in rows} == set(demo.session.scalars(select(KeptBill.id)))
    paid = demo.session.scalars(select(Payment).where(Payment.method == "jsapi")).all()
    yesterday = [one for one in paid if one.paid_at and one.paid_at > demo.now - timedelta(days=1.5)]
    assert [one.lines for one in rows if one.kind == "trade"] == [len(yesterday) + 1]
    assert [one.kind for one in demo.session.scalars(select(StatementDifference))] == ["unknown_payment"]


def test_whoever_was_there_wrote_the_sheet(demo: UnitOfWork) -> None:
    for sheet in demo.session.scalars(select(ServiceSheet)):
        visit = demo.session.get_one(Visit, sheet.visit_id)
        wrote = set(demo.session.scalars(select(SheetOperation.engineer_id).filter_by(visit_id=visit.id)))
        assert wrote == {visit.engineer_id}
        assert demo.session.get_one(Engineer, visit.engineer_id).provider_id


def test_what_the_engineers_sent_are_pictures_that_are_on_their_sheets(demo: UnitOfWork) -> None:
    sent = {one.id: one for one in demo.session.scalars(select(Upload))}
    named = {
        str(one.body["body"]["upload_id"])
        for one in demo.session.scalars(
            select(SheetOperation).where(SheetOperation.kind.in_(("photo.add", "signature.add")))
        )
    }
    assert named == set(sent)
    for one in sent.values():
        assert one.state is UploadState.CHECKING
        assert cleaned(whole(demo, one))


@pytest.mark.parametrize(
    ("who", "pages"), [("admin", PAGES), ("settlement", PAGES[1:]), ("provider", PAGES[:1]), ("station", PAGES[:1])]
)
def test_every_page_about_money_has_something_on_it_for_those_who_may_see_it(
    loaded: Runtime, kept: Settings, who: str, pages: Sequence[str]
) -> None:
    app = DescribedApp("tests.demo")
    for blueprint in blueprints(loaded, secret_key="k" * 32, secure_cookies=False):
        app.register_blueprint(blueprint)
    browser = Browser(app.test_client())
    assert browser.sign_in(who, sign_ins(kept)[who]).status_code == 303
    shown = words_on(loaded)
    for page in PAGES:
        answer = browser.get(f"/console/{page}")
        assert answer.status_code == (200 if page in pages else 403), page
        if page in pages:
            assert any(words in answer.get_data(as_text=True) for words in shown[page]), page


def words_on(runtime: Runtime) -> dict[str, list[str]]:
    """Page → what at least one of its rows has to say."""
    with runtime.transaction() as uow:
        asked = uow.session.scalars(select(Refund).where(Refund.status == RefundStatus.ASKED)).one()
        wanted = uow.session.scalars(select(InvoiceRequest).where(InvoiceRequest.status == InvoiceStatus.ASKED)).one()
        held = uow.session.scalars(select(CashReceipt.number).where(CashReceipt.hand_in_id.is_(None))).all()
        numbers = uow.session.scalars(select(WorkOrder.number).join(Quote, Quote.work_order_id == WorkOrder.id)).all()
        unpaid = uow.session.scalars(select(Bill.due_fen).where(Bill.status == BillStatus.ISSUED)).all()
        return {
            "quotes": [f">{spoken(one)}<" for one in numbers], "payments": [str(Money(one)) for one in unpaid],
            "refunds": [asked.why], "cash": list(held), "invoices": [wanted.title], "reconciliation": ["不是我们的单号"],
            "ledger": ["应收客户"],
        }  # fmt: skip
