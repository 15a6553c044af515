"""Who is there: a chat identity, or a customer whose phone was proved. Everything that is theirs is asked for here.

What is another's is not found, in the same words as what does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, select

from consumer_app.counter import ConsentNeeded, Unauthorized
from domain.catalog.model import Model
from domain.cover.model import Cover
from domain.customers import operations as customers
from domain.customers import proving, sessions
from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.customers.phones_model import PhoneSession
from domain.files.model import FileState, StoredFile
from domain.kit.actors import Actor, Role
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import MINI_PROGRAM
from domain.organizations.queries import Voice, voice, voice_of_brand
from domain.payments.model import Payable, Payment
from domain.pricing.model import Quote
from domain.products.model import Product
from domain.work_orders.model import WorkOrder

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """Signed in. Exactly one of ``contact`` and ``session`` is there; ``customer_id`` is None until something was kept."""

    uow: UnitOfWork
    voice: Voice
    contact: Contact | None = None
    session: PhoneSession | None = None

    @property
    def customer_id(self) -> str | None:
        return self.session.customer_id if self.session else self.contact.customer_id if self.contact else None

    @property
    def openid(self) -> str | None:
        return self.contact.openid if self.contact else None

    @property
    def account_id(self) -> str | None:
        """The account of the chat; None for whoever came by phone."""
        return self.contact.account_id if self.contact else None

    @property
    def by(self) -> Actor:
        return customers.by_contact(self.contact) if self.contact else Actor(Role.CUSTOMER, str(self.customer_id))

    @property
    def key(self) -> str:
        """Whom limits count."""
        return f"{self.account_id} {self.openid}" if self.contact else str(self.customer_id)

    @property
    def via(self) -> str:
        """Where they came by, as orders and payments write it down."""
        return "mini_program" if self.contact and self.voice.kind == MINI_PROGRAM else "page"

    @property
    def agreed(self) -> bool:
        """Whether the privacy notice in force was agreed to."""
        version = self.session.consent_version if self.session else self.contact and self.contact.consent_version
        return version == self.voice.privacy_version

    def agree(self) -> None:
        if self.agreed:
            return
        if self.session:
            proving.consent(self.uow, self.session, self.voice.privacy_version)
        elif self.contact:
            customers.consent(self.uow, self.contact, self.voice.privacy_version)

    def must_have_agreed(self) -> None:
        """:raises ConsentNeeded: see there"""
        if not self.agreed:
            raise ConsentNeeded("请先阅读并同意隐私说明")

    def customer(self) -> Customer:
        """The archive, made now if there is none: something is to be kept.

        :raises ConsentNeeded: the notice in force was not agreed to
        """
        self.must_have_agreed()
        if self.contact:
            return customers.customer_of(self.uow, self.contact, self.voice.brand_id)
        return self.uow.get(Customer, self.customer_id, called="您的资料")

    # What is theirs

    def order(self, number: str) -> WorkOrder:
        """:raises NotFound: none of theirs"""
        return self.found(
            select(WorkOrder).where(WorkOrder.number == number, WorkOrder.customer_id == self.customer_id), "这张工单"
        )

    def order_of_id(self, order_id: str) -> WorkOrder:
        return self.found(
            select(WorkOrder).where(WorkOrder.id == order_id, WorkOrder.customer_id == self.customer_id), "这张工单"
        )

    def product(self, product_id: str) -> Product:
        return self.found(
            select(Product).where(Product.id == product_id, Product.customer_id == self.customer_id), "这台产品"
        )

    def model(self, model_id: str) -> Model:
        """One of the brand's: no secret, but another brand's is none of ours.

        :raises NotFound: see there
        """
        found = self.uow.session.get(Model, model_id)
        if found is None or found.brand_id != self.voice.brand_id:
            raise NotFound("没有找到这个型号")
        return found

    def quote(self, quote_id: str) -> Quote:
        mine = select(Quote).join(WorkOrder, WorkOrder.id == Quote.work_order_id)
        return self.found(mine.where(Quote.id == quote_id, WorkOrder.customer_id == self.customer_id), "这份报价")

    def payable(self, payable_id: str) -> Payable:
        return self.found(
            select(Payable).where(Payable.id == payable_id, Payable.customer_id == self.customer_id), "这笔款"
        )

    def payment(self, payment_id: str) -> Payment:
        mine = select(Payment).join(Payable, Payable.id == Payment.payable_id)
        return self.found(mine.where(Payment.id == payment_id, Payable.customer_id == self.customer_id), "这笔付款")

    def cover(self, cover_id: str) -> Cover:
        return self.found(
            select(Cover).where(Cover.id == cover_id, Cover.customer_id == self.customer_id), "这份延保或服务卡"
        )

    def address(self, address_id: str) -> CustomerAddress:
        return self.found(
            select(CustomerAddress).where(
                CustomerAddress.id == address_id, CustomerAddress.customer_id == self.customer_id
            ),
            "这个地址",
        )

    def phone(self, print_: str) -> CustomerPhone:
        return self.found(
            select(CustomerPhone).where(
                CustomerPhone.number_print == print_, CustomerPhone.customer_id == self.customer_id
            ),
            "这个号码",
        )

    def picture(self, file_id: str) -> StoredFile:
        """Sent by them from a page, or in their chat, or of one of their orders."""
        own_order = select(WorkOrder.id).where(WorkOrder.customer_id == self.customer_id)
        mine = StoredFile.author == f"{Role.CUSTOMER}:{self.customer_id}"
        in_chat = (StoredFile.account_id == self.account_id) & (StoredFile.openid == (self.openid or " "))
        seen = mine | in_chat | StoredFile.work_order_id.in_(own_order)
        found = select(StoredFile).where(StoredFile.id == file_id, StoredFile.state == FileState.KEPT, seen)
        return self.found(found.where(StoredFile.kind == "image"), "这张照片")

    def found(self, statement: Select[T], called: str) -> T:
        """:raises NotFound: nothing, or nobody's who is known"""
        row = None if self.customer_id is None else self.uow.session.scalars(statement).first()
        if row is None:
            raise NotFound(f"没有找到{called}")
        return row


def person_of(uow: UnitOfWork, secret: str) -> Person:
    """Who holds this session's secret.

    :raises Unauthorized: nobody
    """
    if not 20 <= len(secret) <= 200:
        raise Unauthorized("登录已失效，请重新打开")
    contact = sessions.who_is(uow, secret)
    if contact is not None:
        return Person(uow, voice(uow, account_id=contact.account_id), contact)
    known = proving.who_is(uow, secret)
    if known is None:
        raise Unauthorized("登录已失效，请重新打开")
    customer, session = known
    return Person(uow, voice_of_brand(uow, customer.brand_id), None, session)


def end_session(uow: UnitOfWork, secret: str) -> None:
    sessions.close_session(uow, secret)
    proving.close_session(uow, secret)
