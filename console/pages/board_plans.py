"""排程方案 on the dispatch board: asking for one, looking at it before and after, accepting it whole or by engineer."""

from __future__ import annotations

from console.asked import day_asked
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
    provider_id, day = given(ask, "provider") or (ask.me.staff.provider_id or ""), given(ask, "day")
    provider = ask.uow.get(Provider, provider_id, called="服务商，请先在上面选一家")
    values = {
        "action": f"{ROOM}?provider={provider.id}&station={given(ask, 'station')}&day={day}",
        "title": "重新排程",
        "lead": f"给{provider.name} {day} 的上门重新排顺序。答应客户的时间不会动，方案要您采纳才生效。",
        "button": "开始排程",
        "error": ask.error,
    }
    return Part("board_question.html", values)


def given(ask: Ask, name: str) -> str:
    return ask.query.get(name, "").strip()


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
