"""An engineer's photo 照片: what customers see of who comes to them. There is one at a time; the former is forgotten."""

from __future__ import annotations

from domain.access import trail
from domain.engineers.model import Engineer
from domain.files.events import PicturesForgotten
from domain.files.model import FileState, StoredFile
from domain.files.operations import forget
from domain.files.pictures import LEAST_FACE, MOST_BYTES, NotUsable, TooManyPixels, TooSmall, face
from domain.files.sent import Content, keep_sent
from domain.kit.actors import Actor
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork

CALLED = "工程师"


class BadPhoto(Refused):
    """What was sent is no photo of a person we can show."""

    code = "bad_photo"


def cut(data: bytes) -> bytes:
    """The photo as it is kept: drawn anew, a square around the face.

    :raises BadPhoto: see there
    """
    if not data:
        raise BadPhoto("请选一张照片")
    if len(data) > MOST_BYTES:
        raise BadPhoto(f"照片太大了，最多 {MOST_BYTES >> 20} MB，请选小一点的")
    try:
        return face(data)
    except TooSmall:
        raise BadPhoto(f"照片太小，看不清人，至少要 {LEAST_FACE}×{LEAST_FACE} 像素") from None
    except TooManyPixels:
        raise BadPhoto("照片超过 5000 万像素，请选小一点的") from None
    except NotUsable:
        raise BadPhoto("这个文件不是照片，或已损坏，请换一张") from None


def put_photo(uow: UnitOfWork, engineer_id: str, content: Content, *, by: Actor) -> StoredFile:
    """The content lies in the store: it is the engineer's photo from now on."""
    engineer = uow.get(Engineer, engineer_id, called=CALLED, lock=True)
    throw_away(uow, engineer.photo_id)  # while it is his: nobody else's files can be seen here
    kept = keep_sent(uow, content, brand_id=None, by=by)
    engineer.photo_id = kept.id
    trail.record(uow, by, "engineer.photo", "engineer", engineer.id, file=kept.id)
    uow.session.flush()
    return kept


def remove_photo(uow: UnitOfWork, engineer_id: str, *, by: Actor) -> None:
    """There is none any more: customers see the first letter of the name. Said again, nothing changes."""
    engineer = uow.get(Engineer, engineer_id, called=CALLED, lock=True)
    if former := engineer.photo_id:
        throw_away(uow, former)
        engineer.photo_id = None
        trail.record(uow, by, "engineer.photo_removed", "engineer", engineer.id, file=former)
        uow.session.flush()


def throw_away(uow: UnitOfWork, file_id: str | None) -> None:
    if file_id is None:
        return
    place = forget(uow, uow.get(StoredFile, file_id, called="照片", lock=True))
    if place:
        uow.emit(PicturesForgotten([place]))


def photo_of(uow: UnitOfWork, engineer: Engineer) -> StoredFile:
    """:raises NotFound: there is none"""
    found = uow.session.get(StoredFile, engineer.photo_id) if engineer.photo_id else None
    if found is None or found.state is not FileState.KEPT:
        raise NotFound("没有照片")
    return found
