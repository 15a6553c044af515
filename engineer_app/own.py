"""Whose is what on the phone: nobody is even told that there is a job, a picture or an upload of somebody else's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from domain.engineers.devices import SignedInEngineer
from domain.files.model import FileState, StoredFile
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets.applying import is_coming, was_coming
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder


@dataclass(frozen=True)
class Job:
    """A visit with its order."""

    visit: Visit
    order: WorkOrder


def job(uow: UnitOfWork, who: SignedInEngineer, visit_id: str, *, also_before: bool = False) -> Job:
    """A visit that is this engineer's, alone or with others; ``also_before`` lets in one that was his once.

    :raises NotFound: it is not
    """
    visit, me = uow.session.get(Visit, visit_id), who.engineer.id
    if visit is None:
        raise NotFound("没有找到这个任务")
    mine = is_coming(uow, visit, me) and visit.status is not VisitStatus.OFFERED
    if not mine and not (also_before and was_coming(uow, visit, me)):
        raise NotFound("没有找到这个任务")
    return Job(visit, uow.get(WorkOrder, visit.work_order_id, called="这张工单"))


def picture(uow: UnitOfWork, who: SignedInEngineer, file_id: str) -> StoredFile:
    """A picture of an order with a visit of this engineer's.

    :raises NotFound: it is of none, or there is nothing to see
    """
    me = who.engineer.id
    with_me = select(VisitEngineer.visit_id).where(VisitEngineer.engineer_id == me)
    mine = select(Visit.work_order_id).where(
        or_(Visit.engineer_id == me, Visit.id.in_(with_me)), Visit.status != VisitStatus.OFFERED
    )
    found = select(StoredFile).where(
        StoredFile.id == file_id, StoredFile.work_order_id.in_(mine), StoredFile.state == FileState.KEPT
    )
    file = uow.session.scalars(found).first()
    if file is None or not file.place or not file.key or not file.mime:
        raise NotFound("没有找到这张照片")
    return file
