"""Up to how much a brand's refunds need nobody else's yes: dated, ended and begun, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.payments.model import RefundLimit
from domain.payments.reasons import DEFAULT_LIMIT_FEN


def put_refund_limit(uow: UnitOfWork, brand_id: str, fen: int, since: date, *, by: Actor) -> RefundLimit:
    """From this day on another limit holds; the one before ends.

    :raises Refused: a day that is over, or an amount below nothing
    """
    if fen < 0 or since < uow.today:
        raise Refused("限额不能小于 0，生效日期不能早于今天")
    uow.get(Brand, brand_id, called="这个品牌", lock=True)
    for one in limits_of(uow, brand_id):
        if one.since >= since:
            uow.session.delete(one)
        elif one.until is None or one.until > since:
            one.until = since
    made = RefundLimit(id=uow.new_id("rl"), brand_id=brand_id, fen=fen, since=since, by=str(by))
    uow.session.add(made)
    uow.session.flush()
    trail.record(uow, by, "refund.limit", "brand", brand_id, fen=fen, since=str(since))
    return made


def limit_of(uow: UnitOfWork, brand_id: str) -> int:
    """Fen up to which refunds of one payment need nobody else's yes, all of them together, today."""
    wanted = select(RefundLimit.fen).where(
        RefundLimit.brand_id == brand_id,
        RefundLimit.since <= uow.today,
        (RefundLimit.until.is_(None)) | (RefundLimit.until > uow.today),
    )
    found = uow.session.scalar(wanted.order_by(RefundLimit.since.desc()).limit(1))
    return DEFAULT_LIMIT_FEN if found is None else found


def limits_of(uow: UnitOfWork, brand_id: str) -> Sequence[RefundLimit]:
    """A brand's limits, the newest first."""
    return uow.session.scalars(
        select(RefundLimit).filter_by(brand_id=brand_id).order_by(RefundLimit.since.desc())
    ).all()
