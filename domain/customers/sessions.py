"""Sessions of the mini-program: a secret for whoever the platform says is there. Only its hash is kept."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from domain.access.sessions import hash_of
from domain.customers.model import Contact, ContactSession
from domain.kit.unit_of_work import UnitOfWork

LASTS = timedelta(days=7)
"""Signing in again costs the customer nothing (wx.login asks nobody), so a lost phone is not open for long."""
AT_ONCE = 5
"""Devices of one person; the oldest session ends when there are more."""


def open_session(uow: UnitOfWork, contact: Contact) -> str:
    """Make a session and return its secret, which nobody can read again."""
    secret = secrets.token_urlsafe(32)
    uow.session.add(
        ContactSession(
            secret_hash=hash_of(secret), account_id=contact.account_id, openid=contact.openid, created_at=uow.now,
            ends_at=uow.now + LASTS,
        )
    )  # fmt: skip
    uow.session.flush()
    newest = select(ContactSession.secret_hash).filter_by(account_id=contact.account_id, openid=contact.openid)
    older = uow.session.scalars(newest.order_by(ContactSession.created_at.desc()).offset(AT_ONCE)).all()
    uow.session.execute(delete(ContactSession).where(ContactSession.secret_hash.in_(older)))
    return secret


def who_is(uow: UnitOfWork, secret: str) -> Contact | None:
    """The contact who holds this secret, or None: unknown or over."""
    holder = (
        select(Contact)
        .join(
            ContactSession,
            (ContactSession.account_id == Contact.account_id) & (ContactSession.openid == Contact.openid),
        )
        .where(ContactSession.secret_hash == hash_of(secret), ContactSession.ends_at > uow.now)
    )
    return uow.session.scalars(holder).first()


def close_session(uow: UnitOfWork, secret: str) -> None:
    """End one session."""
    uow.session.execute(delete(ContactSession).where(ContactSession.secret_hash == hash_of(secret)))


def end_sessions(uow: UnitOfWork, contact: Contact) -> None:
    """End every session of a contact."""
    found = delete(ContactSession).where(ContactSession.account_id == contact.account_id)
    uow.session.execute(found.where(ContactSession.openid == contact.openid))


def forget_old_sessions(uow: UnitOfWork) -> None:
    """Delete what no longer opens anything; run now and then by the schedule."""
    uow.session.execute(delete(ContactSession).where(ContactSession.ends_at <= uow.now))
