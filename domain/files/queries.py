"""Looking at what is known of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from domain.files.model import StoredFile
from domain.kit.unit_of_work import UnitOfWork


def by_media(uow: UnitOfWork, account_id: str, media_ids: Iterable[str]) -> dict[str, StoredFile]:
    """The files behind the platform's names."""
    named = [media_id for media_id in media_ids if media_id]
    if not named:
        return {}
    found = select(StoredFile).where(StoredFile.account_id == account_id, StoredFile.media_id.in_(named))
    return {file.media_id: file for file in uow.session.scalars(found.order_by(StoredFile.created_at))}


def of_order(uow: UnitOfWork, work_order_id: str) -> Sequence[StoredFile]:
    """What was sent for an order, oldest first."""
    found = select(StoredFile).filter_by(work_order_id=work_order_id).order_by(StoredFile.created_at, StoredFile.id)
    return uow.session.scalars(found).all()
