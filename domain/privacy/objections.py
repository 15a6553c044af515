"""Why somebody's data cannot be erased yet: something is still owed, by them or by us."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, select

from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover
from domain.customers.model import Contact
from domain.desk.lifecycle import TaskStatus
from domain.desk.model import DeskTask
from domain.feedback.lifecycle import ComplaintStatus
from domain.feedback.model import Complaint
from domain.incidents.lifecycle import CLOSED
from domain.incidents.model import SafetyIncident
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.lifecycle import LIVE, InvoiceStatus, PayableStatus, RefundStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.papers_model import InvoiceRequest
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

UNDER_WAY = (
    RefundStatus.ASKED, RefundStatus.APPROVED, RefundStatus.UNKNOWN, RefundStatus.SENT, RefundStatus.ABNORMAL,
)  # fmt: skip


def objections(uow: UnitOfWork, customer_id: str, *, gives_up_cover: bool) -> list[str]:
    """In words; none when it may be done. With ``gives_up_cover`` what was bought and still holds is lost, knowingly."""
    return list(found(uow, customer_id, gives_up_cover))


def found(uow: UnitOfWork, customer_id: str, gives_up_cover: bool) -> Iterator[str]:
    for number in uow.session.scalars(
        select(WorkOrder.number).where(WorkOrder.customer_id == customer_id, WorkOrder.status.in_(OPEN))
    ):
        yield f"工单 {spoken(number)} 还没有办完：请等办完，或先取消"
    owed = select(Payable.title).where(Payable.customer_id == customer_id, Payable.status == PayableStatus.OPEN)
    for title in uow.session.scalars(owed):
        yield f"“{title}”还没有付款"
    mine = select(Payable.id).where(Payable.customer_id == customer_id)
    if there(uow, select(Payment.id).where(Payment.payable_id.in_(mine), Payment.status.in_(LIVE))):
        yield "有一笔付款还没有结果"
    if there(uow, select(Refund.id).where(Refund.payable_id.in_(mine), Refund.status.in_(UNDER_WAY))):
        yield "有一笔退款还没有到账"
    invoices = InvoiceRequest.payable_id.in_(mine), InvoiceRequest.status == InvoiceStatus.ASKED
    if there(uow, select(InvoiceRequest.id).where(*invoices)):
        yield "申请的发票还没有开"
    if there(uow, select(Cover.id).filter_by(customer_id=customer_id, status=CoverStatus.REFUNDING)):
        yield "有一份延保或服务卡正在退订"
    holds = select(Cover.id).where(Cover.customer_id == customer_id, Cover.status == CoverStatus.ACTIVE)
    if not gives_up_cover and there(uow, holds.where(Cover.until >= uow.today)):
        yield "还有生效的延保或服务卡：请先退订，或勾选“放弃剩余的延保和服务卡”"
    unfinished = Complaint.customer_id == customer_id, Complaint.status != ComplaintStatus.CLOSED
    if there(uow, select(Complaint.id).where(*unfinished)):
        yield "有一件投诉还没有处理完"
    danger = SafetyIncident.customer_id == customer_id, SafetyIncident.status != CLOSED
    if there(uow, select(SafetyIncident.id).where(*danger)):
        yield "有一件安全事件还没有处理完"
    chats = (DeskTask.account_id == Contact.account_id) & (DeskTask.openid == Contact.openid)
    waiting = select(DeskTask.id).join(Contact, chats).where(Contact.customer_id == customer_id)
    if there(uow, waiting.where(DeskTask.status != TaskStatus.DONE)):
        yield "有一件请客服办的事还没有办完"


def there(uow: UnitOfWork, statement: Select[str]) -> bool:
    return uow.session.scalars(statement.limit(1)).first() is not None
