"""The customer's answer to a quote in the chat: tapped, or typed while one is asked. What is confirmed is what was shown."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.talk import Talk
from domain.appointments.queries import open_change
from domain.kit.errors import Refused
from domain.kit.money import Money
from domain.notices.model import NoticeKey
from domain.notices.telling_money import answer_menu, declined_words, shown
from domain.organizations.model import OFFICIAL_ACCOUNT
from domain.pricing.lifecycle import QUOTES, QuoteStatus
from domain.pricing.model import Quote
from domain.pricing.queries import lines_of, standing_quote
from domain.pricing.quoting import QuoteChanged, confirm, reject
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

END = r"[。.!,~\s了啊呀吧的哦]*$"
YES = re.compile(
    rf"^(?:我)?(?:同意(?:报价|维修|修)?|可以|行|好的?|修吧|做吧|没问题|ok|就这样|开始(?:修|做)吧?|确认){END}",
    re.IGNORECASE,
)
NO = re.compile(
    r"^(?:我)?(?:不同意(?:报价)?|不行|不可以|太贵了?(?:[,，]?不(?:修|做)了?)?|(?:先|那|算了)?[,，]?不(?:修|做|换|装|洗)了?|算了不修)"
    + END
)
SURE = re.compile(r"同意|不修|不做|太贵|开始(?:修|做)")
"""Words that are about a price whatever else is being asked."""
NOT_YOURS = "没有找到这份报价。"


def asked_of(talk: Talk) -> Quote | None:
    """The newest quote that waits for this customer's answer."""
    if talk.contact.customer_id is None:
        return None
    found = (
        select(Quote)
        .join(WorkOrder, WorkOrder.id == Quote.work_order_id)
        .where(WorkOrder.customer_id == talk.contact.customer_id, Quote.status == QuoteStatus.ASKED)
        .order_by(Quote.asked_at.desc(), Quote.id.desc())
    )
    return talk.uow.session.scalars(found.limit(1)).first()


def answered_quote(talk: Talk, text: str) -> str | None:
    """What to say to typed words that answer a quote, or None where they do not, or something newer is asked."""
    said = text.strip()
    yes, no = YES.match(said), NO.match(said)
    if talk.state.flow is not None and not SURE.search(said):
        return None
    quote = asked_of(talk) if yes or no else None
    if quote is None:
        return None
    change = open_change(talk.uow, talk.contact.customer_id) if talk.contact.customer_id else None
    if change is not None and change.at > quote.asked_at:
        return None
    if yes and not was_told(talk, quote):
        return f"报价刚有更新，请先看这一版：\n{quote_words(talk, quote)}"
    return answer(talk, quote, bool(yes))


def was_told(talk: Talk, quote: Quote) -> bool:
    """Whether this very version was said to the customer, or opened."""
    return quote.seen_at is not None or talk.uow.session.get(NoticeKey, f"quote:{quote.id}") is not None


def tapped(talk: Talk, quote_id: str, number: int) -> str:
    """A line of the message that was tapped: it names its own version, however late."""
    quote = talk.uow.session.get(Quote, quote_id)
    order = talk.uow.session.get(WorkOrder, quote.work_order_id) if quote else None
    if quote is None or order is None or order.customer_id != talk.contact.customer_id:
        return NOT_YOURS
    return answer(talk, quote, number == 1)


def answer(talk: Talk, quote: Quote, yes: bool) -> str:
    order = talk.uow.get(WorkOrder, quote.work_order_id, called="这张工单")
    try:
        with talk.uow.session.begin_nested():
            if yes:
                confirm(talk.uow, quote.id, quote.hash, by=talk.by, via="chat")
            else:
                reject(talk.uow, quote.id, by=talk.by, via="chat")
    except QuoteChanged as changed:
        newer = talk.uow.session.get(Quote, changed.newer_id) if changed.newer_id else None
        is_open = newer is not None and newer.id != quote.id and newer.status is QuoteStatus.ASKED
        return f"{changed}。" + (f"\n{quote_words(talk, newer)}" if newer and is_open else "")
    except Refused as no:
        return str(no)
    if yes:
        return f"好的，已确认工单 {spoken(order.number)} 的报价，您付 {Money(quote.customer_fen)}，师傅开始做。做完以后再付款。"
    return f"好的，不做了。{declined_words(quote.declined_fen).removeprefix('不修的话，')}有疑问可以直接和师傅说，或回复“人工”。"


def quote_words(talk: Talk, quote: Quote) -> str:
    """The whole quote, with how to answer where it is asked."""
    order = talk.uow.get(WorkOrder, quote.work_order_id, called="这张工单")
    head = f"工单 {spoken(order.number)} 的报价（第 {quote.version} 版，{QUOTES.titles[quote.status]}）："
    told = [head, *shown(lines_of(quote)), f"您需要支付 {Money(quote.customer_fen)}。"]
    if quote.status is QuoteStatus.ASKED:
        told.append(declined_words(quote.declined_fen))
        tap = talk.voice.kind == OFFICIAL_ACCOUNT
        told.append(answer_menu(quote.id) if tap else "同意请回复“同意”，不同意请回复“不同意”。")
    return "\n".join(told)


def standing_words(talk: Talk) -> str:
    """What counts now, of the newest order that has a quote."""
    orders = select(WorkOrder.id).filter_by(customer_id=talk.contact.customer_id).order_by(WorkOrder.opened_at.desc())
    for order_id in talk.uow.session.scalars(orders.limit(5)) if talk.contact.customer_id else ():
        quote = standing_quote(talk.uow, order_id)
        if quote is not None:
            return quote_words(talk, quote)
    return "您现在没有等待确认的报价。想知道大概多少钱，直接问就行，例如“空调换压缩机多少钱”。"
