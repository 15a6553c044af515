"""商户号: what is set up at WeChat Pay, without secrets, and whether it works. Keys are changed by the settings or ``weixiu merchant`` only."""

from __future__ import annotations

from console import merchants
from console.page_door import Answer, Ask, Go, Page, PageDoor
from console.security import PATH
from domain.access.roles import Permission
from domain.payments import merchant_tests

ROOM = f"{PATH}/merchants"


def room(ask: Ask) -> Answer:
    seen, unpaid = merchants.room(ask.uow)
    return Page("merchants.html", {"seen": seen, "unpaid": unpaid, "room": "merchants"})


def test(ask: Ask, merchant_id: str) -> Answer:
    merchant_tests.ask_test(ask.uow, merchant_id, by=ask.by)
    return Go(ROOM, "正在问微信支付，几秒后刷新看结果")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/merchants", room, permission=Permission.STAFF_KEEP)
    door.route("POST", "/merchants/<merchant_id>/test", test, permission=Permission.STAFF_KEEP)
