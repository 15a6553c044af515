"""The phones an engineer is signed in on, beside the engineer's papers: listed, and ended when one was lost."""

from __future__ import annotations

from console.page_door import Answer, Ask, Go, Page, PageDoor
from console.security import PATH
from domain.access.roles import Permission
from domain.engineers import devices
from domain.engineers.model import Engineer

ROOM = f"{PATH}/engineers"


def listed(ask: Ask, engineer_id: str) -> Answer:
    one = ask.uow.get(Engineer, engineer_id, called="这位工程师")
    return Page("engineer_devices.html", {"one": one, "devices": devices.devices_of(ask.uow, engineer_id)})


def end(ask: Ask, engineer_id: str, device_id: str) -> Answer:
    """What lies unsent on the phone stays there until the engineer signs in on it again."""
    devices.revoke(ask.uow, engineer_id, device_id, by=ask.by, why=ask.said("why")[:200])
    return Go(f"{ROOM}/{engineer_id}/devices", "这台手机不能再登录了；上面没传完的记录，工程师重新登录后会继续上传")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/engineers/<engineer_id>/devices", listed, permission=Permission.ENGINEERS_SEE)
    door.route("POST", "/engineers/<engineer_id>/devices/<device_id>/end", end, permission=Permission.ENGINEERS_KEEP)
