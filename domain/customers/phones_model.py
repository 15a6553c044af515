"""Codes sent to customers' phones, and the sessions of whoever typed one: the way in without WeChat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table


class PhoneCode(Table):
    """A code sent to a customer's phone 验证码, kept as a keyed hash; used once."""

    __tablename__ = "phone_codes"
    __table_args__ = (
        Index("ix_phone_codes_phone", "phone_print", "sent_at"),
        Index("ix_phone_codes_ends", "ends_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    purpose: Mapped[str]
    """``sign_in``, or ``prove``: whose number it is is then known by a session."""
    phone_print: Mapped[str]
    phone: Mapped[str | None] = mapped_column(Sealed("phone_codes.phone"))
    code_print: Mapped[str]
    letter: Mapped[str | None] = mapped_column(Sealed("phone_codes.letter"))
    """The words with the code in clear, until they are handed to whoever sends text messages, as the number is."""
    sent_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class PhoneSession(Table):
    """A browser in which a customer proved a phone. Only the hash of the secret is kept."""

    __tablename__ = "phone_sessions"
    __table_args__ = (Index("ix_phone_sessions_customer", "customer_id", "created_at"),)

    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    consent_version: Mapped[str | None]
    """The privacy notice that was agreed to in this browser."""
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
