"""Signing in and out, browser sessions and API tokens.

Only the hash of a secret is kept, so a copy of the table opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import passwords, trail
from domain.access.model import SignInAddress, Staff, StaffSession
from domain.kit.actors import Actor, Role, system
from domain.kit.scope import Scope
from domain.kit.unit_of_work import UnitOfWork

IDLE, LONGEST = timedelta(hours=8), timedelta(days=14)
"""A browser session ends after a shift without a request, and after two weeks in any case."""
TOKEN_LONGEST = timedelta(days=365)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly ``seen_at`` is kept: writing it with every request would be a write per look."""

FREE_TRIES = 5
LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(hours=24)
"""The fifth wrong password locks the account; each one after that locks it for twice as long."""

ADDRESS_TRIES, ADDRESS_WINDOW = 30, timedelta(minutes=10)
"""Tries per network address: an office of twenty behind one address signs in at eight in the morning."""


@dataclass(frozen=True)
class Denied:
    """Nobody was signed in. ``reason`` is for the log only: the person hears the same words for all."""

    reason: str


@dataclass(frozen=True)
class SignedIn:
    """Who is there, and the session that says so."""

    staff: Staff
    session: StaffSession

    @property
    def actor(self) -> Actor:
        return Actor(Role.STAFF, self.staff.id)

    @property
    def scope(self) -> Scope:
        """What this person sees, as it stands now: a change holds from the next request on."""
        return self.staff.scope


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(uow: UnitOfWork, username: str, password: str, address: str) -> str | Denied:
    """The secret of a new browser session, or `Denied`. Returned, not raised: a failure must be committed to count.

    Unknown, disabled and locked accounts cost the same password check and get the same words as a wrong password.
    """
    if not address_may_try(uow, address):
        return Denied("too_many")
    staff = uow.session.scalars(select(Staff).filter_by(username=username).with_for_update()).first()
    usable = staff is not None and staff.disabled_at is None and (staff.locked_until or uow.now) <= uow.now
    fits = passwords.fits(staff.password_hash if staff and usable else None, password)
    if staff is None:
        trail.record(uow, system("console"), "staff.sign_in_failed", "staff", "unknown", reason="unknown")
        return Denied("unknown")
    if not usable:
        trail.record(uow, system("console"), "staff.sign_in_failed", "staff", staff.id, reason="locked_or_disabled")
        return Denied("locked_or_disabled")
    if not fits:
        count_failure(uow, staff)
        return Denied("wrong")
    staff.failed_sign_ins, staff.locked_until = 0, None
    trail.record(uow, Actor(Role.STAFF, staff.id), "staff.sign_in", "staff", staff.id)
    return new_session(uow, staff, "browser", LONGEST)


def count_failure(uow: UnitOfWork, staff: Staff) -> None:
    staff.failed_sign_ins += 1
    over = staff.failed_sign_ins - FREE_TRIES
    if over >= 0:
        staff.locked_until = uow.now + min(LOCK * 2 ** min(over, 10), LONGEST_LOCK)
        trail.record(uow, system("console"), "staff.locked", "staff", staff.id, failures=staff.failed_sign_ins)
    else:
        trail.record(uow, system("console"), "staff.sign_in_failed", "staff", staff.id, reason="wrong")


def address_may_try(uow: UnitOfWork, address: str) -> bool:
    """Count one try of a network address, in PostgreSQL: it must hold while Valkey is away."""
    row = insert(SignInAddress).values(
        address_print=uow.keyring.fingerprint("sign_in_address", address), since=uow.now, tries=1
    )
    over = SignInAddress.since < uow.now - ADDRESS_WINDOW
    counted = row.on_conflict_do_update(
        index_elements=["address_print"],
        set_={
            "tries": case((over, 1), else_=SignInAddress.tries + 1),
            "since": case((over, row.excluded.since), else_=SignInAddress.since),
        },
    ).returning(SignInAddress.tries)
    return uow.session.execute(counted).scalar_one() <= ADDRESS_TRIES


def new_session(uow: UnitOfWork, staff: Staff, kind: str, longest: timedelta) -> str:
    """Make a session and return its secret, which nobody can read again."""
    secret = secrets.token_urlsafe(32)
    uow.session.add(
        StaffSession(
            secret_hash=hash_of(secret), staff_id=staff.id, kind=kind, created_at=uow.now, seen_at=uow.now,
            ends_at=uow.now + longest,
        )
    )  # fmt: skip
    return secret


def who_is(uow: UnitOfWork, secret: str, kind: str, *, attended: bool = True) -> SignedIn | None:
    """Who holds this secret of a ``browser`` or ``api`` session, or None: unknown, over, idle too long, disabled.

    What a page asks for by itself is not ``attended``: it does not keep the session alive.
    """
    row = uow.session.execute(
        select(Staff, StaffSession)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.secret_hash == hash_of(secret), StaffSession.kind == kind, Staff.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    staff, session = row
    if not is_alive(session, uow.now):
        return None
    if attended and uow.now - session.seen_at >= SEEN_EVERY:
        session.seen_at = uow.now
    return SignedIn(staff, session)


def still_open(uow: UnitOfWork, secret_hashes: Collection[str]) -> set[str]:
    """Those of these browser sessions, by the hash of their secret, that still open something."""
    found = (
        select(StaffSession)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.secret_hash.in_(secret_hashes), Staff.disabled_at.is_(None))
    )
    return {session.secret_hash for session in uow.session.scalars(found) if is_alive(session, uow.now)}


def is_alive(session: StaffSession, now: datetime) -> bool:
    return now < session.ends_at and (session.kind != "browser" or now - session.seen_at < IDLE)


def sign_out(uow: UnitOfWork, who: SignedIn) -> None:
    uow.session.delete(who.session)
    trail.record(uow, who.actor, "staff.sign_out", "staff", who.staff.id)


def end_sessions(uow: UnitOfWork, staff_id: str, *, but: StaffSession | None = None) -> None:
    """End every session and token of somebody, but for one."""
    found = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    uow.session.execute(found.where(StaffSession.secret_hash != but.secret_hash) if but else found)


def forget_old_sessions(uow: UnitOfWork) -> None:
    """Delete what no longer opens anything; run now and then by the schedule."""
    idle = (StaffSession.kind == "browser") & (StaffSession.seen_at < uow.now - IDLE)
    uow.session.execute(delete(StaffSession).where((StaffSession.ends_at <= uow.now) | idle))
    uow.session.execute(delete(SignInAddress).where(SignInAddress.since < uow.now - ADDRESS_WINDOW))
