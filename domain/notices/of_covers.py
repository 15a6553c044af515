"""★ What is said of extended warranties and cards somebody bought or was given: where to pay, that it holds, that it went back, and,
once, that it ends soon. Part of the table in `domain.notices.notices`. ``{item}`` is the plan's title, ``{paper}`` the
certificate's number, ``{since}`` and ``{until}`` its days, ``{product}`` the product, ``{uses}`` what is left of a card.
"""

from __future__ import annotations

from domain.notices.channels import Purpose
from domain.notices.rows import BY_ALL, CAN_WAIT, SOON, Notice

PAY = Notice(
    "cover.pay", "延保待付款",
    "{item}（{product}）待付款 {amount}，24 小时内有效，付款后才生效。点这里付款：{link}\n不想要了，不付就行，到时自动取消。",
    "cover.pay:{cover}:{at}", urgency=SOON, purpose=Purpose.COVER, state="待付款", tip="24小时内付款后生效，点开付款",
    instead=("cover.pay",),
)  # fmt: skip
HOLDS = Notice(
    "cover.active", "延保生效",
    "{item}已生效（{product}），证书号 {paper}。\n期限：{since} 至 {until}{uses}。\n电子证书：{link}\n{cooling}要看条款、退订，直接在这里说“我的延保”。",
    "cover.active:{cover}", urgency=SOON, purpose=Purpose.COVER, state="已生效", tip="点开看电子证书和条款",
    instead=("cover.pay",), by=BY_ALL, sms="{item}已生效，证书号{paper}，{since}至{until}。电子证书：{link}",
)  # fmt: skip
CANCELLED = Notice(
    "cover.cancelled", "延保退订", "{item}（{product}，证书号 {paper}）已退订。{back}", "cover.cancelled:{cover}", urgency=SOON,
    purpose=Purpose.COVER, state="已退订", tip="已退订，退款按原路退回", instead=("cover.active",),
)  # fmt: skip
RESTORED = Notice(
    "cover.restored", "退订未通过",
    "{item}（{product}，证书号 {paper}）的退款没有通过，{item}继续有效，期限不变。有疑问请回复“人工”，或拨打 {hotline}。",
    "cover.restored:{cover}:{at}", urgency=SOON, purpose=Purpose.COVER, state="继续有效", tip="退款没有通过，原合同继续有效",
)  # fmt: skip
CAME = Notice(
    "cover.transferred", "延保随产品过户",
    "随产品过户，{item}（{product}，证书号 {paper}）现在归您了，期限：{since} 至 {until}。电子证书：{link}",
    "cover.transferred:{cover}:{transfer}", urgency=CAN_WAIT, purpose=Purpose.COVER, state="已过户",
    tip="延保已随产品转到您名下",
)  # fmt: skip
ENDING = Notice(
    "cover.ending", "延保将到期",
    "您的{item}（{product}，证书号 {paper}）到 {until} 结束{uses}。到期前的故障请及时报修，照常保障。", "cover.ending:{cover}",
    urgency=CAN_WAIT, purpose=Purpose.COVER, state="将到期", tip="到期前的故障请及时报修",
)  # fmt: skip
"""A matter of the contract, said once; nothing is offered in it."""
CARD_HELD = Notice(
    "card.held", "用卡预留", "这次{service}（工单 {number}）用您的{item}，不用再付{pays}，还剩 {left} 次。取消工单会退回这一次。",
    "card.held:{redemption}", urgency=SOON, state="已用卡", tip="这次用服务卡，取消工单会退回",
)  # fmt: skip
