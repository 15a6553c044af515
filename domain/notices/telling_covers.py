"""Telling of extended warranties and cards: from an event to a row of `domain.notices.of_covers`."""

from __future__ import annotations

from domain.cover.events import CardUsed, CoverEnding, CoverMoved, CoverOrdered, CoverTransferred
from domain.cover.lifecycle import CoverStatus, RedemptionStatus
from domain.cover.links import path_to_cover
from domain.cover.model import Cover, CoverPlan, Redemption
from domain.cover.numbers import spoken
from domain.cover.plans import PAYS
from domain.cover.queries import CoverSeen, cover_seen
from domain.customers.queries import contacts_of
from domain.kit.money import ZERO
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.notices import of_covers
from domain.notices.facts import Facts, facts_of
from domain.notices.rows import Notice
from domain.notices.saying import Circumstances, customer_of, has_left, is_official, reached_by, say
from domain.organizations.model import Brand
from domain.payments.links import path_to_pay
from domain.payments.model import Payable
from domain.work_orders.model import WorkOrder

NO_PRODUCT = "不限产品"


def ask_to_pay(uow: UnitOfWork, event: CoverOrdered) -> None:
    """Where to pay, for whoever has not done so by now; who ordered on a page is there already."""
    seen = cover_seen(uow, event.cover_id)
    if seen.cover.status is CoverStatus.ORDERED and seen.cover.via != "page":
        path = path_to_pay(uow, uow.get(Payable, event.payable_id, called="这笔应付"))
        tell(uow, of_covers.PAY, seen, path=path)


def tell_of_move(uow: UnitOfWork, event: CoverMoved) -> None:
    """That it holds, with the certificate; that it was given up; that it goes on after all. Its end was told of before."""
    notice = {
        "activate": of_covers.HOLDS,
        "cancel": of_covers.CANCELLED,
        "restore": of_covers.RESTORED,
    }.get(event.move)
    seen = cover_seen(uow, event.cover_id)
    went_on = event.move == "activate" and seen.cover.customer_id != seen.cover.bought_by  # `tell_of_transfer` says it
    if notice and str(seen.cover.status) == event.to and not went_on:
        tell(uow, notice, seen)


def tell_of_transfer(uow: UnitOfWork, event: CoverTransferred) -> None:
    """The new owner hears of it; nothing about who it came from."""
    seen = cover_seen(uow, event.cover_id)
    if seen.cover.status is CoverStatus.ACTIVE:
        tell(uow, of_covers.CAME, seen, transfer=event.transfer_id)


def remind(uow: UnitOfWork, event: CoverEnding) -> None:
    seen = cover_seen(uow, event.cover_id)
    if seen.cover.status is CoverStatus.ACTIVE:
        tell(uow, of_covers.ENDING, seen)


def tell_of_card(uow: UnitOfWork, event: CardUsed) -> None:
    """A card that was taken for an order says so in the chat, while it is news."""
    use = uow.get(Redemption, event.redemption_id, called="这次用卡")
    if use.status is not RedemptionStatus.HELD or event.status != RedemptionStatus.HELD:
        return
    order, cover = uow.session.get_one(WorkOrder, use.work_order_id), uow.session.get_one(Cover, use.cover_id)
    plan = uow.session.get_one(CoverPlan, cover.plan_id)
    facts = facts_of(uow, order, redemption=use.id)
    pays = "、".join(PAYS[one] for one in plan.pays) or "费"
    facts.words |= {"item": plan.title, "pays": pays, "left": str(cover.uses - cover.used)}
    say(uow, of_covers.CARD_HELD, customer_of(uow, order), facts, Circumstances(own_act=True, subject_id=order.id))


def tell(uow: UnitOfWork, notice: Notice, seen: CoverSeen, *, path: str = "", **keys: str) -> None:
    """To the owner's chats; own acts are answered at any hour."""
    cover = seen.cover
    chats = [one for one in contacts_of(uow, cover.customer_id) if not has_left(one)]
    chats.sort(key=lambda one: (not is_official(uow, one.account_id), one.first_heard_at))
    if not chats:
        return
    every = [(one.account_id, one.openid) for one in chats]
    how = Circumstances(path=path or path_to_cover(uow, cover), subject_id=cover.id)
    say(uow, notice, reached_by(uow, every[0], every), facts(uow, seen, **keys), how)


def facts(uow: UnitOfWork, seen: CoverSeen, **keys: str) -> Facts:
    """What may be said of a contract: nothing about its owner."""
    cover, plan = seen.cover, seen.plan
    brand = uow.session.get_one(Brand, cover.brand_id)
    now = uow.now.astimezone(SHANGHAI).strftime("%Y年%-m月%-d日 %H:%M")
    words = {
        "brand": brand.name, "hotline": brand.hotline, "number": spoken(cover.number), "service": plan.title,
        "item": plan.title, "product": seen.model.name if seen.model else NO_PRODUCT, "paper": spoken(cover.number),
        "since": cover.since.isoformat(), "until": cover.until.isoformat(),
        "uses": f"，共 {cover.uses} 次，还剩 {seen.left} 次" if cover.uses else "",
        "cooling": f"{cover.cooling_until} 前（含当日）可以无理由全额退。" if cover.cooling_until else "",
        "back": f"{cover.refunded_fen} 已按原路退回。" if cover.refunded_fen > ZERO else "",
    }  # fmt: skip
    values = {
        "brand": brand.name, "hotline": brand.hotline, "number": cover.number, "service": plan.title[:20],
        "product": words["product"][:20], "until": f"{cover.until:%Y年%-m月%-d日}",
        "days": str(max(0, (cover.until - uow.today).days)), "item": plan.title[:20],
        "paper": cover.number, "time": now, "when": now, "window": "-", "engineer": "-",
    }  # fmt: skip
    made = Facts(words, values, {"cover": cover.id, "at": uow.now.isoformat(), "order": "", **keys})
    made.add_amount(cover.price_fen)
    return made
