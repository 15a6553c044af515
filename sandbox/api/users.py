"""Followers and the platform's own addresses."""

from typing import Any

from sandbox.accounts import OFFICIAL_ACCOUNT
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError


def one(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/user/info: no name and no picture, as since the end of 2021."""
    call.openid = call.arg("openid")
    person = call.platform.people.get(call.openid)
    if person is None or person.app_id != call.app_id:
        raise PlatformError(40003)
    if not person.following:
        return {"subscribe": 0, "openid": person.openid, "tagid_list": []}
    scene = person.follow_scene
    return {
        "subscribe": 1,
        "openid": person.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(person.followed_at),
        "unionid": person.union_id,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(scene) if scene.isdigit() else 0,
        "qr_scene_str": "" if scene.isdigit() else scene,
    }


def every(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/user/get: up to 10 000 openids after `next_openid`."""
    followers = sorted(
        person.openid
        for person in list(call.platform.people.values())
        if person.app_id == call.app_id and person.following
    )
    after = [openid for openid in followers if openid > call.arg("next_openid")][:10_000]
    last = after[-1] if after else ""
    return {"total": len(followers), "count": len(after), "data": {"openid": after}, "next_openid": last}


def addresses(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/getcallbackip: where pushes come from."""
    return {"ip_list": ["127.0.0.1"]}


ENDPOINTS = [
    Endpoint("/cgi-bin/user/info", "GET", one, kind=OFFICIAL_ACCOUNT),
    Endpoint("/cgi-bin/user/get", "GET", every, kind=OFFICIAL_ACCOUNT),
    Endpoint("/cgi-bin/getcallbackip", "GET", addresses),
    Endpoint("/cgi-bin/get_api_domain_ip", "GET", addresses),
]
