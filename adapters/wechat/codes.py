"""``weixiu wechat qr``: makes a QR code that follows the account and says by which scene somebody came.

A scene that names a flow starts it, one like ``model:KFR-35GW/N8A1`` names an appliance, any other is a channel.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import click

from adapters import runtime
from adapters.settings import Settings
from adapters.wechat.client import WeChat
from adapters.wechat.using import on_account
from domain.customers.scenes import put_code
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Account

LONGEST_SCENE = 64
MOST_DAYS = 30


class BadScene(Refused):
    """No code can be made of this."""

    code = "bad_scene"


def asked(scene: str, days: int, *, permanent: bool) -> dict[str, Any]:
    """The body of the call.

    :raises BadScene: a scene or a time the platform does not take
    """
    if not 1 <= len(scene) <= LONGEST_SCENE or not scene.isprintable() or scene != scene.strip():
        raise BadScene(f"a scene has 1 to {LONGEST_SCENE} characters and no space around it")
    if not permanent and not 1 <= days <= MOST_DAYS:
        raise BadScene(f"a code lasts 1 to {MOST_DAYS} days, or for ever with --permanent")
    body: dict[str, Any] = {"action_info": {"scene": {"scene_str": scene}}}
    if permanent:
        return {"action_name": "QR_LIMIT_STR_SCENE", **body}
    return {"action_name": "QR_STR_SCENE", "expire_seconds": int(timedelta(days=days).total_seconds()), **body}


def make(on: Runtime, wechat: WeChat, account: Account, body: dict[str, Any]) -> dict[str, Any]:
    """Make the code and remember it, so that the menu's scanner knows it too."""
    answer = wechat.create_code(account.id, body)
    scene = body["action_info"]["scene"]["scene_str"]
    with on.transaction() as uow:
        seconds = answer.get("expire_seconds") if "expire_seconds" in body else None
        until = uow.now + timedelta(seconds=int(seconds)) if seconds else None
        put_code(uow, account.id, scene, url=str(answer["url"]), ticket=str(answer["ticket"]), until=until)
    return {"scene": scene, "url": answer["url"], "ticket": answer["ticket"], "until": until and until.isoformat()}


def run(settings: Settings, scene: str, app_id: str, days: int, *, permanent: bool, as_json: bool) -> int:
    """Make a code and print what to put into the picture. Returns the exit code."""
    try:
        body = asked(scene, days, permanent=permanent)
    except BadScene as error:
        click.echo(str(error), err=True)
        return 1

    def do(wechat: WeChat, account: Account) -> None:
        code = make(runtime.build(settings, connections=1), wechat, account, body)
        if as_json:
            click.echo(json.dumps(code, ensure_ascii=False))
            return
        click.echo(f"{code['scene']}\t{code['url']}\t{code['until'] or 'for ever'}\nticket {code['ticket']}")

    return on_account(settings, app_id, do)
