"""What is kept of a person: how much of each kind and why, what they agreed to, and all of it as one file to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from domain.access.model import TrailEntry
from domain.catalog.model import Model
from domain.cover.queries import covers_of
from domain.customers.model import Contact, Customer
from domain.customers.queries import contacts_of, known, phones_of
from domain.feedback.model import Complaint, Rating
from domain.files.model import FileState, StoredFile
from domain.kit.actors import Role
from domain.kit.inbox import Received
from domain.kit.money import Money
from domain.kit.partitions import KEPT_MONTHS
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.chat import told_words
from domain.notices.model import OutgoingMessage
from domain.payments.model import Payable
from domain.payments.papers_model import InvoiceRequest
from domain.products.model import Product
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.model import WorkOrder

CONSENT = "privacy.consent"
MOST = 5000
"""Lines of one kind in the file."""


@dataclass(frozen=True)
class Kept:
    """One kind of data."""

    title: str
    count: int
    why: str


@dataclass(frozen=True)
class Consent:
    at: datetime
    version: str


def kept_of(uow: UnitOfWork, customer_id: str) -> list[Kept]:
    """What is kept, with what it is for and how long."""
    chats = contacts_of(uow, customer_id)
    months = max(KEPT_MONTHS["received"], KEPT_MONTHS["outgoing_messages"]) + 1
    return [
        Kept("产品", count(uow, Product, customer_id), "判断保修、带对配件；使用期内保存"),
        Kept("工单", count(uow, WorkOrder, customer_id), "安排服务、查清争议；交易记录至少保存三年"),
        Kept("聊天", len(heard(uow, chats)), f"办理您说的事；最长保存 {months} 个月"),
        Kept("照片", len(pictures(uow, customer_id, chats)), "看故障和发票；工单以外的最长半年"),
        Kept("付款", count(uow, Payable, customer_id), "账目；按会计法规保存"),
        Kept("评价", count(uow, Rating, customer_id), "改进服务；随工单保存"),
        Kept("投诉", count(uow, Complaint, customer_id), "处理和复查；保存三年"),
    ]


def count(uow: UnitOfWork, kind: Any, customer_id: str) -> int:
    return uow.session.scalar(select(func.count()).select_from(kind).where(kind.customer_id == customer_id)) or 0


def heard(uow: UnitOfWork, chats: Sequence[Contact]) -> list[Received]:
    found: list[Received] = []
    for chat in chats:
        said = select(Received).where(Received.account_id == chat.account_id, Received.sender == chat.openid)
        found += uow.session.scalars(said.order_by(Received.received_at).limit(MOST))
    return found


def pictures(uow: UnitOfWork, customer_id: str, chats: Sequence[Contact]) -> Sequence[StoredFile]:
    theirs = [(StoredFile.account_id == one.account_id) & (StoredFile.openid == one.openid) for one in chats]
    mine = or_(StoredFile.author == f"{Role.CUSTOMER}:{customer_id}", *theirs)
    kept = select(StoredFile).where(mine, StoredFile.state == FileState.KEPT)
    return uow.session.scalars(kept.order_by(StoredFile.created_at).limit(MOST)).all()


def consents_of(uow: UnitOfWork, customer_id: str) -> list[Consent]:
    """The notices that were agreed to, the latest first."""
    ids = [customer_id, *(one.openid for one in contacts_of(uow, customer_id))]
    found = select(TrailEntry).where(
        TrailEntry.action == CONSENT, TrailEntry.subject_kind.in_(("contact", "customer")),
        TrailEntry.subject_id.in_(ids),
    )  # fmt: skip
    lines = uow.session.scalars(found.order_by(TrailEntry.at.desc()).limit(50))
    return [Consent(one.at, str(one.detail.get("version", ""))) for one in lines]


def export(uow: UnitOfWork, customer_id: str) -> dict[str, Any]:
    """Everything we keep of this customer, as JSON: what they told us and what was done for them (PIPL 45)."""
    customer, chats = uow.get(Customer, customer_id, called="您的资料"), contacts_of(uow, customer_id)
    about = known(uow, customer.id)
    return {
        "made_at": uow.now.isoformat(),
        "customer": {"id": customer.id, "name": about.name, "since": customer.created_at.isoformat()},
        "phones": [
            {"number": one.number, "verified": one.verified_at is not None} for one in phones_of(uow, customer.id)
        ],
        "addresses": [{"line": one.line, "position": one.position} for one in about.addresses],
        "chats": [chat_json(one) for one in chats],
        "consents": [{"at": one.at.isoformat(), "version": one.version} for one in consents_of(uow, customer.id)],
        "products": products(uow, customer.id),
        "orders": orders(uow, customer.id),
        "said": [said_json(one) for one in heard(uow, chats)],
        "told": told(uow, chats),
        "pictures": [
            {"id": one.id, "at": one.created_at.isoformat()} for one in pictures(uow, customer.id, chats)
        ],
        "payments": payables(uow, customer.id),
        "covers": [
            {"number": one.cover.number, "title": one.plan.title, "since": str(one.cover.since), "until": str(one.cover.until)}
            for one in covers_of(uow, customer.id)
        ],
        "ratings": [
            {"at": one.at.isoformat(), "stars": one.stars, "tags": one.tags, "words": one.words}
            for one in uow.session.scalars(select(Rating).filter_by(customer_id=customer.id))
        ],
        "complaints": [
            {"number": one.number, "words": one.words, "answer": one.answer}
            for one in uow.session.scalars(select(Complaint).filter_by(customer_id=customer.id))
        ],
    }  # fmt: skip


def chat_json(one: Contact) -> dict[str, Any]:
    return {
        "account": one.account_id, "openid": one.openid, "first_heard_at": one.first_heard_at.isoformat(),
        "marketing": one.marketing_agreed_at is not None,
    }  # fmt: skip


def said_json(one: Received) -> dict[str, Any]:
    words = (one.content.get("said") or {}).get("text") or ""
    return {"at": one.received_at.isoformat(), "said": words, "answer": one.answer or ""}


def told(uow: UnitOfWork, chats: Sequence[Contact]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for chat in chats:
        sent = select(OutgoingMessage).where(
            OutgoingMessage.account_id == chat.account_id, OutgoingMessage.recipient == chat.openid
        )
        for one in uow.session.scalars(sent.order_by(OutgoingMessage.at).limit(MOST)):
            found.append({"at": one.at.isoformat(), "words": told_words(one)})
    return found


def products(uow: UnitOfWork, customer_id: str) -> list[dict[str, Any]]:
    rows = select(Product, Model).join(Model, Model.id == Product.model_id).where(Product.customer_id == customer_id)
    return [
        {"model": model.code, "serial": one.serial, "purchased_on": str(one.purchased_on or "")}
        for one, model in uow.session.execute(rows.order_by(Product.registered_at))
    ]


def orders(uow: UnitOfWork, customer_id: str) -> list[dict[str, Any]]:
    found = select(WorkOrder).filter_by(customer_id=customer_id).order_by(WorkOrder.opened_at).limit(MOST)
    return [
        {
            "number": one.number, "service": TITLES[one.service_type], "status": ORDERS.titles[one.status],
            "at": one.opened_at.isoformat(), "words": one.words, "name": one.contact_name, "phone": one.phone,
            "address": one.address,
        }
        for one in uow.session.scalars(found)
    ]  # fmt: skip


def payables(uow: UnitOfWork, customer_id: str) -> list[dict[str, Any]]:
    rows = (
        select(Payable, InvoiceRequest)
        .outerjoin(InvoiceRequest, InvoiceRequest.payable_id == Payable.id)
        .where(Payable.customer_id == customer_id)
        .order_by(Payable.at)
        .limit(MOST)
    )
    return [
        {
            "title": one.title, "due": str(Money(one.due_fen)), "paid": str(Money(one.paid_fen)),
            "refunded": str(Money(one.refunded_fen)),
            "invoice": {"title": asked.title, "tax_number": asked.tax_number, "email": asked.email} if asked else None,
        }
        for one, asked in uow.session.execute(rows)
    ]  # fmt: skip
