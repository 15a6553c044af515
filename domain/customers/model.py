"""People who own appliances: their phones and addresses, and the chat identities they speak through."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, SealedJson, Table


class Customer(Table):
    """One customer of one brand. ``name`` is the way the person wants to be addressed."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_name", "name_print"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    name: Mapped[str | None] = mapped_column(Sealed("customers.name"))
    name_print: Mapped[str | None]
    level: Mapped[str] = mapped_column(default="", server_default="")
    """"" or ``vip``: service levels may promise more."""
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    """When the person had everything that names them deleted; the row stays, because orders point at it."""


class CustomerPhone(Table):
    """A number of a customer's; the newest used one comes first when it is offered."""

    __tablename__ = "customer_phones"
    __table_args__ = (
        PrimaryKeyConstraint("customer_id", "number_print"),
        Index("ix_customer_phones_number", "number_print"),
        Index("ix_customer_phones_last4", "last4_print"),
    )

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    number: Mapped[str] = mapped_column(Sealed("customer_phones.number"))
    number_print: Mapped[str]
    last4_print: Mapped[str]
    used_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    """When the platform vouched for the number; None for one that was only said or typed."""


class CustomerAddress(Table):
    """A place a customer asked us to, as confirmed by the customer."""

    __tablename__ = "customer_addresses"
    __table_args__ = (Index("ix_customer_addresses_customer", "customer_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    division_code: Mapped[str]
    line: Mapped[str] = mapped_column(Sealed("customer_addresses.line"))
    """The whole address in one line, province first."""
    line_print: Mapped[str]
    position: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("customer_addresses.position"))
    """A `domain.regions.positions.Position`: the customer's own pin, or what a geocoder said."""
    used_at: Mapped[datetime]


class Contact(Table):
    """A chat identity: one person on one account. Created with the first thing heard from them."""

    __tablename__ = "contacts"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "openid"),
        Index("ix_contacts_customer", "customer_id"),
        Index("ix_contacts_unionid", "unionid"),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    unionid: Mapped[str | None]
    """The same for one person on all accounts of one open-platform account: the only thing contacts are joined by."""
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    first_heard_at: Mapped[datetime]
    followed_at: Mapped[datetime | None]
    unfollowed_at: Mapped[datetime | None]
    """Unfollowing ends marketing and deletes what we keep of the chat profile; orders stay."""
    scene: Mapped[str | None]
    """The QR scene the person came by first: the channel."""
    consent_version: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    marketing_agreed_at: Mapped[datetime | None]
    """When the person said yes to advertising. Nothing of the kind is sent without it (Advertising Law 43)."""
    marketing_stopped_at: Mapped[datetime | None]
    """The last time advertising was ended here; kept as the record of a no, cleared by a later yes."""
    revoked_at: Mapped[datetime | None]
    """The person took an authorization back on the platform; what it covered is deleted."""


class ContactSession(Table):
    """A signed-in mini-program, or a browser inside WeChat. Only the hash of the secret is kept."""

    __tablename__ = "contact_sessions"
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "openid"], ["contacts.account_id", "contacts.openid"]),
        Index("ix_contact_sessions_contact", "account_id", "openid", "created_at"),
    )

    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    openid: Mapped[str]
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
