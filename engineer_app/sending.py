"""Uploads as the phone meets them: announced for one of its jobs, sent in pieces, looked at."""

from __future__ import annotations

from typing import Any

from domain.engineers.devices import SignedInEngineer
from domain.files import uploads
from domain.files.uploads import Announced, BadHash, BadUpload
from domain.files.uploads_model import Upload
from domain.kit.unit_of_work import UnitOfWork
from engineer_app import own


def begin(uow: UnitOfWork, who: SignedInEngineer, given: dict[str, Any]) -> dict[str, Any]:
    """Also for a job that was given to somebody else meanwhile: the pictures are kept with it.

    :raises NotFound, BadUpload, TooMuch, Conflict: see there
    """
    job = own.job(uow, who, given["visit_id"], also_before=True)
    new = Announced(
        id=given["id"], engineer_id=who.engineer.id, visit_id=job.visit.id, work_order_id=job.order.id,
        brand_id=job.order.brand_id, kind=given["kind"], size=given["size"], sha256=given["sha256"],
    )  # fmt: skip
    return upload_json(uploads.begin(uow, new))


def take_piece(uow: UnitOfWork, who: SignedInEngineer, upload_id: str, offset: str, data: bytes) -> Any:
    """What the upload is like then, or why it begins anew.

    :raises NotFound, WrongOffset, BadUpload: see there
    """
    if not (offset.isascii() and offset.isdigit() and len(offset) < 10):
        raise BadUpload("请求头 Upload-Offset 不对")
    taken = uploads.take_piece(uow, upload_id, who.engineer.id, int(offset), data)
    return taken if isinstance(taken, BadHash) else upload_json(taken)


def look(uow: UnitOfWork, who: SignedInEngineer, upload_id: str) -> dict[str, Any]:
    """:raises NotFound: it is another engineer's, or there is none"""
    return upload_json(uploads.of_engineer(uow, upload_id, who.engineer.id))


def upload_json(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id, "visit_id": upload.visit_id, "kind": upload.kind, "size": upload.size,
        "offset": upload.received, "state": upload.state.value, "words": upload.why, "picture_id": upload.file_id,
    }  # fmt: skip
