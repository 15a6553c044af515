"""What a callback answered: opened, checked as the platform checks it, and made into something a screen can show."""

import json
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.accounts import MINI_PROGRAM, Account
from sandbox.crypto import BadCipher, sign
from sandbox.errors import PlatformError
from sandbox.media import MediaStore
from sandbox.pushes import Push
from sandbox.xml import NotXml, read, text_of

TEXT_BYTES = 2048
NOTHING = ("", "success")


class BadReply(Exception):
    """An answer the platform cannot use: the person sees the out-of-order line."""


@dataclass(frozen=True)
class Reply:
    """A passive reply ready to be shown; `plain` is the decrypted XML."""

    kind: str
    content: dict[str, Any]
    plain: str


def open_reply(body: bytes, account: Account) -> str:
    """The answer in clear: '' or 'success' for none.

    :raises BadReply: when the envelope is not what the account's mode demands
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as wrong:
        raise BadReply("not UTF-8") from wrong
    if text.strip() in NOTHING:
        return text.strip()
    sealed, mode = _envelope(text, account.config.format), account.config.mode
    if sealed is None:
        if mode == "safe":
            raise BadReply("safe mode wants an encrypted reply")
        return text
    if mode == "plain":
        raise BadReply("plain mode wants a plain reply")
    return _decrypted(sealed, account)


def _envelope(text: str, format: str) -> dict[str, str] | None:
    """The fields of an encrypted reply in the account's own format, or None for a plain one."""
    names = ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
    if format == "json" and text.lstrip().startswith("{"):
        try:
            body = json.loads(text)
        except ValueError as wrong:
            raise BadReply("not JSON") from wrong
        if not isinstance(body.get("TimeStamp"), int):
            raise BadReply("TimeStamp is not a number")
        return {name: str(body.get(name) or "") for name in names}
    try:
        root = read(text)
    except NotXml as wrong:
        raise BadReply(str(wrong)) from wrong
    if root.find("Encrypt") is None:
        return None
    if format == "json":
        raise BadReply("an account that is pushed JSON wants the envelope in JSON")
    return {name: text_of(root, name) for name in names}


def _decrypted(sealed: dict[str, str], account: Account) -> str:
    encrypted, timestamp, nonce = (sealed[name] for name in ("Encrypt", "TimeStamp", "Nonce"))
    if not timestamp.isdigit() or not nonce:
        raise BadReply("TimeStamp or Nonce is missing")
    if sign(account.config.token, timestamp, nonce, encrypted) != sealed["MsgSignature"]:
        raise BadReply("MsgSignature is wrong")
    try:
        return account.seal.decrypt(encrypted)
    except BadCipher as wrong:
        raise BadReply(str(wrong)) from wrong


def check_reply(plain: str, push: Push, account: Account, media: MediaStore, now: float) -> Reply | None:
    """The reply to show, or None for '' and 'success'.

    :raises BadReply: when a field is missing or wrong
    """
    if plain in NOTHING:
        return None
    try:
        root = read(plain)
    except NotXml as wrong:
        raise BadReply(str(wrong)) from wrong
    if text_of(root, "ToUserName") != push.fields["FromUserName"]:
        raise BadReply("ToUserName is not the sender's openid")
    if text_of(root, "FromUserName") != account.config.original_id:
        raise BadReply("FromUserName is not the account's original id")
    if not text_of(root, "CreateTime").isdigit():
        raise BadReply("CreateTime is not a number")
    kind = text_of(root, "MsgType")
    if account.config.kind == MINI_PROGRAM and kind != "transfer_customer_service":
        raise BadReply("a mini-program's chat takes no passive reply but transfer_customer_service")
    try:
        content = _content(kind, root, push, account.config.app_id, media, now)
    except PlatformError as wrong:
        raise BadReply(str(wrong)) from wrong
    return Reply(kind, content, plain)


def _content(kind: str, root: Element, push: Push, app_id: str, media: MediaStore, now: float) -> dict[str, Any]:
    if kind == "text":
        return {"content": _short_text(text_of(root, "Content"))}
    if kind == "news":
        return {"articles": _articles(root, most=8 if push.event else 1)}
    if kind == "transfer_customer_service":
        return {"kf_account": text_of(root, "TransInfo/KfAccount")}
    if kind in ("image", "voice", "video"):
        element = kind.capitalize()
        found = media.get(app_id, text_of(root, f"{element}/MediaId"), now, (kind,))
        titles = {"title": text_of(root, "Video/Title"), "description": text_of(root, "Video/Description")}
        return {"media_id": found.media_id, **(titles if kind == "video" else {})}
    if kind == "music":
        media.get(app_id, text_of(root, "Music/ThumbMediaId"), now, ("thumb", "image"))
        return {
            "title": text_of(root, "Music/Title"),
            "description": text_of(root, "Music/Description"),
            "url": text_of(root, "Music/MusicUrl"),
        }
    raise BadReply(f"MsgType {kind!r} cannot be answered")


def _short_text(content: str) -> str:
    if not content.strip():
        raise BadReply("Content is empty")
    if len(content.encode()) > TEXT_BYTES:
        raise BadReply(f"Content has {len(content.encode())} bytes, more than {TEXT_BYTES}")
    return content


def _articles(root: Element, most: int) -> list[dict[str, str]]:
    items = root.findall("Articles/item")
    if not items or text_of(root, "ArticleCount") != str(len(items)):
        raise BadReply("ArticleCount is not the number of articles")
    return [
        {
            "title": text_of(item, "Title"),
            "description": text_of(item, "Description"),
            "picurl": text_of(item, "PicUrl"),
            "url": text_of(item, "Url"),
        }
        for item in items[:most]  # the platform cuts the rest silently
    ]
