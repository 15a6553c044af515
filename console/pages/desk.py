"""待办: customers who wait for a person, products that are to change hands."""

from __future__ import annotations

from console import desk
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission
from domain.desk.lifecycle import TASKS


def board(ask: Ask) -> Answer:
    done = ask.query.get("show") == "done"
    values = {"rows": desk.desk_rows(ask.uow, ask.me, done=done), "done": done}
    return Part("desk_rows.html", values) if ask.htmx else Page("desk.html", values)


def task_page(ask: Ask, task_id: str) -> Answer:
    values = {"seen": desk.look_at_task(ask.uow, task_id, ask.me), "longest": desk.LONGEST_REPLY}
    return Page("task.html", values)


def chat_part(ask: Ask, task_id: str) -> Answer:
    """Asked for every few seconds while the page is open: no look of its own on record."""
    return Part("chat.html", {"lines": desk.chat_of(ask.uow, task_id)})


def make_move(ask: Ask, task_id: str) -> Answer:
    name = ask.said("move")
    desk.move_task(ask.uow, task_id, name, ask.said("why"), ask.me, tell=ask.said("tell") == "1")
    return Go(f"{PATH}/desk" if name == "finish" else f"{PATH}/desk/{task_id}", f"已{TASKS.moves[name].title}")


def reply(ask: Ask, task_id: str) -> Answer:
    desk.reply(ask.uow, task_id, ask.said("words"), ask.me)
    return Go(f"{PATH}/desk/{task_id}", "已提交发送")


def decide(ask: Ask, task_id: str) -> Answer:
    desk.decide(ask.uow, task_id, ask.said("move"), ask.said("why"), ask.me)
    return Go(f"{PATH}/desk", "已过户" if ask.said("move") == "accept" else "已驳回")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/desk", board, permission=Permission.DESK_WORK)
    door.route("GET", "/desk/<task_id>", task_page, permission=Permission.DESK_WORK)
    door.route("GET", "/desk/<task_id>/chat", chat_part, permission=Permission.DESK_WORK)
    door.route("POST", "/desk/<task_id>/moves", make_move, permission=Permission.DESK_WORK)
    door.route("POST", "/desk/<task_id>/replies", reply, permission=Permission.DESK_WORK)
    door.route("POST", "/desk/<task_id>/decision", decide, permission=Permission.DESK_WORK)
