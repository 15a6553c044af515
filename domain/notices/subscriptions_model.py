"""Subscription messages: which template says what, how many consents of each a person has left, and every move of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Table

MOST = 50
"""Consents to one template that are kept of one person: what is reported beyond it is not counted."""


class SubscriptionTemplate(Table):
    """Which subscription template of an account's library says what: set by staff, who chose it on the platform.

    A `MessageTemplate` is of the other kind: the ids of one kind mean nothing to the other's interface (40037).
    """

    __tablename__ = "subscription_templates"
    __table_args__ = (PrimaryKeyConstraint("account_id", "purpose"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str]
    """A `domain.notices.channels.Purpose`."""
    template_id: Mapped[str]
    fields: Mapped[dict[str, Any]]
    """Field of the template → which value goes there, a key of `domain.notices.values.VALUES`."""
    page: Mapped[str] = mapped_column(default="", server_default="")
    """The mini-program's page it opens; an official account's opens the notice's own page."""
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class Move(StrEnum):
    """What happened to a person's consents to one template."""

    ACCEPT = "accept"
    REJECT = "reject"
    BAN = "ban"
    """The platform keeps the template from everybody."""
    FILTER = "filter"
    """The platform did not show it: another of the same title was."""
    TAKEN = "taken"
    BACK = "back"
    """Taken, and surely not sent."""
    USED_UP = "used_up"
    """The platform says there is none (43101)."""
    REFUSED = "refused"
    """The person switched it off."""


class SubscriptionCredit(Table):
    """How many messages by this template the person has agreed to and not been sent yet. The database keeps it from going
    below none."""

    __tablename__ = "subscription_credits"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "openid", "template_id"),
        CheckConstraint(f"credits BETWEEN 0 AND {MOST}", name="some"),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    template_id: Mapped[str]
    credits: Mapped[int] = mapped_column(default=0)
    refused_at: Mapped[datetime | None]
    """When the person last said no, unless they said yes since."""
    changed_at: Mapped[datetime]


class SubscriptionMove(Table):
    """One line of a person's consents to one template; the changes of a template add up to its credits."""

    __tablename__ = "subscription_moves"
    __table_args__ = (
        Index("ix_subscription_moves_person", "account_id", "openid", "template_id", "at"),
        Index("ix_subscription_moves_key", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str]
    openid: Mapped[str]
    template_id: Mapped[str]
    at: Mapped[datetime]
    move: Mapped[str]
    source: Mapped[str]
    """``popup`` and ``change`` of the platform's events, ``client`` of what a page or the mini-program reports, ``send``."""
    change: Mapped[int]
    key: Mapped[str | None]
    """What is told under the same key is the same thing told again."""
    twin_id: Mapped[int | None] = mapped_column(BigInteger)
    """The other source's line about the same tap: one of the two changed nothing."""
    seq: Mapped[int | None] = mapped_column(BigInteger)
    """The message a consent was taken for."""
