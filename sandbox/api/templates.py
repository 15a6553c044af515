"""Template messages, the basic part (protocol sheet 5.1): any template id is known, values are cut at 20 characters."""

import secrets
from typing import Any

from sandbox.accounts import OFFICIAL_ACCOUNT
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError

VALUE_LENGTH = 20
SAME_WITHIN = 600.0  # seconds in which a repeated client_msg_id sends nothing new


def send(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/message/template/send; TEMPLATESENDJOBFINISH follows as a push."""
    body = call.json()
    call.openid = str(body.get("touser") or "")
    person = call.platform.follower(call.app_id, call.openid)
    if not person.following:
        raise PlatformError(43004)
    if not isinstance(body.get("template_id"), str) or not body["template_id"]:
        raise PlatformError(40037)
    lines = _lines(body.get("data"))
    known = call.account.sent_templates
    key = (call.openid, str(body.get("client_msg_id") or ""))
    if key[1] and key in known and call.now - known[key][0] < SAME_WITHIN:
        return {"errcode": 0, "errmsg": "ok", "msgid": known[key][1]}
    msg_id = secrets.randbelow(10**18) + 10**18
    known[key] = (call.now, msg_id)
    if person.refuses_messages:
        status = "failed:user block"
    else:
        status = "success"
        content = {"title": body["template_id"], "lines": lines, "url": str(body.get("url") or "")}
        call.platform.show(call.openid, "account", "template", content)
    call.platform.send(call.openid, "template_finished", wait=False, msg_id=msg_id, status=status)
    return {"errcode": 0, "errmsg": "ok", "msgid": msg_id}


def _lines(data: object) -> list[dict[str, str]]:
    if not isinstance(data, dict) or not data:
        raise PlatformError(47003, "data is empty")
    lines = []
    for name, one in data.items():
        value = one.get("value") if isinstance(one, dict) else None
        if value is None or str(value) == "":
            raise PlatformError(47003, f"data.{name}.value is empty")
        lines.append({"name": str(name), "value": str(value).replace("\n", " ")[:VALUE_LENGTH]})
    return lines


ENDPOINTS = [Endpoint("/cgi-bin/message/template/send", "POST", send, kind=OFFICIAL_ACCOUNT)]
