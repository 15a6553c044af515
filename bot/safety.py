"""Danger comes first: what to do at once, and an incident that calls people on duty. Nothing is asked before."""

from __future__ import annotations

from bot.talk import Talk
from bot.understanding import Understood
from domain.incidents import operations as incidents

FIRST = {
    "gas_smell": "⚠️ 请先做这几件事：关闭燃气总阀，开窗通风；不要开关任何电器、不要点火，人到室外后再打电话。燃气抢修请拨当地燃气公司电话，有人不适请拨 120。",
    "smoke_or_burning": "⚠️ 请先断电：拔掉插头或拉下电闸，人离远一点；有明火请拨 119。安全之前不要再通电试机。",
    "electric_leakage": "⚠️ 请先断电：不要再碰机身，戴干燥手套拔插头或拉下电闸。有人触电请先断电再施救并拨 120。",
}  # fmt: skip
CALLED = "值班人员已收到通知，会马上联系您。"
MEANWHILE = "请保持电话畅通。"


def alarm(talk: Talk, understood: Understood[str]) -> str:
    """The words for the gravest danger told of, or ""; with them an incident is opened, or told more."""
    told = [label for label in FIRST if any(found.value.label == label for found in understood.symptoms)]
    if not told:
        return ""
    incident, is_new = incidents.open_incident(
        talk.uow, by=talk.by, brand_id=talk.voice.brand_id, dangers=told, words=understood.text[:1000],
        account_id=talk.voice.account_id, openid=talk.contact.openid, customer_id=talk.contact.customer_id,
        category_code=talk.category(), phone=phone(talk, understood), address=address(talk, understood),
    )  # fmt: skip
    talk.state.incident = incident.id
    return f"{FIRST[told[0]]}\n{CALLED if is_new else MEANWHILE}"


def is_going_on(talk: Talk) -> bool:
    """Whether the incident told of in this talk is not closed yet."""
    chat = talk.voice.account_id, talk.contact.openid
    return bool(talk.state.incident) and incidents.of_chat(talk.uow, *chat) is not None


def phone(talk: Talk, understood: Understood[str]) -> str | None:
    """The number to call: just told, told before in this talk, or from the archive."""
    if understood.phone:
        return understood.phone.value
    given = talk.state.answers.get("phone")
    return given.value if given else next(iter(talk.known.phones), None)


def address(talk: Talk, understood: Understood[str]) -> str | None:
    if understood.address and understood.address.value.line:
        return understood.address.value.line
    given = talk.state.answers.get("address")
    return given.value["line"] if given else next((known.line for known in talk.known.addresses), None)


def follow_up(talk: Talk, work_order_id: str, phone_number: str, line: str) -> None:
    """An order followed the incident of this talk: both know of each other."""
    incident = incidents.of_chat(talk.uow, talk.voice.account_id, talk.contact.openid) if talk.state.incident else None
    if incident:
        incidents.tell_more(talk.uow, incident, phone=phone_number, address=line, work_order_id=work_order_id)
    talk.state.incident = None
