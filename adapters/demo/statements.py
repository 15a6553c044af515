"""Yesterday's bills of the demo's merchant, written as the platform writes them, and compared as every morning.

One payment on them is none of ours: somebody has to find out what it is. A further column is a name in `TRADES` or `FUNDS`.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from domain.files.store import FileStore, new_key, seal
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.payments import bill_files, keeping_bills
from domain.payments.keeping_bills import Download
from domain.payments.merchants import keys_of
from domain.payments.model import Merchant, Payment
from domain.payments.reconciling import COMPARED, Bill, write_down

TRADES = ("交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "订单金额", "手续费", "商品名称")
FUNDS = (
    "记账时间", "微信支付业务单号", "资金流水单号", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)", "业务凭证号", "备注",
)  # fmt: skip
STRANGE = ("QR20260001", 5_800)
"""The merchant's number and the fen of what we know nothing of: a code on a counter, perhaps."""
FEE_PERMILLE = 6

Taken = tuple[datetime, str, str, int]
"""When, the platform's number, ours, fen."""


def load(uow: UnitOfWork, brand_id: str, files: FileStore) -> None:
    """Compare yesterday, where the brand has a merchant."""
    merchant = uow.session.scalars(select(Merchant).filter_by(brand_id=brand_id)).first()
    if merchant is None:
        return
    day = uow.today - timedelta(days=1)
    taken = taken_on(uow, merchant, day)
    texts = {"trade": trade_bill(merchant.mch_id, taken), "fund": fund_bill(taken)}
    bills = {kind: kept(uow, files, merchant.id, day, kind, text.encode()) for kind, text in texts.items()}
    write_down(uow, keys_of(merchant), day, bills, [])


def taken_on(uow: UnitOfWork, merchant: Merchant, day: date) -> list[Taken]:
    """What we took in on a day, and what we did not."""
    since = datetime.combine(day, time(0), SHANGHAI)
    found = select(Payment).where(
        Payment.merchant_id == merchant.id, Payment.paid_at >= since, Payment.paid_at < since + timedelta(days=1)
    )
    rows = uow.session.scalars(found.order_by(Payment.paid_at, Payment.id))
    ours = [(one.paid_at or since, one.transaction_id or "", one.out_trade_no, one.fen) for one in rows]
    number, fen = STRANGE
    return [*ours, (since + timedelta(hours=21, minutes=5), f"4200002{day:%Y%m%d}{9_999:013d}", number, fen)]


def trade_bill(mch_id: str, taken: Sequence[Taken]) -> str:
    rows = [
        (stamp(at), mch_id, theirs, number, "SUCCESS", yuan(fen), f"{fee(fen) / 100:.5f}", "家电服务费用")
        for at, theirs, number, fen in taken
    ]
    return written(TRADES, rows, "总交易单数")


def fund_bill(taken: Sequence[Taken]) -> str:
    rows, left = [], 1_000_000
    for at, theirs, number, fen in taken:
        for kind, sign, moved in (("交易", "收入", fen), ("扣除交易手续费", "支出", -fee(fen))):
            left += moved
            flow = f"F{'+' if moved > 0 else '-'}{theirs}"
            rows.append((stamp(at), theirs, flow, kind, sign, yuan(abs(moved)), yuan(left), number, ""))
    return written(FUNDS, rows, "资金流水总笔数")


def kept(uow: UnitOfWork, files: FileStore, merchant_id: str, day: date, kind: str, content: bytes) -> Bill:
    """The bill, read, with the file it is kept as."""
    got = Download(merchant_id, day, kind, content, hashlib.sha1(content).hexdigest())
    id_, key = uow.new_id("kb"), new_key()
    place = f"bills/{day:%Y/%m}/{id_}"
    files.put(place, seal(key, id_, gzip.compress(content, compresslevel=5, mtime=0)))
    file_id = keeping_bills.written(uow, got, id_, place, key)
    if kind == "trade":
        trades = bill_files.read_trades(content.decode())
        return Bill(kind, COMPARED, got.sha1, content=content, file_id=file_id, trades=trades)
    funds = bill_files.read_funds(content.decode())
    return Bill(kind, COMPARED, got.sha1, content=content, file_id=file_id, funds=funds)


def written(names: Sequence[str], rows: Iterable[Sequence[str]], total: str) -> str:
    """A backquote before every value, and two lines of sums at the end."""
    lines = [",".join(f"`{value}" for value in row) for row in rows]
    return "".join(f"{line}\r\n" for line in (",".join(names), *lines, total, f"`{len(lines)}"))


def fee(fen: int) -> int:
    return (fen * FEE_PERMILLE + 500) // 1000


def stamp(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
