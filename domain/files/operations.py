"""What can be done to files: hear of one, fetch it, keep it or give it up, give it to an order, forget it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, func, select, update

from domain.files.events import PictureHeard, PictureKept
from domain.files.model import FileState, StoredFile
from domain.kit.unit_of_work import UnitOfWork

A_DAY = 40
"""Pictures taken of one person in a day: nobody needs more to show a fault."""
TOGETHER = timedelta(hours=24)
"""Pictures sent so long before an order belong to it: the bot forgets what was begun after the same time."""
ASK_AGAIN = timedelta(hours=24)
"""In this time a person is asked once to send a picture again."""
UNUSED = timedelta(days=180)
"""Pictures of no order are kept as long as the chat they were sent in."""
TOO_MANY = "too many pictures in a day"


def hear(
    uow: UnitOfWork, *, brand_id: str, account_id: str, openid: str, kind: str, media_id: str,
    work_order_id: str | None = None, product_id: str | None = None,
) -> StoredFile:  # fmt: skip
    """Write down that somebody sent a picture; it is fetched after the commit."""
    since = uow.now - timedelta(days=1)
    sent = select(func.count()).where(
        StoredFile.account_id == account_id, StoredFile.openid == openid, StoredFile.created_at > since
    )
    file = StoredFile(
        id=uow.new_id("fi"), brand_id=brand_id, kind=kind, state=FileState.AWAITED, account_id=account_id,
        openid=openid, media_id=media_id, work_order_id=work_order_id, product_id=product_id, created_at=uow.now,
        tries=0, why="",
    )  # fmt: skip
    if (uow.session.scalar(sent) or 0) >= A_DAY:
        file.state, file.why = FileState.LOST, TOO_MANY
    else:
        uow.emit(PictureHeard(file.id))
    uow.session.add(file)
    uow.session.flush()
    return file


@dataclass(frozen=True)
class Wanted:
    """A file somebody set out to fetch or to read, for the ``tries``-th time."""

    id: str
    kind: str
    account_id: str
    openid: str
    media_id: str
    place: str
    key: str
    tries: int


def set_out(uow: UnitOfWork, file_id: str, state: FileState) -> Wanted | None:
    """Count a try, before it is made: what kills the process that tries it is not tried for ever. None when the file
    is not in that state any more."""
    file = uow.session.get(StoredFile, file_id, with_for_update=True, populate_existing=True)
    if file is None or file.state is not state:
        return None
    file.tries += 1
    return Wanted(
        file.id,
        file.kind,
        file.account_id or "",
        file.openid,
        file.media_id,
        file.place or "",
        file.key or "",
        file.tries,
    )


def keep(uow: UnitOfWork, file_id: str, *, place: str, key: str, content: bytes, mime: str) -> None:
    """The content lies in the store, sealed with the key."""
    file = uow.get(StoredFile, file_id, called="这个文件", lock=True)
    if file.state is not FileState.AWAITED:
        return
    file.state, file.kept_at, file.place, file.key, file.mime = FileState.KEPT, uow.now, place, key, mime
    file.sha256, file.size, file.tries = hashlib.sha256(content).hexdigest(), len(content), 0
    if file.kind == "image":
        uow.emit(PictureKept(file.id))


def lose(uow: UnitOfWork, file_id: str, why: str) -> bool:
    """It will never come. True when the customer should be asked for it again, which is so once in `ASK_AGAIN`."""
    file = uow.get(StoredFile, file_id, called="这个文件", lock=True)
    if file.state is not FileState.AWAITED:
        return False
    file.state, file.why = FileState.LOST, why[:200]
    asked = exists().where(
        StoredFile.account_id == file.account_id,
        StoredFile.openid == file.openid,
        StoredFile.asked_again_at > uow.now - ASK_AGAIN,
    )
    if uow.session.scalar(select(asked)):
        return False
    file.asked_again_at = uow.now
    return True


def attach(uow: UnitOfWork, account_id: str, openid: str, work_order_id: str, product_id: str | None = None) -> int:
    """Give the pictures of this chat that belong to no order yet, and were sent of late, to the order."""
    free = update(StoredFile).where(
        StoredFile.account_id == account_id,
        StoredFile.openid == openid,
        StoredFile.work_order_id.is_(None),
        StoredFile.created_at > uow.now - TOGETHER,
    )
    uow.session.flush()
    rows = uow.session.execute(free.values(work_order_id=work_order_id, product_id=product_id).returning(StoredFile.id))
    return len(rows.all())


def forget(uow: UnitOfWork, file: StoredFile) -> str | None:
    """Throw the key away: nobody can read the content any more. Returns its place, to be emptied after the commit."""
    place, file.state, file.deleted_at = file.place, FileState.DELETED, uow.now
    file.key = file.place = None
    return place


def forget_unused(uow: UnitOfWork, limit: int = 200) -> list[str]:
    """Forget pictures of a brand's customers, of no order, whose time is over; returns the places to be emptied.

    What is of no brand is not theirs: an engineer's photo is kept until there is another.
    """
    over = (
        select(StoredFile)
        .where(
            StoredFile.work_order_id.is_(None),
            StoredFile.brand_id.is_not(None),
            StoredFile.state == FileState.KEPT,
            StoredFile.created_at < uow.now - UNUSED,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [place for file in uow.session.scalars(over) if (place := forget(uow, file))]
