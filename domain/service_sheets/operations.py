"""Taking in what phones did: each operation once, in the order its device did them, whatever the network made of it.

Kinds of operations are `fields.KINDS`; what one does besides writing its register is a row of `effects.EFFECTS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from domain.engineers.devices_model import EngineerDevice
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets import applying
from domain.service_sheets.model import SheetOperation
from domain.work_orders.model import Visit, WorkOrder

MOST_AHEAD = 5_000
"""Operations behind a gap that are kept of one device: more is no phone of ours."""
STEADY = timedelta(seconds=2)
"""Offsets of a device's clock that differ by less are the network's doing: the first one stays."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Incoming:
    """One operation as it came; ``at`` is the device's own time."""

    id: str
    seq: int
    visit_id: str | None
    base_version: int
    at: datetime
    kind: str
    body: Any


@dataclass(frozen=True)
class Answer:
    """What became of an operation: ``applied``, ``conflict`` (applied or not, somebody else wrote the same), ``refused``,
    ``held`` (something before it is missing) or ``kept`` (the visit is somebody else's)."""

    id: str
    outcome: str
    code: str = ""
    words: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "outcome": self.outcome, "code": self.code, "words": self.words, **self.more}

    @staticmethod
    def from_json(body: dict[str, Any]) -> Answer:
        rest = {name: value for name, value in body.items() if name not in ("id", "outcome", "code", "words")}
        return Answer(body["id"], body["outcome"], body["code"], body["words"], rest)


def sync(uow: UnitOfWork, device_id: str, device_now: datetime, incoming: Sequence[Incoming]) -> list[Answer]:
    """Take in a batch and answer each, in the order they came. Two batches of one device wait for each other."""
    device = uow.get(EngineerDevice, device_id, called="这台手机", lock=True)
    offset = steady_offset(device, device_now - uow.now)
    device.clock_offset_ms, device.seen_at = int(offset / timedelta(milliseconds=1)), uow.now
    lock_visits(uow, incoming)
    known = known_operations(uow, incoming)
    answers: dict[str, Answer] = {}
    for one in sorted({one.id: one for one in incoming}.values(), key=lambda one: one.seq):
        row = known.get(one.id)
        answers[one.id] = answer_again(uow, row, device, one) if row else take(uow, device, one, offset)
    take_held(uow, device)
    return [latest(uow, answers[one.id]) for one in incoming]


def steady_offset(device: EngineerDevice, measured: timedelta) -> timedelta:
    """How far the phone's clock is ahead: as last time, unless it was set anew meanwhile."""
    before = timedelta(milliseconds=device.clock_offset_ms)
    return before if abs(measured - before) < STEADY else measured


def lock_visits(uow: UnitOfWork, incoming: Sequence[Incoming]) -> None:
    """The orders, then the visits of the whole batch, in one order for everybody: two batches cannot wait for each other."""
    ids = {one.visit_id for one in incoming if one.visit_id}
    if not ids:
        return
    orders = select(WorkOrder.id).where(WorkOrder.id.in_(select(Visit.work_order_id).where(Visit.id.in_(ids))))
    uow.session.scalars(orders.order_by(WorkOrder.id).with_for_update()).all()
    uow.session.scalars(select(Visit.id).where(Visit.id.in_(ids)).order_by(Visit.id).with_for_update()).all()


def known_operations(uow: UnitOfWork, incoming: Sequence[Incoming]) -> dict[str, SheetOperation]:
    found = select(SheetOperation).where(SheetOperation.id.in_([one.id for one in incoming]))
    return {row.id: row for row in uow.session.scalars(found)}


def answer_again(uow: UnitOfWork, row: SheetOperation, device: EngineerDevice, one: Incoming) -> Answer:
    """The same operation once more: what was said to it, to the device that made it.

    A phone whose session was ended counts anew as another device, and sends again what it got no answer to. It is
    answered too, with the number used up; what was held for that other device is carried out for this one.
    """
    if row.engineer_id != device.engineer_id:
        return Answer(row.id, "refused", "bad_operation", "这条记录的编号已经用过")
    if row.device_id == device.id or one.seq != device.last_seq + 1:
        return Answer.from_json(row.answer)
    if row.outcome != "held":
        device.last_seq = one.seq
        return Answer.from_json(row.answer)
    row.device_id, row.seq = device.id, one.seq
    uow.session.flush()
    return carry_out(uow, device, row)


def latest(uow: UnitOfWork, answer: Answer) -> Answer:
    """One that was held may have had its turn by the end of the batch."""
    if answer.outcome != "held":
        return answer
    row = uow.session.get(SheetOperation, answer.id)
    return Answer.from_json(row.answer) if row else answer


def take(uow: UnitOfWork, device: EngineerDevice, one: Incoming, offset: timedelta) -> Answer:
    """An operation that was not here before: apply it, or hold it until those before it are here."""
    if one.seq <= device.last_seq or has_seq(uow, device, one.seq):
        return Answer(one.id, "refused", "bad_operation", "这条记录的序号已经用过")
    if one.seq > device.last_seq + MOST_AHEAD:
        return Answer(one.id, "refused", "bad_operation", "这条记录的序号不对")
    row = SheetOperation(
        id=one.id, device_id=device.id, engineer_id=device.engineer_id, seq=one.seq, visit_id=one.visit_id,
        kind=one.kind, body={"body": one.body}, base_version=one.base_version, device_at=one.at,
        at=min(one.at - offset, uow.now), received_at=uow.now, outcome="held", answer={}, seen_at=None,
    )  # fmt: skip
    held = Answer(one.id, "held", "held", "前面的记录还没有上传")
    row.answer = held.to_json()
    uow.session.add(row)
    uow.session.flush()
    return held if one.seq > device.last_seq + 1 else carry_out(uow, device, row)


def has_seq(uow: UnitOfWork, device: EngineerDevice, seq: int) -> bool:
    found = select(SheetOperation.id).where(SheetOperation.device_id == device.id, SheetOperation.seq == seq)
    return uow.session.scalars(found).first() is not None


def take_held(uow: UnitOfWork, device: EngineerDevice) -> None:
    """Carry out what was held and has its turn now."""
    held = select(SheetOperation).where(
        SheetOperation.device_id == device.id, SheetOperation.outcome == "held", SheetOperation.seq > device.last_seq
    )
    for row in uow.session.scalars(held.order_by(SheetOperation.seq)).all():
        if row.seq != device.last_seq + 1:
            return
        lock_visits(uow, [Incoming(row.id, row.seq, row.visit_id, 0, row.at, row.kind, None)])
        carry_out(uow, device, row)


def carry_out(uow: UnitOfWork, device: EngineerDevice, row: SheetOperation) -> Answer:
    """Apply the next operation of a device in a savepoint of its own, and write down what came of it.

    Whatever goes wrong in it leaves the others alone; only the database's own trouble rises.
    """
    before = select(func.max(SheetOperation.at)).where(
        SheetOperation.device_id == device.id, SheetOperation.seq < row.seq
    )
    earlier = uow.session.scalar(before)
    row.at = max(row.at, earlier) if earlier else row.at
    try:
        with uow.session.begin_nested():
            answer = Answer(row.id, *applying.apply(uow, row))
    except OperationalError:
        raise
    except Refused as no:
        answer = Answer(row.id, "refused", no.code, str(no))
    except Exception:
        log.exception("operation failed", operation=row.id, kind=row.kind)
        answer = Answer(row.id, "refused", "failed", "这一步没能保存，我们会查看原因，请继续后面的工作")
    row.outcome, row.answer, device.last_seq = answer.outcome, replace(answer).to_json(), row.seq
    uow.session.flush()
    return answer
