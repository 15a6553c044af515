"""延保与服务卡: what was sold with figures, one contract with the reckoning before anything is given back, and its certificate."""

from __future__ import annotations

from flask import Response

from console import cover_sheets, covers
from console.asked import number_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part, View
from console.security import PATH
from console.shelves import brands
from domain.access.roles import Permission
from domain.cover import plans
from domain.cover.lifecycle import COVERS
from domain.cover.paper import draw, printed_of
from domain.cover.queries import cover_seen

ROOM = f"{PATH}/covers"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT = ("status", "kind", "brand", "seller", "customer", "number", "since", "until")


def room(ask: Ask) -> Answer:
    wanted = covers.wanted_asked(ask.query)
    if "after" in ask.query:
        rows, after = covers.more(ask.uow, wanted, ask.query["after"])
        return Part("cover_rows.html", {"rows": rows, "after": after, "asked": ask.query, "kept": KEPT})
    values = {
        "room": covers.room(ask.uow, wanted), "asked": ask.query, "brands": brands(ask.uow), "statuses": COVERS.titles,
        "kinds": plans.KINDS, "kept": KEPT, "tab": "covers",
    }  # fmt: skip
    return Page("covers.html", values)


def export(ask: Ask) -> Answer:
    content = cover_sheets.spreadsheet(ask.uow, covers.wanted_asked(ask.form), ask.me)
    return sheet(content, f"covers-{ask.uow.today.isoformat()}")


def sheet(content: bytes, name: str) -> Response:
    return Response(
        content, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename={name}.xlsx"}
    )  # fmt: skip


def one(ask: Ask, cover_id: str) -> Answer:
    return Page("cover.html", {"seen": covers.detail(ask.uow, cover_id), "tab": "covers"})


def certificate(door: PageDoor) -> View:
    def answer(ask: Ask, cover_id: str) -> Answer:
        printed = printed_of(ask.uow, cover_seen(ask.uow, cover_id))
        content = draw(printed, f"{door.public_url}{printed.verify_path}")
        return Response(content, mimetype="application/pdf")

    return answer


def give_up(ask: Ask, cover_id: str) -> Answer:
    shown = number_asked(ask.said("shown"))
    cover, refund = covers.give_up(ask.uow, cover_id, ask.said("why"), shown, ask.me)
    return Go(f"{ROOM}/{cover.id}", f"已申请退订，应退 {refund.back}" if refund.back.fen else "已退订，没有可退的金额")


def void(ask: Ask, cover_id: str) -> Answer:
    cover = covers.void(ask.uow, cover_id, ask.said("why"), ask.me)
    return Go(f"{ROOM}/{cover.id}", "已取消订购")


def hold(ask: Ask, cover_id: str) -> Answer:
    order = covers.hold(ask.uow, cover_id, ask.said("number"), ask.me)
    return Go(f"{ROOM}/{cover_id}", f"工单 {order.number} 已用上这张卡")


def give_back(ask: Ask, order_id: str) -> Answer:
    covers.give_back(ask.uow, order_id, ask.me)
    return Go(f"{PATH}/orders/{order_id}", "这次用卡已退回")


def open_doors(door: PageDoor) -> None:
    see, work = Permission.COVER_SEE, Permission.COVER_WORK
    door.route("GET", "/covers", room, permission=see)
    door.route("POST", "/covers/export", export, permission=Permission.REPORTS_SEE)
    door.route("GET", "/covers/<cover_id>", one, permission=see)
    door.route("GET", "/covers/<cover_id>/certificate", certificate(door), permission=see)
    door.route("POST", "/covers/<cover_id>/cancel", give_up, permission=work)
    door.route("POST", "/covers/<cover_id>/void", void, permission=work)
    door.route("POST", "/covers/<cover_id>/hold", hold, permission=work)
    door.route("POST", "/orders/<order_id>/card-return", give_back, permission=work)
