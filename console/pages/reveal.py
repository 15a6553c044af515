"""Showing what is masked: a button on the pages, each press on record."""

from __future__ import annotations

from console.page_door import Answer, Ask, PageDoor, Part
from console.reveal import reveal, reveal_chat
from domain.access.roles import Permission


def show(ask: Ask) -> Answer:
    value = reveal(ask.uow, ask.said("subject"), ask.said("id"), ask.said("field"), ask.said("key"), ask.me)
    return Part("revealed.html", {"value": value})


def show_chat(ask: Ask) -> Answer:
    return Part("chat.html", {"lines": reveal_chat(ask.uow, ask.said("subject"), ask.said("id"), ask.me)})


def open_doors(door: PageDoor) -> None:
    door.route("POST", "/reveal", show, permission=Permission.PERSONAL_REVEAL)
    door.route("POST", "/reveal/chat", show_chat, permission=Permission.PERSONAL_REVEAL)
