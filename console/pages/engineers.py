"""工程师: found by code, name, phone or what they can do; their papers, hours and leave; a station's fortnight."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from console import engineers, network
from console.asked import BadFilter, day_asked, whole_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH, own_path
from console.shelves import brands
from domain.access.roles import Permission
from domain.capacity import operations as capacity
from domain.capacity.leaves import KINDS as LEAVES
from domain.catalog.categories import TITLES as CATEGORIES
from domain.engineers import operations
from domain.engineers.certificates import KINDS as CERTIFICATES
from domain.engineers.grades import TITLES as GRADES
from domain.engineers.grades import Grade
from domain.engineers.model import Engineer
from domain.kit.errors import NotFound
from domain.organizations.model import Station
from domain.regions.positions import Position

ROOM = f"{PATH}/engineers"
WRONG = "级别或每日上限不对"
FILTERS = ("q", "provider", "station", "category", "papers", "gone")
WEEKDAYS = dict(enumerate("一二三四五六日", 1))


def search(ask: Ask) -> Answer:
    """A phone number is not for addresses and logs: what is looked for comes in the body, a plain look has none."""
    given = ask.form or ask.query
    asked = {name: given.get(name, "").strip()[:60] for name in FILTERS}
    rows, more = engineers.find_engineers(ask.uow, asked)
    values: dict[str, Any] = {"rows": rows, "more": more, "asked": asked}
    if ask.htmx:
        return Part("engineers_found.html", values)
    return Page("engineers.html", values | forms(ask))


def forms(ask: Ask) -> dict[str, Any]:
    """What forms about engineers choose from."""
    return {
        "providers": network.provider_rows(ask.uow), "stations": network.station_rows(ask.uow),
        "categories": CATEGORIES, "grades": GRADES, "today": ask.uow.today,
    }  # fmt: skip


def engineer_page(ask: Ask, engineer_id: str) -> Answer:
    values = {
        "seen": engineers.look_at_engineer(ask.uow, engineer_id, ask.me), "brands": brands(ask.uow),
        "certificates": CERTIFICATES, "visited": engineers.VISITED, "leave_kinds": LEAVES, "weekdays": WEEKDAYS,
        **forms(ask),
    }  # fmt: skip
    return Page("engineer.html", values)


def add(ask: Ask) -> Answer:
    return Go(f"{ROOM}/{put(ask, ask.said('code'), None).id}", "已添加，请补全技能、证书和班次")


def change(ask: Ask, engineer_id: str) -> Answer:
    one = ask.uow.get(Engineer, engineer_id, called="这位工程师")
    return Go(f"{ROOM}/{put(ask, one.code, one).id}", "已保存")


def put(ask: Ask, code: str, one: Engineer | None) -> Engineer:
    """Bring an engineer to what the form says; an empty phone keeps the one that is there, which the form does not show."""
    station = ask.uow.get(Station, ask.said("station"), called="网点")
    lat, lng = network.degrees(ask.form, "lat"), network.degrees(ask.form, "lng")
    most, grade, version = ask.said("most"), ask.said("grade"), ask.said("version")
    if grade not in set(Grade):
        raise BadFilter(WRONG)
    return operations.put_engineer(
        ask.uow, by=ask.by, code=code, provider_id=station.provider_id, station_id=station.id, name=ask.said("name"),
        phone=ask.said("phone") or (one.phone if one else ""), grade=Grade(grade), daily_maximum=whole_asked(most, WRONG, most=99),
        base=Position(lat, lng) if lat is not None and lng is not None else None,
        since=network.day_given(ask.form, "since"), until=one.until if one else None,
        version=whole_asked(version, WRONG) if version else None,
    )  # fmt: skip


def dismiss(ask: Ask, engineer_id: str) -> Answer:
    until = network.day_given(ask.form, "until")
    operations.dismiss(ask.uow, engineer_id, until, by=ask.by, why=ask.said("why")[:200])
    return Go(f"{ROOM}/{engineer_id}", f"{until} 起不再派工，已排的上门会另找人")


def set_skills(ask: Ask, engineer_id: str) -> Answer:
    """The form holds a checked box ``skill.<category>.<service>`` for everything the engineer can do."""
    wanted = {tuple(name.split(".")[1:]) for name in ask.form if name.startswith("skill.") and name.count(".") == 2}
    count = engineers.put_skills(ask.uow, engineer_id, {(a, b) for a, b in wanted}, ask.me)
    return Go(f"{ROOM}/{engineer_id}", f"技能已更新（{count} 项）")


def add_certificate(ask: Ask, engineer_id: str) -> Answer:
    since, until = network.day_given(ask.form, "since"), network.day_given(ask.form, "until")
    operations.put_certificate(ask.uow, engineer_id, ask.said("kind"), ask.said("number"), since, until, by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "证书已登记")


def withdraw_certificate(ask: Ask, engineer_id: str, certificate_id: str) -> Answer:
    operations.withdraw_certificate(ask.uow, certificate_id, ask.uow.today, by=ask.by, why=ask.said("why")[:200])
    return Go(f"{ROOM}/{engineer_id}", "证书已作废")


def authorize(ask: Ask, engineer_id: str) -> Answer:
    operations.authorize(ask.uow, engineer_id, ask.said("brand"), network.day_given(ask.form, "since"), by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "品牌授权已更新")


def end_authorization(ask: Ask, engineer_id: str, authorization_id: str) -> Answer:
    operations.end_authorization(ask.uow, authorization_id, ask.uow.today, by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "品牌授权已终止")


def add_shifts(ask: Ask, engineer_id: str) -> Answer:
    """The same hours on every checked weekday."""
    weekdays = [int(day) for day in ask.form.getlist("weekday") if day in "1234567"]
    try:
        starts, ends = engineers.minute(ask.said("starts")), engineers.minute(ask.said("ends"))
    except ValueError:
        raise BadFilter("时间写成 08:30") from None
    if not weekdays:
        raise BadFilter("请选择星期")
    for weekday in weekdays:
        capacity.put_shift(ask.uow, engineer_id, weekday, starts, ends, network.day_given(ask.form, "since"), by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "班次已添加")


def end_shift(ask: Ask, engineer_id: str, shift_id: str) -> Answer:
    capacity.end_shift(ask.uow, shift_id, day_asked(ask.said("until")) or ask.uow.today, by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "班次已停用")


def take_leave(ask: Ask, engineer_id: str) -> Answer:
    since, until = engineers.leave_times(ask.said("first"), ask.said("last"), ask.said("begins"), ask.said("ends"))
    capacity.take_leave(ask.uow, engineer_id, since, until, ask.said("kind"), by=ask.by, why=ask.said("why")[:200])
    back = own_path(ask.said("back")) if ask.said("back") else f"{ROOM}/{engineer_id}"
    return Go(back, "请假已登记，受影响的上门会另找人")


def end_leave(ask: Ask, engineer_id: str, leave_id: str) -> Answer:
    capacity.end_leave(ask.uow, leave_id, by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "请假已取消")


def agree(ask: Ask, engineer_id: str) -> Answer:
    agrees = ask.said("agrees") == "1"
    operations.agree_to_be_located(ask.uow, engineer_id, agrees, by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "已记录同意定位" if agrees else "已撤回定位同意")


def calendar(ask: Ask) -> Answer:
    """Two weeks of a station, from the Monday of a day."""
    stations = network.station_rows(ask.uow)
    if not stations:
        raise NotFound("还没有网点")
    station = next((one for one in stations if one.id == ask.query.get("station", "")), stations[0])
    day = day_asked(ask.query.get("from", "")) or ask.uow.today
    monday = day - timedelta(days=day.weekday())
    week = timedelta(days=7)
    values = {
        "rows": engineers.calendar_rows(ask.uow, station.id, monday), "stations": stations, "station": station,
        "monday": monday, "before": monday - week, "after": monday + week, "today": ask.uow.today, "weekdays": WEEKDAYS,
        "span": [monday + timedelta(days=n) for n in range(engineers.FORTNIGHT)], "leave_kinds": LEAVES,
    }  # fmt: skip
    return Page("calendar.html", values)


def open_doors(door: PageDoor) -> None:
    see, keep, grant = Permission.ENGINEERS_SEE, Permission.ENGINEERS_KEEP, Permission.NETWORK_KEEP
    one = "/engineers/<engineer_id>"
    door.route("GET", "/engineers", search, permission=see)
    door.route("POST", "/engineers", search, permission=see)
    door.route("POST", "/engineers/new", add, permission=keep)
    door.route("GET", "/calendar", calendar, permission=see)
    door.route("GET", one, engineer_page, permission=see)
    door.route("POST", one, change, permission=keep)
    door.route("POST", f"{one}/dismiss", dismiss, permission=keep)
    door.route("POST", f"{one}/skills", set_skills, permission=keep)
    door.route("POST", f"{one}/certificates", add_certificate, permission=keep)
    door.route("POST", f"{one}/certificates/<certificate_id>/withdraw", withdraw_certificate, permission=keep)
    door.route("POST", f"{one}/authorizations", authorize, permission=grant)
    door.route("POST", f"{one}/authorizations/<authorization_id>/end", end_authorization, permission=grant)
    door.route("POST", f"{one}/shifts", add_shifts, permission=keep)
    door.route("POST", f"{one}/shifts/<shift_id>/end", end_shift, permission=keep)
    door.route("POST", f"{one}/leaves", take_leave, permission=keep)
    door.route("POST", f"{one}/leaves/<leave_id>/end", end_leave, permission=keep)
    door.route("POST", f"{one}/located", agree, permission=keep)
