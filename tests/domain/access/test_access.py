"""Who may do what, passwords that are kept as they should be, and never a console without an administrator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.access import operations, passwords, sessions
from domain.access.model import SignInAddress, Staff, StaffSession
from domain.access.operations import BadStaff, add_staff
from domain.access.roles import EVERYBODY, GROUPS, MAY, Permission, StaffRole, may, needed_for
from domain.kit.actors import system
from domain.kit.errors import Conflict, NotFound
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime
from domain.work_orders.lifecycle import ORDERS
from tests.runtime import Clock, at_once

BY, PASSWORD = system("test"), "correct horse battery"


def test_administrators_may_everything_and_agents_nothing_about_staff_or_money() -> None:
    assert MAY[StaffRole.ADMINISTRATOR] == set(Permission)
    assert MAY[StaffRole.AGENT].isdisjoint({
        Permission.STAFF_KEEP, Permission.TRAIL_SEE, Permission.DEAD_LETTERS, Permission.ORDERS_AUDIT,
        Permission.DESK_KEEP, Permission.INCIDENTS_KEEP, Permission.DISPATCH_ASSIGN, Permission.DISPATCH_OVERRIDE,
        Permission.NETWORK_KEEP, Permission.ENGINEERS_KEEP, Permission.SERVICE_LEVELS_KEEP, Permission.PLANS_ACCEPT,
    })  # fmt: skip
    named = {permission for members in GROUPS.values() for permission in members}
    assert named == set(Permission) - EVERYBODY, "every permission has its words on the page of roles"


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("administrator", Scope(brand_id="b")), ("provider_dispatcher", Scope()), ("provider_dispatcher", Scope(brand_id="b")),
        ("station", Scope(provider_id="p")), ("agent", Scope(station_id="s")),
    ],
)  # fmt: skip
def test_a_role_that_does_not_go_with_a_scope_cannot_be_made(runtime: Runtime, role: str, scope: Scope) -> None:
    with runtime.transaction() as uow, pytest.raises(BadStaff):
        add_staff(uow, by=BY, username="anna", role=role, password=PASSWORD, scope=scope)
    with runtime.transaction() as uow:
        anna = add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD)
        with pytest.raises(BadStaff):
            operations.set_role(uow, anna.id, role, by=BY, scope=scope)


def test_another_role_ends_what_is_open(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        anna = add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD)
        token = operations.issue_token(uow, "anna", by=BY)
        uow.session.flush()
        operations.set_role(uow, anna.id, "auditor", by=BY)
        assert sessions.who_is(uow, token, "api") is None


def test_an_unknown_role_may_nothing() -> None:
    assert not any(may("nobody", permission) for permission in Permission)


def test_every_move_that_decides_about_money_is_one_of_the_lifecycle() -> None:
    money = {name for name in ORDERS.moves if needed_for(name) is Permission.ORDERS_AUDIT}
    assert money == {"audit", "send_back", "settle"}


@pytest.mark.parametrize("weak", ["short", "1234567890", "aaaaaaaaaaaa", "Administrator", "x" * 201])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.hash_of(weak, "administrator")


def test_a_password_is_kept_as_an_argon2id_hash_of_its_own() -> None:
    one, other = passwords.hash_of(PASSWORD, "anna"), passwords.hash_of(PASSWORD, "anna")
    assert one.startswith("$argon2id$")
    assert one != other
    assert passwords.fits(one, PASSWORD)
    assert not passwords.fits(one, PASSWORD + " ")
    assert not passwords.fits(None, "nobody has this password"), "the stand-in for unknown users opens nothing"


def test_user_names_are_plain_and_taken_once(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD)
        for wrong in ("", "Anna", "a", "安娜", "anna smith", "a" * 33):
            with pytest.raises(BadStaff):
                add_staff(uow, by=BY, username=wrong, role="agent", password=PASSWORD)
        with pytest.raises(BadStaff):
            add_staff(uow, by=BY, username="cara", role="king", password=PASSWORD)
        with pytest.raises(Conflict):
            add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD)


def test_a_token_is_told_once_and_kept_as_a_hash(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD)
        token = operations.issue_token(uow, "anna", by=BY)
        with pytest.raises(NotFound):
            operations.issue_token(uow, "nobody", by=BY)
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(StaffSession.secret_hash)).one() == sessions.hash_of(token)
        who = sessions.who_is(uow, token, "api")
        assert who is not None
        assert who.staff.username == "anna"
        assert sessions.who_is(uow, token, "browser") is None, "a token is no browser session"
        assert sessions.who_is(uow, token[:-1], "api") is None


def test_of_the_last_two_administrators_only_one_can_go_however_both_are_let_go_at_once(
    fresh_runtime: Runtime,
) -> None:
    with fresh_runtime.transaction() as uow:
        ids = [add_staff(uow, by=BY, username=f"boss{n}", role="administrator", password=PASSWORD).id for n in (1, 2)]

    def let_go(index: int) -> None:
        with fresh_runtime.transaction() as uow:
            operations.disable(uow, ids[index], by=BY)

    results = at_once(2, let_go)
    assert {type(result) for result in results} == {type(None), BadStaff}
    with fresh_runtime.transaction() as uow:
        left = uow.session.scalar(select(func.count()).select_from(Staff).where(Staff.disabled_at.is_(None)))
    assert left == 1


def test_wrong_passwords_at_once_are_all_counted(fresh_runtime: Runtime) -> None:
    with fresh_runtime.transaction() as uow:
        anna = add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD).id

    def guess(index: int) -> object:
        with fresh_runtime.transaction() as uow:
            return sessions.sign_in(uow, "anna", f"guess {index}", f"10.0.0.{index}")

    at_once(8, guess)
    with fresh_runtime.transaction() as uow:
        row = uow.session.get_one(Staff, anna)
        assert row.failed_sign_ins == sessions.FREE_TRIES, "the ones after the lock are not looked at"
        assert row.locked_until == uow.now + sessions.LOCK


def test_what_opens_nothing_any_more_is_forgotten(runtime: Runtime, clock: Clock) -> None:
    with runtime.transaction() as uow:
        staff = add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD)
        sessions.new_session(uow, staff, "browser", timedelta(days=14))
        sessions.new_session(uow, staff, "api", timedelta(days=365))
        sessions.sign_in(uow, "nobody", "guess", "10.0.0.1")
    clock.advance(hours=9)
    with runtime.transaction() as uow:
        sessions.forget_old_sessions(uow)
        assert uow.session.scalars(select(StaffSession.kind)).all() == ["api"]
        assert uow.session.scalars(select(SignInAddress)).all() == []
