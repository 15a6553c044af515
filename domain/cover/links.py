"""The two ways to a certificate without signing in: its number, which only says whether it is ours and holds, and its owner's own
signed link, which shows it. After a transfer the old owner's link opens nothing any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.catalog.categories import TITLES as CATEGORIES
from domain.cover.lifecycle import COVERS, CoverStatus
from domain.cover.model import Cover
from domain.cover.numbers import read_number
from domain.cover.queries import CoverSeen, cover_seen
from domain.kit.links import SignedLink
from domain.kit.unit_of_work import UnitOfWork

VERIFY = "/c/cover/"
SEE = SignedLink("see a certificate", "/c/covers/", Cover, lambda _, cover: (cover.id, cover.customer_id), "这份证书")


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
    return SEE.path_to(uow, cover)


def cover_behind(uow: UnitOfWork, token: str) -> CoverSeen:
    """:raises BadLink: it is no link of ours, or its owner's no more"""
    return cover_seen(uow, SEE.behind(uow, token).id)


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
