"""★ The ways a bill and our books can differ: what each is called, what it means, what to do, and how it may be settled.

To add one, add a row of `KINDS` and find it in `domain.payments.comparing`.
"""

from __future__ import annotations

from dataclasses import dataclass

EXPLAINED, SUSPENSE, BANK, FEE = "explained", "suspense", "bank", "fee"
HOWS = {
    EXPLAINED: "已查明，不用记账",
    SUSPENSE: "记入差异待查",
    BANK: "记为与银行之间的划转",
    FEE: "记为支付手续费",
}
"""How → words. All but the first post an entry of the amount that differs."""


@dataclass(frozen=True)
class Kind:
    """One way to differ. ``ways`` are keys of `HOWS`."""

    title: str
    what: str
    do: str
    ways: tuple[str, ...] = (EXPLAINED, SUSPENSE)


KINDS = {
    "mismatch": Kind(
        "与订单不符", "微信通知的金额、应用或商户与我们的订单不一样，没有入账。",
        "到商户平台按单号核对；确认是我们的收款再处理。", (EXPLAINED,),
    ),
    "unnoticed_payment": Kind(
        "漏收通知", "微信已收款，我们当时没有收到通知。", "系统已向微信查询并自动入账，一般不用处理。", (EXPLAINED,),
    ),
    "open_payment": Kind(
        "收款未入账", "账单上有这笔收款，我们这边还没有记为已付，向微信查询也没有查到。",
        "稍后重新对账；仍不一致时按单号在商户平台核对。",
    ),
    "unknown_payment": Kind(
        "多出的收款", "账单上有这笔收款，但不是我们的单号。", "在商户平台查来源：别的系统共用了商户号，或有人线下收款。",
    ),
    "missing_payment": Kind(
        "缺少的收款", "我们记了这笔收款，账单上没有。", "在商户平台按单号查；可能在前后一天的账单里。",
    ),
    "payment_amount": Kind("收款金额不符", "同一笔收款，账单和我们的金额不一样。", "以商户平台为准，查明后记差额。"),
    "payment_number": Kind("支付单号不符", "同一个商户单号，微信支付单号不一样。", "在商户平台按两个单号核对。", (EXPLAINED,)),
    "payment_twice": Kind("账单重复", "账单上同一笔收款出现两次。", "联系微信支付核对。"),
    "unknown_refund": Kind("多出的退款", "账单上有这笔退款，我们没有发起。", "查谁在商户平台手工退款；给客户的账要补记。"),
    "refund_state": Kind("退款状态不符", "账单上有这笔退款，我们这边没有批准，或已另行退还。", "可能退了两次：核对后联系客户。"),
    "missing_refund": Kind("缺少的退款", "我们记了这笔退款，账单上没有。", "在商户平台按退款单号查；可能在前后一天的账单里。"),
    "refund_amount": Kind("退款金额不符", "同一笔退款，账单和我们的金额不一样。", "以商户平台为准，查明后记差额。"),
    "flow_amount": Kind("资金与交易不符", "资金账单和交易账单里同一笔的金额不一样，或其中一边没有。", "联系微信支付核对。", (EXPLAINED,)),
    "fee_total": Kind("手续费不符", "资金账单扣的手续费与交易账单的合计差一分以上。", "按费率核对当天手续费。", (EXPLAINED,)),
    "unknown_flow": Kind(
        "其他资金变动", "资金账单上有一笔不是收款、退款、手续费、提现或充值的变动。", "看备注查明用途，再选怎么记账。",
        (EXPLAINED, SUSPENSE, BANK, FEE),
    ),
    "bill_unreadable": Kind("账单读不了", "这一天的账单格式不对，没有核对。", "到商户平台下载核对，并告诉系统管理员。", (EXPLAINED,)),
}  # fmt: skip
"""Kind → what it is."""

FUNDS = {
    "交易": "payment", "退款": "refund", "扣除交易手续费": "fee", "交易手续费": "fee", "退还交易手续费": "fee",
    "提现": "bank", "充值": "bank", "提现-自动提现": "bank", "自动提现": "bank",
}  # fmt: skip
"""业务类型 of the fund bill → what it is to us; anything else is asked about."""
