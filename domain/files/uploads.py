"""Uploads in pieces: begun, continued where they stopped, checked against their hash, drawn anew, kept or refused, swept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.files.events import UploadComplete
from domain.files.model import FileState, StoredFile
from domain.files.pictures import MIME
from domain.files.store import new_key, seal, unseal
from domain.files.uploads_model import Upload, UploadPiece, UploadState
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork

LARGEST = 30 << 20
"""Bytes: the largest picture of a phone."""
PIECE = 256 << 10
"""Bytes of one piece at most."""
AT_ONCE = 1 << 29
"""Bytes one engineer may have under way: some hundred photos."""
FORGOTTEN = timedelta(days=14)
"""An upload nobody went on with for so long is given up; a refused one is told no longer."""
TRIES = 3
NOT_A_PICTURE = "这个文件不是照片，或已损坏，请重新拍照"
TOO_MANY_PIXELS = "照片超过 5000 万像素，请用普通模式重新拍照"
NOT_FINISHED = "这张照片处理不了，请重新拍照"


class BadUpload(Refused):
    """What was announced, or a piece of it, cannot be."""

    code = "bad_upload"


class TooMuch(Refused):
    """Too much is under way at once."""

    code = "too_much"


class BadHash(Refused):
    """All bytes are here and are not those that were announced: they are thrown away, and begun again."""

    code = "bad_hash"


class WrongOffset(Conflict):
    """The piece does not begin where the upload stands; ``offset`` is where it does."""

    code = "wrong_offset"

    def __init__(self, offset: int) -> None:
        super().__init__("这一片不是接下来的一片")
        self.offset = offset


@dataclass(frozen=True)
class Announced:
    """What a phone says of a file before it sends it."""

    id: str
    engineer_id: str
    visit_id: str
    work_order_id: str
    brand_id: str
    kind: str
    size: int
    sha256: str


def begin(uow: UnitOfWork, new: Announced) -> Upload:
    """Begin an upload; the same announcement again gives the upload as it stands.

    :raises BadUpload: too large
    :raises TooMuch: see there
    :raises NotFound, Conflict: the id is another engineer's, or of another file
    """
    if not 0 < new.size <= LARGEST:
        raise BadUpload("照片太大，最多 30 MB")
    known = uow.session.get(Upload, new.id)
    if known is None:
        under_way = select(func.coalesce(func.sum(Upload.size), 0)).where(
            Upload.engineer_id == new.engineer_id, Upload.state == UploadState.RECEIVING
        )
        if int(uow.session.scalar(under_way) or 0) + new.size > AT_ONCE:
            raise TooMuch("还有很多照片没有传完，请等它们传完")
        row = insert(Upload).values(
            **vars(new), received=0, state=UploadState.RECEIVING, why="", key=new_key(), begun_at=uow.now,
            touched_at=uow.now, tries=0,
        )  # fmt: skip
        uow.session.execute(row.on_conflict_do_nothing())
        known = uow.session.get(Upload, new.id, populate_existing=True)
    if known is None or known.engineer_id != new.engineer_id:
        raise NotFound("没有找到这个上传")
    if (known.visit_id, known.kind, known.size, known.sha256) != (new.visit_id, new.kind, new.size, new.sha256):
        raise Conflict("这个编号已经用于另一个文件")
    return known


def of_engineer(uow: UnitOfWork, upload_id: str, engineer_id: str, *, lock: bool = False) -> Upload:
    """:raises NotFound: there is none, or it is another engineer's"""
    found = uow.session.get(Upload, upload_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.engineer_id != engineer_id:
        raise NotFound("没有找到这个上传")
    return found


def take_piece(uow: UnitOfWork, upload_id: str, engineer_id: str, offset: int, data: bytes) -> Upload | BadHash:
    """Keep the next piece; with the last one the whole is checked. A wrong hash is returned, not raised: throwing the
    bytes away must be committed. What is complete already stays as it is.

    :raises WrongOffset: see there
    :raises BadUpload: an empty or too large piece, or more than was announced
    """
    upload = of_engineer(uow, upload_id, engineer_id, lock=True)
    if upload.state is not UploadState.RECEIVING:
        return upload
    if offset != upload.received:
        raise WrongOffset(upload.received)
    if not 0 < len(data) <= min(PIECE, upload.size - upload.received):
        raise BadUpload("这一片的大小不对")
    uow.session.add(UploadPiece(upload_id=upload.id, begins=offset, content=seal(upload.key, upload.id, data)))
    upload.received, upload.touched_at = offset + len(data), uow.now
    uow.session.flush()
    if upload.received < upload.size:
        return upload
    if hashlib.sha256(whole(uow, upload)).hexdigest() != upload.sha256:
        throw_away(uow, upload)
        upload.received = 0
        return BadHash("传输中出了错，请重新上传")
    upload.state = UploadState.CHECKING
    uow.emit(UploadComplete(upload.id))
    return upload


def whole(uow: UnitOfWork, upload: Upload) -> bytes:
    """All bytes that are here."""
    found = select(UploadPiece.content).where(UploadPiece.upload_id == upload.id).order_by(UploadPiece.begins)
    return b"".join(unseal(upload.key, upload.id, piece) for piece in uow.session.scalars(found))


def throw_away(uow: UnitOfWork, upload: Upload) -> None:
    uow.session.execute(delete(UploadPiece).where(UploadPiece.upload_id == upload.id))


def set_out(uow: UnitOfWork, upload_id: str) -> bytes | None:
    """The bytes to be drawn anew; None when there is nothing to do. The try is counted before it is made, so that a picture
    which kills the process that opens it is given up."""
    upload = uow.session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
    if upload is None or upload.state is not UploadState.CHECKING:
        return None
    upload.tries += 1
    if upload.tries > TRIES:
        refuse(uow, upload_id, NOT_FINISHED)
        return None
    return whole(uow, upload)


def keep(uow: UnitOfWork, upload_id: str, *, file_id: str, place: str, key: str, content: bytes) -> None:
    """The picture lies drawn anew in the store, sealed with the key: it is a file of the order from now on."""
    upload = uow.get(Upload, upload_id, called="这个上传", lock=True)
    if upload.state is not UploadState.CHECKING:
        return
    uow.session.add(
        StoredFile(
            id=file_id, brand_id=upload.brand_id, kind="image", state=FileState.KEPT, account_id=None, openid="",
            media_id="", author=str(Actor(Role.ENGINEER, upload.engineer_id)), work_order_id=upload.work_order_id,
            product_id=None, created_at=upload.begun_at, tries=0, kept_at=uow.now, place=place, key=key,
            sha256=hashlib.sha256(content).hexdigest(), size=len(content), mime=MIME, why="",
        )
    )  # fmt: skip
    uow.session.flush()
    upload.state, upload.file_id, upload.touched_at = UploadState.KEPT, file_id, uow.now
    throw_away(uow, upload)


def refuse(uow: UnitOfWork, upload_id: str, words: str) -> None:
    """It is no picture of ours: the phone is told, and the bytes are thrown away."""
    upload = uow.get(Upload, upload_id, called="这个上传", lock=True)
    if upload.state is UploadState.CHECKING:
        upload.state, upload.why, upload.touched_at = UploadState.REFUSED, words, uow.now
        throw_away(uow, upload)


def sweep(uow: UnitOfWork, limit: int = 200) -> int:
    """Forget uploads that nobody goes on with, and refusals that were told long ago; returns how many."""
    over = (
        select(Upload.id)
        .where(Upload.state.in_((UploadState.RECEIVING, UploadState.REFUSED)), Upload.touched_at < uow.now - FORGOTTEN)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    gone = list(uow.session.scalars(over))
    uow.session.execute(delete(UploadPiece).where(UploadPiece.upload_id.in_(gone)))
    uow.session.execute(delete(Upload).where(Upload.id.in_(gone)))
    return len(gone)
