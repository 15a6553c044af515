"""Phones that engineers signed in on, the codes they did it with, and the WeChat identities bound to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table


class EngineerDevice(Table):
    """One phone of an engineer with its session: only the hash of the secret is kept."""

    __tablename__ = "engineer_devices"
    __table_args__ = (
        Index("ix_engineer_devices_engineer", "engineer_id"),
        Index("ix_engineer_devices_secret", "secret_hash", unique=True),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    name: Mapped[str]
    """What the browser says it is, shortened: 微信 8 · Android."""
    secret_hash: Mapped[str]
    how: Mapped[str]
    """``code`` or ``wechat``."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(default="")
    last_seq: Mapped[int] = mapped_column(default=0)
    """The last of its operations that was applied without a gap."""
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    """How far the phone's clock was ahead of ours when it last spoke: years, for one that was reset."""


class EngineerIdentity(Table):
    """A WeChat identity bound to an engineer by a one-time code."""

    __tablename__ = "engineer_identities"
    __table_args__ = (PrimaryKeyConstraint("account_id", "openid"), Index("ix_engineer_identities", "engineer_id"))

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    bound_at: Mapped[datetime]


class OneTimeCode(Table):
    """A code sent to a phone 验证码, kept as a keyed hash; used once."""

    __tablename__ = "one_time_codes"
    __table_args__ = (Index("ix_one_time_codes_phone", "phone_print", "sent_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    phone_print: Mapped[str]
    purpose: Mapped[str]
    code_print: Mapped[str]
    letter: Mapped[str | None] = mapped_column(Sealed("one_time_codes.letter"))
    """The words with the code in clear, until they are handed to whoever sends text messages."""
    engineer_id: Mapped[str | None] = mapped_column(ForeignKey("engineers.id"))
    """Whose phone it is; None where nobody's is, so that asking says nothing about who works here."""
    sent_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
