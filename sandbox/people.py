"""People with phones: who they are and what their screen shows; a new kind of bubble is drawn in static/bubbles.js."""

import base64
import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"
PROGRAM_OUT_OF_ORDER = "该小程序客服暂时无法提供服务，请稍后再试"


@dataclass
class Bubble:
    """One thing on a screen: `side` is me, account or system; `pending` while its push is under way."""

    id: int
    at: float
    side: str
    kind: str
    content: dict[str, Any]
    pending: bool = False

    def show(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@dataclass
class Person:
    """One WeChat user as one account sees him: the openid holds for that account only."""

    openid: str
    app_id: str
    name: str
    phone: str
    union_id: str
    following: bool = False
    ever_followed: bool = False
    followed_at: float = 0.0
    follow_scene: str = ""
    refuses_messages: bool = False
    blacklisted: bool = False
    typing_until: float = 0.0
    last_exchange: float = 0.0
    unread: int = 0
    credits: dict[str, int] = field(default_factory=dict)  # template id → subscription messages still allowed
    screen: list[Bubble] = field(default_factory=list)

    def show(self) -> dict[str, Any]:
        """As JSON, without the screen."""
        shown = {name: value for name, value in vars(self).items() if name != "screen"}
        last = self.screen[-1] if self.screen else None
        shown["last"] = summary(last.kind, last.content) if last else ""
        shown["last_at"] = last.at if last else 0.0
        return shown


def summary(kind: str, content: dict[str, Any]) -> str:
    """One line for the list of people and the log."""
    titles = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "shortvideo": "[小视频]", "location": "[位置]"}
    if kind == "news":
        return f"[图文] {content['articles'][0]['title']}"
    if kind == "msgmenu":
        return str(content.get("head_content") or content["list"][0]["content"])
    text = content.get("content") or content.get("title") or ""
    return titles.get(kind, str(text).replace("\n", " "))[:40]


def openid_of(app_id: str, name: str) -> str:
    """A stable openid, so that the demo people are the same ones after a restart."""
    digest = hashlib.sha256(f"{app_id}/{name}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]
