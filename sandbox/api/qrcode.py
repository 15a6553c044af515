"""Parametric QR codes (protocol sheet 6.5)."""

import secrets
from typing import Any

from sandbox.accounts import OFFICIAL_ACCOUNT
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError

LONGEST = 2_592_000  # 30 days
PERMANENT_MOST = 100_000


def create(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/qrcode/create; show it at /cgi-bin/showqrcode?ticket=."""
    body = call.json()
    action = str(body.get("action_name"))
    temporary, scene = action in ("QR_SCENE", "QR_STR_SCENE"), _scene(action, body.get("action_info"))
    scenes, ticket = call.account.scenes, "gQ" + secrets.token_urlsafe(60)
    url = f"http://weixin.qq.com/q/{ticket[-24:]}"
    if temporary:
        seconds = body.get("expire_seconds", 60)
        if not isinstance(seconds, int) or seconds < 1:
            raise PlatformError(40035, "expire_seconds")
        seconds = min(seconds, LONGEST)
        scenes[ticket] = {"scene": scene, "until": call.now + seconds, "url": url}
        return {"ticket": ticket, "expire_seconds": seconds, "url": url}
    if sum(one["until"] is None for one in scenes.values()) >= PERMANENT_MOST:
        raise PlatformError(45029)
    scenes[ticket] = {"scene": scene, "until": None, "url": url}
    return {"ticket": ticket, "url": url}


def _scene(action: str, given: object) -> str:
    scene = given.get("scene") if isinstance(given, dict) else None
    if not isinstance(scene, dict):
        raise PlatformError(40053)
    number, text = scene.get("scene_id"), scene.get("scene_str")
    if action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE") and isinstance(text, str) and 1 <= len(text) <= 64:
        return text
    most = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": 100_000}.get(action, 0)
    if isinstance(number, int) and 1 <= number <= most:
        return str(number)
    raise PlatformError(40053)


ENDPOINTS = [Endpoint("/cgi-bin/qrcode/create", "POST", create, kind=OFFICIAL_ACCOUNT)]
