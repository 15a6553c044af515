"""The two ways to a certificate without signing in: its number, which only says whether it is ours and holds, and its owner's own
signed link, which shows it. After a transfer the old owner's link opens nothing any more."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.catalog.categories import TITLES as CATEGORIES
from domain.cover.lifecycle import COVERS, CoverStatus
from domain.cover.model import Cover
from domain.cover.numbers import read_number
from domain.cover.queries import CoverSeen, cover_seen
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork

VERIFY, PAGE = "/c/cover/", "/c/covers/"
KIND = "see a certificate"
"""What the print is for: a print made for anything else opens nothing here."""


class BadLink(Refused):
    """It is no link of ours."""

    code = "bad_link"


@dataclass(frozen=True)
class Verified:
    """What anybody with the number may know: nothing about whose it is."""

    number: str
    title: str
    what: str
    """The kind of appliance, or the card."""
    since: date
    until: date
    status: str
    holds: bool


def path_to_verify(cover: Cover) -> str:
    """What the code on the certificate leads to."""
    return f"{VERIFY}{cover.number}"


def path_to_cover(uow: UnitOfWork, cover: Cover) -> str:
    """Where its owner looks at it."""
    return f"{PAGE}{cover.id}.{print_of(uow, cover)}"


def print_of(uow: UnitOfWork, cover: Cover) -> str:
    return uow.keyring.fingerprint(KIND, f"{cover.id} {cover.customer_id}")


def cover_behind(uow: UnitOfWork, token: str) -> CoverSeen:
    """:raises BadLink: it is no link of ours, or its owner's no more"""
    cover_id, _, given = token.partition(".")
    cover = uow.session.get(Cover, cover_id)
    if cover is None or not hmac.compare_digest(given.encode(), print_of(uow, cover).encode()):
        raise BadLink("没有找到这份证书，请回到公众号里重新打开。")
    return cover_seen(uow, cover.id)


def verify(uow: UnitOfWork, number: str) -> Verified | None:
    """What is known of a number, typed or scanned; None where it is none of ours, or was never paid."""
    plain = read_number(number)
    found = uow.session.scalars(select(Cover).filter_by(number=plain)).first() if plain else None
    if found is None or found.bought_at is None:
        return None
    seen = cover_seen(uow, found.id)
    what = CATEGORIES.get(seen.model.category_code, "") if seen.model else "服务卡"
    holds = found.status is CoverStatus.ACTIVE and uow.today <= found.until
    return Verified(
        found.number, seen.plan.title, what, found.since, found.until, COVERS.titles[found.status], holds
    )  # fmt: skip
