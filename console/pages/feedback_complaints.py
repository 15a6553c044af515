"""投诉: the board of cases, one case with its history, and writing one down."""

from __future__ import annotations

from console import complaints
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission
from domain.feedback import policies
from domain.feedback.lifecycle import COMPLAINTS

ROOM = f"{PATH}/complaints"
DONE = {"note": "已备注", "kind": "已归类"}


def board(ask: Ask) -> Answer:
    show = ask.query.get("show", "")
    values = {
        "rows": complaints.board(ask.uow, ask.me, mine=show == "mine", closed=show == "closed"), "show": show,
        "kinds": policies.KINDS, "problem": str(ask.error) if ask.error else "", "said": ask.form, "now": ask.uow.now,
        "states": COMPLAINTS.titles,
    }  # fmt: skip
    if ask.htmx:
        return Part("feedback_cases.html", values)
    return Page("feedback_complaints.html", values, 422 if ask.error else 200)


def case(ask: Ask, complaint_id: str) -> Answer:
    values = {
        "seen": complaints.look(ask.uow, complaint_id, ask.me), "kinds": policies.KINDS, "ends": policies.ENDS,
        "moves": COMPLAINTS.moves, "now": ask.uow.now, "problem": str(ask.error) if ask.error else "",
    }  # fmt: skip
    return Page("feedback_complaint.html", values, 422 if ask.error else 200)


def act(ask: Ask, complaint_id: str) -> Answer:
    move = ask.said("move")
    complaints.act(
        ask.uow, complaint_id, move, ask.me, words=ask.said("words"), outcome=ask.said("outcome"), to=ask.said("to"),
        kind=ask.said("kind"),
    )  # fmt: skip
    return Go(f"{ROOM}/{complaint_id}", DONE.get(move) or f"已{COMPLAINTS.moves[move].title}")


def register(ask: Ask) -> Answer:
    one = complaints.register(
        ask.uow, ask.me, number=ask.said("number"), words=ask.said("words"), kind=ask.said("kind"), phone=ask.said("phone")
    )  # fmt: skip
    return Go(f"{ROOM}/{one.id}", f"投诉 {one.number} 已立案")


def open_doors(door: PageDoor) -> None:
    work = Permission.COMPLAINTS_WORK
    door.route("GET", "/complaints", board, permission=work)
    door.route("POST", "/complaints", register, permission=work, again=board)
    door.route("GET", "/complaints/<complaint_id>", case, permission=work)
    door.route("POST", "/complaints/<complaint_id>", act, permission=work, again=case)
