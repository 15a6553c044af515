"""★ What is said of money: prices to agree to, bills and reminders of them, payments received, refunds.

Part of the table in `domain.notices.notices`. ``{lines}`` are the lines the customer pays and who pays the others, ``{declined}``
what a no costs, ``{menu}`` the lines to tap in an official account's chat, ``{why}`` the reason of a refund.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.notices.channels import BY_ALL, Channel, Purpose
from domain.notices.rows import SOON, Notice, for_engineer

WITH_MENU = (Channel.CHAT, Channel.SUBSCRIPTION, Channel.TEMPLATE, Channel.SMS)
"""Not by the mini-program's chat: nothing can be tapped there."""
QUOTES = ("quote.",)


def quote(name: str, title: str, state: str, tip: str, words: str, sms: str, by: Sequence[Channel], key: str) -> Notice:
    return Notice(
        name, title, words, key, by=by, urgency=SOON, purpose=Purpose.QUOTE, state=state, tip=tip, sms=sms,
        instead=QUOTES, must=True,
    )  # fmt: skip


SHOWN = "{lines}\n您需要支付 {amount}。{declined}"
ANSWER = "\n{menu}\n也可以点这里看明细并答复：{link}"
PLAIN = "\n同意请回复“同意”，不同意请回复“不同意”。也可以点这里看明细：{link}"
ASKED_SMS = "您的{service}工单{number}报价{amount}，请确认：{link} 不同意也请告诉师傅。"
CHANGED_SMS = "您的{service}工单{number}报价有变，现为{amount}，请重新确认：{link}"
ASKED_WORDS = "您的{service}工单 {number} 的报价：\n" + SHOWN
CHANGED_WORDS = "您的{service}工单 {number} 的报价有变化，请以这一版（第 {version} 版）为准：\n" + SHOWN


def pair(name: str, title: str, state: str, tip: str, words: str, sms: str) -> tuple[Notice, Notice]:
    """With lines to tap, and without."""
    key = "quote:{quote}"
    return (
        quote(name, title, state, tip, words + ANSWER, sms, WITH_MENU, key),
        quote(name, title, state, tip, words + PLAIN, sms, BY_ALL, key),
    )


ASKED, ASKED_PLAIN = pair("quote.asked", "报价待确认", "待确认", "请看报价明细，同意后再开始做", ASKED_WORDS, ASKED_SMS)
CHANGED, CHANGED_PLAIN = pair(
    "quote.changed", "报价有变化", "有变化", "报价有变化，请重新确认", CHANGED_WORDS, CHANGED_SMS
)
REMIND = quote(
    "quote.remind", "提醒确认报价", "待确认", "报价还没有确认，师傅在等您",
    "提醒您：{service}工单 {number} 的报价（{amount}）还没有确认，确认后才能开始做。" + PLAIN,
    ASKED_SMS, BY_ALL, "quote_remind:{quote}:{n}",
)  # fmt: skip
FREE = Notice(
    "quote.free", "本次无需付款",
    "您的{service}工单 {number}：\n{lines}\n本次您不用付款。", "quote:{quote}", urgency=SOON, purpose=Purpose.QUOTE, state="不用付款",
    tip="本次服务您不用付款", instead=QUOTES,
)  # fmt: skip
"""Nothing for the customer to pay: nobody is asked, and it is said."""
EXPIRED = Notice(
    "quote.expired", "报价过期",
    "您的{service}工单 {number} 的报价没有收到答复，已经失效，不会收费。还要做的话，回复“报价”告诉我们。",
    "quote_expired:{quote}", purpose=Purpose.QUOTE, state="已失效", tip="没有收到答复，报价已失效", instead=QUOTES,
)  # fmt: skip

FALLEN = quote(
    "quote.fallen", "报价失效", "已失效", "原报价失效，会重新报给您",
    "您的{service}工单 {number} 原来用的服务卡已经退回，按用卡算的报价不再有效。需要收费的会重新报给您，您同意了才做、才收。",
    "您的{service}工单{number}的服务卡已退回，原报价失效。需要收费的会重新报给您，您同意了才收。", BY_ALL, "quote_fallen:{quote}",
)  # fmt: skip
AGREED_THERE = quote(
    "quote.agreed_there", "已在师傅手机上同意报价", "已同意", "不是您同意的，请马上告诉我们",
    "您已在师傅手机上同意{service}工单 {number} 的报价：\n{lines}\n您需要支付 {amount}。不是您本人同意的，请马上回复“人工”，或拨打 {hotline}。明细：{link}",
    "您已在师傅手机上同意{service}工单{number}的报价{amount}。不是您同意的请拨打{hotline}。明细：{link}", BY_ALL, "quote_agreed_there:{quote}",
)  # fmt: skip
"""An engineer cannot agree for the customer unseen: whoever is named in the order hears of it at once."""
AGREED = for_engineer(
    "quote.agreed", "客户同意报价", "已同意", "工单{number}客户已同意报价，共付{amount}。", "quote_agreed:{quote}"
)
ASK_ANEW = for_engineer(
    "quote.anew", "请重新报价", "请重新报价", "工单{number}的服务卡已退回，原报价作废。请打开工单，按新的费用再请客户确认，确认前不要收费。",
    "quote_anew:{quote}",
)  # fmt: skip
REFUSED = for_engineer("quote.refused", "客户不同意报价", "不同意", "工单{number}客户不同意报价{amount}，请与客户沟通。", "quote_refused:{quote}")  # fmt: skip


def bill(name: str, title: str, state: str, tip: str, words: str, sms: str, key: str, *, must: bool = False) -> Notice:
    return Notice(
        name, title, words, key, by=BY_ALL, purpose=Purpose.BILL, state=state, tip=tip, sms=sms, must=must,
        instead=("payment.bill", "payment.remind"),
    )  # fmt: skip


BILL = bill(
    "payment.bill", "账单", "待付款", "点开看账单明细并付款",
    "您的{service}工单 {number} 的账单：\n{lines}\n应付 {amount}，请点这里付款：{link}",
    "您的{service}工单{number}应付{amount}，请点开付款：{link}", "bill:{bill}", must=True,
)  # fmt: skip
NOTHING = Notice(
    "payment.nothing", "无需付款", "您的{service}工单 {number} 本次不用付款。", "bill:{bill}", purpose=Purpose.BILL,
    state="不用付款", tip="本次服务您不用付款", instead=("payment.bill", "payment.remind"),
)  # fmt: skip
UNPAID: Mapping[int, Notice] = {
    days: bill(
        f"payment.remind_{days}", f"账单 {days} 天未付", "待付款", "账单还没有付，点开付款",
        "提醒您：{service}工单 {number} 的账单 {amount} 还没有付，请点这里付款：{link}\n已经付了现金或有疑问，请拨 {hotline}。",
        "您的{service}工单{number}还有{amount}未付，请点开付款：{link} 有疑问请拨{hotline}。", f"bill_remind:{{bill}}:{days}",
    )
    for days in (1, 3, 7)
}  # fmt: skip
"""By the days since the bill was issued."""

CANCELLED = bill(
    "payment.cancelled", "账单作废", "不用付款", "工单已取消，账单不用付了",
    "您的{service}工单 {number} 已取消，{amount} 的账单作废，不用付款。如果您刚刚付了，会自动原路退回。",
    "您的{service}工单{number}已取消，{amount}的账单不用付了。刚刚付了的会自动原路退回。", "bill_cancelled:{bill}",
)  # fmt: skip

PAID = Notice(
    "payment.received", "收到付款", "已收到您支付的 {amount}：{item}，谢谢！需要发票请点这里申请：{link}", "paid:{payable}",
    purpose=Purpose.PAYMENT, state="已付款", tip="已收到您的付款，谢谢", instead=("payment.",),
)  # fmt: skip

REFUND_ASKED = Notice(
    "refund.asked", "退款待核对", "您为{item}付的 {amount}（{why}）正在核对退还，一般 1 个工作日内有结果，我们会告诉您。有疑问请拨 {hotline}。",
    "refund_asked:{refund}", by=BY_ALL, purpose=Purpose.REFUND, state="核对中", tip="已付的钱正在核对退还",
    sms="您付的{amount}正在核对退还，有结果会告诉您。客服{hotline}。",
)  # fmt: skip
"""Of what was asked back for the customer by ourselves, and waits for somebody's yes."""
REFUND_NOT = Notice(
    "refund.not", "不退款", "您为{item}付的 {amount}（{why}）核对后没有退。有疑问请拨 {hotline}，或回复“人工”，我们向您说明。",
    "refund_not:{refund}", by=BY_ALL, purpose=Purpose.REFUND, state="没有退", tip="核对后没有退款，有疑问请联系我们",
    sms="您付的{amount}核对后没有退，有疑问请拨{hotline}。", must=True, instead=("refund.",),
)  # fmt: skip
REFUND_SENT = Notice(
    "refund.sent", "退款已受理", "{item}的退款 {amount} 已经受理（{why}），一般 1–3 个工作日退回原来的付款方式。", "refund_sent:{refund}",
    by=BY_ALL, purpose=Purpose.REFUND, state="退款中", tip="退款已受理，退回原付款方式", instead=("refund.asked",),
    sms="您的退款{amount}已受理，一般1–3个工作日退回原来的付款方式。客服{hotline}。",
)  # fmt: skip
REFUNDED = Notice(
    "refund.done", "退款到账", "{item}的退款 {amount} 已经退回您原来的付款方式。", "refunded:{refund}", by=BY_ALL,
    purpose=Purpose.REFUND, state="已退款", tip="退款已退回原付款方式", instead=("refund.",),
    sms="您的退款{amount}已经退回原来的付款方式。有疑问请拨{hotline}。",
)  # fmt: skip
REFUND_STUCK = Notice(
    "refund.stuck", "退款未到账", "{item}的退款 {amount} 银行没有收下，我们会联系您用别的方式退还。有疑问请拨 {hotline}。",
    "refund_stuck:{refund}", by=BY_ALL, urgency=SOON, purpose=Purpose.REFUND, state="待处理", tip="退款未到账，会与您联系",
    sms="您的退款{amount}银行没有收下，我们会联系您用别的方式退还。客服{hotline}。", must=True,
)  # fmt: skip
