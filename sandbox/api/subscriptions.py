"""Subscription messages of both kinds of account (protocol sheet 5): one accepted popup, one message."""

import secrets
from typing import Any

from sandbox import library
from sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError
from sandbox.people import Person

OK = {"errcode": 0, "errmsg": "ok"}
STATES = ("developer", "trial", "formal")
SUCCESS, FAILED = ("0", "success"), ("43999", "system failed")


def send(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/message/subscribe/send of a mini-program, …/bizsend of an official account."""
    body = call.json()
    call.openid = str(body.get("touser") or "")
    person = call.platform.people.get(call.openid)
    if person is None or person.app_id != call.app_id:
        raise PlatformError(40003)
    template = library.find(call.account.subscriptions, body.get("template_id"))
    call.gist = template.title
    page = _page(call, body)
    lines = library.lines(template, body.get("data"), strict=True)
    _one_at_a_time(call, person, template.template_id)
    msg_id = secrets.randbelow(10**18) + 10**18
    code, status = FAILED if call.platform.faults.take("subscribe_fails") else SUCCESS
    if (code, status) == SUCCESS:
        call.platform.show(call.openid, "account", "template", {"title": template.title, "lines": lines, **page})
    sent = {"template_id": template.template_id, "msg_id": str(msg_id), "code": code, "status": status}
    call.platform.send(call.openid, "subscribe_sent", wait=False, templates=[sent])
    return {**OK, "msgid": msg_id}


def _page(call: ApiCall, body: dict[str, Any]) -> dict[str, str]:
    """Where a tap leads. A page of a mini-program is a path of its own, never an address."""
    page, program = str(body.get("page") or ""), body.get("miniprogram")
    own = call.account.config.kind == MINI_PROGRAM
    if own and ("://" in page or not page.isprintable() or not page.isascii()):
        raise PlatformError(41030)
    if own and body.get("miniprogram_state", "formal") not in STATES:
        raise PlatformError(40035, "miniprogram_state")
    path = str(program.get("pagepath") or "") if isinstance(program, dict) else ""
    return {"url": "" if own or path else page, "page": page if own else path}


def _one_at_a_time(call: ApiCall, person: Person, template_id: str) -> None:
    """Two calls for one person at the same time: the later is told so. Then the credit is used."""
    platform = call.platform
    if platform.faults.take("subscribe_banned"):
        raise PlatformError(43107)
    if platform.faults.take("subscribe_concurrent"):
        raise PlatformError(43108)
    with platform.one_send(person.openid) as alone:
        if not alone:
            raise PlatformError(43108)
        if person.refuses_messages or not platform.spend_credit(person, template_id):
            raise PlatformError(43101)


def chosen(call: ApiCall) -> dict[str, Any]:
    """GET /wxaapi/newtmpl/gettemplate: what the account has chosen; 2 is a one-time subscription."""
    listed = []
    for one in call.account.subscriptions.values():
        content = "\n".join(f"{title}:{{{{{name}.DATA}}}}" for name, title in one.fields.items())
        listed.append({"priTmplId": one.template_id, "title": one.title, "content": content, "example": "", "type": 2})
    return {**OK, "data": listed}


def categories(call: ApiCall) -> dict[str, Any]:
    """GET /wxaapi/newtmpl/getcategory."""
    return {**OK, "data": [{"id": 612, "name": "家电维修"}]}


def keywords(call: ApiCall) -> dict[str, Any]:
    """GET /wxaapi/newtmpl/getpubtemplatekeywords?tid=: the fields of the template at this place of the list."""
    known = list(call.account.subscriptions.values())
    tid = call.arg("tid")
    if not tid.isdecimal() or not 1 <= int(tid) <= len(known):
        raise PlatformError(40037)
    fields = enumerate(known[int(tid) - 1].fields.items(), start=1)
    data = [
        {"kid": kid, "name": title, "example": "", "rule": name.rstrip("0123456789")} for kid, (name, title) in fields
    ]
    return {**OK, "count": len(data), "data": data}


ENDPOINTS = [
    Endpoint("/cgi-bin/message/subscribe/send", "POST", send, kind=MINI_PROGRAM),
    Endpoint("/cgi-bin/message/subscribe/bizsend", "POST", send, kind=OFFICIAL_ACCOUNT),
    Endpoint("/wxaapi/newtmpl/gettemplate", "GET", chosen),
    Endpoint("/wxaapi/newtmpl/getcategory", "GET", categories),
    Endpoint("/wxaapi/newtmpl/getpubtemplatekeywords", "GET", keywords),
]
