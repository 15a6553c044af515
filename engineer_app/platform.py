"""What the engineer's door needs from outside: signing in by WeChat, page tickets, counters. `adapters` has the real ones."""

from __future__ import annotations

from domain.access.wechat_pages import (
    CodeRefused,
    Limits,
    NoPageTickets,
    PageTickets,
    PlatformAway,
    SnapshotUser,
    WebAuthorization,
)

__all__ = [
    "CodeRefused",
    "Limits",
    "NoPageTickets",
    "PageTickets",
    "PlatformAway",
    "SnapshotUser",
    "WebAuthorization",
]
