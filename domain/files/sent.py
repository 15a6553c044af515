"""Pictures that come whole from a person's page, drawn anew already: kept at once, given to an order later, read again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from domain.files.model import FileState, StoredFile
from domain.files.operations import A_DAY
from domain.files.pictures import MIME
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork


class TooManyPictures(Refused):
    """More than anybody needs in a day."""

    code = "too_many_requests"


@dataclass(frozen=True)
class Content:
    """A picture as it lies in the store: drawn anew, sealed with its own key."""

    file_id: str
    place: str
    key: str
    jpeg: bytes


def may_send(uow: UnitOfWork, by: Actor) -> None:
    """:raises TooManyPictures: `A_DAY` were sent in a day already"""
    since = uow.now - timedelta(days=1)
    sent = select(func.count()).where(StoredFile.author == str(by), StoredFile.created_at > since)
    if (uow.session.scalar(sent) or 0) >= A_DAY:
        raise TooManyPictures(f"一天最多传 {A_DAY} 张照片，请明天再传，或在公众号里发给我们")


def keep_sent(uow: UnitOfWork, content: Content, *, brand_id: str | None, by: Actor) -> StoredFile:
    """The content lies in the store: it is a file of this person's, of no order yet."""
    file = StoredFile(
        id=content.file_id, brand_id=brand_id, kind="image", state=FileState.KEPT, account_id=None, openid="",
        media_id="", author=str(by), created_at=uow.now, tries=0, kept_at=uow.now, place=content.place, key=content.key,
        sha256=hashlib.sha256(content.jpeg).hexdigest(), size=len(content.jpeg), mime=MIME, why="",
    )  # fmt: skip
    uow.session.add(file)
    uow.session.flush()
    return file


def of_product(uow: UnitOfWork, product_id: str) -> Sequence[StoredFile]:
    """Pictures of no order: what its owners sent to prove the purchase, the latest first."""
    kept = select(StoredFile).where(
        StoredFile.product_id == product_id, StoredFile.work_order_id.is_(None), StoredFile.state == FileState.KEPT
    )
    return uow.session.scalars(kept.order_by(StoredFile.created_at.desc())).all()


def give_to_order(
    uow: UnitOfWork, ids: Collection[str], work_order_id: str, product_id: str | None, *, by: Actor
) -> int:
    """Those of the pictures that are this person's and of no order yet become the order's."""
    if not ids:
        return 0
    mine = update(StoredFile).where(
        StoredFile.id.in_(ids), StoredFile.author == str(by), StoredFile.work_order_id.is_(None),
        StoredFile.product_id.is_(None),
    )  # fmt: skip
    given = mine.values(work_order_id=work_order_id, product_id=product_id).returning(StoredFile.id)
    return len(uow.session.execute(given).all())
