"""Searches that people keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import SealedJson, Table


class SavedSearch(Table):
    """A combined search 组合查询 somebody kept under a name. It is run with the scope of whoever looks, never of who kept it."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        UniqueConstraint("staff_id", "name"),
        Index("ix_saved_searches_shared", "brand_id", "provider_id", "station_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    query: Mapped[dict[str, Any]] = mapped_column(SealedJson("saved_searches.query"))
    """As `domain.reports.conditions.Query` writes itself. Sealed: a phone or a name may be in it."""
    shared: Mapped[bool]
    """Colleagues with the very same scope have it too."""
    brand_id: Mapped[str | None] = mapped_column(ForeignKey("brands.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("providers.id"))
    station_id: Mapped[str | None] = mapped_column(ForeignKey("stations.id"))
    """The scope of its keeper."""
    kept_at: Mapped[datetime]
