"""Bills of a day (protocol sheet 7.6): backquoted CSV in yuan with two summary lines; a new column is a pair of its table."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sandbox.pay.errors import PayError
from sandbox.pay.merchants import Merchant
from sandbox.pay.till import Till
from sandbox.pay.trades import BANK, SHANGHAI, Refund, Trade

READY = time(10)  # of the next day
KEPT = timedelta(days=92)
LINK_LIFE = 30.0  # seconds
Entry = tuple[Trade, Refund | None]
Column = tuple[str, Callable[[Trade, Refund | None], str]]


def yuan(fen: int, places: int = 2) -> str:
    """Fen as the bill writes them."""
    return f"{Decimal(fen) / 100:.{places}f}"


def _at(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _of_refund(show: Callable[[Refund], str], otherwise: str = "") -> Callable[[Trade, Refund | None], str]:
    return lambda trade, refund: show(refund) if refund else otherwise


COLUMNS: list[Column] = [
    ("交易时间", lambda trade, refund: _at(refund.created_at if refund else trade.paid_at)),
    ("公众账号ID", lambda trade, refund: trade.app_id),
    ("商户号", lambda trade, refund: trade.mch_id),
    ("特约商户号", lambda trade, refund: "0"),
    ("设备号", lambda trade, refund: ""),
    ("微信订单号", lambda trade, refund: trade.transaction_id),
    ("商户订单号", lambda trade, refund: trade.out_trade_no),
    ("用户标识", lambda trade, refund: trade.openid),
    ("交易类型", lambda trade, refund: trade.trade_type),
    ("交易状态", lambda trade, refund: "REFUND" if refund else "SUCCESS"),
    ("付款银行", lambda trade, refund: BANK),
    ("货币种类", lambda trade, refund: trade.currency),
    ("应结订单金额", lambda trade, refund: yuan(0 if refund else trade.total)),
    ("代金券金额", lambda trade, refund: yuan(0 if refund else trade.total - trade.payer_total)),
    ("微信退款单号", _of_refund(lambda refund: refund.refund_id)),
    ("商户退款单号", _of_refund(lambda refund: refund.out_refund_no)),
    ("退款金额", _of_refund(lambda refund: yuan(refund.refund), "0.00")),
    ("充值券退款金额", _of_refund(lambda refund: yuan(refund.refund - refund.payer_refund), "0.00")),
    ("退款类型", _of_refund(lambda refund: "ORIGINAL")),
    ("退款状态", _of_refund(lambda refund: refund.status)),
    ("商品名称", lambda trade, refund: trade.description),
    ("商户数据包", lambda trade, refund: trade.attach),
    ("手续费", lambda trade, refund: yuan(-refund.fee_back if refund else trade.fee, 5)),
    ("费率", lambda trade, refund: "0.60%"),
    ("订单金额", lambda trade, refund: yuan(0 if refund else trade.total)),
    ("申请退款金额", _of_refund(lambda refund: yuan(refund.refund), "0.00")),
    ("费率备注", lambda trade, refund: ""),
]
REFUNDS_OWN = {"微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态", "申请退款金额"}
REFUND_TIMES: list[Column] = [
    ("退款申请时间", _of_refund(lambda refund: _at(refund.created_at))),
    ("退款成功时间", _of_refund(lambda refund: _at(refund.done_at) if refund.status == "SUCCESS" else "")),
]
BILL_TYPES = ("ALL", "SUCCESS", "REFUND")
ACCOUNT_TYPES = ("BASIC", "OPERATION", "FEES")


@dataclass(frozen=True)
class File:
    """A bill that waits behind its link."""

    mch_id: str
    text: bytes
    gzip: bool
    until: float


def trade_bill(till: Till, merchant: Merchant, args: dict[str, str]) -> dict[str, str]:
    """GET /v3/bill/tradebill.

    :raises PayError: PARAM_ERROR, STATEMENT_CREATING before 10:00 of the next day, NO_STATEMENT_EXIST for an empty day
    """
    kind = _one_of(args, "bill_type", BILL_TYPES)
    day = _day(till, args)
    with till.lock:
        entries = sorted(_entries(till, merchant, day, kind), key=_when)
    columns = [*COLUMNS, *REFUND_TIMES] if kind == "REFUND" else COLUMNS
    columns = [one for one in columns if kind != "SUCCESS" or one[0] not in REFUNDS_OWN]
    rows = [[show(*entry) for _, show in columns] for entry in entries]
    return _offered(till, merchant, args, _csv([name for name, _ in columns], rows, _totals(entries)))


def _when(entry: Entry) -> tuple[float, bool]:
    trade, refund = entry
    return (refund.created_at if refund else trade.paid_at), refund is not None


def _entries(till: Till, merchant: Merchant, day: date, kind: str) -> Iterable[Entry]:
    for trade in till.trades.values():
        if trade.mch_id != merchant.mch_id:
            continue
        if trade.paid and kind != "REFUND" and _is(day, trade.paid_at):
            yield trade, None
        if kind != "SUCCESS":
            yield from ((trade, one) for one in trade.refunds if _is(day, one.created_at))


def _totals(entries: list[Entry]) -> list[tuple[str, str]]:
    paid = sum(trade.total for trade, refund in entries if not refund)
    back = sum(refund.refund for _, refund in entries if refund)
    coupons = sum(refund.refund - refund.payer_refund for _, refund in entries if refund)
    fees = sum(-refund.fee_back if refund else trade.fee for trade, refund in entries)
    return [
        ("总交易单数", str(len(entries))), ("应结订单总金额", yuan(paid)), ("退款总金额", yuan(back)),
        ("充值券退款总金额", yuan(coupons)), ("手续费总金额", yuan(fees, 5)), ("订单总金额", yuan(paid)),
        ("申请退款总金额", yuan(back)),
    ]  # fmt: skip


def flow_bill(till: Till, merchant: Merchant, args: dict[str, str]) -> dict[str, str]:
    """GET /v3/bill/fundflowbill; only the basic account has movements.

    :raises PayError: as `trade_bill`
    """
    kind, day = _one_of({"account_type": "BASIC", **args}, "account_type", ACCOUNT_TYPES), _day(till, args)
    with till.lock:
        flows = [one for one in till.books[merchant.mch_id].flows if kind == "BASIC" and _is(day, one.at)]
    names = "记账时间 微信支付业务单号 资金流水单号 业务名称 业务类型 收支类型 收支金额(元) 账户结余(元) 资金变更提交申请人 备注 业务凭证号"
    rows = [
        [_at(one.at), one.business_no, one.flow_no, one.business, one.business, one.sign, yuan(one.amount),
         yuan(one.balance), merchant.mch_id, one.note, one.voucher] for one in flows
    ]  # fmt: skip
    totals = [("资金流水总笔数", str(len(flows)))]
    for sign, count, amount in (("收入", "收入笔数", "收入金额"), ("支出", "支出笔数", "支出金额")):
        own = [one.amount for one in flows if one.sign == sign]
        totals += [(count, str(len(own))), (amount, yuan(sum(own)))]
    return _offered(till, merchant, args, _csv(names.split(), rows, totals))


def _one_of(args: dict[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = args.get(name, known[0])
    if value not in known:
        raise PayError(400, "PARAM_ERROR", f"参数错误：{name} 应为 {'、'.join(known)} 之一")
    return str(value)


def _day(till: Till, args: dict[str, str]) -> date:
    _one_of({"tar_type": "GZIP", **args}, "tar_type", ("GZIP",))
    try:
        day = date.fromisoformat(args.get("bill_date", ""))
    except ValueError as wrong:
        raise PayError(400, "PARAM_ERROR", "参数错误：bill_date 应为 yyyy-MM-dd") from wrong
    now = datetime.fromtimestamp(till.now, SHANGHAI)
    if day >= now.date() or day < now.date() - KEPT:
        raise PayError(400, "PARAM_ERROR", "账单日期应为昨天以前、三个月以内")
    if now < datetime.combine(day + timedelta(days=1), READY, SHANGHAI):
        raise PayError(400, "STATEMENT_CREATING", "账单生成中，请在次日 10 点后重试")
    return day


def _is(day: date, at: float) -> bool:
    return datetime.fromtimestamp(at, SHANGHAI).date() == day


def _csv(names: list[str], rows: list[list[str]], totals: list[tuple[str, str]]) -> bytes:
    if not rows:
        raise PayError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    lines = [",".join(names), *(_line(row) for row in rows)]
    lines += [",".join(name for name, _ in totals), _line([value for _, value in totals])]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _line(values: list[str]) -> str:
    """A backquote before every value; a comma or line feed inside is not escaped, as on the real platform."""
    return ",".join(f"`{value}" for value in values)


def _offered(till: Till, merchant: Merchant, args: dict[str, str], text: bytes) -> dict[str, str]:
    token = secrets.token_urlsafe(32)
    till.files[token] = File(merchant.mch_id, text, args.get("tar_type") == "GZIP", till.now + LINK_LIFE)
    link = f"{till.platform.public_url}/v3/billdownload/file?token={token}"
    return {"hash_type": "SHA1", "hash_value": hashlib.sha1(text).hexdigest(), "download_url": link}
