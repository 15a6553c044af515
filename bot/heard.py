"""What came in from a person, the same for every channel: doors read their platform's wire form into a `Heard`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class HeardKind(StrEnum):
    TEXT = "text"
    VOICE = "voice"
    IMAGE = "image"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    CARD = "card"
    FILE = "file"
    MENU = "menu"
    SCAN = "scan"
    """The scanner of the menu: ``text`` is what the code holds."""
    FOLLOW = "follow"
    QR = "qr"
    """A person who follows already scanned one of our QR codes: ``key`` is its scene."""
    ENTER = "enter"
    """The chat inside the mini-program was opened: ``key`` is what the page says it is about."""
    UNFOLLOW = "unfollow"
    REVOKED = "revoked"
    UNDELIVERED = "undelivered"
    """The platform took a template message of ours and could not deliver it: ``key`` is its id, ``text`` says why."""
    CONSENT = "consent"
    """What the platform tells of subscription messages: ``key`` is the event, ``text`` its templates, in JSON."""
    NOTHING = "nothing"
    """Something the platform tells us that nobody waits to have answered."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Heard:
    """One thing said or done. ``sender`` is the openid it concerns."""

    sender: str
    kind: HeardKind
    text: str = ""
    """Words: typed, recognised from voice, a place's label, a scanned code."""
    key: str = ""
    """A menu key, a QR scene, the id of a tapped choice."""
    media_id: str = ""
    latitude: float | None = None
    longitude: float | None = None
    spoken: bool = False
    """The words were recognised from voice: they may be wrong."""

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", None, False)}

    @staticmethod
    def from_json(body: dict[str, Any]) -> Heard:
        return Heard(**{**body, "kind": HeardKind(body["kind"])})
