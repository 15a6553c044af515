"""时效: the policies, what runs and is due next, what was broken today; and the clocks of an order."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from console import service_levels
from console.asked import BadFilter, whole_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from console.shelves import brands
from domain.access.roles import TITLES as ROLES
from domain.access.roles import Permission
from domain.kit.errors import Refused
from domain.service_levels.keeping import Wanted
from domain.service_levels.lifecycle import CLOCKS as LIFE
from domain.service_levels.policies import CLOCKS, PAUSES
from domain.service_levels.queries import STATUSES
from domain.work_orders.kinds import TITLES as SERVICES

ROOM = f"{PATH}/service-levels"


def room(ask: Ask) -> Answer:
    clock = ask.query.get("clock", "")
    values = {
        "room": service_levels.room(ask.uow, clock, ended="ended" in ask.query), "clock": clock, "clocks": CLOCKS,
        "pauses": {code: reason for code, reason in PAUSES.items() if reason.may}, "refusals": PAUSES, "roles": ROLES,
        "services": SERVICES, "brands": {one.id: one.name for one in brands(ask.uow)}, "today": ask.uow.today,
        "now": ask.uow.now, "statuses": STATUSES, "titles": LIFE.titles, "span": service_levels.span,
    }  # fmt: skip
    return Part("service_levels_found.html", values) if ask.htmx else Page("service_levels.html", values)


def number(form: MultiDict[str, str], name: str, title: str) -> int:
    said = form.get(name, "").strip()
    if not said.isdecimal() or len(said) > 7:
        raise BadFilter(f"{title}要填数字")
    return int(said)


def a_day(form: MultiDict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, "").strip())
    except ValueError as error:
        raise BadFilter("请选择日期") from error


def minute_of_day(words: str) -> int:
    hour, _, minute = words.partition(":")
    wrong = "工作时间写成 08:00 这样"
    return whole_asked(hour, wrong, most=24) * 60 + whole_asked(minute[:2], wrong, most=59)


def wanted_from(fields: MultiDict[str, str]) -> Wanted:
    """:raises BadFilter: a field that is no number, time or day"""

    def said(name: str) -> str:
        return fields.get(name, "").strip()

    return Wanted(
        clock=said("clock"), minutes=number(fields, "minutes", "时限"), warn_minutes=number(fields, "warn_minutes", "预警"),
        since=a_day(fields, "since"), brand_id=said("brand_id"), service_type=said("service_type"),
        customer_level=said("customer_level"), division_code=said("division_code"), working="working" in fields,
        opens=minute_of_day(said("opens") or "08:00"), closes=minute_of_day(said("closes") or "20:00"),
        escalate_to=fields.getlist("escalate_to"), escalate_minutes=number(fields, "escalate_minutes", "升级间隔"),
        pauses=fields.getlist("pauses"),
    )  # fmt: skip


def preview(ask: Ask) -> Answer:
    """What the form would mean, while it is filled in; what is wrong with it is said there too."""
    if not (ask.query.get("minutes") and ask.query.get("warn_minutes")):
        return Part("service_levels_preview.html")
    try:
        return Part("service_levels_preview.html", {"seen": service_levels.preview(ask.uow, wanted_from(ask.query))})
    except Refused as wrong:
        return Part("service_levels_preview.html", {"wrong": str(wrong)})


def put(ask: Ask) -> Answer:
    wanted = wanted_from(ask.form)
    policy = service_levels.put(ask.uow, wanted, ask.me)
    return Go(ROOM, f"已保存，{policy.since:%m 月 %d 日}起开始的时钟按新标准")


def end(ask: Ask, policy_id: str) -> Answer:
    policy = service_levels.end(ask.uow, policy_id, a_day(ask.form, "until"), ask.me)
    return Go(ROOM, f"这条标准到 {policy.until:%m 月 %d 日}为止" if policy.until else "已结束")


def of_order(ask: Ask, order_id: str) -> Answer:
    """The piece of an order's page, loaded by it."""
    return Part(
        "order_clocks.html",
        {"seen": service_levels.clocks_seen(ask.uow, order_id), "events": service_levels.EVENTS, "reasons": PAUSES},
    )


def contacted(ask: Ask, order_id: str) -> Answer:
    service_levels.contacted(ask.uow, order_id, ask.said("why"), ask.me)
    return Go(f"{PATH}/orders/{order_id}", "已记下与客户的联系")


def act(ask: Ask, clock_id: str) -> Answer:
    clock = service_levels.act(ask.uow, clock_id, ask.said("move"), ask.said("why"), ask.said("reason"), ask.me)
    return Go(f"{PATH}/orders/{clock.work_order_id}", f"{CLOCKS[clock.clock].title}：{LIFE.titles[clock.status]}")


def open_doors(door: PageDoor) -> None:
    see, keep = Permission.SERVICE_LEVELS_SEE, Permission.SERVICE_LEVELS_KEEP
    door.route("GET", "/service-levels", room, permission=see)
    door.route("GET", "/service-levels/preview", preview, permission=keep)
    door.route("POST", "/service-levels/policies", put, permission=keep)
    door.route("POST", "/service-levels/policies/<policy_id>/end", end, permission=keep)
    door.route("GET", "/orders/<order_id>/clocks", of_order, permission=see)
    door.route("POST", "/orders/<order_id>/contacted", contacted, permission=Permission.ORDERS_CHANGE)
    door.route("POST", "/clocks/<clock_id>", act, permission=Permission.ORDERS_MOVE)
