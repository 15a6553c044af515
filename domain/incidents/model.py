"""Safety incidents: gas, smoke, current. Opened the moment they are told of, paged until somebody has taken them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.incidents.lifecycle import IncidentStatus
from domain.kit.tables import Sealed, Table


class SafetyIncident(Table):
    """One danger in one home, as far as it is known. What is told later is added to ``words``."""

    __tablename__ = "safety_incidents"
    __table_args__ = (
        Index("ix_safety_incidents_brand", "brand_id", "opened_at"),
        Index("ix_safety_incidents_order", "work_order_id"),
        Index("ix_safety_incidents_paging", "next_page_at", postgresql_where=text("status = 'open'")),
        Index(
            "uq_safety_incidents_chat", "account_id", "openid", unique=True, postgresql_where=text("status <> 'closed'")
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    dangers: Mapped[list[str]]
    """The labels told of: gas_smell, smoke_or_burning, electric_leakage."""
    status: Mapped[IncidentStatus]
    words: Mapped[str] = mapped_column(Sealed("safety_incidents.words"))
    phone: Mapped[str | None] = mapped_column(Sealed("safety_incidents.phone"))
    address: Mapped[str | None] = mapped_column(Sealed("safety_incidents.address"))
    category_code: Mapped[str | None]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str | None]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    work_order_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    """The order that followed."""
    opened_at: Mapped[datetime]
    taken_by: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    finding: Mapped[str] = mapped_column(Sealed("safety_incidents.finding"), default="")
    pages: Mapped[int] = mapped_column(default=0)
    next_page_at: Mapped[datetime]


class IncidentPage(Table):
    """One call for somebody on duty."""

    __tablename__ = "incident_pages"
    __table_args__ = (Index("ix_incident_pages_incident", "incident_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("safety_incidents.id"))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who is called; None while nobody is on call: then everybody is."""
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class OnCall(Table):
    """Who is called for a brand's incidents, in which order."""

    __tablename__ = "on_call"
    __table_args__ = (PrimaryKeyConstraint("brand_id", "staff_id"),)

    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    position: Mapped[int]
