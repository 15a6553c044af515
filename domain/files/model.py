"""Pictures and videos that people sent or took: what is known of each; the content lies sealed in a file store."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table


class FileState(StrEnum):
    """``awaited`` until it was fetched; ``lost`` when it cannot be, or is none; ``deleted`` when its content is gone."""

    AWAITED = "awaited"
    KEPT = "kept"
    LOST = "lost"
    DELETED = "deleted"


class StoredFile(Table):
    """One file. Every file has a key of its own in this row, so rotating keys or forgetting a file touches rows only."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_chat", "account_id", "openid", "created_at"),
        Index("ix_files_media", "account_id", "media_id"),
        Index("ix_files_order", "work_order_id", postgresql_where=text("work_order_id IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str | None] = mapped_column(ForeignKey("brands.id"))
    """None for what belongs to no brand: the photo of an engineer, who works for several."""
    kind: Mapped[str]
    """``image`` or ``video``."""
    state: Mapped[FileState]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    """The account it was sent to; None for what came from an engineer's phone."""
    openid: Mapped[str]
    media_id: Mapped[str]
    """The platform's name for it, good for three days; "" as ``openid`` where it did not come by the platform."""
    author: Mapped[str] = mapped_column(default="", server_default="")
    """Who took it, as `Actor` writes itself; "" for the customer whose chat it came by."""
    work_order_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"))
    created_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    """How often fetching it was begun; once it is kept, how often reading it was."""
    kept_at: Mapped[datetime | None]
    place: Mapped[str | None]
    """Its name in the file store."""
    key: Mapped[str | None] = mapped_column(Sealed("files.key"))
    sha256: Mapped[str | None]
    """Of the content as kept, which is not what was sent: pictures are drawn anew."""
    size: Mapped[int | None]
    mime: Mapped[str | None]
    why: Mapped[str] = mapped_column(default="")
    """Why it was lost, in words for staff."""
    asked_again_at: Mapped[datetime | None]
    """When the customer was asked to send it again."""
    deleted_at: Mapped[datetime | None]
