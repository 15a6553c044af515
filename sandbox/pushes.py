"""What a person can do and the push it makes (protocol sheet 3.1 to 3.3); a new kind is a builder and a row of KINDS."""

import hashlib
from collections.abc import Callable

from sandbox.errors import Unsendable
from sandbox.program_pushes import PROGRAM_KINDS
from sandbox.push import BOTH, Given, Kind, Push, event, need
from sandbox.xml import Fields

__all__ = ["KINDS", "Kind", "Push", "ticket_of"]


def _text(given: Given) -> Fields:
    fields: Fields = {"MsgType": "text", "Content": need(given, "content")}
    if given.get("bizmsgmenuid"):
        fields["bizmsgmenuid"] = str(given["bizmsgmenuid"])
    return fields


def _image(given: Given) -> Fields:
    return {"MsgType": "image", "PicUrl": need(given, "url"), "MediaId": need(given, "media_id")}


def _voice(given: Given) -> Fields:
    fields: Fields = {"MsgType": "voice", "MediaId": need(given, "media_id"), "Format": given.get("format") or "amr"}
    if given.get("recognition") is not None:
        fields["Recognition"] = str(given["recognition"])
    return fields


def _video(name: str) -> Callable[[Given], Fields]:
    return lambda given: {
        "MsgType": name,
        "MediaId": need(given, "media_id"),
        "ThumbMediaId": need(given, "thumb_media_id"),
    }


def _location(given: Given) -> Fields:
    return {
        "MsgType": "location",
        "Location_X": need(given, "latitude"),
        "Location_Y": need(given, "longitude"),
        "Scale": str(given.get("scale") or 15),
        "Label": str(given.get("label") or ""),
    }


def _link(given: Given) -> Fields:
    return {
        "MsgType": "link",
        "Title": need(given, "title"),
        "Description": str(given.get("description") or ""),
        "Url": need(given, "url"),
    }


def _mini_program_page(given: Given) -> Fields:
    return {
        "MsgType": "miniprogrampage",
        "Title": need(given, "title"),
        "AppId": need(given, "app_id"),
        "PagePath": need(given, "path"),
        "ThumbUrl": need(given, "url"),
        "ThumbMediaId": need(given, "media_id"),
    }


def _subscribe(given: Given) -> Fields:
    scene = given.get("scene")
    fields: Fields = {"MsgType": "event", "Event": "subscribe", "EventKey": f"qrscene_{scene}" if scene else ""}
    if scene:
        fields["Ticket"] = str(given.get("ticket") or ticket_of(str(scene)))
    return fields


def _unsubscribe(given: Given) -> Fields:
    return {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""}


def _scan(given: Given) -> Fields:
    scene = need(given, "scene")
    return {
        "MsgType": "event",
        "Event": "SCAN",
        "EventKey": scene,
        "Ticket": str(given.get("ticket") or ticket_of(scene)),
    }


def _click(given: Given) -> Fields:
    return {"MsgType": "event", "Event": "CLICK", "EventKey": need(given, "key")}


def _view(given: Given) -> Fields:
    return {
        "MsgType": "event",
        "Event": "VIEW",
        "EventKey": need(given, "url"),
        "MenuId": str(given.get("menu_id") or 1),
    }


def _scancode(name: str) -> Callable[[Given], Fields]:
    return lambda given: {
        "MsgType": "event",
        "Event": name,
        "EventKey": need(given, "key"),
        "ScanCodeInfo": {"ScanType": given.get("scan_type") or "qrcode", "ScanResult": need(given, "result")},
    }


def _pictures(name: str) -> Callable[[Given], Fields]:
    def build(given: Given) -> Fields:
        count = int(given.get("count") or 1)
        items: list[Fields] = [{"PicMd5Sum": hashlib.md5(str(number).encode()).hexdigest()} for number in range(count)]
        info: Fields = {"Count": count, "PicList": {"item": items}}
        return {"MsgType": "event", "Event": name, "EventKey": need(given, "key"), "SendPicsInfo": info}

    return build


def _location_select(given: Given) -> Fields:
    place: Fields = {
        "Location_X": need(given, "latitude"),
        "Location_Y": need(given, "longitude"),
        "Scale": str(given.get("scale") or 15),
        "Label": str(given.get("label") or ""),
        "Poiname": str(given.get("poi") or ""),
    }
    return {"MsgType": "event", "Event": "location_select", "EventKey": need(given, "key"), "SendLocationInfo": place}


def _template_finished(given: Given) -> Fields:
    fields: Fields = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH"}
    return {**fields, "MsgID": int(need(given, "msg_id")), "Status": need(given, "status")}


def _raw(given: Given) -> Fields:
    fields = given.get("fields")
    if not isinstance(fields, dict) or "MsgType" not in fields:
        raise Unsendable("raw needs fields with a MsgType")
    return dict(fields)


def ticket_of(scene: str) -> str:
    """A QR ticket for codes nobody created by API, in the platform's style."""
    return "gQ" + hashlib.sha256(scene.encode()).hexdigest() + "AS5odHRwOi8v"


KINDS: dict[str, Kind] = {
    "text": Kind(_text, "message", bubble=True, on=BOTH),
    "image": Kind(_image, "message", bubble=True, on=BOTH),
    "voice": Kind(_voice, "message", bubble=True),
    "video": Kind(_video("video"), "message", bubble=True),
    "shortvideo": Kind(_video("shortvideo"), "message", bubble=True),
    "location": Kind(_location, "message", bubble=True),
    "link": Kind(_link, "message", bubble=True),
    "miniprogrampage": Kind(_mini_program_page, "message", bubble=True, on=BOTH),
    "follow": Kind(_subscribe, "follow", event=True, strangers=True),
    "scan": Kind(_scan, "scan", event=True),
    "unfollow": Kind(_unsubscribe, event=True, silent=True),
    "report_location": Kind(
        event("LOCATION", Latitude="latitude", Longitude="longitude", Precision="precision"), event=True, silent=True
    ),
    "click": Kind(_click, "menu", event=True),
    "view": Kind(_view, event=True, silent=True),
    "view_miniprogram": Kind(event("view_miniprogram", EventKey="path", MenuId="menu_id"), event=True, silent=True),
    "scancode_push": Kind(_scancode("scancode_push"), "menu", event=True),
    "scancode_waitmsg": Kind(_scancode("scancode_waitmsg"), "menu", event=True),
    "pic_sysphoto": Kind(_pictures("pic_sysphoto"), event=True),
    "pic_photo_or_album": Kind(_pictures("pic_photo_or_album"), event=True),
    "pic_weixin": Kind(_pictures("pic_weixin"), event=True),
    "location_select": Kind(_location_select, event=True),
    "template_finished": Kind(_template_finished, event=True, silent=True, strangers=True),
    "raw": Kind(_raw, "message", strangers=True, on=BOTH),
    **PROGRAM_KINDS,
}
