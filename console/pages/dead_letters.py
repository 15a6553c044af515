"""死信: what failed for good, and trying it again."""

from __future__ import annotations

from console import dead_letters
from console.asked import moment_asked, number_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor
from console.security import PATH
from domain.access.roles import Permission

AGAIN = "已放回队列，稍后自动重试"


def letters(ask: Ask) -> Answer:
    return Page("dead_letters.html", {"letters": dead_letters.dead_letters(ask.uow)})


def retry_reaction(ask: Ask) -> Answer:
    event, at = number_asked(ask.said("event_id")), moment_asked(ask.said("event_at"))
    dead_letters.retry_reaction(ask.uow, event, at, ask.said("reaction"), ask.me)
    return Go(f"{PATH}/dead-letters", AGAIN)


def retry_message(ask: Ask) -> Answer:
    dead_letters.retry_message(ask.uow, number_asked(ask.said("seq")), moment_asked(ask.said("at")), ask.me)
    return Go(f"{PATH}/dead-letters", AGAIN)


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/dead-letters", letters, permission=Permission.DEAD_LETTERS)
    door.route("POST", "/dead-letters/reactions", retry_reaction, permission=Permission.DEAD_LETTERS)
    door.route("POST", "/dead-letters/messages", retry_message, permission=Permission.DEAD_LETTERS)
