"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from console.page_door import Answer, Ask, Go, Page, PageDoor
from console.security import PATH, own_path
from domain.access import operations, sessions
from domain.access.roles import Permission
from domain.desk import duty

NO = f"用户名或密码不正确，或账号已锁定。连续输错 {sessions.FREE_TRIES} 次会锁定 15 分钟，再错时间加倍。"
"""The same words whether the user exists or not, is locked or not."""


def form(ask: Ask) -> Answer:
    if ask.who:
        return Go(own_path(ask.query.get("next", "")))
    return Page("sign_in.html", {"next": ask.query.get("next", ""), "username": ask.said("username")})


def sign_in(ask: Ask) -> Answer:
    secret = sessions.sign_in(ask.uow, ask.said("username"), ask.form.get("password", ""), ask.address)
    if isinstance(secret, sessions.Denied):
        values = {"next": ask.said("next"), "username": ask.said("username"), "problem": NO}
        return Page("sign_in.html", values, 429 if secret.reason == "too_many" else 401)
    return Go(own_path(ask.said("next")), session=secret)


def sign_out(ask: Ask) -> Answer:
    if duty.is_on(ask.uow, ask.me.staff.id):
        duty.switch(ask.uow, ask.me.staff.id, False, by=ask.by)
    sessions.sign_out(ask.uow, ask.me)
    return Go(f"{PATH}/sign-in", "已退出登录", session="")


def password_form(ask: Ask) -> Answer:
    return Page("password.html", {"problem": str(ask.error) if ask.error else ""}, 409 if ask.error else 200)


def change_password(ask: Ask) -> Answer:
    new = ask.form.get("new", "")
    if new != ask.form.get("again", ""):
        raise operations.WrongPassword("两次输入的新密码不一样")
    operations.change_own_password(ask.uow, ask.me, old=ask.form.get("old", ""), new=new)
    return Go(f"{PATH}/", "密码已修改，其他设备上的登录和接口令牌都已失效")


def start(ask: Ask) -> Answer:
    return Go(f"{PATH}/orders")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/sign-in", form, permission=Permission.ANYONE)
    door.route("POST", "/sign-in", sign_in, permission=Permission.ANYONE)
    door.route("POST", "/sign-out", sign_out, permission=Permission.OWN_ACCOUNT)
    door.route("GET", "/password", password_form, permission=Permission.OWN_ACCOUNT)
    door.route("POST", "/password", change_password, permission=Permission.OWN_ACCOUNT, again=password_form)
    door.route("GET", "/", start, permission=Permission.OWN_ACCOUNT)
