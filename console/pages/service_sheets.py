"""服务单 on an order's page: the sheets with their history, their PDF, work that was kept, and what the staff decide about them."""

from __future__ import annotations

from flask import Response

from console.page_door import Answer, Ask, Fetched, Go, PageDoor, Part
from console.security import PATH
from console.service_sheets import look_at_sheets, paper_of, see_kept
from domain.access.roles import Permission
from domain.files.store import FileStore
from domain.service_sheets.appraisals import give_appraisal
from domain.service_sheets.paper import draw, opened
from domain.work_orders.holds import lift_hold


def sheets(ask: Ask, order_id: str) -> Answer:
    return Part("service_sheets.html", {"seen": look_at_sheets(ask.uow, order_id, ask.me)})


def kept_seen(ask: Ask, visit_id: str) -> Answer:
    return Go(f"{PATH}/orders/{see_kept(ask.uow, visit_id, ask.me)}", "已标记为看过")


def go_on(ask: Ask, order_id: str) -> Answer:
    lift_hold(ask.uow, order_id, by=ask.by, why=ask.said("why"))
    return Go(f"{PATH}/orders/{order_id}", "已恢复派工")


def appraise(ask: Ask, order_id: str) -> Answer:
    give_appraisal(ask.uow, order_id, ask.said("finding"), ask.said("why"), by=ask.by)
    return Go(f"{PATH}/orders/{order_id}", "鉴定结果已记录，并告诉了工程师")


def open_doors(door: PageDoor) -> None:
    def paper(ask: Ask, visit_id: str) -> Answer:
        """服务单 as PDF; with ``?full=1`` unmasked. It is drawn when the transaction is over."""
        printed = paper_of(ask.uow, visit_id, ask.me, full=ask.query.get("full") == "1")

        def drawn(store: FileStore) -> Response:
            content = draw(printed, opened(store, printed), door.public_url + printed.verify_path)
            name = f"inline; filename=sheet-{printed.number}-{printed.visit}.pdf"
            return Response(content, mimetype="application/pdf", headers={"Content-Disposition": name})

        return Fetched(drawn)

    door.route("GET", "/orders/<order_id>/service-sheets", sheets, permission=Permission.ORDERS_SEE)
    door.route("GET", "/visits/<visit_id>/service-sheet", paper, permission=Permission.ORDERS_SEE)
    door.route("POST", "/visits/<visit_id>/kept-seen", kept_seen, permission=Permission.DISPATCH_ASSIGN)
    door.route("POST", "/orders/<order_id>/go-on", go_on, permission=Permission.APPOINTMENTS_CHANGE)
    door.route("POST", "/orders/<order_id>/appraisal", appraise, permission=Permission.DESK_WORK)
