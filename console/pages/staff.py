"""员工: who works here and as what. For administrators."""

from __future__ import annotations

from console.page_door import Answer, Ask, Go, Page, PageDoor
from console.security import PATH
from console.staff import choices, roles_seen, scope_asked, scope_words
from domain.access import operations
from domain.access.queries import staff_list
from domain.access.roles import TITLES, Permission
from domain.kit.scope import Scope


def people(ask: Ask, staff_id: str = "") -> Answer:
    known = choices(ask.uow)
    everybody = staff_list(ask.uow)
    values = {
        "people": everybody,
        "scopes": {one.id: scope_words(one, known) for one in everybody},
        "known": known,
        "roles": TITLES,
        "may": roles_seen(),
        "now": ask.uow.now,
        "problem": str(ask.error) if ask.error else "",
        "fields": ask.form.to_dict(),
    }
    return Page("staff.html", values, 409 if ask.error else 200)


def add(ask: Ask) -> Answer:
    operations.add_staff(
        ask.uow, by=ask.by, username=ask.said("username"), role=ask.said("role"),
        password=ask.form.get("password", ""), display_name=ask.said("display_name")[:40], scope=scope_in(ask),
    )  # fmt: skip
    return Go(f"{PATH}/staff", "已添加员工，请让本人登录后修改密码")


def set_role(ask: Ask, staff_id: str) -> Answer:
    operations.set_role(ask.uow, staff_id, ask.said("role"), by=ask.by, scope=scope_in(ask))
    return Go(f"{PATH}/staff", "角色和范围已修改，此人需要重新登录")


def scope_in(ask: Ask) -> Scope:
    return scope_asked(ask.uow, ask.said("brand"), ask.said("provider"), ask.said("station"))


def set_password(ask: Ask, staff_id: str) -> Answer:
    operations.set_password(ask.uow, staff_id, ask.form.get("password", ""), by=ask.by)
    return Go(f"{PATH}/staff", "密码已重设，此人需要重新登录")


def disable(ask: Ask, staff_id: str) -> Answer:
    operations.disable(ask.uow, staff_id, by=ask.by)
    return Go(f"{PATH}/staff", "已停用")


def enable(ask: Ask, staff_id: str) -> Answer:
    operations.enable(ask.uow, staff_id, by=ask.by)
    return Go(f"{PATH}/staff", "已启用")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/staff", people, permission=Permission.STAFF_KEEP)
    door.route("POST", "/staff", add, permission=Permission.STAFF_KEEP, again=people)
    door.route("POST", "/staff/<staff_id>/role", set_role, permission=Permission.STAFF_KEEP, again=people)
    door.route("POST", "/staff/<staff_id>/password", set_password, permission=Permission.STAFF_KEEP, again=people)
    door.route("POST", "/staff/<staff_id>/disable", disable, permission=Permission.STAFF_KEEP, again=people)
    door.route("POST", "/staff/<staff_id>/enable", enable, permission=Permission.STAFF_KEEP)
