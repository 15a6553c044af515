"""Pictures and videos of customers as the staff see them: each look is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.access import trail
from domain.access.model import TrailEntry
from domain.access.sessions import SignedIn
from domain.files.model import FileState, StoredFile
from domain.files.queries import of_order
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork

ONE_LOOK = timedelta(hours=1)
"""A small picture that a page shows again and again is on record once in this time."""
STATES = {FileState.AWAITED: "接收中", FileState.LOST: "没能收到", FileState.DELETED: "已删除"}


@dataclass(frozen=True)
class FileSeen:
    """One picture or video; ``missing`` says why there is nothing to see."""

    id: str
    kind: str
    at: datetime
    missing: str


@dataclass(frozen=True)
class Sealed:
    """What is needed to open a file's content."""

    file_id: str
    place: str
    key: str
    mime: str


def file_seen(file: StoredFile) -> FileSeen:
    return FileSeen(file.id, file.kind, file.created_at, STATES.get(file.state, ""))


def pictures_of(uow: UnitOfWork, work_order_id: str) -> Sequence[FileSeen]:
    """What was sent for an order, oldest first."""
    return [file_seen(file) for file in of_order(uow, work_order_id)]


def look_at_file(uow: UnitOfWork, file_id: str, who: SignedIn, *, small: bool) -> Sealed:
    """One file's content, and the look itself on record.

    :raises NotFound: there is none, or not any more
    """
    file = uow.get(StoredFile, file_id, called="这个文件")
    if file.state is not FileState.KEPT or not file.place or not file.key or not file.mime:
        raise NotFound("这个文件没有内容")
    if small and file.kind != "image":
        raise NotFound("视频没有缩略图")
    action = "file.glance" if small else "file.view"
    if not (small and seen_of_late(uow, file_id, str(who.actor))):
        trail.record(uow, who.actor, action, "file", file_id)
    return Sealed(file.id, file.place, file.key, file.mime)


def seen_of_late(uow: UnitOfWork, file_id: str, actor: str) -> bool:
    looks = select(TrailEntry.id).where(
        TrailEntry.subject_kind == "file",
        TrailEntry.subject_id == file_id,
        TrailEntry.actor == actor,
        TrailEntry.at > uow.now - ONE_LOOK,
    )
    return uow.session.scalar(looks.limit(1)) is not None
