"""What a door or a job is given in place of the world: files in memory, counters, a WeChat that says who comes back.

Those of one subject alone stand beside its tests; whatever two of them want belongs here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from domain.access.wechat_pages import CodeRefused
from domain.kit.errors import Refused


@dataclass
class Folder:
    """A `domain.files.store.FileStore` in memory."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, place: str, content: bytes) -> None:
        self.files[place] = content

    def get(self, place: str) -> bytes:
        if place not in self.files:
            raise FileNotFoundError(place)
        return self.files[place]

    def delete(self, place: str) -> None:
        self.files.pop(place, None)


@dataclass
class Counters:
    """Counts for ever."""

    counted: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def may(self, what: str, who: str, most: int, seconds: int) -> bool:
        self.counted[what, who, seconds] += 1
        return self.counted[what, who, seconds] <= most


class Unlimited:
    """Tests come more often within a minute than people do."""

    def may(self, what: str, who: str, most: int, seconds: int) -> bool:
        return True


@dataclass
class WeChatPages:
    """Pages inside WeChat: ``people`` by code, and a code works once. ``fails`` is raised instead."""

    people: dict[str, str] = field(default_factory=dict)
    fails: Refused | None = None

    def address(self, account_id: str, back: str, state: str) -> str:
        return f"https://open.example/authorize?account={account_id}&back={back}&state={state}"

    def openid(self, account_id: str, code: str) -> str:
        if self.fails:
            raise self.fails
        if code not in self.people:
            raise CodeRefused("微信授权已用过或已过期，请重新打开页面")
        return self.people.pop(code)
