"""会话设置: canned answers and the hours in which people answer, per brand. For administrators."""

from __future__ import annotations

from console.asked import day_asked, whole_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor
from console.security import PATH
from console.shelves import brand_meant, brands
from domain.access.roles import Permission
from domain.desk import duty
from domain.desk.canned import canned_answers, drop_canned_answer, put_canned_answer

ROOM = f"{PATH}/inbox-settings"


def room(ask: Ask, answer_id: str = "") -> Answer:
    brand = brand_meant(ask.uow, ask.query.get("brand") or ask.said("brand"))
    hours = duty.rows_of(ask.uow, brand.id)
    values = {
        "brands": brands(ask.uow),
        "brand": brand,
        "answers": canned_answers(ask.uow, brand.id),
        "hours": [(duty.WEEKDAYS[row.weekday], duty.clock(row.opens), duty.clock(row.closes), row) for row in hours],
        "next_open": duty.next_open(ask.uow.now, duty.hours_of(ask.uow, brand.id)),
        "now": ask.uow.now,
        "weekdays": list(enumerate(duty.WEEKDAYS)),
        "today": ask.uow.today,
        "problem": str(ask.error) if ask.error else "",
        "fields": ask.form.to_dict(),
    }
    return Page("inbox_settings.html", values, 409 if ask.error else 200)


def put_answer(ask: Ask) -> Answer:
    brand = brand_meant(ask.uow, ask.said("brand"))
    put_canned_answer(
        ask.uow, by=ask.by, brand_id=brand.id, name=ask.said("name"), words=ask.said("words"), answer_id=ask.said("id")
    )
    return Go(f"{ROOM}?brand={brand.id}", "常用语已保存")


def drop_answer(ask: Ask, answer_id: str) -> Answer:
    drop_canned_answer(ask.uow, answer_id, by=ask.by)
    return Go(f"{ROOM}?brand={ask.said('brand')}", "常用语已删除")


def set_hours(ask: Ask) -> Answer:
    brand = brand_meant(ask.uow, ask.said("brand"))
    weekdays = [whole_asked(day, "请选择星期", most=7) for day in ask.form.getlist("weekday")]
    spans = [(minutes(opens), minutes(closes)) for opens, closes in spans_asked(ask)]
    since = day_asked(ask.said("since")) or ask.uow.today
    duty.set_hours(ask.uow, brand.id, weekdays, spans, since, by=ask.by)
    return Go(f"{ROOM}?brand={brand.id}", "在岗时间已更新")


def spans_asked(ask: Ask) -> list[tuple[str, str]]:
    """Morning and afternoon; an empty one is none."""
    pairs = zip(ask.form.getlist("opens"), ask.form.getlist("closes"), strict=False)
    return [(opens.strip(), closes.strip()) for opens, closes in pairs if opens.strip() or closes.strip()]


def minutes(text: str) -> int:
    """8:00 → 480.

    :raises BadFilter: it is no time of day
    """
    hour, _, minute = text.replace("：", ":").partition(":")
    wrong = "时间要写成 8:00"
    return whole_asked(hour, wrong, most=24) * 60 + whole_asked(minute, wrong, most=59)


def open_doors(door: PageDoor) -> None:
    keep = Permission.DESK_KEEP
    door.route("GET", "/inbox-settings", room, permission=keep)
    door.route("POST", "/inbox-settings/canned", put_answer, permission=keep, again=room)
    door.route("POST", "/inbox-settings/canned/<answer_id>/drop", drop_answer, permission=keep, again=room)
    door.route("POST", "/inbox-settings/hours", set_hours, permission=keep, again=room)
