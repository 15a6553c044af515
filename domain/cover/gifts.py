"""Gifts 赠品: codes that staff make and customers redeem, once, into a warranty or a card.

A code is kept as its keyed print only. Its last character is a check digit, so that a slip is told from a guess; wrong codes are
counted by customer, and after a few of them none is taken for an hour.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_row

from domain.access import trail
from domain.cover.contracts import AlreadyCovered, insert, move, new_cover
from domain.cover.lifecycle import GIFTS, GiftStatus
from domain.cover.model import Cover, CoverPlan, Gift, GiftBatch, GiftGuesses, PlanKind
from domain.cover.offering import offer_of
from domain.customers.model import Customer
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.money import ZERO
from domain.kit.unit_of_work import UnitOfWork
from domain.products.model import Product

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Nothing that looks like something else. 31 of them, a prime: the check digit finds every slip and every swap."""
LENGTH = 12
MOST = 5000
GUESSES, WINDOW = 5, timedelta(hours=1)


class BadBatch(Refused):
    """The batch cannot be made so; the words say why."""

    code = "bad_batch"


@dataclass(frozen=True)
class GiftAnswer:
    """What came of a code: a contract, or words why not; ``needs_product``: said which product, it will do."""

    cover: Cover | None
    words: str
    needs_product: bool = False


def make_batch(
    uow: UnitOfWork, plan_id: str, *, title: str, count: int, valid_until: date, by: Actor
) -> tuple[GiftBatch, list[str]]:
    """Make codes and return them, the only time they are seen.

    :raises BadBatch: too many, none, no title, or over already
    """
    if not 1 <= count <= MOST:
        raise BadBatch(f"一批要有 1–{MOST} 个码")
    if not title.strip() or valid_until < uow.today:
        raise BadBatch("请写明这批赠品的名称，兑换截止日不能早于今天")
    plan = uow.get(CoverPlan, plan_id, called="这个方案")
    batch = GiftBatch(
        id=uow.new_id("gb"), brand_id=plan.brand_id, plan_id=plan.id, title=title.strip(), count=count,
        valid_until=valid_until, made_at=uow.now, made_by=str(by),
    )  # fmt: skip
    uow.session.add(batch)
    uow.session.flush()
    codes = [new_code() for _ in range(count)]
    uow.session.add_all(
        Gift(id=uow.new_id("gf"), batch_id=batch.id, code_print=print_of(uow, code), status=GIFTS.start)
        for code in codes
    )
    uow.session.flush()
    trail.record(uow, by, "gift.make", "gift_batch", batch.id, count=count, plan=plan.id)
    return batch, [written(code) for code in codes]


def withdraw_batch(uow: UnitOfWork, batch_id: str, *, by: Actor) -> int:
    """None of the codes that are left is taken any more; how many those were."""
    uow.get(GiftBatch, batch_id, called="这批赠品", lock=True)
    left = select(Gift).filter_by(batch_id=batch_id, status=GiftStatus.ISSUED).with_for_update()
    gifts = uow.session.scalars(left).all()
    for gift in gifts:
        GIFTS.move(gift, "withdraw", by.role)
    uow.session.flush()
    trail.record(uow, by, "gift.withdraw", "gift_batch", batch_id, count=len(gifts))
    return len(gifts)


def redeem_gift(uow: UnitOfWork, code: str, product_id: str | None, customer_id: str, *, by: Actor) -> GiftAnswer:
    """Turn a code into a warranty for one's product or into a card. Nothing is raised: a wrong code must be counted."""
    customer = uow.get(Customer, customer_id, called="客户")
    if too_many(uow, customer.id):
        return GiftAnswer(None, "兑换码输错次数太多，请一小时后再试，或回复“人工”。")
    plain = read_code(code)
    found = select(Gift).filter_by(code_print=print_of(uow, plain or "")).with_for_update()
    gift = uow.session.scalars(found).first() if plain else None
    batch = uow.session.get_one(GiftBatch, gift.batch_id) if gift else None
    if gift is None or batch is None or batch.brand_id != customer.brand_id:
        count_wrong(uow, customer.id)
        return GiftAnswer(None, "没有这个兑换码，请核对后再输一次。")
    if refused := ended(gift, batch, uow.today):
        return GiftAnswer(None, refused)
    plan = uow.session.get_one(CoverPlan, batch.plan_id)
    if plan.kind is PlanKind.WARRANTY and product_id is None:
        return GiftAnswer(None, f"这是“{plan.title}”的兑换码，请选择要用在哪台产品上。", needs_product=True)
    return give(uow, gift, plan, product_id, customer, by)


def ended(gift: Gift, batch: GiftBatch, day: date) -> str:
    """Why a code of ours is not taken, "" where it is."""
    if gift.status is GiftStatus.REDEEMED:
        return "这个兑换码已经用过了。"
    if gift.status is GiftStatus.WITHDRAWN or day > batch.valid_until:
        return "这个兑换码已经失效了。"
    return ""


def give(
    uow: UnitOfWork, gift: Gift, plan: CoverPlan, product_id: str | None, customer: Customer, by: Actor
) -> GiftAnswer:
    """A gift is free, and for the owner of the product only; else the plan's conditions hold, but that it is sold no more."""
    with_product = product_id if plan.kind is PlanKind.WARRANTY else None
    product = uow.get(Product, with_product, called="这台产品", lock=True) if with_product else None
    offer = offer_of(uow, plan, product, customer)
    if objections := [words for code, words in offer.objections if code != "on_sale"]:
        return GiftAnswer(None, "；".join(objections) + "。兑换码还可以用。")
    cover = new_cover(uow, offer, product, customer, price=ZERO, via="gift")
    cover.bought_at = uow.now
    try:
        insert(uow, cover)
    except AlreadyCovered as refused:
        return GiftAnswer(None, f"{refused}。兑换码还可以用。")
    move(uow, cover, "activate", by=by)
    GIFTS.move(gift, "redeem", by.role)
    gift.cover_id, gift.redeemed_at = cover.id, uow.now
    uow.session.flush()
    trail.record(uow, by, "gift.redeem", "gift_batch", gift.batch_id, gift=gift.id, cover=cover.id)
    return GiftAnswer(cover, f"兑换成功：{plan.title}，{cover.since} 到 {cover.until}。")


def too_many(uow: UnitOfWork, customer_id: str) -> bool:
    """Whether this customer has to wait; two codes at once are looked at one after the other."""
    values = insert_row(GiftGuesses).values(customer_id=customer_id, since=uow.now, wrong=0)
    uow.session.execute(values.on_conflict_do_nothing())
    kept = uow.get(GiftGuesses, customer_id, called="兑换记录", lock=True)
    if uow.now - kept.since >= WINDOW:
        kept.since, kept.wrong = uow.now, 0
    return kept.wrong >= GUESSES


def count_wrong(uow: UnitOfWork, customer_id: str) -> None:
    uow.session.get_one(GiftGuesses, customer_id).wrong += 1
    uow.session.flush()


def new_code() -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return drawn + check_of(drawn)


def check_of(drawn: str) -> str:
    total = sum(place * ALPHABET.index(one) for place, one in enumerate(drawn, start=1))
    return ALPHABET[total % len(ALPHABET)]


def written(code: str) -> str:
    """In fours: ABCD-EFGH-JKMN."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(words: str) -> str | None:
    """The code in what somebody typed; None where it is none, or one character is wrong."""
    plain = re.sub(r"[\s\-—–]", "", unicodedata.normalize("NFKC", words)).upper()
    fits = re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", plain) and check_of(plain[:-1]) == plain[-1]
    return plain if fits else None


def print_of(uow: UnitOfWork, code: str) -> str:
    return uow.keyring.fingerprint("gift", code)


def batches(uow: UnitOfWork) -> Sequence[GiftBatch]:
    """The newest first."""
    return uow.session.scalars(select(GiftBatch).order_by(GiftBatch.made_at.desc(), GiftBatch.id.desc())).all()
