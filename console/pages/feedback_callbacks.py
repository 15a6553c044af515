"""回访: the call list, one call after the other with the keyboard, and what came of each."""

from __future__ import annotations

from console import callbacks
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission
from domain.feedback import callbacks as calls
from domain.feedback import policies

ROOM = f"{PATH}/callbacks"


def room(ask: Ask) -> Answer:
    done = ask.query.get("show") == "done"
    values = {"rows": callbacks.to_call(ask.uow, ask.me, done=done), "done": done}
    return Part("feedback_calls.html", values) if ask.htmx else Page("feedback_callbacks.html", values)


def take_next(ask: Ask) -> Answer:
    one = callbacks.take_next(ask.uow, ask.me)
    return Go(f"{ROOM}/{one.id}") if one else Go(ROOM, "现在没有要回访的客户")


def call_page(ask: Ask, callback_id: str) -> Answer:
    values = {
        "seen": callbacks.look(ask.uow, callback_id, ask.me), "questions": policies.QUESTIONS, "results": policies.RESULTS,
        "problem": str(ask.error) if ask.error else "", "said": ask.form, "today": ask.uow.today,
        "outcomes": policies.OUTCOMES,
    }  # fmt: skip
    return Page("feedback_call.html", values, 422 if ask.error else 200)


def claim(ask: Ask, callback_id: str) -> Answer:
    calls.claim(ask.uow, callback_id, by=ask.by)
    return Go(f"{ROOM}/{callback_id}")


def put_back(ask: Ask, callback_id: str) -> Answer:
    calls.put_back(ask.uow, callback_id, by=ask.by)
    return Go(ROOM, "已放回")


def note_round(ask: Ask, callback_id: str) -> Answer:
    """Save, and on to the next call."""
    callbacks.note(ask.uow, callback_id, callbacks.round_from(ask.form), ask.me)
    if ask.said("then") != "next":
        return Go(ROOM, "已保存")
    one = callbacks.take_next(ask.uow, ask.me)
    return Go(f"{ROOM}/{one.id}", "已保存，这是下一位") if one else Go(ROOM, "已保存，现在没有要回访的客户")


def open_doors(door: PageDoor) -> None:
    work = Permission.CALLBACKS_WORK
    door.route("GET", "/callbacks", room, permission=work)
    door.route("POST", "/callbacks/next", take_next, permission=work)
    door.route("GET", "/callbacks/<callback_id>", call_page, permission=work)
    door.route("POST", "/callbacks/<callback_id>/claim", claim, permission=work)
    door.route("POST", "/callbacks/<callback_id>/put-back", put_back, permission=work)
    door.route("POST", "/callbacks/<callback_id>/rounds", note_round, permission=work, again=call_page)
