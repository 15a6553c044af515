"""Guided cases: who was given which article to try, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import SealedJson, Table
from domain.knowledge.lifecycle import GuideStatus


class GuidedCase(Table):
    """One trying of one article by one person. Another article for the same fault is another case."""

    __tablename__ = "guided_cases"
    __table_args__ = (
        Index("ix_guided_cases_offered", "brand_id", "offered_at"),
        Index(
            "uq_guided_cases_open", "account_id", "openid", "article_id", unique=True,
            postgresql_where=text("status IN ('offered', 'watching')"),
        ),
        Index(
            "ix_guided_cases_callback", "callback_at",
            postgresql_where=text("status = 'watching' AND called_back_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    article_id: Mapped[str]
    """A file's name: the file may be gone by the time somebody looks."""
    symptoms: Mapped[list[str]] = mapped_column(default=list)
    error_code: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson("guided_cases.answers"), default=dict)
    """What the customer had answered by then, for the repair request if it comes to one."""
    status: Mapped[GuideStatus]
    offered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    callback_at: Mapped[datetime | None]
    """When to ask how it went, while it is watched."""
    called_back_at: Mapped[datetime | None]
    order_id: Mapped[str | None]
    """The work order it became. Orders are a later subject, so the database does not check it."""
