"""Certificates that end: who must be given other work from today on, and whose end is near."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from domain.engineers.certificates import KINDS
from domain.engineers.events import EngineerUnfit
from domain.engineers.model import Certificate, Engineer
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.queries import holds_on

SOON = timedelta(days=30)
"""How long before its end a certificate is shown as ending."""
AT_ONCE = 500


def note_ended_certificates(uow: UnitOfWork) -> int:
    """Say once of every certificate that has ended that the engineer is unfit, unless another of its kind holds."""
    ended = (
        select(Certificate)
        .where(Certificate.end_noted_at.is_(None), Certificate.until <= uow.today)
        .order_by(Certificate.until, Certificate.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = uow.session.scalars(ended).all()
    same = select(Certificate.engineer_id, Certificate.kind).where(
        Certificate.engineer_id.in_({row.engineer_id for row in rows}), holds_on(Certificate, uow.today)
    )
    held = {(engineer_id, kind) for engineer_id, kind in uow.session.execute(same)}
    for row in rows:
        row.end_noted_at = uow.now
        if (row.engineer_id, row.kind) not in held:
            uow.emit(EngineerUnfit(row.engineer_id, str(row.until), f"证书到期：{KINDS.get(row.kind, row.kind)}"))
    return len(rows)


def ending_soon(uow: UnitOfWork, within: timedelta = SOON) -> Sequence[tuple[Engineer, Certificate]]:
    """Certificates of working engineers that end within these days or have ended, and that nothing follows; first ends first."""
    later = aliased(Certificate)
    rows = (
        select(Engineer, Certificate)
        .join(Certificate, Certificate.engineer_id == Engineer.id)
        .where(
            holds_on(Engineer, uow.today),
            Certificate.until <= uow.today + within,
            ~select(later.id)
            .where(
                later.engineer_id == Certificate.engineer_id,
                later.kind == Certificate.kind,
                later.until > Certificate.until,
            )
            .exists(),
        )
        .order_by(Certificate.until, Engineer.code)
    )
    return [(engineer, certificate) for engineer, certificate in uow.session.execute(rows)]
