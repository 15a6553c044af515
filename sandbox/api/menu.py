"""The account's menu below the chat (protocol sheet 6.5)."""

from typing import Any

from sandbox.accounts import OFFICIAL_ACCOUNT
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError

KEYED = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
NEEDS = {
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
    **dict.fromkeys(KEYED, ("key",)),
}
MOST = {"key": 128, "url": 1024}
SIZE_CODES = {"key": 40019, "url": 40020}


def create(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/menu/create: replaces the menu."""
    buttons = call.json().get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise PlatformError(40016)
    for button in buttons:
        _check_name(button, 16, 40018)
        below = button.get("sub_button")
        if not below:
            _check_button(button)
            continue
        if not isinstance(below, list) or len(below) > 5:
            raise PlatformError(40023)
        for sub in below:
            _check_name(sub, 60, 40025)
            _check_button(sub)
    call.account.menu = buttons
    return {"errcode": 0, "errmsg": "ok"}


def _check_name(button: object, most: int, code: int) -> None:
    if not isinstance(button, dict):
        raise PlatformError(47001)
    if not 1 <= len(str(button.get("name") or "").encode()) <= most:
        raise PlatformError(code)


def _check_button(button: dict[str, Any]) -> None:
    needs = NEEDS.get(str(button.get("type")))
    if needs is None:
        raise PlatformError(40017)
    for name in needs:
        if not 1 <= len(str(button.get(name) or "").encode()) <= MOST.get(name, 1024):
            raise PlatformError(SIZE_CODES.get(name, 40035), name)


def get(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/menu/get."""
    if call.account.menu is None:
        raise PlatformError(46003)
    return {"menu": {"button": call.account.menu}}


def delete(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/menu/delete: the default menu is back on the phone."""
    call.account.menu = None
    return {"errcode": 0, "errmsg": "ok"}


ENDPOINTS = [
    Endpoint("/cgi-bin/menu/create", "POST", create, kind=OFFICIAL_ACCOUNT),
    Endpoint("/cgi-bin/menu/get", "GET", get, kind=OFFICIAL_ACCOUNT),
    Endpoint("/cgi-bin/menu/delete", "GET", delete, kind=OFFICIAL_ACCOUNT),
]
