"""Comparing a day's bills with our books. Pure: frozen facts in, differences out; nothing is looked up or written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.kit.money import Money
from domain.payments.bill_files import FundLine, TradeLine
from domain.payments.differences import FUNDS

CLOSED = "CLOSED"
"""What the bill calls a refund that was not paid: the balance has it back."""


@dataclass(frozen=True)
class OurPayment:
    """A payment as our books have it. ``today``: it counts for the bill's day."""

    id: str
    number: str
    transaction_id: str
    fen: int
    taken: bool
    today: bool


@dataclass(frozen=True)
class OurRefund:
    """A refund as our books have it. ``sent``: the platform has it, by our books; ``done``: it has paid it, by our books."""

    id: str
    number: str
    fen: int
    sent: bool
    done: bool
    today: bool


@dataclass(frozen=True)
class Found:
    """One difference. ``key`` is the same whenever the same is found again; amounts are fen, None where there is none."""

    kind: str
    key: str
    number: str
    words: str
    ours_fen: int | None = None
    theirs_fen: int | None = None
    payment_id: str | None = None
    refund_id: str | None = None


def compare_trades(
    lines: Sequence[TradeLine], payments: Mapping[str, OurPayment], refunds: Mapping[str, OurRefund]
) -> list[Found]:
    """Differences between the trade bill and our payments and refunds, by our numbers."""
    sales, backs = [one for one in lines if not one.is_refund], [one for one in lines if one.is_refund]
    found = [*of_sales(sales, payments), *of_backs(backs, refunds)]
    billed, refunded = {one.number for one in sales}, {one.refund_number for one in backs}
    for payment in payments.values():
        if payment.today and payment.taken and payment.number not in billed:
            words = f"我们记了收款 {Money(payment.fen)}，账单上没有"
            found.append(Found("missing_payment", payment.number, payment.number, words, payment.fen, None, payment.id))
    for refund in refunds.values():
        if refund.today and refund.sent and refund.number not in refunded:
            words = f"我们记了退款 {Money(refund.fen)}，账单上没有"
            found.append(
                Found("missing_refund", refund.number, refund.number, words, refund.fen, None, refund_id=refund.id)
            )
    return found


def of_sales(sales: Iterable[TradeLine], payments: Mapping[str, OurPayment]) -> Iterator[Found]:
    times = Counter(one.number for one in sales)
    for line in {one.number: one for one in sales}.values():
        ours, key = payments.get(line.number), line.number
        theirs = Money(line.fen)
        if times[key] > 1:
            yield Found(
                "payment_twice", key, key, f"账单上出现 {times[key]} 次，每次 {theirs}", line.fen, line.fen * times[key]
            )
        if ours is None:
            yield Found("unknown_payment", key, key, f"账单收款 {theirs}，不是我们的单号", None, line.fen)
        elif not ours.taken:
            yield Found("open_payment", key, key, f"账单收款 {theirs}，我们这边没有记为已付", None, line.fen, ours.id)
        elif ours.fen != line.fen:
            words = f"我们记 {Money(ours.fen)}，账单 {theirs}"
            yield Found("payment_amount", key, key, words, ours.fen, line.fen, ours.id)
        elif ours.transaction_id != line.transaction_id:
            words = f"我们记的是 {ours.transaction_id}，账单是 {line.transaction_id}"
            yield Found("payment_number", key, key, words, ours.fen, line.fen, ours.id)


def of_backs(backs: Iterable[TradeLine], refunds: Mapping[str, OurRefund]) -> Iterator[Found]:
    for line in backs:
        ours, key, theirs = refunds.get(line.refund_number), line.refund_number, Money(line.refund_fen)
        if ours is None:
            yield Found("unknown_refund", key, key, f"账单退款 {theirs}，我们没有发起", None, line.refund_fen)
        elif line.refund_state == CLOSED:
            if ours.done:
                words = f"账单上这笔退款已关闭，我们记了已退 {Money(ours.fen)}"
                yield Found("refund_state", key, key, words, ours.fen, None, refund_id=ours.id)
        elif not ours.sent:
            words = f"账单退款 {theirs}，我们这边没有由微信退"
            yield Found("refund_state", key, key, words, None, line.refund_fen, refund_id=ours.id)
        elif ours.fen != line.refund_fen:
            words = f"我们记 {Money(ours.fen)}，账单 {theirs}"
            yield Found("refund_amount", key, key, words, ours.fen, line.refund_fen, refund_id=ours.id)


def compare_funds(funds: Sequence[FundLine], trades: Sequence[TradeLine]) -> list[Found]:
    """Differences between what the balance moved and what was traded: the platform's own two bills, and what is in neither."""
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for line in funds:
        if FUNDS.get(line.kind) in ("payment", "refund"):
            moved[FUNDS[line.kind], line.number] += line.fen
    traded: dict[tuple[str, str], int] = defaultdict(int)
    for trade in trades:
        if trade.is_refund:
            traded["refund", trade.refund_number] -= 0 if trade.refund_state == CLOSED else trade.refund_fen
        else:
            traded["payment", trade.number] += trade.fen
    found = []
    for what, number in sorted(moved.keys() | traded.keys()):
        flow, trade_fen = moved.get((what, number), 0), traded.get((what, number), 0)
        if flow != trade_fen:
            words = f"资金账单 {Money(flow)}，交易账单 {Money(trade_fen)}"
            found.append(Found("flow_amount", f"{what}:{number}", number, words, trade_fen, flow))
    return [*found, *of_fees(funds, trades), *of_others(funds)]


def of_fees(funds: Sequence[FundLine], trades: Sequence[TradeLine]) -> Iterator[Found]:
    """Each line's fee is rounded to a fen when it is taken, so as many half fen as there are lines are nobody's mistake."""
    taken = -sum(one.fen for one in funds if FUNDS.get(one.kind) == "fee")
    wanted = Money(100).times(sum((one.fee for one in trades), Decimal(0))).fen
    if abs(taken - wanted) * 2 > max(2, len(trades)):
        yield Found("fee_total", "fees", "", f"资金账单扣 {Money(taken)}，交易账单合计 {Money(wanted)}", wanted, taken)


def of_others(funds: Iterable[FundLine]) -> Iterator[Found]:
    for line in funds:
        if line.kind not in FUNDS:
            words = f"{line.kind} {Money(line.fen)}" + (f"（{line.note}）" if line.note else "")
            yield Found("unknown_flow", line.flow_id, line.flow_id, words, None, line.fen)
