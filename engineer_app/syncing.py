"""Taking a batch of operations in: each is looked at by itself, the batch is one transaction, and what changed is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from marshmallow import ValidationError
from sqlalchemy.exc import OperationalError

from domain.dispatch.model import Offer
from domain.engineers.devices import SignedInEngineer
from domain.engineers.devices_model import EngineerDevice
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing import on_site
from domain.service_sheets.model import SheetOperation
from domain.service_sheets.operations import Answer, Incoming, latest, lock_visits, sync
from engineer_app import jobs
from engineer_app.shapes import OperationIn

MOST = 100
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""A phone's clock may be years off; beyond this it is no clock."""
SHAPE = OperationIn()
KNOWN = ("id", "seq")
DEEPEST = 12
HALVES = re.compile("[\ud800-\udfff]")
QUOTES = "quote."

log = structlog.get_logger()


class BadBatch(Refused):
    """The batch as a whole cannot be taken."""

    code = "bad_batch"


def take(uow: UnitOfWork, who: SignedInEngineer, given: dict[str, Any]) -> dict[str, Any]:
    """:raises BadBatch: too many at once, or a clock that is none"""
    raw, device_now = given["operations"], given["device_now"]
    if len(raw) > MOST:
        raise BadBatch(f"一次最多 {MOST} 个操作")
    if not EARLIEST < device_now < LATEST:
        raise BadBatch("手机的日期不对，请先校准手机时间")
    read = [operation(one, device_now) for one in raw]
    incoming = [one for one in read if isinstance(one, Incoming)]
    answered = take_runs(uow, who.device.id, device_now, incoming)
    answers = [one if isinstance(one, Answer) else latest(uow, answered[one.id]) for one in read]
    uow.session.flush()
    named = list(dict.fromkeys([one.visit_id for one in incoming if one.visit_id] + offered(incoming, uow)))
    changed = jobs.some(uow, who, named) if named else []
    there = {job["visit_id"] for job in changed}
    return {
        "now": uow.now, "answers": [answer_json(one) for one in answers], "last_seq": who.device.last_seq,
        "jobs": changed, "gone": [one for one in named if one not in there],
    }  # fmt: skip


def take_runs(uow: UnitOfWork, device_id: str, device_now: datetime, incoming: Sequence[Incoming]) -> dict[str, Answer]:
    """Take them in, stopping after every question and answer about a price: what was quoted is what stood on the sheet then.

    The device, then all orders are locked first, as one batch would lock them.
    """
    uow.get(EngineerDevice, device_id, called="这台手机", lock=True)
    lock_visits(uow, incoming)
    answers: dict[str, Answer] = {}
    for run in runs(incoming):
        answers |= {one.id: one for one in sync(uow, device_id, device_now, run)}
        for visit_id in dict.fromkeys(one.visit_id for one in run if one.kind.startswith(QUOTES)):
            if visit_id and any(one.visit_id == visit_id and was_taken(answers[one.id]) for one in run):
                hear(uow, visit_id)
    return answers


def runs(incoming: Sequence[Incoming]) -> Iterator[list[Incoming]]:
    """In the order they were done; a run ends with the last of what was asked and answered about a price together."""
    run: list[Incoming] = []
    for one in sorted(incoming, key=lambda one: one.seq):
        if run and run[-1].kind.startswith(QUOTES) and not one.kind.startswith(QUOTES):
            yield run
            run = []
        run.append(one)
    yield run


def was_taken(answer: Answer) -> bool:
    return answer.outcome in ("applied", "conflict")


def hear(uow: UnitOfWork, visit_id: str) -> None:
    """What the customer was asked and said counts before what comes after it. Trouble here is the reaction's to try again."""
    try:
        with uow.session.begin_nested():
            on_site.take_in(uow, visit_id)
    except OperationalError:
        raise
    except Exception:
        log.exception("price from a phone not taken in", visit=visit_id)


def operation(raw: Any, device_now: datetime) -> Incoming | Answer:
    """One operation, or what is said to something that is none.

    One that at least has its id and number is handed on, to be refused there: what it says is wrong, but its number is used
    up, and those behind it need not wait for it for ever.
    """
    if not isinstance(raw, dict):
        return Answer("", "refused", "bad_operation", "这不是一条记录")
    try:
        return incoming_from(SHAPE.load(raw if is_tame(raw) else {**raw, "body": None}), device_now)
    except ValidationError as wrong:
        problems: Any = wrong.messages
        if any(name in problems for name in KNOWN):
            shown = raw.get("id")
            said = shown[:64] if isinstance(shown, str) else ""
            return Answer(said, "refused", "bad_operation", f"这条记录写得不对：{'、'.join(sorted(problems))}")
        return Incoming(raw["id"], raw["seq"], None, 0, device_now, "", None)


def is_tame(value: Any, deep: int = DEEPEST) -> bool:
    """Whether every database can keep it: no halves of characters, and not nested without end."""
    match value:
        case str():
            return not HALVES.search(value)
        case dict():
            return deep > 0 and all(is_tame(key) and is_tame(inner, deep - 1) for key, inner in value.items())
        case list():
            return deep > 0 and all(is_tame(inner, deep - 1) for inner in value)
    return True


def incoming_from(good: dict[str, Any], device_now: datetime) -> Incoming:
    """What was done while the phone's clock stood at its beginning counts as done when it is sent: the work is what matters."""
    at = good["at"] if EARLIEST < good["at"] < LATEST else device_now
    return Incoming(good["id"], good["seq"], good["visit_id"], good["base_version"], at, good["kind"], good["body"])


def offered(incoming: Sequence[Incoming], uow: UnitOfWork) -> list[str]:
    """The visits behind answered offers: an accepted one is a job now."""
    named = [one.body.get("offer_id") for one in incoming if one.kind == "offer.answer" and isinstance(one.body, dict)]
    found = [uow.session.get(Offer, one) for one in named if isinstance(one, str) and "\x00" not in one]
    return [one.visit_id for one in found if one is not None]


def answer_json(answer: Answer) -> dict[str, Any]:
    more = answer.more
    return {
        "id": answer.id, "outcome": answer.outcome, "code": answer.code, "words": answer.words,
        "version": more.get("version"), "missing": more.get("missing", []), "mine": more.get("mine"),
        "theirs": more.get("theirs"), "stood": more.get("stood"),
    }  # fmt: skip


def seen(uow: UnitOfWork, who: SignedInEngineer, operation_id: str) -> None:
    """The engineer has looked at a conflict.

    :raises NotFound: it is none of his
    """
    row = uow.session.get(SheetOperation, operation_id, with_for_update=True)
    if row is None or row.engineer_id != who.engineer.id:
        raise NotFound("没有找到这条记录")
    row.seen_at = row.seen_at or uow.now
