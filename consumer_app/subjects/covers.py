"""延保商城 and 我的卡: what may be bought and why not, buying, certificates, giving up, gifts."""

from __future__ import annotations

from typing import Any

from consumer_app.person import Person
from domain.cover.contracts import cancel, order_cover, refund_of
from domain.cover.gifts import redeem_gift
from domain.cover.lifecycle import COVERS, CoverStatus
from domain.cover.numbers import spoken
from domain.cover.offering import Offer, plans_for, plans_on_sale
from domain.cover.queries import CoverSeen, cover_seen, covers_of
from domain.cover.reckoning import Refund
from domain.kit.money import Money
from domain.payments.model import Payable
from domain.payments.queries import payable_seen
from domain.products.queries import Owned, products_of

COMING = "已付款，马上生效"


def shop(person: Person, product_id: str | None) -> dict[str, Any]:
    """What is on sale for one product, or for all of theirs; without any the cards.

    :raises NotFound: not theirs
    """
    if person.customer_id is None:
        some = plans_on_sale(person.uow, person.voice.brand_id, person.uow.today)
        cards = [Offer(plan, plan.price_fen, person.uow.today, person.uow.today, ()) for plan in some if plan.uses]
        return {"offers": [offer_json(one, None) | {"since": None, "until": None} for one in cards]}
    owned = [one for one in products_of(person.uow, person.customer_id) if product_id in (None, one.product.id)]
    if product_id and not owned:
        person.product(product_id)
    offers = []
    for one in owned:
        offers += [offer_json(offer, one) for offer in plans_for(person.uow, one.product.id, person.customer_id)]
    if not owned:
        offers = [offer_json(offer, None) for offer in plans_for(person.uow, None, person.customer_id)]
    return {"offers": offers}


def offer_json(offer: Offer, owned: Owned | None) -> dict[str, Any]:
    plan = offer.plan
    return {
        "plan_id": plan.id, "kind": str(plan.kind), "title": plan.title, "price_fen": offer.price.fen,
        "price_shown": str(offer.price), "product_id": owned.product.id if owned else None,
        "product": f"{owned.model.name}（{owned.model.code}）" if owned else "", "eligible": offer.eligible,
        "why_not": offer.why_not, "since": offer.since, "until": offer.until, "uses": plan.uses or None,
        "cooling_days": plan.cooling_days, "terms": plan.terms,
    }  # fmt: skip


def buy(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Order it: it is owed, and holds once it is paid. Ordered twice it is the same one.

    :raises ConsentNeeded, NotFound, NotEligible, AlreadyCovered: see there
    """
    customer = person.customer()
    product_id = person.product(given["product_id"]).id if given.get("product_id") else None
    made = order_cover(person.uow, given["plan_id"], product_id, customer.id, by=person.by, via="page")
    return {"cover": cover_json(person, cover_seen(person.uow, made.id)), "payable_id": made.payable_id}


def all_of(person: Person) -> dict[str, Any]:
    return {"covers": [cover_json(person, one) for one in covers_of(person.uow, person.customer_id)]}


def one_of(person: Person, cover_id: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    return cover_json(person, seen_of(person, cover_id))


def seen_of(person: Person, cover_id: str) -> CoverSeen:
    """:raises NotFound: not theirs"""
    return cover_seen(person.uow, person.cover(cover_id).id)


def cover_json(person: Person, seen: CoverSeen) -> dict[str, Any]:
    cover, back = seen.cover, what_comes_back(person, seen)
    return {
        "id": cover.id, "number": spoken(cover.number), "kind": str(cover.kind), "title": seen.plan.title,
        "status": str(cover.status), "status_title": title_of(person, seen),
        "product": f"{seen.model.name}（{seen.model.code}）" if seen.model else "", "price_shown": str(cover.price_fen),
        "since": cover.since, "until": cover.until, "uses": cover.uses or None, "used": cover.used,
        "payable_id": open_payable(person, seen), "may_cancel": back is not None,
        "back_fen": back.back.fen if back else None, "back_words": back.words if back else "", "terms": seen.plan.terms,
    }  # fmt: skip


def certificate(seen: CoverSeen) -> dict[str, Any]:
    """What the owner's signed link shows; nothing can be done there."""
    cover = seen.cover
    return {
        "number": spoken(cover.number), "kind": str(cover.kind), "title": seen.plan.title,
        "status": str(cover.status), "status_title": COVERS.titles[cover.status], "since": cover.since, "until": cover.until, "terms": seen.plan.terms,
        "product": f"{seen.model.name}（{seen.model.code}）" if seen.model else "", "uses": cover.uses or None,
        "left": seen.left,
    }  # fmt: skip


def title_of(person: Person, seen: CoverSeen) -> str:
    """What is paid holds in a moment: the person need not be told to pay again."""
    if is_coming(person, seen):
        return COMING
    return COVERS.titles[seen.cover.status]


def is_coming(person: Person, seen: CoverSeen) -> bool:
    return seen.cover.status is CoverStatus.ORDERED and open_payable(person, seen) is None


def what_comes_back(person: Person, seen: CoverSeen) -> Refund | None:
    """None where it cannot be given up here."""
    cover = seen.cover
    if cover.status is not CoverStatus.ACTIVE or cover.bought_by != person.customer_id:
        return None
    return refund_of(person.uow, cover)


def open_payable(person: Person, seen: CoverSeen) -> str | None:
    if seen.cover.payable_id is None or person.uow.session.get(Payable, seen.cover.payable_id) is None:
        return None
    return seen.cover.payable_id if payable_seen(person.uow, seen.cover.payable_id).open_fen else None


def give_up(person: Person, cover_id: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound, Forbidden, InUse, Conflict, MoveRefused: see there"""
    cover = person.cover(cover_id)
    sure = Money(given["back_fen"]) if "back_fen" in given else None
    cancel(person.uow, cover.id, by=person.by, why=given["why"], sure_of=sure)
    return one_of(person, cover.id)


def take_gift(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """What came of the code. A wrong one is told in words and not raised: guesses are counted, and that is committed."""
    customer = person.customer()
    product_id = person.product(given["product_id"]).id if given.get("product_id") else None
    answer = redeem_gift(person.uow, given["code"], product_id, customer.id, by=person.by)
    if answer.cover is None:
        return {"cover": None, "message": answer.words}
    return {"cover": cover_json(person, cover_seen(person.uow, answer.cover.id)), "message": answer.words}
