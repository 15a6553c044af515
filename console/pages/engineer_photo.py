"""An engineer's photo on his page: seen, changed, taken away."""

from __future__ import annotations

from flask import Response, request

from console.page_door import Answer, Ask, Fetched, Go, PageDoor
from console.pages.engineers import ROOM
from domain.access.roles import Permission
from domain.engineers.model import Engineer
from domain.engineers.photos import BadPhoto, cut, photo_of, put_photo, remove_photo
from domain.files.pictures import MIME, MOST_BYTES
from domain.files.sent import Content
from domain.files.store import FileStore, new_key, seal, unseal


def show(ask: Ask, engineer_id: str) -> Answer:
    """The address names the photo, so that a browser never shows the former one."""
    file = photo_of(ask.uow, ask.uow.get(Engineer, engineer_id, called="这位工程师"))
    place, key, id_ = file.place or "", file.key or "", file.id
    return Fetched(lambda store: Response(unseal(key, id_, store.get(place)), mimetype=MIME))


def take_away(ask: Ask, engineer_id: str) -> Answer:
    remove_photo(ask.uow, engineer_id, by=ask.by)
    return Go(f"{ROOM}/{engineer_id}", "照片已删除，客户会看到姓氏")


def open_doors(door: PageDoor) -> None:
    def put(ask: Ask, engineer_id: str) -> Answer:
        """Whoever asks is let in by this transaction; the store is written to after it, and the engineer in one more."""
        ask.uow.get(Engineer, engineer_id, called="这位工程师")
        sent = request.files.get("photo")
        if sent is None or not sent.filename:
            raise BadPhoto("请选一张照片")
        jpeg, file_id, by = cut(sent.stream.read(MOST_BYTES + 1)), ask.uow.new_id("fi"), ask.by
        content = Content(file_id, f"{ask.uow.today:%Y/%m}/{file_id}", new_key(), jpeg)

        def keep(store: FileStore) -> Response:
            store.put(content.place, seal(content.key, content.file_id, jpeg))
            with door.runtime.transaction() as uow:
                put_photo(uow, engineer_id, content, by=by)
            return door.go(Go(f"{ROOM}/{engineer_id}", "照片已换"))

        return Fetched(keep)

    one = "/engineers/<engineer_id>/photo"
    door.route("GET", one, show, permission=Permission.ENGINEERS_SEE)
    door.route("POST", one, put, permission=Permission.ENGINEERS_KEEP)
    door.route("POST", f"{one}/remove", take_away, permission=Permission.ENGINEERS_KEEP)
