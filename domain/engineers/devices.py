"""The phones engineers are signed in on: opened, looked up, listed, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from domain.access import trail
from domain.access.sessions import hash_of
from domain.engineers.devices_model import EngineerDevice, OneTimeCode
from domain.engineers.model import Engineer
from domain.kit.actors import Actor
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork

LASTS = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=5)
LONGEST_NAME = 60
CODES_KEPT = timedelta(days=2)


class SignedOut(Refused):
    """No session, or one that is over."""

    code = "unauthorized"


class Revoked(SignedOut):
    """The session was ended by somebody: what lies on the phone stays there until somebody signs in again."""

    code = "revoked"


@dataclass(frozen=True)
class SignedInEngineer:
    """Who is there, on which phone."""

    engineer: Engineer
    device: EngineerDevice


def works(engineer: Engineer, day: date) -> bool:
    return engineer.since <= day and (engineer.until is None or day < engineer.until)


def open_session(uow: UnitOfWork, engineer: Engineer, *, name: str, how: str) -> tuple[EngineerDevice, str]:
    """A new device with its session; the secret is told once and kept only as a hash."""
    secret = secrets.token_urlsafe(32)
    device = EngineerDevice(
        id=uow.new_id("ed"), engineer_id=engineer.id, name=name[:LONGEST_NAME] or "手机", secret_hash=hash_of(secret),
        how=how, created_at=uow.now, seen_at=uow.now, ends_at=uow.now + LASTS, revoked_at=None, revoked_by="",
        last_seq=0, clock_offset_ms=0,
    )  # fmt: skip
    uow.session.add(device)
    uow.session.flush()
    return device, secret


def who_is(uow: UnitOfWork, secret: str) -> SignedInEngineer | None:
    """The engineer whose phone holds this secret; None when it is unknown, over, revoked, or he works here no longer."""
    found = (
        select(Engineer, EngineerDevice)
        .join(EngineerDevice, EngineerDevice.engineer_id == Engineer.id)
        .where(
            EngineerDevice.secret_hash == hash_of(secret),
            EngineerDevice.ends_at > uow.now,
            EngineerDevice.revoked_at.is_(None),
        )
    )
    row = uow.session.execute(found).first()
    if row is None or not works(row[0], uow.today):
        return None
    if uow.now - row[1].seen_at >= SEEN_EVERY:
        row[1].seen_at = uow.now
    return SignedInEngineer(row[0], row[1])


def must_be(uow: UnitOfWork, secret: str) -> SignedInEngineer:
    """As `who_is`.

    :raises Revoked, SignedOut: nobody
    """
    found = who_is(uow, secret) if secret else None
    if found:
        return found
    revoked = select(EngineerDevice.id).where(
        EngineerDevice.secret_hash == hash_of(secret), EngineerDevice.revoked_at.is_not(None)
    )
    if uow.session.scalar(revoked):
        raise Revoked("这台手机的登录已被移除。没有上传的记录还在手机上，重新登录后会继续上传")
    raise SignedOut("登录已失效，请重新登录。没有上传的记录还在手机上")


def devices_of(uow: UnitOfWork, engineer_id: str) -> Sequence[EngineerDevice]:
    """Those that still open something, the last seen first."""
    found = select(EngineerDevice).where(
        EngineerDevice.engineer_id == engineer_id, EngineerDevice.ends_at > uow.now, EngineerDevice.revoked_at.is_(None)
    )
    return uow.session.scalars(found.order_by(EngineerDevice.seen_at.desc())).all()


def revoke(uow: UnitOfWork, engineer_id: str, device_id: str, *, by: Actor, why: str = "") -> None:
    """The phone opens nothing from now on. What lies on it unsent stays there until somebody signs in there again.

    :raises NotFound: the engineer has no such phone
    """
    device = uow.session.get(EngineerDevice, device_id, with_for_update=True)
    if device is None or device.engineer_id != engineer_id:
        raise NotFound("没有找到这台手机")
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = uow.now, str(by)
        trail.record(uow, by, "engineer.revoke_device", "engineer", engineer_id, why=why, device=device.id)


def revoke_all(uow: UnitOfWork, engineer_id: str, *, by: Actor, why: str) -> None:
    """Every phone: the engineer was dismissed, or lost them."""
    for device in devices_of(uow, engineer_id):
        revoke(uow, engineer_id, device.id, by=by, why=why)


def forget_old_codes(uow: UnitOfWork) -> None:
    """Delete one-time codes that no longer count for anything."""
    uow.session.execute(delete(OneTimeCode).where(OneTimeCode.sent_at < uow.now - CODES_KEPT))
