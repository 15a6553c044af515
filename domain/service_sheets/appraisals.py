"""Quality appraisals 质量鉴定: what the staff found, when an engineer asked whether a fault is the maker's. On the order's history."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from domain.access import trail
from domain.desk.lifecycle import DONE
from domain.desk.model import DeskTask
from domain.desk.operations import move_task
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets.events import AppraisalGiven
from domain.service_sheets.model import ServiceSheet
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import write_history

TASK = "help_appraisal"
FINDINGS: Mapping[str, str] = {
    "quality": "属于产品质量问题",
    "use": "属于使用或保养原因",
    "installation": "属于安装原因",
    "environment": "属于现场环境原因",
    "transport": "属于运输损坏",
    "unclear": "现场判定不了，取件检测",
}


class NoFinding(Refused):
    """Not one of the findings, or no word of why."""

    code = "no_finding"


def give_appraisal(uow: UnitOfWork, order_id: str, finding: str, why: str, *, by: Actor) -> None:
    """Write down what it came to; whoever asked is told, and what waits on the desk for it is done.

    :raises NoFinding: see there
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if finding not in FINDINGS or not why.strip():
        raise NoFinding("请选择鉴定结果，并写明依据")
    words = f"{FINDINGS[finding]}：{why.strip()}"
    write_history(uow, order, "appraisal", order.status, by=by, why=words, finding=finding)
    trail.record(uow, by, "order.appraisal", "work_order", order.id, finding=finding)
    waiting = select(DeskTask.id).where(DeskTask.kind == TASK, DeskTask.subject_id == order.id, DeskTask.status != DONE)
    for task_id in uow.session.scalars(waiting.order_by(DeskTask.id)).all():
        task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
        if task.status != "claimed":
            move_task(uow, task_id, "claim", by=by)
        move_task(uow, task_id, "finish", by=by, why=FINDINGS[finding])
    uow.emit(AppraisalGiven(newest_visit(uow, order.id), order.id, finding))


def newest_visit(uow: UnitOfWork, order_id: str) -> str:
    """The visit with the latest sheet, "" where nobody was there yet."""
    found = (
        select(Visit.id).join(ServiceSheet, ServiceSheet.visit_id == Visit.id).where(Visit.work_order_id == order_id)
    )
    return uow.session.scalars(found.order_by(Visit.seq.desc()).limit(1)).first() or ""
