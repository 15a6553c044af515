"""The platform's wire form of messages, read into what the bot hears, and of replies.

The platform pushes XML (a mini-program JSON of the same names); both become one flat dict first, so that one reader
serves them. To understand a new message or event, add a line to `MESSAGES` or `EVENTS`. Facts and traps:
wechat-protocol §2, §3.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.replies import TextReply

from bot.heard import Heard, HeardKind

Fields = Mapping[str, Any]

UNDATED = date(1970, 1, 1)
"""For pushes without a usable CreateTime: any date will do, as long as a repeat gets the same."""
MESSAGE, TAP, NOTHING = "message", "tap", "nothing"
"""What a push opens for customer-service messages (wechat-protocol §4.3)."""
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML 1.0 does not have."""
CDATA = re.compile(r"(<(\w+)><!\[CDATA\[)(.*?)(\]\]></\2>)", re.DOTALL)


class Malformed(ValueError):
    """No push of the platform looks like this."""


@dataclass(frozen=True)
class Push:
    """One push: what it says, by which key a repeat is known, when the platform says it was sent, what it opens."""

    heard: Heard
    key: str
    sent_on: date
    trigger: str


def fields_of(xml: bytes | str) -> Fields:
    """:raises Malformed: it is no XML, has entity declarations, or no ``<xml>``"""
    try:
        try:
            root = xmltodict.parse(xml, disable_entities=True)
        except ExpatError:
            root = xmltodict.parse(mended(xml), disable_entities=True)
    except (ExpatError, ValueError) as error:
        raise Malformed("not the platform's XML") from error
    fields = root.get("xml") if isinstance(root, dict) else None
    if not isinstance(fields, dict):
        raise Malformed("no <xml> in it")
    return fields


def mended(xml: bytes | str) -> str:
    """The XML without what people can type and XML cannot hold: control characters, and ``]]>`` inside a CDATA."""
    text = FORBIDDEN.sub("", xml.decode(errors="replace") if isinstance(xml, bytes) else xml)
    return CDATA.sub(lambda found: found[1] + found[3].replace("]]>", "]]]]><![CDATA[>") + found[4], text)


def push_of(fields: Fields) -> Push:
    """Read a push, whatever it is: what is unknown is heard as unknown, never refused."""
    sender, kind = word(fields, "FromUserName"), word(fields, "MsgType").lower()
    if kind == "event":
        event = word(fields, "Event").lower()
        heard, trigger = EVENTS.get(event, nothing)(fields)
        sender = word(fields, "OpenID") or sender
        parts = (sender, word(fields, "CreateTime"), event, word(fields, "EventKey"))
        key = word(fields, "MsgID") + "-".join(parts)
    else:
        heard, trigger = MESSAGES.get(kind, unknown)(fields)
        key = word(fields, "MsgId") or "-".join((sender, word(fields, "CreateTime"), kind))
    return Push(Heard(**{**vars(heard), "sender": sender}), key[:200], sent_on(fields), trigger)


def unreadable(body: bytes) -> Push:
    """A push whose seal holds but that is no XML: kept under its own hash, and nobody waits for an answer."""
    return Push(Heard("", HeardKind.NOTHING), hashlib.sha256(body).hexdigest(), UNDATED, NOTHING)


def sent_on(fields: Fields) -> date:
    try:
        return datetime.fromtimestamp(int(word(fields, "CreateTime")), UTC).date()
    except (ValueError, OverflowError, OSError):
        return UNDATED


def word(fields: Fields, name: str) -> str:
    """A field as text; an empty element, a missing one or one with children is "". NUL cannot be kept anywhere."""
    value = fields.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value).replace("\x00", "")


def inner(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


Read = tuple[Heard, str]


def text(fields: Fields) -> Read:
    tapped = word(fields, "bizmsgmenuid")
    return Heard("", HeardKind.TEXT, text=word(fields, "Content"), key=tapped), TAP if tapped else MESSAGE


def voice(fields: Fields) -> Read:
    words = word(fields, "Recognition")
    return Heard("", HeardKind.VOICE, text=words, media_id=word(fields, "MediaId"), spoken=True), MESSAGE


def media(kind: HeardKind) -> Callable[[Fields], Read]:
    return lambda fields: (Heard("", kind, media_id=word(fields, "MediaId")), MESSAGE)


def place(fields: Fields, where: Fields | None = None) -> Heard:
    at = fields if where is None else where
    label = word(at, "Label") or word(at, "Poiname")
    latitude, longitude = number(word(at, "Location_X")), number(word(at, "Location_Y"))
    return Heard("", HeardKind.LOCATION, text=label, latitude=latitude, longitude=longitude)


def link(fields: Fields) -> Read:
    return Heard("", HeardKind.LINK, text=word(fields, "Title")), MESSAGE


def card(fields: Fields) -> Read:
    return Heard("", HeardKind.CARD, text=word(fields, "Title"), key=word(fields, "PagePath")), MESSAGE


def unknown(fields: Fields) -> Read:
    return Heard("", HeardKind.UNKNOWN, key=word(fields, "MsgType")), MESSAGE


def nothing(fields: Fields) -> Read:
    return Heard("", HeardKind.NOTHING, key=word(fields, "Event")), NOTHING


def follow(fields: Fields) -> Read:
    return Heard("", HeardKind.FOLLOW, key=word(fields, "EventKey").removeprefix("qrscene_")), TAP


def scanned_in(fields: Fields) -> Read:
    return Heard("", HeardKind.QR, key=word(fields, "EventKey")), TAP


def unfollow(fields: Fields) -> Read:
    return Heard("", HeardKind.UNFOLLOW), NOTHING


def menu(fields: Fields) -> Read:
    return Heard("", HeardKind.MENU, key=word(fields, "EventKey")), TAP


def scanned(fields: Fields) -> Read:
    result = word(inner(fields, "ScanCodeInfo"), "ScanResult")
    return Heard("", HeardKind.SCAN, text=result.rpartition(",")[2], key=word(fields, "EventKey")), TAP


def located(fields: Fields) -> Read:
    return place(fields, inner(fields, "SendLocationInfo")), TAP


def revoked(fields: Fields) -> Read:
    return Heard("", HeardKind.REVOKED, key=word(fields, "RevokeInfo") or word(fields, "Event")), NOTHING


MESSAGES: Mapping[str, Callable[[Fields], Read]] = {
    "text": text,
    "voice": voice,
    "image": media(HeardKind.IMAGE),
    "video": media(HeardKind.VIDEO),
    "shortvideo": media(HeardKind.VIDEO),
    "location": lambda fields: (place(fields), MESSAGE),
    "link": link,
    "miniprogrampage": card,
    "file": media(HeardKind.FILE),
}
EVENTS: Mapping[str, Callable[[Fields], Read]] = {
    "subscribe": follow,
    "scan": scanned_in,
    "unsubscribe": unfollow,
    "click": menu,
    "scancode_push": scanned,
    "scancode_waitmsg": scanned,
    "location_select": located,
    "user_authorization_revoke": revoked,
    "user_authorization_cancellation": revoked,
}
"""Events that are not here are written down and get no answer: nobody waits for one."""


def reply(words: str, *, to: str, account: str, at: int) -> str:
    """A passive text reply; "" becomes the platform's word for nothing to say.

    ``]]>`` would end the CDATA that wechatpy writes raw, and control characters are no XML: both are taken out.
    """
    if not words:
        return "success"
    safe = FORBIDDEN.sub("", words).replace("]]>", "]] >")
    return str(TextReply(content=safe, source=account, target=to, time=at).render())
