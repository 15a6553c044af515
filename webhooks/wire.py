"""The platform's wire form of messages, read into what the bot hears, and of replies.

The platform pushes XML (a mini-program JSON of the same names); both become one flat dict first, so that one reader
serves them. To understand a new message or event, add a line to `MESSAGES` or `EVENTS`. Facts and traps:
wechat-protocol §2, §3.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.replies import TextReply, TransferCustomerServiceReply

from bot.heard import Heard, HeardKind

Fields = Mapping[str, Any]

UNDATED = date(1970, 1, 1)
"""For pushes without a usable CreateTime: any date will do, as long as a repeat gets the same."""
MESSAGE, TAP, ENTER, NOTHING = "message", "tap", "enter", "nothing"
"""What a push opens for customer-service messages (wechat-protocol §4.3)."""
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML 1.0 does not have."""
SURROGATE = re.compile("[\x00\ud800-\udfff]")
"""Characters that cannot be kept: NUL, and halves of a pair, which JSON can name."""
PARTICULARS = ("RevokeInfo", "trace_id", "transaction_id")
"""What tells two events of one kind and second apart, besides EventKey."""
SUBSCRIPTIONS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
SUCCESS = "success"
HANDED_OVER = "（已转给微信平台的客服）"
"""The words kept for a talk that goes to the platform's own customer service; no text of the bot's."""
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


def is_json(body: bytes) -> bool:
    """Which of the two formats a push comes in: it is chosen once, on the platform's pages."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def fields_of_any(body: bytes) -> Fields:
    """The fields of a push in XML or JSON.

    :raises Malformed: it is neither
    """
    if not is_json(body):
        return fields_of(body)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("not the platform's JSON") from error
    if not isinstance(fields, dict):
        raise Malformed("no object in it")
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
        parts = (sender, word(fields, "CreateTime"), event, word(fields, "EventKey"), *particulars(fields))
        key = word(fields, "MsgID") + "-".join(parts)
    else:
        heard, trigger = MESSAGES.get(kind, unknown)(fields)
        key = word(fields, "MsgId") or "-".join((sender, word(fields, "CreateTime"), kind))
    return Push(Heard(**{**vars(heard), "sender": sender}), key[:200], sent_on(fields), trigger)


def particulars(fields: Fields) -> Iterator[str]:
    """What must be in an event's key so that two events of one person in one second stay two."""
    yield from (said for name in PARTICULARS if (said := word(fields, name)))
    if templates := subscriptions(fields):
        yield hashlib.sha256(repr(templates).encode()).hexdigest()[:16]


def subscriptions(fields: Fields) -> list[dict[str, str]]:
    """The templates a subscribe_msg event is about, in either format.

    JSON has ``List`` on top, an object for one template and an array for several; XML nests it under the event's name,
    and one or several there are one or several elements (wechat-protocol §3.4).
    """
    nested = (inner(fields, name).get("List") for name in SUBSCRIPTIONS)
    found = fields.get("List") or next(filter(None, nested), None)
    items = found if isinstance(found, list) else [found]
    return [{name: word(item, name) for name in sorted(item)} for item in items if isinstance(item, dict)]


def unreadable(body: bytes) -> Push:
    """A push whose seal holds but that nobody can read: kept under its own hash, and nobody waits for an answer."""
    return Push(Heard("", HeardKind.NOTHING), hashlib.sha256(body).hexdigest(), UNDATED, NOTHING)


def sent_on(fields: Fields) -> date:
    try:
        return datetime.fromtimestamp(int(word(fields, "CreateTime")), UTC).date()
    except (ValueError, OverflowError, OSError):
        return UNDATED


def word(fields: Fields, name: str) -> str:
    """A field as text, without what cannot be kept; an empty element, a missing one or one with children is ""."""
    value = fields.get(name)
    return "" if value is None or isinstance(value, dict | list) else SURROGATE.sub("", str(value))


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
    return Heard("", HeardKind.SCAN, text=result, key=word(fields, "EventKey")), TAP


def located(fields: Fields) -> Read:
    return place(fields, inner(fields, "SendLocationInfo")), TAP


def opened_chat(fields: Fields) -> Read:
    return Heard("", HeardKind.ENTER, key=word(fields, "SessionFrom")), ENTER


def template_finished(fields: Fields) -> Read:
    """What became of a template message; only failures are of interest."""
    status = word(fields, "Status").strip()
    if status.lower() == "success" or not word(fields, "MsgID"):
        return nothing(fields)
    return Heard("", HeardKind.UNDELIVERED, text=status[:60], key=word(fields, "MsgID")[:64]), NOTHING


def subscribed(fields: Fields) -> Read:
    """What was answered, switched off or sent, of one or several templates."""
    told = {"at": word(fields, "CreateTime"), "items": subscriptions(fields)}
    return Heard("", HeardKind.CONSENT, text=json.dumps(told), key=word(fields, "Event").lower()), NOTHING


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
    "templatesendjobfinish": template_finished,
    "subscribe_msg_popup_event": subscribed,
    "subscribe_msg_change_event": subscribed,
    "subscribe_msg_sent_event": subscribed,
    "user_enter_tempsession": opened_chat,
    "user_authorization_revoke": revoked,
    "user_authorization_cancellation": revoked,
}
"""Events that are not here are written down and get no answer: nobody waits for one."""


def reply(words: str, fields: Fields, at: int) -> str:
    """The passive reply to a push; "" becomes the platform's word for nothing to say.

    ``]]>`` would end the CDATA that wechatpy writes raw, and control characters are no XML: both are taken out.
    """
    if not words:
        return SUCCESS
    sides = {"source": word(fields, "ToUserName"), "target": word(fields, "FromUserName"), "time": at}
    if words == HANDED_OVER:
        return str(TransferCustomerServiceReply(**sides).render())
    safe = FORBIDDEN.sub("", words).replace("]]>", "]] >")
    return str(TextReply(content=safe, **sides).render())
