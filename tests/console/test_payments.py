"""Money in the console: found by any number, refunds asked by one and agreed to by another, cash, invoices, days, balances."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from console.door import blueprints
from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import Runtime
from domain.ledger.model import LedgerPosting
from domain.payments import merchant_tests
from domain.payments.cash import take_cash
from domain.payments.invoices import request_invoice
from domain.payments.lifecycle import RefundStatus
from domain.payments.model import Merchant, Payable, Payment, Refund
from domain.payments.operations import ask_refund
from domain.payments.papers_model import CashReceipt, InvoiceRequest
from domain.payments.reconciling import reconcile
from domain.payments.statements_model import StatementDifference
from tests.brand import Brand
from tests.console.conftest import BY, PASSWORD, Api, Browser
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import LI, make_money, owe_bill
from tests.doubles import Folder
from tests.network import network_in
from tests.wechat_pay_notices import CERTIFICATE, SERIAL

DAY = "2026-05-11"


@dataclass
class Room:
    """A clerk, a second one, and some money."""

    runtime: Runtime
    clerk: Browser
    manager: Browser
    paid_id: str
    cash_id: str


@pytest.fixture
def room(app: APIFlask, runtime: Runtime, brand: Brand) -> Room:
    network = network_in(runtime, brand)
    make_money(runtime, brand.voice.brand_id, network.an)
    with runtime.transaction() as uow:
        for name, role in (("clerk", StaffRole.SETTLEMENT), ("chief", StaffRole.MANAGER)):
            add_staff(uow, by=BY, username=name, role=role, password=PASSWORD, display_name=name.title())
        paid = uow.session.scalars(select(Payment).filter_by(method="jsapi").where(Payment.paid_at.isnot(None))).one()
        cash = uow.session.scalars(select(Payment).filter_by(method="cash")).one()
    browsers = []
    for name in ("clerk", "chief"):
        browsers.append(Browser(app.test_client()))
        assert browsers[-1].sign_in(name).status_code == 303
    return Room(runtime, browsers[0], browsers[1], paid.payable_id, cash.payable_id)


def text(browser: Browser, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    return response.get_data(as_text=True)


def test_the_list_is_found_by_any_number(room: Room) -> None:
    page = text(room.clerk, "/console/payments")
    assert page.count("空调维修") >= 3
    assert "¥128.00" in page
    with room.runtime.transaction() as uow:
        paid = uow.session.scalars(select(Payment).filter_by(payable_id=room.paid_id)).one()
        refund = uow.session.scalars(select(Refund)).one()
        receipt = uow.session.scalars(select(CashReceipt)).one()
    for number in (paid.out_trade_no, paid.out_trade_no.lower(), paid.transaction_id, refund.id, refund.refund_id):
        assert f"/console/payments/{room.paid_id}" in text(room.clerk, f"/console/payments?q={number}")
    assert f"/console/payments/{room.cash_id}" in text(room.clerk, f"/console/payments?q={receipt.number}")
    assert "没有这样的收款" in text(room.clerk, "/console/payments?q=WX-NOBODY")
    assert f"/console/payments/{room.cash_id}" not in text(room.clerk, "/console/payments?method=jsapi")


def test_one_payable_says_what_happened_and_what_was_booked(room: Room) -> None:
    page = text(room.clerk, f"/console/payments/{room.paid_id}")
    for words in ("收到款", "退款成功", "应收客户", "微信商户号余额", "服务收入", "最多可退 ¥100.00"):
        assert words in page


def test_a_refund_above_the_limit_is_asked_by_one_and_agreed_to_by_another(
    room: Room, runtime: Runtime, brand: Brand
) -> None:
    with runtime.transaction() as uow:
        customer_id = uow.get(Payable, room.paid_id, called="x").customer_id
        big = owe_bill(uow, brand.voice.brand_id, customer_id, "bi_big", service=60_000).id
    with runtime.transaction() as uow:
        engineer_id = uow.session.scalars(select(Engineer.id).order_by(Engineer.id)).first() or ""
        take_cash(uow, big, engineer_id, 62_800, by=BY)
    room.clerk.get(f"/console/payments/{big}")
    form = {"amount": "300", "reason": "quality", "why": "漏水", "left": "62800"}
    assert '<input type="hidden" name="left" value="62800">' in text(room.clerk, f"/console/payments/{big}")
    said = room.clerk.post(f"/console/payments/{big}/refund", {**form, "amount": "三百"}).get_data(as_text=True)
    assert "如 128 或 128.50" in said
    assert "漏水" in said, "what was typed is still there"
    assert "最多还能退 ¥628.00" in room.clerk.post(
        f"/console/payments/{big}/refund", {**form, "amount": "629"}
    ).get_data(as_text=True)
    assert room.clerk.post(f"/console/payments/{big}/refund", form).status_code == 303
    assert "刚刚有人申请过退款" in room.clerk.post(f"/console/payments/{big}/refund", form).text, (
        "sent twice is asked once"
    )
    assert "您申请的，要别人审批" in text(room.clerk, "/console/refunds")
    with runtime.transaction() as uow:
        refund = uow.session.scalars(select(Refund).filter_by(payable_id=big)).one()
    room.clerk.post(f"/console/refunds/{refund.id}", {"move": "approve"})
    assert "另一个人审批" in text(room.clerk, "/console/refunds")
    assert "批准" in text(room.manager, "/console/refunds")
    assert room.manager.post(f"/console/refunds/{refund.id}", {"move": "approve"}).status_code == 303
    assert "处理" in text(room.manager, "/console/refunds?shelf=moving"), "cash is given back by hand"
    assert (
        room.manager.post(
            f"/console/refunds/{refund.id}", {"move": "pay_out", "out_of": "bank", "why": "回单 8"}
        ).status_code
        == 303
    )
    with runtime.transaction() as uow:
        assert uow.get(Refund, refund.id, called="x").status is RefundStatus.SUCCEEDED


def test_cash_is_handed_in_when_the_sum_is_right(room: Room) -> None:
    page = text(room.clerk, "/console/cash")
    assert "手中 ¥128.00" in page
    with room.runtime.transaction() as uow:
        receipt = uow.session.scalars(select(CashReceipt)).one()
    form = {"receipt": receipt.number, "counted": "127"}
    room.clerk.post(f"/console/cash/{receipt.engineer_id}", form)
    assert "收据合计 ¥128.00，实点 ¥127.00" in text(room.clerk, "/console/cash")
    room.clerk.post(f"/console/cash/{receipt.engineer_id}", {**form, "counted": "128.00"})
    page = text(room.clerk, "/console/cash")
    assert "没有工程师手里有没交的现金" in page
    assert "最近的交款" in page


def test_an_invoice_is_issued_or_refused_in_words(room: Room) -> None:
    with room.runtime.transaction() as uow:
        request_invoice(uow, room.paid_id, title="岚禾科技", email="a@b.cn", tax_number="91440606MA4UXXXXX1", by=LI)
        request_invoice(uow, room.cash_id, title="王女士", email="a@b.cn", by=LI)
        ids = [one.id for one in uow.session.scalars(select(InvoiceRequest).order_by(InvoiceRequest.id))]
    assert "岚禾科技" in text(room.clerk, "/console/invoices")
    room.clerk.post(f"/console/invoices/{ids[0]}", {"move": "issue", "number": "12"})
    assert "发票号码应为 20 位数字" in text(room.clerk, "/console/invoices")
    room.clerk.post(f"/console/invoices/{ids[0]}", {"move": "issue", "number": "2" * 20})
    assert "2" * 20 in text(room.clerk, "/console/invoices?status=issued")
    room.clerk.post(f"/console/invoices/{ids[1]}", {"move": "refuse", "why": "抬头不全"})
    assert "抬头不全" in text(room.clerk, "/console/invoices?status=refused")


def test_days_and_differences_with_what_to_do(room: Room, clock: object) -> None:
    with room.runtime.transaction() as uow:
        merchant_id = uow.session.scalars(select(Merchant.id)).one()
    reconcile(room.runtime, FakePlatform(room.runtime.clock), Folder(), merchant_id, room.runtime.clock().date())
    page = text(room.clerk, "/console/reconciliation")
    assert "缺少的收款" in page
    assert "怎么办" in page
    with room.runtime.transaction() as uow:
        row = uow.session.scalars(select(StatementDifference).filter_by(kind="missing_payment")).one()
    room.clerk.post(f"/console/differences/{row.id}", {"how": "explained", "why": ""})
    assert "请写明原因" in text(room.clerk, "/console/reconciliation")
    room.clerk.post(f"/console/differences/{row.id}", {"how": "explained", "why": "测试环境"})
    assert "测试环境" in text(room.clerk, f"/console/reconciliation?day={row.day}")
    assert room.clerk.post("/console/reconciliation/again", {"day": DAY}).status_code == 303


def test_a_days_bill_is_taken_out_as_it_came_by_whoever_looks_at_the_books(
    room: Room, runtime: Runtime, agent: Browser
) -> None:
    today, files = runtime.clock().date(), Folder()
    app = APIFlask("tests.files")
    for blueprint in blueprints(runtime, secret_key="k" * 32, secure_cookies=False, files=files):
        app.register_blueprint(blueprint)
    with runtime.transaction() as uow:
        merchant_id = uow.session.scalars(select(Merchant.id)).one()
        add_staff(uow, by=BY, username="aud", role=StaffRole.AUDITOR, password=PASSWORD, display_name="Aud")
    platform = FakePlatform(runtime.clock)
    platform.bills[today, "trade"] = b"<html>"
    reconcile(runtime, platform, files, merchant_id, today)
    auditor = Browser(app.test_client())
    assert auditor.sign_in("aud").status_code == 303
    page = text(auditor, f"/console/reconciliation?day={today}")
    assert "重新下载核对" not in page
    assert "账单读不了" in page
    link = re.search(r'href="(/console/kept-bills/kb_\w+)"', page)
    assert link
    answer = auditor.get(link[1])
    assert (answer.data, answer.headers["Content-Disposition"].split("=")[1]) == (
        b"<html>",
        f"1900000001-{today}-trade.csv",
    )
    assert "下载账单" in text(auditor, "/console/trail")
    assert agent.get(link[1]).status_code == 403
    files.files.clear()
    assert auditor.get(link[1]).status_code == 502


def test_the_ledger_keeps_everybodys_money_apart(room: Room) -> None:
    page = text(room.clerk, "/console/ledger")
    for words in ("客户的钱", "品牌的钱", "服务商的钱", "微信商户号余额", "¥100.00"):
        assert words in page
    assert "借贷相差" not in page


def test_older_entries_come_by_the_page(room: Room) -> None:
    part = text(room.clerk, "/console/ledger?on=2026-05-12&brand_id=&after=2026-05-12~zz")
    assert "退款成功" in part
    assert "<html" not in part
    assert "退款成功" not in text(room.clerk, "/console/ledger?on=2026-05-12&brand_id=&after=2026-05-12~a")
    assert room.clerk.get("/console/ledger?after=yesterday").status_code == 422


def test_merchants_are_shown_without_their_secrets_and_tested(
    room: Room, runtime: Runtime, brand: Brand, administrator: Browser
) -> None:
    with runtime.transaction() as uow:
        merchant = uow.session.scalars(select(Merchant)).one()
        merchant.cert_until = runtime.clock().date() + timedelta(days=30)
        merchant.api_v3_key, merchant.private_key = "v3-secret", "private-secret"
        merchant.other_keys = {SERIAL: CERTIFICATE, "PUB_KEY_ID_NEXT": merchant.public_key}
    page = text(administrator, "/console/merchants")
    for words in (
        merchant.mch_id,
        merchant.cert_serial,
        "岚禾服务",
        "2026-06-11",
        SERIAL,
        "2026-05-12 11:30",
        "公钥没有到期日",
    ):
        assert words in page, words
    for secret in ("v3-secret", "private-secret", "BEGIN"):
        assert secret not in page
    assert "收不了款的账号" not in page
    assert administrator.post(f"/console/merchants/{merchant.id}/test").status_code == 303
    assert "正在问微信支付" in text(administrator, "/console/merchants")
    merchant_tests.look(runtime, FakePlatform(runtime.clock), merchant.id)
    assert "没有连上微信支付" not in text(administrator, "/console/merchants")
    assert "微信接受我们的签名" in text(administrator, "/console/merchants")
    assert "测试商户号" in text(administrator, "/console/trail")
    with runtime.transaction() as uow:
        uow.get(Merchant, merchant.id, called="x").app_ids = []
    assert "收不了款的账号" in text(administrator, "/console/merchants")
    for browser in (room.clerk, room.manager):
        assert browser.get("/console/merchants").status_code == 403
        assert browser.post(f"/console/merchants/{merchant.id}/test").status_code == 403


def test_the_list_as_a_spreadsheet(room: Room) -> None:
    room.manager.get("/console/payments")
    answer = room.manager.client.post("/console/payments/export", data={"csrf_token": room.manager.token})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["时间", "工单", "内容", "应收"]
    assert {row[3] for row in rows[1:]} == {128.0}


FORMULA = '=HYPERLINK("http://a.example","x")'


def taken_out(browser: Browser, page: str, **form: str) -> list[list[Any]]:
    browser.get(f"/console/{page}")
    answer = browser.client.post(f"/console/{page}/export", data={"csrf_token": browser.token, **form})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert b"<f>" not in answer.data
    return CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def test_the_invoices_of_a_period_as_a_spreadsheet(room: Room) -> None:
    with room.runtime.transaction() as uow:
        request_invoice(uow, room.cash_id, title=FORMULA, email="a@b.example", by=BY)
        today = uow.today.isoformat()
    columns, *rows = taken_out(room.clerk, "invoices", status="asked")
    assert (columns[1], columns[6], columns[8]) == ("抬头", "金额", "状态")
    assert [(row[1], row[6], row[8]) for row in rows] == [(FORMULA, 128.0, "待开票")]
    assert taken_out(room.clerk, "invoices", status="issued") == [columns]
    assert taken_out(room.clerk, "invoices", since="2020-01-01", until="2020-12-31") == [columns]
    assert len(taken_out(room.clerk, "invoices", since=today, until=today)) == 2
    assert "导出发票" in text(room.manager, "/console/trail")


def test_the_ledger_of_a_period_as_a_spreadsheet_says_every_fen(room: Room) -> None:
    with room.runtime.transaction() as uow:
        fen = uow.session.scalars(select(LedgerPosting.fen)).all()
    columns, *rows = taken_out(room.clerk, "ledger", since="2020-01-01")
    assert (columns[0], columns[3], columns[5], columns[7]) == ("日期", "借方科目", "贷方科目", "金额")
    assert sorted(row[7] for row in rows) == sorted(one / 100 for one in fen)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert {"微信商户号余额", "应收客户"} <= {row[3] for row in rows} | {row[5] for row in rows}
    assert taken_out(room.clerk, "ledger", since="2020-01-01", until="2020-12-31") == [columns]
    assert taken_out(room.clerk, "ledger", since="2020-01-01", brand_id="br_none") == [columns]
    wrong = room.clerk.post("/console/ledger/export", {"since": "2026-05-02", "until": "2026-05-01"}, htmx=True)
    assert "不能早于" in wrong.get_data(as_text=True)
    assert "导出分类账" in text(room.manager, "/console/trail")


def test_who_does_not_keep_the_books_takes_nothing_out(room: Room, agent: Browser) -> None:
    agent.get("/console/payments")
    for page in ("invoices", "ledger"):
        assert agent.post(f"/console/{page}/export").status_code == 403


def test_who_may_not_does_not(room: Room, agent: Browser) -> None:
    assert agent.get("/console/payments").status_code == 200
    for path in ("/console/reconciliation", "/console/cash", "/console/invoices", "/console/ledger"):
        assert agent.get(path).status_code == 403
    with room.runtime.transaction() as uow:
        refund = ask_refund(uow, room.cash_id, 100, by=LI, reason_code="goodwill")
    assert agent.post(f"/console/refunds/{refund.id}", {"move": "approve"}).status_code == 403


def test_the_same_over_json(room: Room, api: Callable[[str], Api]) -> None:
    boss = api("boss")
    page = boss("GET", "/payments").get_json()
    assert {row["payable"]["due_fen"] for row in page["rows"]} == {12_800}
    seen = boss("GET", f"/payments/{room.paid_id}").get_json()
    assert (seen["refundable"], len(seen["refunds"])) == (10_000, 1)
    assert boss("POST", f"/payments/{room.paid_id}/refunds", {"fen": 1.5, "reason_code": "goodwill"}).status_code == 422
    made = boss("POST", f"/payments/{room.paid_id}/refunds", {"fen": 100, "reason_code": "goodwill"})
    assert (made.status_code, made.get_json()["status"]) == (201, "approved")
    assert (
        boss("POST", f"/payments/{room.paid_id}/refunds", {"fen": 10_000, "reason_code": "goodwill"}).get_json()[
            "error"
        ]
        == "too_much_back"
    )
    assert boss("GET", "/ledger").get_json()["off"] == 0
    (holder,) = boss("GET", "/cash").get_json()
    handed = boss(
        "POST", f"/cash/{holder['engineer_id']}", {"receipts": [holder["receipts"][0]["number"]], "counted_fen": 12_800}
    )
    assert handed.status_code == 201
    assert boss("GET", "/differences").get_json() == []
    assert boss("GET", "/invoices").get_json() == []
