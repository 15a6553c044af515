"""组合查询: orders found by any fields together, kept under names, and taken out as a spreadsheet."""

from __future__ import annotations

import secrets
from threading import BoundedSemaphore

from flask import Response

from console.asked import place_asked, place_written
from console.coming import coming
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.searching import condition_seen, conditions_seen, query_in, spreadsheet
from console.security import PATH
from domain.access.roles import Permission
from domain.kit.errors import Conflict, Forbidden
from domain.reports.conditions import BadQuery, Query
from domain.reports.fields import FIELDS
from domain.reports.searching import COUNTED, count, drop, find, keep, kept, kept_for

EXPORTING = BoundedSemaphore()
"""One spreadsheet at a time in a process: the other threads are for WeChat."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def search_page(ask: Ask) -> Answer:
    """An empty search, or one just refused, with what was filled in."""
    return shown(ask, Query(), found=False)


def search(ask: Ask) -> Answer:
    """Run what the form asks for; with ``more`` the next page."""
    try:
        query = query_in(ask.form)
        if "more" in ask.form:
            page = find(ask.uow, query, after=place_asked(ask.said("after")))
            return Part(
                "searches_rows.html",
                {"rows": page.rows, "comes": coming(ask.uow, page.rows), "after": place_written(page.after)},
            )
        return shown(ask, query, found=True)
    except BadQuery as problem:
        return shown(ask, Query(), found=False, problem=str(problem))


def kept_search(ask: Ask, search_id: str) -> Answer:
    """One that was kept, run now with the scope of whoever looks."""
    one, query = kept(ask.uow, search_id, ask.me.staff)
    return shown(ask, query, found=True, current=one.id, name=one.name, mine=one.staff_id == ask.me.staff.id)


def shown(
    ask: Ask, query: Query, *, found: bool, current: str = "", name: str = "", mine: bool = False, problem: str = ""
) -> Answer:
    page = find(ask.uow, query) if found else None
    values = {
        "room": "searches",
        "asked": conditions_seen(ask.uow, query) if found else [],
        "fields": FIELDS.values(),
        "match": query.match,
        "conditions": conditions_seen(ask.uow, query) or [condition_seen(ask.uow, "0", "status")],
        "kept": kept_for(ask.uow, ask.me.staff),
        "me": ask.me.staff.id,
        "current": current,
        "name": name,
        "mine": mine,
        "rows": page.rows if page else None,
        "comes": coming(ask.uow, page.rows) if page else {},
        "after": place_written(page.after) if page else "",
        "count": count(ask.uow, query) if page else 0,
        "counted": COUNTED,
        "problem": problem or (str(ask.error) if ask.error else ""),
    }
    return Page("searches.html", values, 422 if values["problem"] else 200)


def condition(ask: Ask) -> Answer:
    """A further row of the form, or the row anew for another field."""
    name = next((value for key, value in ask.query.items() if key.startswith("field")), "status")
    return Part(
        "searches_condition.html",
        {"one": condition_seen(ask.uow, secrets.token_hex(4), name), "fields": FIELDS.values()},
    )


def keep_search(ask: Ask) -> Answer:
    shared = ask.said("shared") == "1"
    one = keep(ask.uow, ask.me.staff, ask.said("name"), query_in(ask.form), shared=shared, by=ask.by)
    return Go(f"{PATH}/searches/{one.id}", "已保存")


def drop_search(ask: Ask, search_id: str) -> Answer:
    drop(ask.uow, search_id, ask.me.staff, by=ask.by)
    return Go(f"{PATH}/searches", "已删除")


def export(ask: Ask) -> Answer:
    return sheet(ask, plain=False)


def export_plain(ask: Ask) -> Answer:
    """With names, telephones and addresses, for whoever may also see those one by one."""
    if not ask.may(Permission.PERSONAL_REVEAL):
        raise Forbidden("您没有权限导出隐私信息")
    return sheet(ask, plain=True)


def sheet(ask: Ask, *, plain: bool) -> Answer:
    """:raises Conflict: this process is at one already"""
    if not EXPORTING.acquire(blocking=False):
        raise Conflict("正在导出另一份表格，请过几秒再试")
    try:
        content = spreadsheet(ask.uow, query_in(ask.form), ask.me, plain=plain)
    finally:
        EXPORTING.release()
    name = f"orders-{ask.uow.today.isoformat()}.xlsx"
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"})


def open_doors(door: PageDoor) -> None:
    see = Permission.ORDERS_SEE
    door.route("GET", "/searches", search_page, permission=see)
    door.route("POST", "/searches", search, permission=see)
    door.route("GET", "/searches/condition", condition, permission=see)
    door.route("POST", "/searches/keep", keep_search, permission=see, again=search_page)
    door.route("POST", "/searches/export", export, permission=Permission.REPORTS_SEE, again=search_page)
    door.route("POST", "/searches/export-plain", export_plain, permission=Permission.REPORTS_SEE)
    door.route("GET", "/searches/<search_id>", kept_search, permission=see)
    door.route("POST", "/searches/<search_id>/drop", drop_search, permission=see)
