"""调度台: who waits and why, the engineers' day, the map, and putting the one to the other.

What is done is asked in a dialog first: a part of `console/templates/console/board_*.html`, with the rules' answer in it.
The dialog's form posts to the same place; what was refused comes back in the dialog, in words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Response

from console import board_acts as acts
from console.asked import day_asked, moment_asked, number_asked
from console.board import Asked, look_at_board, midnight, stations_asked
from console.board_order import look_at_dispatch
from console.board_shapes import BoardOut
from console.page_door import Answer, Ask, Fetched, Page, PageDoor, Part
from console.sheet import draw, sheet_of
from domain.access.roles import Permission
from domain.appointments.offering import windows_for
from domain.appointments.reasons import CUSTOMER, ENGINEER
from domain.appointments.windows import window_words, windows_between
from domain.catalog.categories import TITLES as CATEGORIES
from domain.dispatch import operations as dispatch
from domain.dispatch.model import Offer
from domain.dispatch.reasons import REASSIGN, REFUSE, SILENCE
from domain.kit.unit_of_work import SHANGHAI
from domain.work_orders.lifecycle import VISITS
from domain.work_orders.model import Visit, WorkOrder

SHAPE = BoardOut()
ROOM = "/console/board"
AHEAD = timedelta(days=3)
"""Days whose windows a dispatcher may name when assigning."""


def asked(ask: Ask) -> Asked:
    """:raises BadFilter: the day is none"""
    day = day_asked(ask.query.get("day", "")) or ask.uow.today
    return Asked(day, ask.query.get("provider", ""), ask.query.get("station", ""))


def room(ask: Ask) -> Answer:
    here = asked(ask)
    stations = list(stations_asked(ask.uow, here))
    values = {
        "asked": here,
        "stations": stations,
        "providers": {one.provider_id: one.provider for one in stations},
        "categories": CATEGORIES,
        "statuses": VISITS.titles,
    }
    return Page("board.html", values)


def day_json(ask: Ask) -> Response:
    """What the page draws; asked for anew with every piece of news."""
    told = SHAPE.dump(look_at_board(ask.uow, asked(ask)))
    return Response(json.dumps(told, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")


def order_part(ask: Ask, order_id: str) -> Answer:
    values = {"seen": look_at_dispatch(ask.uow, order_id), "candidates": acts.candidates_now(ask.uow, order_id)}
    return Part("board_order.html", values)


def card_part(ask: Ask, order_id: str) -> Answer:
    """The same on the order's own page."""
    return Part("board_card.html", {"seen": look_at_dispatch(ask.uow, order_id)})


def given(ask: Ask, name: str) -> str:
    """From the form where it was sent, else from the address."""
    return (ask.form.get(name) or ask.query.get(name, "")).strip()


def done(words: str) -> Answer:
    return Part("board_done.html", {"words": words})


def ask_part(ask: Ask, order_id: str) -> Answer:
    """The rules' answer to one engineer, with the button; and again when it was refused."""
    at = given(ask, "at")
    values = {
        "seen": look_at_dispatch(ask.uow, order_id),
        "answer": acts.ask_rules(ask.uow, order_id, given(ask, "engineer"), at),
        "at": at,
        "choices": list(choices(ask.uow.now, at)),
        "reasons": REASSIGN,
        "overrides": ask.may(Permission.DISPATCH_OVERRIDE),
        "override": given(ask, "override"),
        "error": ask.error,
    }
    return Part("board_ask.html", values)


def choices(now: datetime, at: str) -> Iterator[tuple[str, str]]:
    """Windows to name: those of the day that was asked about and of the next ones."""
    first = moment_asked(at).astimezone(SHANGHAI) if at else now.astimezone(SHANGHAI)
    since = min(first.date(), (now.astimezone(SHANGHAI) + AHEAD).date())
    for start, end in windows_between(since, since + AHEAD, min(now, midnight(since))):
        if end > now:
            yield start.isoformat(), window_words(start, end)


def assign(ask: Ask, order_id: str) -> Answer:
    version = number_asked(ask.said("version"))
    if ask.said("how") == "reassign":
        acts.reassign(
            ask.uow, ask.said("visit"), ask.me, version=version, code=ask.said("code"), to=ask.said("engineer"),
            why=ask.said("override"), override=ask.said("override"),
        )  # fmt: skip
        return done("已改派")
    acts.assign(
        ask.uow, order_id, ask.said("engineer"), ask.me, version=version, at=ask.said("at"),
        override=ask.said("override"),
    )  # fmt: skip
    return done("已派单")


def reassign_part(ask: Ask, order_id: str) -> Answer:
    seen = look_at_dispatch(ask.uow, order_id)
    names = "、".join(one.name for one in seen.coming.engineers) if seen.coming else ""
    values = {
        "action": f"{ROOM}/orders/{order_id}/reassign",
        "title": "改派",
        "lead": f"{names}不再上门，系统按规则另找工程师，答应客户的时间不变。要指定给谁，请在调度台上拖动，或按 a。",
        "reasons": {code: reason.words for code, reason in REASSIGN.items()},
        "why": "说明（可不填）",
        "button": "改派",
        "version": seen.version,
        "error": ask.error,
    }
    return Part("board_question.html", values)


def reassign(ask: Ask, order_id: str) -> Answer:
    seen = look_at_dispatch(ask.uow, order_id)
    visit_id = seen.coming.id if seen.coming else ""
    version = number_asked(ask.said("version"))
    acts.reassign(ask.uow, visit_id, ask.me, version=version, code=ask.said("code"), why=ask.said("why"))
    return done("已改派，正在另找工程师")


def again_part(ask: Ask, order_id: str) -> Answer:
    lead = "按现在的班次、位置和规则重新找一遍工程师。"
    values = {"action": f"{ROOM}/orders/{order_id}/again", "title": "再试一次", "lead": lead, "button": "再试一次"}
    return Part("board_question.html", values | {"error": ask.error})


def again(ask: Ask, order_id: str) -> Answer:
    dispatch.dispatch(ask.uow, order_id, "again")
    return done("已重新找过")


def offer_part(ask: Ask, offer_id: str) -> Answer:
    ask.uow.get(Offer, offer_id, called="这次询问")
    accepts = given(ask, "answer") == "accept"
    values: dict[str, object] = {
        "action": f"{ROOM}/offers/{offer_id}?answer={'accept' if accepts else 'refuse'}",
        "title": "代工程师接单" if accepts else "代工程师拒单",
        "lead": "工程师在电话里答应了。" if accepts else "工程师在电话里不接这一单，系统会接着问下一位。",
        "button": "接单" if accepts else "拒单",
        "error": ask.error,
    }
    if not accepts:
        values["reasons"] = {code: reason.words for code, reason in REFUSE.items() if code != SILENCE}
        values["why"] = "说明（可不填）"
    return Part("board_question.html", values)


def answer_offer(ask: Ask, offer_id: str) -> Answer:
    answer = given(ask, "answer")
    acts.answer_offer(ask.uow, offer_id, answer, ask.me, reason_code=ask.said("code"), why=ask.said("why"))
    return done("已接单" if answer == "accept" else "已拒单")


def windows_part(ask: Ask, order_id: str) -> Answer:
    order = ask.uow.get(WorkOrder, order_id, called="这张工单")
    values = {
        "seen": look_at_dispatch(ask.uow, order_id),
        "windows": windows_for(ask.uow, order, days=7, most=18),
        "customer": CUSTOMER,
        "engineer": ENGINEER,
        "error": ask.error,
    }
    return Part("board_windows.html", values)


def book(ask: Ask, order_id: str) -> Answer:
    since = moment_asked(ask.said("since"))
    if ask.said("whose") == "engineer":
        acts.ask_customer(ask.uow, order_id, since, ask.me, reason_code=ask.said("code"), why=ask.said("why"))
        return done("已问客户，同意后才会改")
    acts.book(ask.uow, order_id, since, ask.me, reason_code=ask.said("code"), why=ask.said("why"))
    return done("已约定")


def change_part(ask: Ask, change_id: str) -> Answer:
    yes = given(ask, "yes") == "1"
    values = {
        "action": f"{ROOM}/changes/{change_id}?yes={int(yes)}",
        "title": "客户同意改约" if yes else "客户不同意改约",
        "lead": "客户在电话里同意了，时间马上改过来。" if yes else "时间不变，仍按原来约定的上门。",
        "button": "同意" if yes else "不同意",
        "error": ask.error,
    }
    return Part("board_question.html", values)


def answer_change(ask: Ask, change_id: str) -> Answer:
    yes = given(ask, "yes") == "1"
    acts.hear_customer(ask.uow, change_id, yes, ask.me)
    return done("已改约" if yes else "时间不变")


def shares_part(ask: Ask, visit_id: str) -> Answer:
    visit = ask.uow.get(Visit, visit_id, called="这次上门")
    seen = look_at_dispatch(ask.uow, visit.work_order_id)
    now = {one.engineer_id: str(one.share) for one in seen.coming.engineers} if seen.coming else {}
    people = acts.colleagues(ask.uow, visit_id)
    asked_for = {id_: ask.said(f"share-{id_}") for id_, _ in people} if ask.form else now
    values = {"visit_id": visit_id, "people": people, "shares": asked_for, "error": ask.error}
    return Part("board_shares.html", values)


def share(ask: Ask, visit_id: str) -> Answer:
    """:raises BadFilter: a share is no number"""
    said = {key.removeprefix("share-"): words for key, words in ask.form.items() if key.startswith("share-")}
    acts.share(ask.uow, visit_id, {id_: number_asked(words) for id_, words in said.items() if words}, ask.me)
    return done("已保存")


def sheet(ask: Ask, order_id: str) -> Answer:
    """派工单 as PDF; with ``?full=1`` unmasked. It is drawn when the transaction is over."""
    printed = sheet_of(ask.uow, order_id, ask.me, full=ask.query.get("full") == "1")
    name = f"inline; filename={printed.number}.pdf"
    return Fetched(lambda _: Response(draw(printed), mimetype="application/pdf", headers={"Content-Disposition": name}))


def open_doors(door: PageDoor) -> None:
    see, assigns, changes = Permission.DISPATCH_SEE, Permission.DISPATCH_ASSIGN, Permission.APPOINTMENTS_CHANGE
    order, offer, change, visit = "/board/orders/<order_id>", "/board/offers/<offer_id>", "/board/changes/<change_id>", "/board/visits/<visit_id>"  # fmt: skip
    door.route("GET", "/board", room, permission=see)
    door.route("GET", "/board/day", day_json, permission=see)
    door.route("GET", order, order_part, permission=see)
    door.route("GET", f"{order}/card", card_part, permission=see)
    door.route("GET", f"{order}/ask", ask_part, permission=assigns)
    door.route("POST", f"{order}/assign", assign, permission=assigns, again=ask_part)
    door.route("GET", f"{order}/reassign", reassign_part, permission=assigns)
    door.route("POST", f"{order}/reassign", reassign, permission=assigns, again=reassign_part)
    door.route("GET", f"{order}/again", again_part, permission=assigns)
    door.route("POST", f"{order}/again", again, permission=assigns, again=again_part)
    door.route("GET", f"{order}/windows", windows_part, permission=changes)
    door.route("POST", f"{order}/book", book, permission=changes, again=windows_part)
    door.route("GET", f"{offer}/ask", offer_part, permission=assigns)
    door.route("POST", offer, answer_offer, permission=assigns, again=offer_part)
    door.route("GET", f"{change}/ask", change_part, permission=changes)
    door.route("POST", change, answer_change, permission=changes, again=change_part)
    door.route("GET", f"{visit}/shares", shares_part, permission=assigns)
    door.route("POST", f"{visit}/shares", share, permission=assigns, again=shares_part)
    door.route("GET", "/orders/<order_id>/sheet", sheet, permission=Permission.ORDERS_SEE)
