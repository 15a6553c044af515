"""Pictures and videos that customers sent: small ones for the pages, and the whole file."""

from __future__ import annotations

from flask import Response

from console.files import Sealed, look_at_file
from console.page_door import Answer, Ask, Fetched, PageDoor
from domain.access.roles import Permission
from domain.files.pictures import MIME, small
from domain.files.store import FileStore, unseal


def whole_file(ask: Ask, file_id: str) -> Answer:
    sealed = look_at_file(ask.uow, file_id, ask.me, small=False)
    return Fetched(lambda store: shown(sealed, opened(store, sealed)))


def small_picture(ask: Ask, file_id: str) -> Answer:
    sealed = look_at_file(ask.uow, file_id, ask.me, small=True)
    return Fetched(lambda store: shown(sealed, small(opened(store, sealed))))


def opened(store: FileStore, sealed: Sealed) -> bytes:
    return unseal(sealed.key, sealed.file_id, store.get(sealed.place))


def shown(sealed: Sealed, content: bytes) -> Response:
    """Pictures are shown, everything else is a download: a page of ours never plays what a stranger made."""
    how = "inline" if sealed.mime == MIME else f"attachment; filename={sealed.file_id}.mp4"
    return Response(content, mimetype=sealed.mime, headers={"Content-Disposition": how})


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/files/<file_id>", whole_file, permission=Permission.ORDERS_SEE)
    door.route("GET", "/files/<file_id>/small", small_picture, permission=Permission.ORDERS_SEE)
