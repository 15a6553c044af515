"""Inputs that are not words: pictures are remembered for a job to fetch, scans, taps, cards and links become words.

`taken_in` is called with everything heard, before the talk: it returns what the talk shall hear instead.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from bot.flows import FLOWS
from bot.heard import Heard, HeardKind
from bot.pins import remember_pin
from bot.talk import Talk
from bot.understanding.nameplates import is_trade_number, pieces_of
from domain.customers import scenes
from domain.files import operations as files
from domain.work_orders import queries as work_orders

COMMANDS = {"person": "人工", "help": "帮助", "cancel": "取消"}
"""Keys of the menu that stand for what people may say at any time; all other keys are names of flows."""
PICTURES = {HeardKind.IMAGE, HeardKind.VIDEO}
FORMATTED = re.compile(r"^(?P<format>[A-Z][A-Z0-9_]{2,15}),(?P<content>.+)$", re.DOTALL)
"""The scanner names the kind of a bar code: EAN_13,6901234567892. It does not for QR codes."""
OWN_MODEL = re.compile(r"^weixiu:model:(?P<code>.+)$", re.IGNORECASE)
TRADE_NUMBER, FOREIGN_CODE, CARD, LINK, VIDEO = "trade_number", "foreign_code", "card", "link", "video"
UNREAD = {
    TRADE_NUMBER: "这是包装上的商品条码，认不出是哪一台。请扫机身铭牌上的条码或二维码，或者直接发型号。",
    FOREIGN_CODE: "这个二维码不是我们产品的。请扫机身铭牌上的条码或二维码，或者直接发型号。",
    CARD: "小程序卡片收到了，我打不开里面的内容。请直接告诉我您需要什么，例如“空调不制冷”。",
    LINK: "链接收到了。为了安全我不会打开链接，请直接告诉我您需要什么，例如“空调不制冷”。",
    VIDEO: "视频收到了，客服和工程师能看到。",
}  # fmt: skip
"""What is said to things the talk cannot read, by the `Heard.key` that `taken_in` gives them."""


def words_for(heard: Heard) -> str:
    """The answer to what cannot be read."""
    return UNREAD.get(heard.key, "收到了。这类消息我还看不懂，目前能处理文字、语音、照片和定位。")


def taken_in(talk: Talk, heard: Heard) -> Heard:
    """What the talk shall hear; pictures and arrivals by a code are written down on the way."""
    match heard.kind:
        case HeardKind.IMAGE | HeardKind.VIDEO:
            remember(talk, heard)
            return heard if heard.kind is HeardKind.IMAGE else unread(heard, VIDEO)
        case HeardKind.FOLLOW | HeardKind.QR if heard.key:
            scenes.came_by(talk.uow, talk.contact, heard.key, is_new=heard.kind is HeardKind.FOLLOW)
        case HeardKind.LOCATION:
            remember_pin(talk, heard)
        case HeardKind.UNFOLLOW | HeardKind.REVOKED:
            scenes.forget_scenes(talk.uow, talk.contact)
        case HeardKind.MENU if heard.key in COMMANDS:
            return replace(heard, kind=HeardKind.TEXT, text=COMMANDS[heard.key], key="")
        case HeardKind.SCAN:
            return scanned(talk, heard)
        case HeardKind.CARD | HeardKind.LINK:
            code = code_in(talk, heard.text)
            words = CARD if heard.kind is HeardKind.CARD else LINK
            return replace(heard, kind=HeardKind.SCAN, text=code, key="") if code else unread(heard, words)
    return heard


def unread(heard: Heard, why: str) -> Heard:
    return replace(heard, kind=HeardKind.UNKNOWN, key=why)


def remember(talk: Talk, heard: Heard) -> None:
    """Write a picture down, to be fetched after the commit. With nothing being done, it is about the open order."""
    if not heard.media_id:
        return
    orders = work_orders.orders_of(talk.uow, talk.contact.customer_id, only_open=True, limit=1)
    order = orders[0] if orders and talk.state.flow is None else None
    files.hear(
        talk.uow, brand_id=talk.voice.brand_id, account_id=talk.voice.account_id, openid=talk.contact.openid,
        kind=heard.kind.value, media_id=heard.media_id, work_order_id=order.id if order else None,
        product_id=order.product_id if order else None,
    )  # fmt: skip


def scanned(talk: Talk, heard: Heard) -> Heard:
    """A code that was scanned from the menu: one of ours, a nameplate's, a box's, or somebody else's."""
    said = heard.text.strip()
    formatted = FORMATTED.match(said)
    content = formatted["content"].strip() if formatted else said
    kind = formatted["format"] if formatted else ""
    if own := OWN_MODEL.match(content):
        return replace(heard, text=own["code"])
    if kind.startswith(("EAN", "UPC")) or (not kind and is_trade_number(content)):
        return unread(heard, TRADE_NUMBER)
    if "://" not in content:
        return replace(heard, text=content)
    scene = scenes.scene_of(talk.uow, talk.voice.account_id, content)
    if scene is not None:
        scenes.came_by(talk.uow, talk.contact, scene, is_new=False)
        return replace(heard, kind=HeardKind.QR, key=scene, text="") if scene in FLOWS else by_scene(heard, scene)
    code = code_in(talk, content)
    return replace(heard, text=code) if code else unread(heard, FOREIGN_CODE)


def by_scene(heard: Heard, scene: str) -> Heard:
    """A model's code is an answer where one is asked for; any other scene is an arrival."""
    if scene.startswith("model:"):
        return replace(heard, text=scene.removeprefix("model:"))
    return replace(heard, kind=HeardKind.QR, key=scene, text="")


def code_in(talk: Talk, text: str) -> str:
    """The one model code of the catalogue that stands in an address or a title, or ""."""
    words = [*pieces_of(text), *re.split(r"[\s,，。、|【】\[\]（）]+", unquote(text))]
    hits = {hit.code for word in words if word and (hit := talk.catalogue.codes.exact(word))}
    return hits.pop() if len(hits) == 1 else ""
