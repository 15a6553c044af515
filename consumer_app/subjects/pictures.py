"""Photos from a page: checked, drawn anew without place and camera, kept sealed; shown again to whose they are.

The store is written between transactions: first the content, then the row that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from consumer_app.counter import Counter, Malformed
from consumer_app.person import Person, person_of
from consumer_app.subjects import coming
from domain.files import sent
from domain.files.model import StoredFile
from domain.files.pictures import MOST_BYTES, NotUsable, TooManyPixels, cleaned, small
from domain.files.sent import Content
from domain.files.store import new_key, seal, unseal
from domain.kit.actors import Actor

OF_PERSON = (20, 600)
NO_PICTURE = "这个文件不是照片，或已损坏，请重新拍照"
TOO_LARGE = "照片太大了，最多 10 MB，请选小一点的"


def send(
    at: Counter, secret: str, data: IO[bytes], then: Callable[[Person, StoredFile], None] | None = None
) -> StoredFile:  # fmt: skip
    """Keep a picture of whoever holds the secret; ``then`` says in the same transaction what it is for.

    :raises Unauthorized, ConsentNeeded, TooMany, TooManyPictures, Malformed: see there
    """
    content = data.read(MOST_BYTES + 1)
    with at.runtime.transaction() as uow:
        person = person_of(uow, secret)
        by = Actor(person.by.role, person.customer().id)
        at.count("pictures of person", person.key, OF_PERSON)
        sent.may_send(uow, by)
        file_id, place = uow.new_id("fi"), f"{uow.today:%Y/%m}"
    jpeg = drawn_anew(content)
    key, place = new_key(), f"{place}/{file_id}"
    at.files.put(place, seal(key, file_id, jpeg))
    with at.runtime.transaction() as uow:
        person = person_of(uow, secret)
        person.customer()
        file = sent.keep_sent(
            uow, Content(file_id, place, key, jpeg), brand_id=person.voice.brand_id, by=person.by
        )  # fmt: skip
        if then:
            then(person, file)
        return file


def drawn_anew(content: bytes) -> bytes:
    """:raises Malformed: it is no picture we take"""
    if len(content) > MOST_BYTES:
        raise Malformed(TOO_LARGE)
    try:
        return cleaned(content)
    except TooManyPixels:
        raise Malformed(TOO_LARGE) from None
    except NotUsable:
        raise Malformed(NO_PICTURE) from None


def read(at: Counter, secret: str, file_id: str, *, whole: bool) -> bytes:
    """A picture that is theirs to see.

    :raises Unauthorized, NotFound: see there
    """
    jpeg = opened(at, secret, lambda person: person.picture(file_id))
    return jpeg if whole else small(jpeg)


def read_engineer(at: Counter, secret: str, number: str, photo_id: str) -> bytes:
    """The photo of who comes for an order of theirs.

    :raises Unauthorized, NotFound: see there
    """
    return opened(at, secret, lambda person: coming.photo(person, number, photo_id))


def opened(at: Counter, secret: str, which: Callable[[Person], StoredFile]) -> bytes:
    """The store is read after the transaction."""
    with at.runtime.transaction() as uow:
        file = which(person_of(uow, secret))
        name, place, key = file.id, file.place or "", file.key or ""
    return unseal(key, name, at.files.get(place))
