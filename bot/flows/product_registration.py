"""产品登记: a customer registers an appliance, so that its warranty and history are known."""

from __future__ import annotations

from datetime import date

from bot.flow import Answers, Flow, Question
from bot.kinds import PurchaseDate, RegisteredModel, SerialNumber
from bot.talk import Talk
from domain.desk import operations as desk
from domain.products import operations as products


def register(talk: Talk, answers: Answers) -> str:
    customer = talk.customer()
    serial = answers["serial"].value or {}
    if "transfer" in serial:
        return ask_transfer(talk, serial["transfer"], customer.id)
    bought = answers["purchased_on"].value
    done = products.register_product(
        talk.uow, by=talk.by, brand_id=talk.voice.brand_id, customer_id=customer.id,
        model_id=answers["model"].value["model_id"], serial=serial.get("serial"),
        purchased_on=date.fromisoformat(bought) if bought else None, via="chat",
    )  # fmt: skip
    shown = answers["model"].shown
    if done.already:
        return f"{shown}之前已经登记在您名下，资料已更新。需要时直接说“报修”就行。"
    return f"登记成功：{shown}。以后说“报修”就能直接选到这台产品。"


def ask_transfer(talk: Talk, product_id: str, customer_id: str) -> str:
    transfer, is_new = products.ask_transfer(talk.uow, product_id, customer_id, by=talk.by)
    if is_new:
        desk.put_task(
            talk.uow, by=talk.by, brand_id=talk.voice.brand_id, kind="transfer", words="产品过户申请", subject_id=transfer.id,
            account_id=talk.voice.account_id, openid=talk.contact.openid,
        )  # fmt: skip
    return "过户申请已提交，客服核实后会在这里通知您。"


flow = Flow(
    name="product_registration",
    rank=30,
    title="产品登记",
    said=["登记", "注册", "绑定", "添加产品", "录入"],
    intents={"register_product"},
    questions=[
        Question("model", "产品", "请发产品型号（机身铭牌上，如 KFR-35GW/… 或 BCD-…）", RegisteredModel()),
        Question("serial", "机身编号", "请发机身编号（铭牌上的条形码号码）；不方便看请回复“没有”", SerialNumber()),
        Question(
            "purchased_on",
            "购买日期",
            "什么时候买的？例如：2025-06-18、去年双十一；不记得请回复“不记得”",
            PurchaseDate(),
        ),
    ],
    submit=register,
)
