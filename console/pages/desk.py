"""待办: customers who wait for a person, products that are to change hands."""

from __future__ import annotations

from console import desk
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission
from domain.desk.lifecycle import DONE, TASKS
from domain.desk.model import DeskTask


def board(ask: Ask) -> Answer:
    done = ask.query.get("show") == "done"
    values = {"rows": desk.desk_rows(ask.uow, ask.me, done=done), "done": done}
    return Part("desk_rows.html", values) if ask.htmx else Page("desk.html", values)


def task_page(ask: Ask, task_id: str) -> Answer:
    """A chat is seen in the inbox while it is open."""
    task = ask.uow.get(DeskTask, task_id, called="这条待办")
    if task.kind == "chat" and task.status != DONE:
        return Go(f"{PATH}/inbox/{task.id}")
    return Page("task.html", {"seen": desk.look_at_task(ask.uow, task_id, ask.me)})


def make_move(ask: Ask, task_id: str) -> Answer:
    name = ask.said("move")
    desk.move_task(ask.uow, task_id, name, ask.said("why"), ask.me, tell=ask.said("tell") == "1")
    return Go(f"{PATH}/desk" if name == "finish" else f"{PATH}/desk/{task_id}", f"已{TASKS.moves[name].title}")


def decide(ask: Ask, task_id: str) -> Answer:
    desk.decide(ask.uow, task_id, ask.said("move"), ask.said("why"), ask.me)
    return Go(f"{PATH}/desk", "已过户" if ask.said("move") == "accept" else "已驳回")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/desk", board, permission=Permission.DESK_WORK)
    door.route("GET", "/desk/<task_id>", task_page, permission=Permission.DESK_WORK)
    door.route("POST", "/desk/<task_id>/moves", make_move, permission=Permission.DESK_WORK)
    door.route("POST", "/desk/<task_id>/decision", decide, permission=Permission.DESK_WORK)
