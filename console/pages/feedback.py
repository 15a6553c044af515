"""评价: what customers said, with the figures made of it, the spreadsheet, the NPS; and an order's feedback on its page."""

from __future__ import annotations

from flask import Response

from console import feedback, network
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from console.shelves import brands
from domain.access.roles import Permission
from domain.feedback import policies
from domain.feedback.rules import CONSEQUENCES

ROOM = f"{PATH}/ratings"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def room(ask: Ask) -> Answer:
    wanted = feedback.wanted_asked(ask.query)
    if "after" in ask.query:
        rows, after = feedback.more(ask.uow, wanted, ask.query["after"])
        return Part("feedback_rows.html", {"rows": rows, "after": after, "asked": ask.query})
    values = {
        "room": feedback.room(ask.uow, wanted), "asked": ask.query, "providers": network.provider_rows(ask.uow),
        "brands": brands(ask.uow), "kept": "&".join(f"{k}={v}" for k, v in ask.query.items() if v),
    }  # fmt: skip
    return Part("feedback_found.html", values) if ask.htmx else Page("feedback.html", values)


def export(ask: Ask) -> Answer:
    content = feedback.spreadsheet(ask.uow, feedback.wanted_asked(ask.form), ask.me)
    named = {"Content-Disposition": f"attachment; filename=ratings-{ask.uow.today.isoformat()}.xlsx"}
    return Response(content, mimetype=XLSX, headers=named)


def nps(ask: Ask) -> Answer:
    return Page("feedback_nps.html", {"scores": feedback.scores(ask.uow)})


def of_order(ask: Ask, order_id: str) -> Answer:
    """The piece of an order's page, loaded by it."""
    seen = feedback.of_order(ask.uow, order_id)
    return Part("feedback_order.html", {"seen": seen, "consequences": CONSEQUENCES, "calls": policies})


def open_rectification(ask: Ask, order_id: str) -> Answer:
    order = feedback.open_rectification(ask.uow, order_id, ask.said("why"), ask.me)
    return Go(f"{PATH}/orders/{order.id}", "整改单已开，会派给另一位工程师")


def open_doors(door: PageDoor) -> None:
    see = Permission.FEEDBACK_SEE
    door.route("GET", "/ratings", room, permission=see)
    door.route("POST", "/ratings/export", export, permission=Permission.REPORTS_SEE)
    door.route("GET", "/ratings/nps", nps, permission=Permission.REPORTS_SEE)
    door.route("GET", "/orders/<order_id>/feedback", of_order, permission=see)
    door.route("POST", "/orders/<order_id>/rectification", open_rectification, permission=Permission.ORDERS_OPEN)
