"""`reconcile`: a day of ten thousand trades from the sandbox's bills to the work list: downloaded, kept, read, compared, written down.

The sandbox serves both bills over HTTP, embedded PostgreSQL with fsync on has our books. In three hundred trades of each ten
thousand something is wrong, and only that may be found; what nobody told us of is asked for one by one. Beside it, in the same run,
what nobody can leave out: reading the two files' lines and columns, and nothing else. Another thing that is wrong is a row of `WRONG`.
"""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any

from psycopg import Connection as Psycopg
from sqlalchemy import event, select

from adapters import runtime
from adapters.files import Files
from adapters.wechat_pay import WeChatPayGateway
from bench.million import insertion
from bench.place import database
from domain.kit.actors import system
from domain.kit.tables import Table
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.organizations.model import Brand
from domain.payments.keeping_bills import files_of, opened, take_out
from domain.payments.merchants import put_merchant
from domain.payments.model import Payable, Payment, Refund
from domain.payments.reconciling import reconcile
from sandbox.app import AccountConfig, Merchant, Platform
from sandbox.pay.accounts import fee_of
from sandbox.pay.trades import Refund as Back
from sandbox.pay.trades import Trade
from sandbox.server import serve

BY = system("bench")
APP_ID, FEN, BACK = "wx0000000000000bec", 12_800, 2_800
SIZES = {False: (10_000, 3), True: (10_000, 1)}
"""Trades a day and days, in earnest and in a smoke test."""
EVERY = 100
"""Of so many trades, one is wrong in each way."""
STRANGER, MISSING, AMOUNT, UNNOTICED = 1, 2, 3, 4
WRONG = {STRANGER: "unknown_payment", MISSING: "missing_payment", AMOUNT: "payment_amount"}
"""Place among `EVERY` → the difference it is; an unnoticed payment is taken in and no difference."""
REFUNDED = 20
"""One trade in so many has some given back."""


@dataclass(frozen=True)
class Day:
    """One day to compare: ``at`` is noon of it."""

    at: datetime
    merchant_id: str
    merchant: Merchant
    trades: int

    @property
    def name(self) -> str:
        return f"{self.at:%m%d}"

    def number(self, count: int) -> str:
        return f"WX-{self.name}-{count:018d}"


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    trades, days = SIZES[quick]
    with database() as told:
        built = runtime.build(told, connections=2, statement_ms=600_000)
        merchant = Merchant.make(app_ids=(APP_ID,))
        platform = Platform(
            [AccountConfig(APP_ID, "s", "token", "A" * 43, "http://127.0.0.1:1/")], merchants=[merchant]
        )
        with serve(platform) as running:
            platform.public_url = running.url
            gateway, files = WeChatPayGateway(running.url, running.url), Files(told.files_url)
            merchant_id = put_in(built, merchant)
            noon = datetime.combine(datetime.now(SHANGHAI).date(), clock_time(12), SHANGHAI)
            runs = []
            for back in range(days):
                day = Day(noon - timedelta(days=2 + back), merchant_id, merchant, trades)
                put_theirs(platform, day)
                put_ours(built, day)
                runs.append(measured(built, gateway, files, day))
        yield figure(trades, runs)


def figure(trades: int, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    middle = sorted(runs, key=lambda one: float(one["seconds"]))[len(runs) // 2]
    return {
        "figure": "reconcile", "unit": "s", "trades": trades, "days": len(runs), **middle,
        "all_s": [one["seconds"] for one in runs], "ok": all(one["right"] for one in runs) and middle["seconds"] < 60,
    }  # fmt: skip


def measured(built: Runtime, gateway: WeChatPayGateway, files: Files, day: Day) -> dict[str, Any]:
    """One day compared, and once more; ``right`` when what was put wrong was found, and nothing else, once."""
    statements: list[str] = []
    engine = built.sessions.kw["bind"]

    def heard(*given: Any) -> None:
        statements.append(given[2])

    event.listen(engine, "before_cursor_execute", heard)
    began = time.perf_counter()
    first = reconcile(built, gateway, files, day.merchant_id, day.at.date())
    took, asked = time.perf_counter() - began, len(statements)
    began = time.perf_counter()
    again = reconcile(built, gateway, files, day.merchant_id, day.at.date())
    took_again = time.perf_counter() - began
    event.remove(engine, "before_cursor_execute", heard)
    wrong = len(WRONG) * day.trades // EVERY
    alone = reading_alone(built, files, day)
    return {
        "seconds": round(took, 2), "again_s": round(took_again, 2), "reading_alone_s": round(alone, 3),
        "ratio": round(took / alone, 1), "found": first.found, "found_again": again.new, "asked_one_by_one": day.trades // EVERY,
        "statements_again": len(statements) - asked, "statements": asked,
        "right": (first.found, first.new, again.found, again.new) == (wrong, wrong, wrong, 0),
    }  # fmt: skip


def reading_alone(built: Runtime, files: Files, day: Day) -> float:
    """Seconds for the lines and columns of both files, from the bytes that came."""
    with built.transaction() as uow:
        kept = [take_out(uow, one.id, by=BY) for one in files_of(uow, day.at.date())]
    packed = [gzip.compress(opened(files, one)) for one in kept]
    began = time.perf_counter()
    lines = sum(len(list(csv.reader(io.StringIO(gzip.decompress(one).decode())))) for one in packed)
    assert lines > day.trades
    return time.perf_counter() - began


def put_in(built: Runtime, merchant: Merchant) -> str:
    with built.transaction() as uow:
        brand = uow.session.scalars(select(Brand).order_by(Brand.code)).first()
        assert brand
        return put_merchant(
            uow, brand_id=brand.id, mch_id=merchant.mch_id, cert_serial=merchant.cert_serial,
            private_key=merchant.private_key, api_v3_key=merchant.api_v3_key, public_key=merchant.platform_public_key,
            public_key_id=merchant.public_key_id, app_ids=[APP_ID], by=BY,
        ).id  # fmt: skip


def put_theirs(platform: Platform, day: Day) -> None:
    """The day as the platform has it."""
    till, mch_id = platform.pay, day.merchant.mch_id
    book = till.books[mch_id]
    for count in range(day.trades):
        if count % EVERY == MISSING:
            continue
        at = day.at.timestamp() - 20_000 + count
        number = f"OTHER-{day.name}-{count}" if count % EVERY == STRANGER else day.number(count)
        trade = Trade(
            mch_id, number, "JSAPI", APP_ID, "空调,维修", FEN, "CNY", "", "", "o-bench", {}, at, at + 7_200, "SUCCESS",
            f"42{day.name}{count:022d}", at, FEN, fee_of(FEN),
        )  # fmt: skip
        papers = {"business_no": trade.transaction_id, "voucher": number}
        book.note(at, "交易", FEN, flow_no=till.number("1000"), **papers)
        book.note(at, "扣除交易手续费", -trade.fee, flow_no=till.number("1000"), **papers)
        if count % REFUNDED == 0:
            back = Back(
                f"50{day.name}{count:022d}",
                f"rf_{day.name}{count}",
                trade,
                BACK,
                BACK,
                0,
                "",
                "",
                "",
                at,
                "SUCCESS",
                "SUCCESS",
                at,
            )
            trade.state = "REFUND"
            trade.refunds.append(back)
            book.note(
                at, "退款", -BACK, business_no=back.refund_id, voucher=back.out_refund_no, flow_no=till.number("1000")
            )
        till.trades[mch_id, number] = trade


def put_ours(built: Runtime, day: Day) -> None:
    """The day as our books have it."""
    own = f"i %% {EVERY} <> {STRANGER}"
    source = f"FROM generate_series(0, {day.trades} - 1) i WHERE {own}"
    with built.transaction() as uow:
        raw: Psycopg[Any] = uow.session.connection().connection.driver_connection  # type: ignore[assignment]
        raw.execute("SET LOCAL session_replication_role = replica")  # the rows fit together: no look-up for each
        row = raw.execute("SELECT id, brand_id FROM customers LIMIT 1").fetchone() or ("", "")
        values = {
            "customer": row[0], "brand": row[1], "merchant": day.merchant_id, "noon": day.at,
            "why": built.keyring.seal("无".encode(), "refunds.why"),
            "decided": built.keyring.seal("无".encode(), "refunds.decided_why"),
        }  # fmt: skip
        for table, columns in rows_of(day).items():
            only = f" AND i %% {REFUNDED} = 0" if table is Refund else ""
            raw.execute(insertion(table, columns, source + only).encode(), values)
    with built.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE payables, payments, refunds")


def rows_of(day: Day) -> dict[type[Table], dict[str, str]]:
    """The columns of our rows, as SQL over the count ``i``."""
    at = "%(noon)s::timestamptz - interval '20000 seconds' + i * interval '1 second'"
    payable, payment, open_ = f"'ow_{day.name}' || i", f"'pm_{day.name}' || i", f"i %% {EVERY} = {UNNOTICED}"
    refunded = f"CASE WHEN i %% {REFUNDED} = 0 THEN {BACK} ELSE 0 END"
    split = f"""'[{{"account": "income_service", "party": "", "fen": {FEN}}}]'"""
    return {
        Payable: {
            "id": payable, "brand_id": "%(brand)s", "kind": "'bill'", "of_id": f"'bi_{day.name}' || i", "version": "1",
            "customer_id": "%(customer)s", "title": "'空调,维修'", "due_fen": str(FEN), "split": split, "by": "'system:bench'",
            "status": f"CASE WHEN {open_} THEN 'open' ELSE 'paid' END", "at": at, "refunded_fen": refunded,
            "paid_fen": f"CASE WHEN {open_} THEN 0 ELSE {FEN} END",
        },
        Payment: {
            "id": payment, "payable_id": payable, "merchant_id": "%(merchant)s", "app_id": f"'{APP_ID}'", "openid": "'o-bench'",
            "out_trade_no": f"'WX-{day.name}-' || lpad(i::text, 18, '0')", "method": "'jsapi'", "via": "'official_account'",
            "fen": f"{FEN} + CASE WHEN i %% {EVERY} = {AMOUNT} THEN 100 ELSE 0 END", "by": "'system:bench'", "at": at,
            "status": f"CASE WHEN {open_} THEN 'pending' ELSE 'paid' END", "refunded_fen": refunded, "reserved_fen": refunded,
            "transaction_id": f"CASE WHEN {open_} THEN NULL ELSE '42{day.name}' || lpad(i::text, 22, '0') END",
            "paid_at": f"CASE WHEN {open_} THEN NULL ELSE {at} END",
        },
        Refund: {
            "id": f"'rf_{day.name}' || i", "brand_id": "%(brand)s", "payment_id": payment, "payable_id": payable, "fen": str(BACK),
            "reason_code": "'goodwill'", "why": "%(why)s", "decided_why": "%(decided)s", "split": "'[]'", "status": "'succeeded'", "asked_by": "'system:bench'",
            "at": at, "sent_at": at, "done_at": at, "refund_id": f"'50{day.name}' || lpad(i::text, 22, '0')",
        },
    }  # fmt: skip
