"""排程方案 on the dispatch board: asking for one, looking at it before and after, accepting it whole or by engineer."""

from __future__ import annotations

from console.asked import day_asked
from console.board import Asked, stations_asked
from console.board_plans import look_at_plan
from console.page_door import Answer, Ask, PageDoor, Part
from domain.access.roles import Permission
from domain.dispatch import plans
from domain.organizations.model import Provider

ROOM = "/console/board/plans"


def plan_part(ask: Ask, plan_id: str) -> Answer:
    return Part("board_plan.html", {"plan": look_at_plan(ask.uow, plan_id), "error": ask.error})


def accept(ask: Ask, plan_id: str) -> Answer:
    """With ``whole`` every part, else those that are ticked."""
    ticked = None if ask.said("whole") else ask.form.getlist("engineer")
    plans.accept(ask.uow, plan_id, ticked, by=ask.by)
    return Part("board_done.html", {"words": "已采纳"})


def wish_part(ask: Ask) -> Answer:
    """Whose day is asked for where the board shows several providers."""
    provider_id = given(ask, "provider") or ask.me.staff.provider_id
    provider = ask.uow.get(Provider, provider_id, called="这个服务商") if provider_id else None
    on = day_asked(given(ask, "day")) or ask.uow.today
    narrowed = f"&provider={provider.id}&station={given(ask, 'station')}" if provider else ""
    values = {
        "action": f"{ROOM}?day={on.isoformat()}{narrowed}",
        "title": "重新排程",
        "lead": f"给{provider.name if provider else '一家服务商'} {on.month}月{on.day}日的上门重新排顺序。"
        "答应客户的时间不会动，方案要您采纳才生效。",
        "providers": {} if provider else {one.provider_id: one.provider for one in stations_asked(ask.uow, Asked(on))},
        "button": "开始排程",
        "error": ask.error,
    }
    return Part("board_question.html", values)


def given(ask: Ask, name: str) -> str:
    """From the form where it was sent, else from the address."""
    return (ask.form.get(name) or ask.query.get(name, "")).strip()


def wish(ask: Ask) -> Answer:
    day = day_asked(given(ask, "day")) or ask.uow.today
    plans.ask_for_plan(ask.uow, given(ask, "provider"), day, given(ask, "station") or None, by=ask.by)
    return Part("board_done.html", {"words": "已开始排程"})


def open_doors(door: PageDoor) -> None:
    accepts = Permission.PLANS_ACCEPT
    door.route("GET", "/board/plans/new", wish_part, permission=accepts)
    door.route("POST", "/board/plans", wish, permission=accepts, again=wish_part)
    door.route("GET", "/board/plans/<plan_id>", plan_part, permission=Permission.DISPATCH_SEE)
    door.route("POST", "/board/plans/<plan_id>", accept, permission=accepts, again=plan_part)
