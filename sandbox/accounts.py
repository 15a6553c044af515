"""Accounts on the platform, official ones and mini-programs: how one is configured and what is kept for it."""

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.crypto import Seal
from sandbox.errors import PlatformError
from sandbox.library import LIBRARY
from sandbox.subscriptions import templates_of
from sandbox.tokens import Tokens

MODES = ("plain", "compat", "safe")
OFFICIAL_ACCOUNT, MINI_PROGRAM = KINDS = ("official_account", "mini_program")
FORMATS = ("xml", "json")  # of pushes; an official account has XML only
DAILY_LIMITS = {  # calls a day; what is not named has the last one
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/menu/create": 1000,
    "": 100_000,
}
CLEARS_A_MONTH = 10

DEFAULT_MENU: list[dict[str, Any]] = [
    {
        "name": "报修",
        "sub_button": [
            {"type": "click", "name": "我要报修", "key": "repair_request"},
            {"type": "click", "name": "预约安装", "key": "installation_request"},
        ],
    },
    {"type": "click", "name": "产品登记", "key": "product_registration"},
    {"type": "click", "name": "我的工单", "key": "my_orders"},
]


@dataclass(frozen=True)
class AccountConfig:
    """What the account's owner typed into the platform's console.

    :raises ValueError: when mode or AES key cannot be
    """

    app_id: str
    secret: str
    token: str
    aes_key: str
    callback: str
    mode: str = "safe"
    name: str = "微修家电服务"
    intro: str = "登记产品、报修、预约安装、查进度，发一句话就行。"
    original_id: str = ""
    kind: str = OFFICIAL_ACCOUNT
    format: str = "xml"
    menu: list[dict[str, Any]] = field(default_factory=lambda: DEFAULT_MENU)

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}, not {self.mode!r}")
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.format not in FORMATS or (self.format == "json" and self.kind != MINI_PROGRAM):
            raise ValueError(f"format is xml, or json for a mini-program, not {self.format!r}")
        Seal(self.aes_key, self.app_id)
        if not self.original_id:
            digest = hashlib.sha256(self.app_id.encode()).hexdigest()
            object.__setattr__(self, "original_id", f"gh_{digest[:12]}")


class ApiUse:
    """How often each API was called since midnight of the platform's day. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day = 0
        self._used: Counter[str] = Counter()
        self._cleared: list[float] = []
        self.limits = dict(DAILY_LIMITS)

    def note(self, path: str, now: float) -> None:
        """:raises PlatformError: 45009 when the day's calls are used up"""
        day = int((now + 8 * 3600) // 86_400)  # the day turns at midnight in Shanghai
        with self._lock:
            if day != self._day:
                self._day, self._used = day, Counter()
            if self._used[path] >= self.limit(path):
                raise PlatformError(45009)
            self._used[path] += 1

    def limit(self, path: str) -> int:
        """Calls a day that `path` may have."""
        return self.limits.get(path, self.limits[""])

    def used(self, path: str) -> int:
        """Calls of today."""
        with self._lock:
            return self._used[path]

    def clear(self, now: float) -> None:
        """:raises PlatformError: 48006 after ten times in a month"""
        with self._lock:
            self._cleared = [at for at in self._cleared if at > now - 30 * 86_400]
            if len(self._cleared) >= CLEARS_A_MONTH:
                raise PlatformError(48006)
            self._cleared.append(now)
            self._used.clear()


class Account:
    """An account's state on the platform."""

    def __init__(self, config: AccountConfig) -> None:
        self.config = config
        self.tokens = Tokens()
        self.api_use = ApiUse()
        self.menu: list[dict[str, Any]] | None = None
        self.scenes: dict[str, dict[str, Any]] = {}  # QR ticket → scene, expiry
        self.templates = {one.template_id: one for one in LIBRARY}
        self.subscriptions = templates_of(config.kind)
        self.sent_templates: dict[tuple[str, str], tuple[float, int]] = {}  # (openid, client_msg_id) → when, msgid

    @property
    def seal(self) -> Seal:
        """The cipher of the account's present key."""
        return Seal(self.config.aes_key, self.config.app_id)

    def shown_menu(self) -> list[dict[str, Any]]:
        """What the phone shows below the chat: the account's menu, or the default until it made one."""
        if self.config.kind == MINI_PROGRAM:
            return []
        return self.config.menu if self.menu is None else self.menu
