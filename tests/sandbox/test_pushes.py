"""Every kind of message and event has the fields the protocol sheet lists, as the product's own parser reads them."""

from typing import Any

import pytest
from wechatpy import parse_message

from sandbox.app import Platform
from sandbox.errors import Unsendable
from sandbox.people import Person
from sandbox.xml import write
from tests.sandbox.callback import Callback

PLACE = {"latitude": "39.9", "longitude": "116.4", "label": "北京市朝阳区"}
MESSAGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("text", {"content": "你好"}, {"type": "text", "content": "你好"}),
    ("image", {}, {"type": "image"}),
    ("voice", {"recognition": "不制冷"}, {"type": "voice", "format": "amr", "recognition": "不制冷"}),
    ("voice", {}, {"type": "voice", "recognition": None}),
    ("video", {}, {"type": "video"}),
    ("shortvideo", {}, {"type": "shortvideo"}),
    ("location", PLACE, {"type": "location", "location": ("39.9", "116.4"), "label": "北京市朝阳区"}),
    ("link", {"title": "t", "url": "http://x"}, {"type": "link", "title": "t", "url": "http://x"}),
    ("miniprogrampage", {"title": "t", "app_id": "wx1", "path": "p"}, {"type": "miniprogrampage", "app_id": "wx1"}),
]
EVENTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("follow", {}, {"event": "subscribe", "key": ""}),
    ("follow", {"scene": "shop_7"}, {"event": "subscribe_scan", "scene_id": "shop_7"}),
    ("scan", {"scene": "shop_7"}, {"event": "scan", "scene_id": "shop_7"}),
    ("unfollow", {}, {"event": "unsubscribe"}),
    ("report_location", {**PLACE, "precision": "30"}, {"event": "location", "precision": 30.0}),
    ("click", {"key": "my_orders"}, {"event": "click", "key": "my_orders"}),
    ("view", {"url": "http://x"}, {"event": "view", "url": "http://x"}),
    ("scancode_push", {"key": "k", "result": "EAN"}, {"event": "scancode_push", "scan_result": "EAN"}),
    ("scancode_waitmsg", {"key": "k", "result": "EAN"}, {"event": "scancode_waitmsg", "scan_result": "EAN"}),
    ("pic_sysphoto", {"key": "k"}, {"event": "pic_sysphoto", "count": 1}),
    ("pic_weixin", {"key": "k", "count": 2}, {"event": "pic_weixin", "count": 2}),
    ("location_select", {"key": "k", **PLACE}, {"event": "location_select", "label": "北京市朝阳区"}),
    ("template_finished", {"msg_id": 7, "status": "success"}, {"event": "templatesendjobfinish", "status": "success"}),
]


def read(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isdigit() else value


@pytest.mark.parametrize(("kind", "given", "expected"), MESSAGES + EVENTS)
def test_the_products_parser_reads_it(
    wechat: Platform, person: Person, kind: str, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    message = parse_message(write(wechat.send(person.openid, kind, **given).push.fields))
    assert message.source == person.openid
    for name, value in expected.items():
        assert read(getattr(message, name)) in (value, value or None), name


def test_messages_have_ids_of_their_own_and_events_have_none(wechat: Platform, person: Person) -> None:
    first, second = (wechat.send(person.openid, "text", content="x").push.fields["MsgId"] for _ in range(2))
    assert first != second
    assert "MsgId" not in wechat.send(person.openid, "click", key="k").push.fields


def test_a_tapped_menu_line_carries_its_id(wechat: Platform, person: Person) -> None:
    fields = wechat.send(person.openid, "text", content="满意", bizmsgmenuid="s1-5").push.fields
    assert fields["bizmsgmenuid"] == "s1-5"


def test_authorization_events_come_from_the_platform_and_name_the_user_in_openid(
    wechat: Platform, person: Person
) -> None:
    fields = wechat.send(person.openid, "user_authorization_revoke", revoke_info="8").push.fields
    assert (fields["OpenID"], fields["RevokeInfo"]) == (person.openid, "8")
    assert fields["FromUserName"] != person.openid


def test_any_unknown_type_can_be_pushed(wechat: Platform, callback: Callback, person: Person) -> None:
    wechat.send(person.openid, "raw", fields={"MsgType": "hologram", "Depth": 3})
    assert callback.seen[0].fields["MsgType"] == "hologram"


def test_a_stranger_who_scans_follows(wechat: Platform, person: Person) -> None:
    wechat.send(person.openid, "unfollow")
    fields = wechat.send(person.openid, "scan", scene="7").push.fields
    assert (fields["Event"], fields["EventKey"]) == ("subscribe", "qrscene_7")
    assert person.following


@pytest.mark.parametrize(("kind", "given"), [("nonsense", {}), ("text", {}), ("click", {}), ("raw", {})])
def test_what_cannot_be_sent_is_refused_with_a_reason(
    wechat: Platform, person: Person, kind: str, given: dict[str, Any]
) -> None:
    with pytest.raises(Unsendable):
        wechat.send(person.openid, kind, **given)


def test_a_stranger_cannot_write(wechat: Platform, person: Person) -> None:
    wechat.send(person.openid, "unfollow")
    with pytest.raises(Unsendable, match="does not follow"):
        wechat.send(person.openid, "text", content="x")
