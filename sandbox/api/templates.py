"""Template messages of an official account (protocol sheet 5.1): followers only, templates of the account's own library."""

import secrets
from typing import Any

from sandbox import library
from sandbox.accounts import OFFICIAL_ACCOUNT
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError

SAME_WITHIN = 600.0  # seconds in which a repeated client_msg_id sends nothing new


def send(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/message/template/send; TEMPLATESENDJOBFINISH follows as a push."""
    body = call.json()
    call.openid = str(body.get("touser") or "")
    person = call.platform.follower(call.app_id, call.openid)
    if not person.following:
        raise PlatformError(43004)
    template = library.find(call.account.templates, body.get("template_id"))
    lines = library.lines(template, body.get("data"))
    call.gist = template.title
    known = call.account.sent_templates
    key = (call.openid, str(body.get("client_msg_id") or ""))
    if key[1] and key in known and call.now - known[key][0] < SAME_WITHIN:
        return {"errcode": 0, "errmsg": "ok", "msgid": known[key][1]}
    msg_id = secrets.randbelow(10**18) + 10**18
    known[key] = (call.now, msg_id)
    if person.refuses_messages:
        status = "failed:user block"
    elif call.platform.faults.take("template_fails"):
        status = "failed: system failed"
    else:
        status = "success"
        content = {"title": template.title, "lines": lines, "url": str(body.get("url") or "")}
        call.platform.show(call.openid, "account", "template", content)
    call.platform.send(call.openid, "template_finished", wait=False, msg_id=msg_id, status=status)
    return {"errcode": 0, "errmsg": "ok", "msgid": msg_id}


def library_of(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/template/get_all_private_template: what the account has chosen."""
    listed = []
    for one in call.account.templates.values():
        content = "\n".join(f"{title}:{{{{{name}.DATA}}}}" for name, title in one.fields.items())
        listed.append({"template_id": one.template_id, "title": one.title, "content": content, "example": ""})
    return {"template_list": listed}


ENDPOINTS = [
    Endpoint("/cgi-bin/message/template/send", "POST", send, kind=OFFICIAL_ACCOUNT),
    Endpoint("/cgi-bin/template/get_all_private_template", "GET", library_of, kind=OFFICIAL_ACCOUNT),
]
