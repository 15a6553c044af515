"""Giving money back (protocol sheet 7.5): a refund is taken, and ends by the clock or by a switch."""

from sandbox.pay import asked
from sandbox.pay.accounts import fee_of
from sandbox.pay.errors import PayError, invalid, wrong_field
from sandbox.pay.merchants import Merchant
from sandbox.pay.till import Till
from sandbox.pay.trades import Refund, Trade

WITHIN = 365 * 86_400.0
MOST = 50
OUTCOMES = ("SUCCESS", "CLOSED", "ABNORMAL")
FUNDS = ("AVAILABLE", "UNSETTLED")


def refund(till: Till, merchant: Merchant, body: asked.Body) -> Refund:
    """POST /v3/refund/domestic/refunds: the same number gives the same refund.

    :raises PayError: see there
    """
    number, amount = asked.out_refund_no(body), asked.inside(body, "amount")
    fen, total = asked.fen(amount, "refund", "/amount"), asked.fen(amount, "total", "/amount")
    asked.currency(amount)
    reason = asked.text(body, "reason", 1, 80, needed=False)
    notify_url = asked.notify_url(body, needed=False)
    funds = body.get("funds_account", "AVAILABLE")
    if funds not in FUNDS:
        raise wrong_field("/funds_account", funds, f"应为 {' 或 '.join(FUNDS)}")
    with till.lock:
        trade = _trade(till, merchant, body)
        known = till.refunds.get((merchant.mch_id, number))
        if known:
            return _again(known, trade, fen, total)
        _check(till, trade, fen, total)
        before = sum(one.fee_back for one in trade.refunds if one.status != "CLOSED")
        given_back = trade.refunded + fen
        made = Refund(
            till.number("503020091"), number, trade, fen,
            payer_refund=(fen * trade.payer_total * 2 + trade.total) // (trade.total * 2),
            fee_back=max(0, trade.fee - fee_of(trade.total - given_back) - before),
            reason=reason, notify_url=notify_url, funds_account=funds, created_at=till.now,
            outcome=_outcome(till),
        )  # fmt: skip
        till.refunds[merchant.mch_id, number] = made
        trade.refunds.append(made)
        trade.state = "REFUND"
        _book(till, made, -1)
    _later(till, made)
    till.platform.changes.note()
    return made


def _trade(till: Till, merchant: Merchant, body: asked.Body) -> Trade:
    number, transaction_id = body.get("out_trade_no"), body.get("transaction_id")
    if bool(number) == bool(transaction_id):
        raise wrong_field("/transaction_id", transaction_id, "与 out_trade_no 二选一")
    try:
        trade = till.find(merchant, merchant.mch_id, number=str(number), transaction_id=str(transaction_id or ""))
    except PayError as wrong:
        raise PayError(404, "RESOURCE_NOT_EXISTS", "订单不存在") from wrong
    if not trade.paid:
        raise invalid("订单未支付，不能退款")
    return trade


def _again(known: Refund, trade: Trade, fen: int, total: int) -> Refund:
    if known.trade is not trade or known.refund != fen or total != trade.total:
        raise invalid("订单金额或退款金额与之前请求不一致，请核实后再试")
    return known


def _check(till: Till, trade: Trade, fen: int, total: int) -> None:
    if total != trade.total:
        raise invalid("订单金额与下单时不一致，请核实后再试")
    if till.now > trade.paid_at + WITHIN:
        raise PayError(403, "TRADE_OVERDUE", "订单已经超过可退款的最大期限")
    if len(trade.refunds) >= MOST:
        raise PayError(403, "RULE_LIMIT", "部分退款次数已达上限")
    if trade.refunded + fen > trade.total:
        raise invalid("申请退款金额超过订单可退金额")
    if till.platform.faults.take("refund_no_money") or till.books[trade.mch_id].balance < fen:
        raise PayError(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")


def _outcome(till: Till) -> str:
    for name, outcome in (("refund_abnormal", "ABNORMAL"), ("refund_closed", "CLOSED")):
        if till.platform.faults.take(name):
            return outcome
    return "SUCCESS"


def _book(till: Till, one: Refund, way: int) -> None:
    """The money leaves the merchant when the refund is taken, its fee comes back; the other way when it is closed."""
    book, papers = till.books[one.trade.mch_id], {"business_no": one.refund_id, "voucher": one.out_refund_no}
    book.note(till.now, "退款", way * one.refund, flow_no=till.number("1000"), note=one.reason, **papers)
    book.note(till.now, "退还交易手续费", -way * one.fee_back, flow_no=till.number("1000"), **papers)


def _later(till: Till, one: Refund) -> None:
    due = till.now + till.platform.faults.refund_seconds
    till.timeline.at(due, lambda: finish(till, one, at=due))


def finish(till: Till, one: Refund, outcome: str = "", *, at: float = 0.0) -> None:
    """PROCESSING is over, since `at` or now; the notification leaves when the request named an address. Again it does nothing.

    :raises ValueError: no such outcome
    """
    outcome = outcome or one.outcome
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome is one of {', '.join(OUTCOMES)}")
    with till.lock:
        if one.status != "PROCESSING":
            return
        one.status, one.done_at = outcome, at or till.now
        if outcome == "CLOSED":
            _book(till, one, +1)
            one.trade.state = "REFUND" if one.trade.refunded else "SUCCESS"
    if one.notify_url:
        till.postman.send(f"REFUND.{outcome}", one.trade.mch_id, one.notify_url, one.notice())
    till.platform.changes.note()


def find(till: Till, merchant: Merchant, out_refund_no: str) -> Refund:
    """GET /v3/refund/domestic/refunds/{out_refund_no}.

    :raises PayError: 404 RESOURCE_NOT_EXISTS
    """
    found = till.refunds.get((merchant.mch_id, out_refund_no))
    if found is None:
        raise PayError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return found


def apply_abnormal(till: Till, merchant: Merchant, refund_id: str, body: asked.Body) -> Refund:
    """POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund: to the buyer's card, or back to the merchant.

    :raises PayError: see there
    """
    found = find(till, merchant, asked.out_refund_no(body))
    kind = asked.text(body, "type", 1, 32)
    if kind not in ("USER_BANK_CARD", "MERCHANT_BANK_CARD"):
        raise wrong_field("/type", kind, "应为 USER_BANK_CARD 或 MERCHANT_BANK_CARD")
    if kind == "USER_BANK_CARD":
        for field in ("bank_type", "bank_account", "real_name"):
            asked.text(body, field, 1, 1024)
    if found.refund_id != refund_id:
        raise invalid("微信支付退款单号与商户退款单号不是同一笔")
    with till.lock:
        if found.status != "ABNORMAL":
            raise invalid("退款单状态不是退款异常，不能发起异常退款")
        found.status, found.outcome = "PROCESSING", "SUCCESS"
        found.account = "用户银行卡" if kind == "USER_BANK_CARD" else "商户结算账户"
    _later(till, found)
    return found
