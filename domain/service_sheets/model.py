"""The service sheet of a visit: operations as they came from phones, the registers they wrote, and what was signed.

docs/decisions/0050-engineers-phone.md says how they come together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import SealedJson, Table


class ServiceSheet(Table):
    """The sheet 服务单 of one visit. ``version`` counts the operations applied."""

    __tablename__ = "service_sheets"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(default="")
    """Of what would be signed now (`canonical`)."""
    outcome: Mapped[str] = mapped_column(default="")
    """A key of `domain.service_sheets.rules.OUTCOMES`, "" while the visit is not over."""
    taken_to: Mapped[str] = mapped_column(default="", server_default="")
    """The station a product was taken in to; "" where it stayed at the customer's."""
    verify_code: Mapped[str] = mapped_column(unique=True)
    """Printed on the sheet: whoever holds the paper can see whether it is ours."""
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Register(Table):
    """One value of a sheet, with the greatest stamp of all operations that wrote it."""

    __tablename__ = "sheet_registers"
    __table_args__ = (PrimaryKeyConstraint("visit_id", "key"),)

    visit_id: Mapped[str] = mapped_column(ForeignKey("service_sheets.visit_id"))
    key: Mapped[str]
    value: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("sheet_registers.value"))
    """None for a line that was removed."""
    at: Mapped[datetime]
    """Corrected device time of the operation."""
    operation_id: Mapped[str]
    device_id: Mapped[str]
    version: Mapped[int]
    """The sheet's when it was written."""


class SheetOperation(Table):
    """One thing done on a phone, as it came; its answer is given again, word for word, when it comes again."""

    __tablename__ = "sheet_operations"
    __table_args__ = (
        UniqueConstraint("device_id", "seq"),
        Index("ix_sheet_operations_visit", "visit_id", "n"),
        Index("ix_sheet_operations_held", "device_id", "seq", postgresql_where=text("outcome = 'held'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    """The order in which they came."""
    device_id: Mapped[str] = mapped_column(ForeignKey("engineer_devices.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    seq: Mapped[int]
    visit_id: Mapped[str | None]
    """None for one that is about no visit of ours."""
    kind: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("sheet_operations.body"))
    base_version: Mapped[int]
    device_at: Mapped[datetime]
    at: Mapped[datetime]
    """Corrected by the clock offset of its batch."""
    received_at: Mapped[datetime]
    outcome: Mapped[str]
    """``applied``, ``conflict``, ``refused``, ``held``, ``kept``."""
    answer: Mapped[dict[str, Any]] = mapped_column(SealedJson("sheet_operations.answer"))
    seen_at: Mapped[datetime | None]
    """When the engineer was shown a conflict, or the dispatcher the work that was kept."""


class SheetSignature(Table):
    """A signature: never changed, never deleted. It stands for the sheet only while the hashes agree."""

    __tablename__ = "sheet_signatures"
    __table_args__ = (Index("ix_sheet_signatures_visit", "visit_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("service_sheets.visit_id"))
    purpose: Mapped[str]
    """``sheet``, ``receipt`` for a product taken in, ``quote`` for a price agreed to."""
    hash: Mapped[str]
    upload_id: Mapped[str]
    """The picture of it."""
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("sheet_signatures.content"))
    """The very sheet that was signed, canonical, with the strokes and the name."""
    at: Mapped[datetime]
    operation_id: Mapped[str]
