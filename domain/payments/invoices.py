"""Requests for invoices 发票: asked by the customer, issued in the tax office's system by somebody, told here."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.events import InvoiceAsked
from domain.payments.lifecycle import INVOICES, TAKEN, InvoiceStatus, PayableStatus
from domain.payments.model import Payable, Payment
from domain.payments.papers_model import InvoiceRequest

TAX_NUMBER = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20}")
"""The unified code of 18, and the older ones that are still on papers."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def request_invoice(
    uow: UnitOfWork, payable_id: str, *, title: str, email: str, tax_number: str = "", by: Actor
) -> InvoiceRequest:
    """Ask for an invoice for what was paid and not given back; for a company with its tax number.

    :raises Refused: nothing was paid, or what was filled in cannot be; :raises Conflict: there is a request already
    """
    title, email, tax_number = title.strip(), email.strip(), tax_number.strip().upper()
    check(title, email, tax_number)
    payable = uow.get(Payable, payable_id, called="这笔账单", lock=True)
    fen = kept_of(uow, payable)
    if payable.status is not PayableStatus.PAID or fen <= 0:
        raise Refused("付款后才能申请开票")
    if live_invoice(uow, payable.id) is not None:
        raise Conflict("这笔款已经申请过开票了")
    made = InvoiceRequest(
        id=uow.new_id("iv"), brand_id=payable.brand_id, payable_id=payable.id, fen=fen, title=title, email=email,
        tax_number=tax_number, status=INVOICES.start, at=uow.now, by=str(by),
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    trail.record(uow, by, "invoice.ask", "payable", payable.id, invoice=made.id, fen=fen)
    uow.emit(InvoiceAsked(made.id, payable.id))
    return made


def check(title: str, email: str, tax_number: str) -> None:
    """:raises Refused: with words for what is wrong"""
    if not 1 <= len(title) <= 100:
        raise Refused("请填写发票抬头")
    if tax_number and not TAX_NUMBER.fullmatch(tax_number):
        raise Refused("税号不对：应为 15 到 20 位数字和大写字母")
    if not EMAIL.fullmatch(email):
        raise Refused("请填写收发票的电子邮箱")


def kept_of(uow: UnitOfWork, payable: Payable) -> int:
    """What was paid and nobody has asked back."""
    kept = select(func.coalesce(func.sum(Payment.fen - Payment.reserved_fen), 0)).where(
        Payment.payable_id == payable.id, Payment.status.in_(TAKEN), Payment.surplus.is_(False)
    )
    return int(uow.session.scalar(kept) or 0)


def live_invoice(uow: UnitOfWork, payable_id: str) -> InvoiceRequest | None:
    """The request for a payable that was not refused."""
    wanted = select(InvoiceRequest).where(
        InvoiceRequest.payable_id == payable_id, InvoiceRequest.status != InvoiceStatus.REFUSED
    )
    return uow.session.scalars(wanted).first()


def issue_invoice(uow: UnitOfWork, invoice_id: str, *, number: str, by: Actor) -> InvoiceRequest:
    """It was issued under this number.

    :raises MoveRefused: it was decided already; :raises Refused: a number is missing
    :raises Conflict: some of it was asked back since
    """
    if not re.fullmatch(r"\d{8}|\d{20}", number.strip()):
        raise Refused("发票号码应为 20 位数字（旧版 8 位）")
    seen = uow.get(InvoiceRequest, invoice_id, called="这个开票申请")
    payable = uow.get(Payable, seen.payable_id, called="这笔账单", lock=True)
    found = uow.get(InvoiceRequest, invoice_id, called="这个开票申请", lock=True)
    if found.status is InvoiceStatus.ASKED and (kept := kept_of(uow, payable)) != found.fen:
        raise Conflict(
            f"申请之后有退款：申请时 {Money(found.fen)}，现在只能开 {Money(kept)}。请选“不开票”并写明原因，请客户重新申请"
        )
    INVOICES.move(found, "issue", by.role)
    found.number, found.done_at, found.done_by = number.strip(), uow.now, str(by)
    trail.record(uow, by, "invoice.issue", "payable", found.payable_id, invoice=found.id)
    return found


def refuse_invoice(uow: UnitOfWork, invoice_id: str, *, why: str, by: Actor) -> InvoiceRequest:
    """It cannot be issued, for a reason the customer is told; another one may be asked for.

    :raises MoveRefused: it was decided already, or no reason was given
    """
    found = uow.get(InvoiceRequest, invoice_id, called="这个开票申请", lock=True)
    INVOICES.move(found, "refuse", by.role, why=why)
    found.why, found.done_at, found.done_by = why, uow.now, str(by)
    trail.record(uow, by, "invoice.refuse", "payable", found.payable_id, invoice=found.id)
    return found
