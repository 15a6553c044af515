"""The platform's bills as they came: kept sealed in the file store as long as the law asks, and given out as they came.

A bill that is downloaded anew with the same contents is the same file; with other contents it is another one, beside the first.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.access import trail
from domain.files.store import FileStore, new_key, seal, unseal
from domain.kit.actors import Actor, system
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.payments.model import Merchant
from domain.payments.statements_model import KeptBill

PROGRAM = system("reconciliation")
YEARS = 10
"""Bank statements are kept ten years from the first day after the year (Accounting Archives Measures, annex 1)."""


@dataclass(frozen=True)
class Download:
    """A bill as the platform gave it out; ``sha1`` is what it said the hash of it is."""

    merchant_id: str
    day: date
    kind: str
    content: bytes
    sha1: str


@dataclass(frozen=True)
class SealedBill:
    """What is needed to open a kept bill."""

    id: str
    place: str
    key: str
    sha1: str
    name: str


class Damaged(Exception):
    """What lies in the store is not what came."""


def keep(runtime: Runtime, files: FileStore, got: Download) -> str:
    """Keep a download, first the content and then the row; returns its id. Whatever the store raises is trouble with the store.

    :raises Damaged: its hash is not the one the platform told
    """
    check(got.content, got.sha1)
    with runtime.transaction() as uow:
        known = kept(uow, got)
        if known:
            known.seen_at = uow.now
            return known.id
        id_, key = uow.new_id("kb"), new_key()
        place = f"bills/{got.day:%Y/%m}/{id_}"
    files.put(place, seal(key, id_, gzip.compress(got.content, compresslevel=5, mtime=0)))
    with runtime.transaction() as uow:
        return written(uow, got, id_, place, key)


def written(uow: UnitOfWork, got: Download, id_: str, place: str, key: str) -> str:
    """The row of a download whose content lies in the store; of two at once the first stands, and nobody has the other's key."""
    uow.get(Merchant, got.merchant_id, called="这个商户号", lock=True)
    known = kept(uow, got)
    if known:
        return known.id
    uow.session.add(KeptBill(
        id=id_, merchant_id=got.merchant_id, day=got.day, kind=got.kind, sha1=got.sha1, size=len(got.content), place=place,
        key=key, at=uow.now, seen_at=uow.now,
    ))  # fmt: skip
    uow.session.flush()
    trail.record(uow, PROGRAM, "bill.keep", "kept_bill", id_, day=str(got.day), kind=got.kind)
    return id_


def kept(uow: UnitOfWork, got: Download) -> KeptBill | None:
    """The file with these contents, where it is still kept."""
    same = select(KeptBill).filter_by(merchant_id=got.merchant_id, day=got.day, kind=got.kind, sha1=got.sha1)
    return uow.session.scalars(same.where(KeptBill.key.isnot(None))).first()


def check(content: bytes, sha1: str) -> None:
    """:raises Damaged: this is not what has that hash"""
    if hashlib.sha1(content).hexdigest() != sha1:
        raise Damaged("the hash is another one")


def files_of(uow: UnitOfWork, day: date) -> Sequence[KeptBill]:
    """A day's bills as they came, the newest last."""
    found = select(KeptBill).where(KeptBill.day == day, KeptBill.key.isnot(None))
    return uow.session.scalars(found.order_by(KeptBill.at, KeptBill.id)).all()


def take_out(uow: UnitOfWork, bill_id: str, *, by: Actor) -> SealedBill:
    """Somebody takes a bill out, and that is on record.

    :raises NotFound: there is none, or its time is over
    """
    bill = uow.get(KeptBill, bill_id, called="这份账单")
    if not bill.place or not bill.key:
        raise NotFound("这份账单已过保存期")
    merchant = uow.get(Merchant, bill.merchant_id, called="这个商户号")
    trail.record(uow, by, "bill.download", "kept_bill", bill.id, day=str(bill.day), kind=bill.kind)
    return SealedBill(bill.id, bill.place, bill.key, bill.sha1, f"{merchant.mch_id}-{bill.day}-{bill.kind}.csv")


def opened(files: FileStore, bill: SealedBill) -> bytes:
    """A bill's text, byte for byte as it came.

    :raises Damaged: it is not; whatever the store and the key raise is trouble with those
    """
    content = gzip.decompress(unseal(bill.key, bill.id, files.get(bill.place)))
    check(content, bill.sha1)
    return content


def forget_over(uow: UnitOfWork, limit: int = 200) -> list[str]:
    """Throw the keys of bills away whose time is over; returns the places to be emptied after the commit."""
    last = date(uow.today.year - YEARS - 1, 12, 31)
    over = select(KeptBill).where(KeptBill.day <= last, KeptBill.key.isnot(None)).order_by(KeptBill.day, KeptBill.id)
    places = []
    for bill in uow.session.scalars(over.limit(limit).with_for_update(skip_locked=True)):
        places += [bill.place] if bill.place else []
        bill.place = bill.key = None
        trail.record(uow, PROGRAM, "bill.forget", "kept_bill", bill.id, day=str(bill.day), kind=bill.kind)
    return places
