"""Pictures on their way from a phone in pieces, until they are drawn anew and kept as a `StoredFile`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table


class UploadState(StrEnum):
    """``receiving`` pieces; ``checking`` whether it is a picture; ``kept``, or ``refused`` for good."""

    RECEIVING = "receiving"
    CHECKING = "checking"
    KEPT = "kept"
    REFUSED = "refused"


class Upload(Table):
    """One file an engineer's phone sends. The phone makes the id, so that it can name the picture before it is here."""

    __tablename__ = "uploads"
    __table_args__ = (
        Index("ix_uploads_engineer", "engineer_id", postgresql_where=text("state <> 'kept'")),
        Index("ix_uploads_order", "work_order_id"),
        Index("ix_uploads_visit", "visit_id"),
        Index("ix_uploads_file", "file_id"),
        Index("ix_uploads_touched", "touched_at", postgresql_where=text("state <> 'kept'")),
        CheckConstraint("received >= 0 AND received <= size", name="received"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    kind: Mapped[str]
    """``photo`` or ``signature``."""
    size: Mapped[int]
    sha256: Mapped[str]
    """Of the whole, as the phone says."""
    received: Mapped[int] = mapped_column(default=0)
    """Bytes that are here: where the next piece begins."""
    state: Mapped[UploadState]
    why: Mapped[str] = mapped_column(default="")
    """Why it was refused, in words for the engineer."""
    key: Mapped[str] = mapped_column(Sealed("uploads.key"))
    """What its pieces are sealed with."""
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    begun_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    """How often drawing it anew was begun."""


class UploadPiece(Table):
    """One piece, sealed. In the database, so that a piece and the count of what is here are one commit."""

    __tablename__ = "upload_pieces"
    __table_args__ = (PrimaryKeyConstraint("upload_id", "begins"),)

    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id"))
    begins: Mapped[int]
    content: Mapped[bytes]
