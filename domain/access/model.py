"""Members of staff, how they sign in, and the trail of who looked at and changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.scope import Scope
from domain.kit.tables import Sealed, Table, partitioned_by


class Staff(Table):
    """One person who works in the console."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    brand_id: Mapped[str | None] = mapped_column(ForeignKey("brands.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("providers.id"))
    station_id: Mapped[str | None] = mapped_column(ForeignKey("stations.id"))
    """What the person sees: of this brand, this provider, this station only; everything where None (`domain.kit.scope`)."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]

    @property
    def scope(self) -> Scope:
        return Scope(self.brand_id, self.provider_id, self.station_id)


class StaffSession(Table):
    """A signed-in browser or an API token. Only the hash of the secret is kept."""

    __tablename__ = "staff_sessions"
    __table_args__ = (Index("ix_staff_sessions_staff", "staff_id"),)

    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str]
    """``browser`` or ``api``."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class SignInAddress(Table):
    """How often one network address tried to sign in of late; the address itself is not kept."""

    __tablename__ = "sign_in_addresses"

    address_print: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    tries: Mapped[int]


class TrailEntry(Table):
    """One line of the audit trail: who did what to which thing, and why. Never changed, dropped by month."""

    __tablename__ = "audit_trail"
    __table_args__ = (
        PrimaryKeyConstraint("id", "at"),
        Index("ix_audit_trail_at", "at", "id"),
        Index("ix_audit_trail_subject", "subject_kind", "subject_id", "at"),
        Index("ix_audit_trail_actor", "actor", "at"),
        partitioned_by("at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), autoincrement=True)
    """Said to count by itself, so that many are inserted at once."""
    at: Mapped[datetime]
    actor: Mapped[str]
    """As `Actor` writes itself: ``staff:st_…``, ``customer:cu_…``, ``system:reactions``."""
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    why: Mapped[str] = mapped_column(Sealed("audit_trail.why"), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Ids, field names and codes; never personal data."""
