"""Telling of service sheets: how a visit ended and what comes next, what engineers ask for, and what came after a reassignment."""

from __future__ import annotations

from sqlalchemy import exists, select

from domain.desk import operations as desk
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import of_sheets
from domain.notices.facts import Facts, facts_of
from domain.notices.model import OutgoingMessage
from domain.notices.rows import Notice
from domain.notices.saying import BY, Circumstances, customer_of, engineer, say
from domain.notices.telling import newest_line
from domain.notices.telling_colleagues import tell_role
from domain.service_sheets.appraisals import FINDINGS
from domain.service_sheets.events import AppraisalGiven, HelpAsked, SignatureVoid, VisitEnded, WorkKept
from domain.service_sheets.links import path_to_sheet
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.reading import parts_waited_for, to_be_put_right
from domain.work_orders.model import Visit, WorkOrder

WORK_KEPT = "work_kept"


def tell_of_end(uow: UnitOfWork, event: VisitEnded) -> None:
    """How the visit ended, with the sheet where there is one to be kept. Of an end that is another one by now that one's own
    event tells."""
    sheet, notice = uow.session.get(ServiceSheet, event.visit_id), of_sheets.SHEETS.get(event.outcome)
    if sheet is None or notice is None or sheet.outcome != event.outcome:
        return
    visit, order = (
        uow.get(Visit, event.visit_id, called="这次上门"),
        uow.get(WorkOrder, event.work_order_id, called="这张工单"),
    )
    facts = facts_of(uow, order, visit=visit.id, outcome=event.outcome, hash=sheet.hash[:16])
    facts.words |= {
        "parts": "、".join(parts_waited_for(uow, order, visit)) or "配件",
        "put_right": "\n".join(f"· {words}" for words in to_be_put_right(uow, order, visit)) or "师傅已当面说明。",
    }
    tell(uow, notice, order, facts, sheet)


def tell_of_void(uow: UnitOfWork, event: SignatureVoid) -> None:
    """Whoever was sent the sheet hears that it says something else now, unless it was signed again meanwhile."""
    sheet = uow.session.get(ServiceSheet, event.visit_id)
    sent = exists().where(OutgoingMessage.subject_id == event.work_order_id, OutgoingMessage.why == "sheet.finished")
    if sheet is None or sheet.outcome == "finished" or not uow.session.scalar(select(sent)):
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    tell(uow, of_sheets.CHANGED, order, facts_of(uow, order, visit=sheet.visit_id, hash=sheet.hash[:16]), sheet)


def tell(uow: UnitOfWork, notice: Notice, order: WorkOrder, facts: Facts, sheet: ServiceSheet) -> None:
    say(uow, notice, customer_of(uow, order), facts, Circumstances(path=path_to_sheet(uow, sheet), subject_id=order.id))


def tell_of_help(uow: UnitOfWork, event: HelpAsked) -> None:
    """An engineer stands at a customer's and waits: the dispatchers are called to the desk."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    tell_role(uow, of_sheets.HELP[event.to], facts_of(uow, order, task=event.task_id), order.id)


def tell_of_kept_work(uow: UnitOfWork, event: WorkKept) -> None:
    """Somebody looks at what was done by whoever had the job before: it may be half finished at the customer's."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    facts = facts_of(uow, order, visit=event.visit_id)
    facts.keys["engineer_id"] = event.engineer_id
    tell_role(uow, of_sheets.KEPT, facts, order.id)
    if not desk.is_asked(uow, WORK_KEPT, order.id):
        words = f"工单 {order.number}：任务改派或结束后，原来的工程师又传来了现场记录，请到工单页核对"
        desk.put_task(uow, by=BY, brand_id=order.brand_id, kind=WORK_KEPT, words=words, subject_id=order.id)


def tell_of_appraisal(uow: UnitOfWork, event: AppraisalGiven) -> None:
    """Whoever asked hears what it came to."""
    visit = uow.session.get(Visit, event.visit_id) if event.visit_id else None
    comes = uow.session.get(Engineer, visit.engineer_id) if visit and visit.engineer_id else None
    line = newest_line(uow, event.work_order_id, "appraisal")
    if comes is None or line is None:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    facts = facts_of(uow, order, line=str(line.id))
    facts.words["finding"] = FINDINGS[event.finding]
    say(uow, of_sheets.APPRAISED, engineer(comes), facts, Circumstances(subject_id=order.id))
