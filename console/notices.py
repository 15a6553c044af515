"""What people were told about an order, as the staff see it: by which channel, whether it arrived, and if not, why not.

Also which templates the accounts use, and which messages a customer has agreed to. The words themselves are in the chat; here no phone and no name is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_

from domain.access import queries as access
from domain.access.roles import TITLES as ROLES
from domain.access.sessions import SignedIn
from domain.customers.model import Customer
from domain.customers.queries import contacts_of
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import PURPOSES, TITLES, Channel, Purpose
from domain.notices.model import MessageState, MessageTemplate, OutgoingMessage
from domain.notices.notices import NOTICES
from domain.notices.notices import TITLES as NAMES
from domain.notices.operations import put_template
from domain.notices.queries import notices_of_orders
from domain.notices.rows import To
from domain.notices.subscriptions_model import SubscriptionCredit, SubscriptionTemplate
from domain.notices.templates import put_subscription_template
from domain.notices.values import VALUES
from domain.organizations.model import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from domain.work_orders.model import WorkOrder

STATES: Mapping[str, str] = {
    MessageState.WAITING: "待发送",
    MessageState.SENDING: "发送中",
    MessageState.SENT: "已发出",
    MessageState.UNREACHABLE: "送不到",
    MessageState.DEAD: "失败",
    MessageState.STALE: "未发",
}
NIGHT = "夜间不打扰，早上 8 点后发"
LATER = "等别的通知先发，或到早上 8 点以后"
TWICE = "结果曾不明，重发过一次，对方可能收到两条"
MOST_ORDERS = 50


class BadFields(Refused):
    """A line of the fields that cannot be read."""

    code = "bad_fields"


@dataclass(frozen=True)
class Tried:
    """A channel that could not, and why."""

    channel: str
    error: str


@dataclass(frozen=True)
class NoticeSeen:
    """One notice. ``state`` is a `MessageState`; ``title`` what it tells of, ``whom`` whom it tells."""

    order_id: str
    number: str
    at: datetime
    title: str
    whom: str
    channel: str
    state: str
    state_title: str
    sent_at: datetime | None
    note: str
    tried: Sequence[Tried]


def notices_of_order(uow: UnitOfWork, order_id: str) -> list[NoticeSeen]:
    """The newest first. :raises NotFound: there is no such order, or it is not this person's to see"""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    return seen(uow, [order])


def notices_of_customer(uow: UnitOfWork, customer_id: str) -> list[NoticeSeen]:
    """Of the customer's newest orders. :raises NotFound: there is no such customer"""
    uow.get(Customer, customer_id, called="这位客户")
    newest = select(WorkOrder).filter_by(customer_id=customer_id).order_by(WorkOrder.opened_at.desc())
    return seen(uow, uow.session.scalars(newest.limit(MOST_ORDERS)).all())


def seen(uow: UnitOfWork, orders: Sequence[WorkOrder]) -> list[NoticeSeen]:
    numbers = {order.id: order.number for order in orders}
    told = notices_of_orders(uow, list(numbers))
    return [line(message, numbers[message.subject_id or ""], uow.now) for message in told]


def line(message: OutgoingMessage, number: str, now: datetime) -> NoticeSeen:
    tried = [Tried(TITLES[Channel(one["channel"])], str(one["error"])) for one in message.tried]
    return NoticeSeen(
        order_id=message.subject_id or "", number=number, at=message.at,
        title=NAMES.get(message.why, message.why), whom=whom(message), channel=TITLES[Channel(message.channel)],
        state=message.state, state_title=STATES.get(message.state, message.state), sent_at=message.sent_at,
        note="；".join(notes(message, now)), tried=tried,
    )  # fmt: skip


def whom(message: OutgoingMessage) -> str:
    notice = NOTICES.get(message.why)
    if notice is None or notice.to is To.CUSTOMER:
        return "客户"
    return (
        "工程师" if notice.to is To.ENGINEER else next((t for r, t in ROLES.items() if r == message.recipient), "员工")
    )


def notes(message: OutgoingMessage, now: datetime) -> list[str]:
    found = [message.error] if message.error and message.state != MessageState.SENT else []
    if message.held_until and message.held_until > now:
        found.append(LATER if message.why == "rating.asked" else NIGHT)
    if message.resent:
        found.append(TWICE)
    return found


@dataclass(frozen=True)
class TemplateSeen:
    """One account's template for one purpose; ``kind`` is ``template`` or ``subscription``, ``fields`` as it is typed, a line a
    field, ``page`` the mini-program's page it opens, None where it opens none of its own."""

    account_id: str
    kind: str
    purpose: str
    title: str
    template_id: str
    fields: str
    page: str | None
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True)
class Library:
    """What an account has chosen of one kind."""

    account: str
    kind: str
    title: str
    templates: Sequence[TemplateSeen]


TEMPLATE, SUBSCRIPTION = "template", "subscription"
KINDS = {TEMPLATE: "模板消息", SUBSCRIPTION: "订阅消息"}
Kept = MessageTemplate | SubscriptionTemplate


def libraries(uow: UnitOfWork) -> list[Library]:
    """Every account's, by kind, a line for every purpose, set or not. Mini-programs have no template messages."""
    accounts = uow.session.scalars(select(Account).order_by(Account.created_at)).all()
    kept: dict[tuple[str, str, str], Kept] = {}
    for one in uow.session.scalars(select(MessageTemplate)):
        kept[TEMPLATE, one.account_id, one.purpose] = one
    for each in uow.session.scalars(select(SubscriptionTemplate)):
        kept[SUBSCRIPTION, each.account_id, each.purpose] = each
    names = access.names_of(uow, [one.changed_by for one in kept.values()])
    return [
        Library(account.name, kind, title, [
            template_seen(account, kind, purpose, kept.get((kind, account.id, purpose)), names) for purpose in PURPOSES
        ])
        for account in accounts
        for kind, title in KINDS.items()
        if kind == SUBSCRIPTION or account.kind == OFFICIAL_ACCOUNT
    ]  # fmt: skip


def template_seen(
    account: Account, kind: str, purpose: Purpose, kept: Kept | None, names: Mapping[str, str]
) -> TemplateSeen:
    page = kept.page if isinstance(kept, SubscriptionTemplate) else ""
    return TemplateSeen(
        account.id, kind, purpose, PURPOSES[purpose], kept.template_id if kept else "", written(kept.fields) if kept else "",
        page if kind == SUBSCRIPTION and account.kind == MINI_PROGRAM else None,
        names.get(kept.changed_by, kept.changed_by) if kept else "", kept.changed_at if kept else None,
    )  # fmt: skip


def written(fields: Mapping[str, str]) -> str:
    """A line a field, in the platform's order: by the number at its end."""
    ordered = sorted(fields.items(), key=lambda field: int(re.sub(r"\D", "", field[0]) or 0))
    return "\n".join(f"{name}={value}" for name, value in ordered)


def values() -> list[tuple[str, str, str]]:
    """What a field may be filled with: name, what it is, the kinds of field that take it."""
    return [(name, title, "、".join(sorted(kinds))) for name, (title, kinds) in VALUES.items()]


def set_template(uow: UnitOfWork, form: Mapping[str, str], who: SignedIn) -> None:
    """:raises NotFound: no such account; :raises Refused: no such purpose, or fields or a page that cannot be"""
    account = uow.get(Account, form.get("account_id", ""), called="这个账号")
    if form.get("purpose") not in set(Purpose):
        raise BadFields("没有这个用途")
    purpose, template_id, fields = (
        Purpose(form["purpose"]),
        form.get("template_id", ""),
        read_fields(form.get("fields", "")),
    )
    if form.get("kind") == SUBSCRIPTION:
        page = form.get("page", "").strip()
        put_subscription_template(uow, account.id, purpose, template_id, fields, page, by=who.actor)
    else:
        put_template(uow, account.id, purpose, template_id, fields, by=who.actor)


@dataclass(frozen=True)
class ConsentSeen:
    """How many messages of one template a person has agreed to in one of their chats. ``person`` is the end of the openid."""

    account: str
    person: str
    title: str
    credits: int
    refused_at: datetime | None
    changed_at: datetime


def consents_of_customer(uow: UnitOfWork, customer_id: str) -> list[ConsentSeen]:
    """:raises NotFound: there is no such customer"""
    uow.get(Customer, customer_id, called="这位客户")
    chats = [(one.account_id, one.openid) for one in contacts_of(uow, customer_id)]
    credits = uow.session.scalars(
        select(SubscriptionCredit)
        .where(tuple_(SubscriptionCredit.account_id, SubscriptionCredit.openid).in_(chats))
        .order_by(SubscriptionCredit.changed_at.desc())
    ).all()
    accounts = {one.id: one.name for one in uow.session.scalars(select(Account))}
    kept = uow.session.scalars(select(SubscriptionTemplate)).all()
    titles = {(one.account_id, one.template_id): PURPOSES[Purpose(one.purpose)] for one in kept}
    return [
        ConsentSeen(
            accounts.get(one.account_id, ""), f"…{one.openid[-4:]}", titles.get((one.account_id, one.template_id), "已停用的模板"),
            one.credits, one.refused_at, one.changed_at,
        )
        for one in credits
    ]  # fmt: skip


def read_fields(text: str) -> dict[str, str]:
    """``thing1=service``, a line each. :raises BadFields: a line is something else"""
    found = {}
    for row in filter(None, map(str.strip, text.splitlines())):
        name, equals, value = row.partition("=")
        if not equals:
            raise BadFields(f"“{row[:20]}”应当写成 字段=内容，如 thing1=service")
        found[name.strip()] = value.strip()
    return found
