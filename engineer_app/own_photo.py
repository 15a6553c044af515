"""The engineer's own photo, as customers see it: looked at, changed and taken away on his phone."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, request

from domain.engineers import devices
from domain.engineers.devices import SignedInEngineer
from domain.engineers.model import Engineer
from domain.engineers.photos import cut, photo_of, put_photo, remove_photo
from domain.files.pictures import MIME
from domain.files.sent import Content, may_send
from domain.files.store import new_key, seal, unseal
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import UnitOfWork
from engineer_app import shapes, signing_in
from engineer_app.rows import CALLS_OF_DEVICE, Given, Rows, token


def photo(rows: Rows) -> None:
    """The store is read and written between transactions: it may be slow."""

    def look(given: Given) -> Response:
        with rows.desk.runtime.transaction() as uow:
            file = photo_of(uow, devices.must_be(uow, token()).engineer)
            place, key, name = file.place or "", file.key or "", file.id
        answer = make_response(unseal(key, name, rows.files.get(place)))
        answer.headers["Content-Type"] = MIME
        return answer

    def put(given: Given) -> Any:
        data = request.get_data(cache=False)
        with rows.desk.runtime.transaction() as uow:
            who = devices.must_be(uow, token())
            rows.desk.count("engineer api", who.device.id, CALLS_OF_DEVICE)
            may_send(uow, own(who.engineer))
            file_id, month = uow.new_id("fi"), f"{uow.today:%Y/%m}"
        content = Content(file_id, f"{month}/{file_id}", new_key(), cut(data))
        rows.files.put(content.place, seal(content.key, file_id, content.jpeg))
        with rows.desk.runtime.transaction() as uow:
            who = devices.must_be(uow, token())
            put_photo(uow, who.engineer.id, content, by=own(who.engineer))
            return signing_in.me_json(uow, who.engineer)

    def remove(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        remove_photo(uow, who.engineer.id, by=own(who.engineer))
        return signing_in.me_json(uow, who.engineer)

    rows.open("GET", "/me/photo", look, "我的照片，客户看到的就是它", None, signed_in=True)
    rows.open("PUT", "/me/photo", put, "换照片：内容就是图片，最多 256 KB", shapes.MeOut(), signed_in=True)
    rows.mine("DELETE", "/me/photo", remove, "删除照片", shapes.MeOut())


def own(engineer: Engineer) -> Actor:
    return Actor(Role.ENGINEER, engineer.id)
