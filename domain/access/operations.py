"""Keeping the staff list: who works here, as what, and their passwords and tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from domain.access import passwords, sessions, trail
from domain.access.model import Staff
from domain.access.roles import OF_PROVIDER, TITLES, StaffRole
from domain.access.sessions import SignedIn
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.scope import Scope
from domain.kit.unit_of_work import UnitOfWork

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


EVERYTHING = Scope()


class BadStaff(Refused):
    """What was said about a member of staff cannot be."""

    code = "bad_staff"


class WrongPassword(Refused):
    """The present password was not given rightly."""

    code = "wrong_password"


def staff_by_name(uow: UnitOfWork, username: str) -> Staff:
    """:raises NotFound: nobody has this user name"""
    staff = uow.session.scalars(select(Staff).filter_by(username=username)).first()
    if staff is None:
        raise NotFound(f"没有名为“{username}”的员工")
    return staff


def add_staff(
    uow: UnitOfWork, *, by: Actor, username: str, role: str, password: str, display_name: str = "",
    scope: Scope = EVERYTHING,
) -> Staff:  # fmt: skip
    """Let somebody in. That the scope's brand, provider and station exist and fit is for whoever calls to see to.

    :raises BadStaff: a user name, role or scope that cannot be
    :raises Conflict: the name is taken
    :raises WeakPassword: it may not be used
    """
    if not USERNAME.fullmatch(username):
        raise BadStaff("用户名由 2 到 32 个小写字母、数字、点或横线组成")
    check_role(role)
    check_scope(role, scope)
    if uow.session.scalars(select(Staff.id).filter_by(username=username)).first():
        raise Conflict("这个用户名已经有人用了")
    staff = Staff(
        id=uow.new_id("st"), username=username, display_name=display_name.strip() or username, role=role,
        password_hash=passwords.hash_of(password, username), created_at=uow.now, failed_sign_ins=0, **vars(scope),
    )  # fmt: skip
    uow.session.add(staff)
    uow.session.flush()
    trail.record(uow, by, "staff.add", "staff", staff.id, role=role, **said(scope))
    return staff


def issue_token(uow: UnitOfWork, username: str, *, by: Actor) -> str:
    """A bearer token for the APIs, good for a year. It is told once and kept only as a hash.

    :raises NotFound: nobody has this user name
    :raises BadStaff: the person is no longer let in
    """
    staff = staff_by_name(uow, username)
    if staff.disabled_at:
        raise BadStaff(f"“{username}”已停用")
    trail.record(uow, by, "staff.token", "staff", staff.id)
    return sessions.new_session(uow, staff, "api", sessions.TOKEN_LONGEST)


def change_own_password(uow: UnitOfWork, who: SignedIn, *, old: str, new: str) -> None:
    """Change one's own password; all other sessions end, tokens too.

    :raises WrongPassword: the old one is not right
    :raises WeakPassword: the new one may not be used
    """
    if not passwords.fits(who.staff.password_hash, old):
        raise WrongPassword("现在的密码不正确")
    if old == new:
        raise passwords.WeakPassword("新密码要和现在的不一样")
    who.staff.password_hash = passwords.hash_of(new, who.staff.username)
    sessions.end_sessions(uow, who.staff.id, but=who.session)
    trail.record(uow, who.actor, "staff.change_password", "staff", who.staff.id)


def set_password(uow: UnitOfWork, staff_id: str, password: str, *, by: Actor) -> None:
    """An administrator gives a new password; a lock-out ends, and so do all sessions.

    :raises WeakPassword: it may not be used
    """
    staff = uow.get(Staff, staff_id, called="这位员工", lock=True)
    staff.password_hash = passwords.hash_of(password, staff.username)
    staff.failed_sign_ins, staff.locked_until = 0, None
    sessions.end_sessions(uow, staff.id)
    trail.record(uow, by, "staff.set_password", "staff", staff.id)


def set_role(uow: UnitOfWork, staff_id: str, role: str, *, by: Actor, scope: Scope | None = None) -> None:
    """Another role, another scope, or both; the scope stays where None is given. Sessions and tokens of the person end, so
    that nothing that is open now, a live page for instance, goes on with what was.

    :raises BadStaff: no such role, a scope that does not go with it, or it would leave nobody who keeps the staff list
    """
    check_role(role)
    administrators = locked_administrators(uow)
    staff = uow.get(Staff, staff_id, called="这位员工", lock=True)
    scope = staff.scope if scope is None else scope
    check_scope(role, scope)
    if role != StaffRole.ADMINISTRATOR:
        check_one_is_left(administrators, staff)
    if (role, scope) == (staff.role, staff.scope):
        return
    staff.role = role
    staff.brand_id, staff.provider_id, staff.station_id = scope.brand_id, scope.provider_id, scope.station_id
    if by.id != staff.id:
        sessions.end_sessions(uow, staff.id)
    trail.record(uow, by, "staff.set_role", "staff", staff.id, role=role, **said(scope))


def disable(uow: UnitOfWork, staff_id: str, *, by: Actor) -> None:
    """Let somebody in no longer; what they did stays on record.

    :raises BadStaff: it would leave nobody who keeps the staff list
    """
    administrators = locked_administrators(uow)
    staff = uow.get(Staff, staff_id, called="这位员工", lock=True)
    check_one_is_left(administrators, staff)
    staff.disabled_at = uow.now
    sessions.end_sessions(uow, staff.id)
    trail.record(uow, by, "staff.disable", "staff", staff.id)


def enable(uow: UnitOfWork, staff_id: str, *, by: Actor) -> None:
    """Let somebody in again; a lock-out ends too."""
    staff = uow.get(Staff, staff_id, called="这位员工", lock=True)
    staff.disabled_at, staff.failed_sign_ins, staff.locked_until = None, 0, None
    trail.record(uow, by, "staff.enable", "staff", staff.id)


def check_role(role: str) -> None:
    if role not in set(StaffRole):
        raise BadStaff(f"没有“{role}”这个角色，可用的有：{'、'.join(StaffRole)}")


def check_scope(role: str, scope: Scope) -> None:
    """:raises BadStaff: a provider's person without a provider, or an administrator who would not see everything"""
    if role == StaffRole.ADMINISTRATOR and not scope.is_all:
        raise BadStaff("管理员管理所有人，不能限定范围")
    if role in OF_PROVIDER and scope.provider_id is None:
        raise BadStaff(f"“{TITLES[StaffRole(role)]}”必须指定服务商")
    if role == StaffRole.STATION and scope.station_id is None:
        raise BadStaff("“网点”必须指定网点")
    if scope.station_id and scope.provider_id is None:
        raise BadStaff("指定网点时要同时指定服务商")


def said(scope: Scope) -> dict[str, str]:
    """A scope for the trail: only what narrows."""
    return {name: value for name, value in vars(scope).items() if value}


def locked_administrators(uow: UnitOfWork) -> Sequence[str]:
    """All of them, locked in one order, so that the last two cannot each let the other go at once."""
    found = select(Staff.id).where(Staff.role == StaffRole.ADMINISTRATOR, Staff.disabled_at.is_(None))
    return uow.session.scalars(found.order_by(Staff.id).with_for_update()).all()


def check_one_is_left(administrators: Sequence[str], staff: Staff) -> None:
    if list(administrators) == [staff.id]:
        raise BadStaff("至少要留一位管理员")
