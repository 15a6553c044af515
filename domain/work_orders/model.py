"""Work orders, their visits, and the history of every move of both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Sequence,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, SealedJson, Table
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus, VisitStatus

ORDER_COUNT = Sequence("work_order_count", metadata=Table.metadata)


class WorkOrder(Table):
    """One piece of work for one customer. The contact's words are as confirmed when it was opened."""

    __tablename__ = "work_orders"
    __table_args__ = (
        Index("ix_work_orders_page", "brand_id", "opened_at", "id"),
        Index("ix_work_orders_status", "brand_id", "status", "opened_at", "id"),
        Index("ix_work_orders_customer", "customer_id", "opened_at"),
        Index("ix_work_orders_product", "product_id", "opened_at"),
        Index("ix_work_orders_phone", "phone_print"),
        Index("ix_work_orders_phone4", "phone4_print"),
        Index("ix_work_orders_name", "name_print"),
        Index("ix_work_orders_provider", "provider_id", "opened_at", "id"),
        Index("ix_work_orders_unserved", "opened_at", postgresql_where=text("status IN ('reported', 'scheduled')")),
        Index(
            "ix_work_orders_station", "station_id", "opened_at", "id", postgresql_where=text("station_id IS NOT NULL")
        ),
        Index("ix_work_orders_category", "category_code", "opened_at", "id"),
        Index("ix_work_orders_model", "model_id", "opened_at", "id"),
        Index("ix_work_orders_division", "division_code", postgresql_ops={"division_code": "text_pattern_ops"}),
        Index("ix_work_orders_opened", "opened_at", "id"),
        Index("ix_work_orders_repair_of", "repair_of_id", postgresql_where=text("repair_of_id IS NOT NULL")),
        Index(
            "uq_work_orders_rectifies", "rectifies_id", unique=True, postgresql_where=text("rectifies_id IS NOT NULL")
        ),
        Index("ix_work_orders_urged", "urged", postgresql_where=text("urged > 0")),
        Index("ix_work_orders_hard", "opened_at", "id", postgresql_where=text("hard <> ''")),
        Index("ix_work_orders_error", "error_code", postgresql_where=text("error_code IS NOT NULL")),
        Index("ix_work_orders_serial", "serial_key", postgresql_where=text("serial_key IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    service_type: Mapped[ServiceType]
    status: Mapped[OrderStatus]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"))
    model_id: Mapped[str | None] = mapped_column(ForeignKey("models.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    serial_key: Mapped[str | None]
    words: Mapped[str] = mapped_column(Sealed("work_orders.words"))
    """What is wrong or wanted, in the customer's words."""
    symptoms: Mapped[list[str]] = mapped_column(default=list)
    error_code: Mapped[str | None]
    contact_name: Mapped[str | None] = mapped_column(Sealed("work_orders.contact_name"))
    name_print: Mapped[str | None]
    phone: Mapped[str] = mapped_column(Sealed("work_orders.phone"))
    phone_print: Mapped[str]
    phone4_print: Mapped[str]
    division_code: Mapped[str]
    address: Mapped[str] = mapped_column(Sealed("work_orders.address"))
    wanted_time: Mapped[str | None] = mapped_column(Sealed("work_orders.wanted_time"))
    """When the customer would like a visit, in the customer's words."""
    wanted_since: Mapped[datetime | None]
    wanted_until: Mapped[datetime | None]
    """The same as moments, where the words could be understood: the arrival wished for."""
    position: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("work_orders.position"))
    """A `domain.regions.positions.Position`; None until somebody looked for one."""
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("providers.id"))
    station_id: Mapped[str | None] = mapped_column(ForeignKey("stations.id"))
    """Who is responsible now: the only provider that sees the order."""
    hard: Mapped[str] = mapped_column(default="", server_default="")
    """Why this is a hard case 疑难, for the brand's own technicians; "" when it is none."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str | None]
    """The chat the order came by, and where its news go."""
    opened_via: Mapped[str]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    repair_of_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    """二次维修: the earlier repair of the same product within the re-repair period."""
    rectifies_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    """整改: the order this one puts right, free of labour and travel, by another engineer; an order is put right once."""
    on_hold: Mapped[str] = mapped_column(default="", server_default="")
    """What the customer has to see to before anybody comes again: ``blocked`` (the place), ``absent``; "" for nothing."""
    urged: Mapped[int] = mapped_column(default=0)
    """催单: how often the customer asked to hurry; the higher, the sooner it is looked at."""
    urged_at: Mapped[datetime | None]
    agreed_fen: Mapped[int | None] = mapped_column(BigInteger)
    agreed_at: Mapped[datetime | None]
    """What the customer has agreed to pay at most, and when; said by `domain.pricing`, None before any quote."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes: who edits says which version was looked at."""


class WorkOrderMove(Table):
    """One line of an order's history: who moved or changed it, when, and why."""

    __tablename__ = "work_order_moves"
    __table_args__ = (
        Index("ix_work_order_moves_order", "work_order_id", "id"),
        Index("ix_work_order_moves_ended", "at", postgresql_where=text("\"to\" IN ('finished', 'cancelled')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    move: Mapped[str]
    """A move of the lifecycle, or ``open``, ``change``, ``report``."""
    frm: Mapped[str]
    to: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Sealed("work_order_moves.why"), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """For ``change``: the names of the fields, never their values."""


class Visit(Table):
    """One going to the home for an order."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("work_order_id", "seq"),
        Index(
            "ix_visits_coming", "work_order_id", unique=True,
            postgresql_where=text("status IN ('offered', 'accepted', 'departed', 'checked_in')"),
        ),
        Index(
            "ix_visits_engineer", "engineer_id",
            postgresql_where=text("status IN ('offered', 'accepted', 'departed', 'checked_in')"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    seq: Mapped[int]
    status: Mapped[VisitStatus]
    opened_at: Mapped[datetime]
    engineer_id: Mapped[str | None] = mapped_column(ForeignKey("engineers.id"))
    """Who comes: accepted, or was assigned by a dispatcher. None while it is only offered."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class VisitEngineer(Table):
    """One engineer of a visit, and the share of the work in percent; the shares of a visit make 100 (C5)."""

    __tablename__ = "visit_engineers"
    __table_args__ = (
        PrimaryKeyConstraint("visit_id", "engineer_id"),
        Index("ix_visit_engineers_engineer", "engineer_id"),
        CheckConstraint("share > 0 AND share <= 100", name="share"),
    )

    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    share: Mapped[int]
    lead: Mapped[bool]
    """The one the customer is told of and whose phone has the job."""


class VisitMove(Table):
    """One line of a visit's history."""

    __tablename__ = "visit_moves"
    __table_args__ = (Index("ix_visit_moves_visit", "visit_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    move: Mapped[str]
    frm: Mapped[str]
    to: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Sealed("visit_moves.why"), default="")
