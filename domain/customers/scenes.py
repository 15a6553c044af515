"""QR codes of ours, and who came by which: where customers come from, for reports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.customers.model import Contact
from domain.kit.tables import Table
from domain.kit.unit_of_work import UnitOfWork


class QrCode(Table):
    """A code made on the platform. Its ``url`` is what a scanner reads in it."""

    __tablename__ = "qr_codes"

    url: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    scene: Mapped[str]
    ticket: Mapped[str]
    made_at: Mapped[datetime]
    until: Mapped[datetime | None]
    """None for one that is for ever."""


class ContactScene(Table):
    """One coming by a code. Who came is forgotten when the person leaves; that somebody came stays."""

    __tablename__ = "contact_scenes"
    __table_args__ = (
        Index("ix_contact_scenes_scene", "account_id", "scene", "at"),
        Index("ix_contact_scenes_contact", "account_id", "openid"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str | None]
    scene: Mapped[str]
    at: Mapped[datetime]
    is_new: Mapped[bool]
    """The person began to follow with it."""


def came_by(uow: UnitOfWork, contact: Contact, scene: str, *, is_new: bool) -> None:
    """Somebody scanned one of our codes."""
    uow.session.add(
        ContactScene(
            id=uow.new_id("sc"), account_id=contact.account_id, openid=contact.openid, scene=scene[:64], at=uow.now,
            is_new=is_new,
        )
    )  # fmt: skip


def forget_scenes(uow: UnitOfWork, contact: Contact) -> None:
    """The person left: who came by the codes is forgotten."""
    theirs = update(ContactScene).where(
        ContactScene.account_id == contact.account_id, ContactScene.openid == contact.openid
    )
    uow.session.execute(theirs.values(openid=None))


def put_code(uow: UnitOfWork, account_id: str, scene: str, *, url: str, ticket: str, until: datetime | None) -> QrCode:
    """Remember a code that was made on the platform."""
    return uow.session.merge(
        QrCode(url=url, account_id=account_id, scene=scene, ticket=ticket, made_at=uow.now, until=until)
    )


def scene_of(uow: UnitOfWork, account_id: str, url: str) -> str | None:
    """The scene of a code of ours, by what a scanner read in it."""
    return uow.session.scalar(select(QrCode.scene).where(QrCode.url == url, QrCode.account_id == account_id))
