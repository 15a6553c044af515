"""What an engineer's phone asked for and what the customer answered there, read from the registers of the sheet.

Reading them twice, or late, changes nothing: a question has the name its phone gave it, and an answer that was taken is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.access import trail
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing import quoting
from domain.pricing.events import QuoteNotTaken
from domain.pricing.gathering import rows_for, wanted_of
from domain.pricing.model import Quote
from domain.pricing.queries import quotes_of_order
from domain.service_sheets.facts import ANSWERED
from domain.service_sheets.model import Register
from domain.service_sheets.registers import registers_of, values_of
from domain.work_orders.model import Visit, WorkOrder

ASKED = "quote.asked"
OFF: Mapping[str, str] = {
    "no_price": "现场有价目表里没有的项目，不能报价",
    "nothing_to_quote": "工单已结束，现场的报价没有发出",
    "quote_changed": "客户在工程师手机上的答复，对应的报价已经变了",
    "not_found": "客户在工程师手机上的答复，没有对应的报价",
    "move_refused": "客户在工程师手机上的答复没有被接受",
    "shown_less": "工程师手机上给客户看的价比系统里的低，差额由品牌承担，请核对价目是不是刚改过",
}
"""Code → what staff are told."""
PROGRAM = system("pricing")


def take_in(uow: UnitOfWork, visit_id: str) -> None:
    """Ask what the phone asks for, then take the answer that was given there. What cannot be is told to somebody, and kept."""
    seen = uow.get(Visit, visit_id, called="这次上门")
    order = uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    rows = registers_of(uow, visit_id)
    asked, answered = rows.get(ASKED), rows.get(ANSWERED)
    if asked is not None and asked.value and not done(uow, visit_id, asked):
        attempt(uow, order, visit_id, asked, ask)
    if answered is not None and answered.value and not done(uow, visit_id, answered):
        attempt(uow, order, visit_id, answered, answer)


def done(uow: UnitOfWork, visit_id: str, row: Register) -> bool:
    """Whether this very writing was taken in before."""
    mark = uow.session.get(Register, (visit_id, f"taken.{row.key}"))
    return mark is not None and (mark.value or {}).get("operation_id") == row.operation_id


def attempt(uow: UnitOfWork, order: WorkOrder, visit_id: str, row: Register, step: Any) -> None:
    """One step in a savepoint; refused or not, it was looked at."""
    value, why = dict(row.value or {}), ""
    try:
        with uow.session.begin_nested():
            step(uow, order, visit_id, value)
    except Refused as no:
        why = no.code if no.code in OFF else "move_refused"
        trail.record(uow, PROGRAM, "quote.not_taken", "work_order", order.id, reason=no.code, visit=visit_id)
        uow.emit(QuoteNotTaken(visit_id, order.id, why, str(value.get("quote_id") or "")))
    mark(uow, visit_id, row, why)


def mark(uow: UnitOfWork, visit_id: str, row: Register, why: str) -> None:
    """``why`` it was not taken, "" where it was: the engineer's phone reads it there."""
    key = f"taken.{row.key}"
    kept = uow.session.get(Register, (visit_id, key))
    if kept is None:
        kept = Register(visit_id=visit_id, key=key, device_id="", version=0)
        uow.session.add(kept)
    kept.value, kept.at, kept.operation_id = {"operation_id": row.operation_id, "why": why}, uow.now, ""
    uow.session.flush()


def ask(uow: UnitOfWork, order: WorkOrder, visit_id: str, value: Mapping[str, Any]) -> None:
    """Make the quote of what stands on the sheet now."""
    values = values_of(registers_of(uow, visit_id))
    wanted = wanted_of(values, rows_for(uow, order.brand_id, [order.category_code], uow.today))
    quoting.quote_for(
        uow, order.id, wanted, by=engineer_of(uow, visit_id), visit_id=visit_id, phone_key=str(value["quote_id"]),
        note=str(value.get("note") or ""),
    )  # fmt: skip


def answer(uow: UnitOfWork, order: WorkOrder, visit_id: str, value: Mapping[str, Any]) -> None:
    """The customer's yes or no on the engineer's phone. It names a quote by the phone's name or by ours."""
    quote, by = named(uow, order.id, value), engineer_of(uow, visit_id)
    if "hash" not in value:
        quoting.reject(uow, quote.id, by=by, via="engineer", why=str(value.get("why") or ""))
        return
    shown, asked = {str(key): int(fen) for key, fen in value["shown"].items()}, quote.customer_fen
    taken = quoting.confirm(
        uow, quote.id, str(value["hash"]), by=by, via="engineer", shown=shown,
        signature_id=str(value.get("signature_id") or ""),
    )  # fmt: skip
    if taken.customer_fen < asked:  # the phone says so, and nobody else: somebody looks
        less = asked - taken.customer_fen
        trail.record(uow, by, "quote.shown_less", "work_order", order.id, quote=quote.id, fen=less)
        uow.emit(QuoteNotTaken(visit_id, order.id, "shown_less", quote.id))


def named(uow: UnitOfWork, order_id: str, value: Mapping[str, Any]) -> Quote:
    """:raises QuoteChanged: the order has no such quote"""
    every, key = quotes_of_order(uow, order_id), str(value["quote_id"])
    by_name = [one for one in every if key in (one.id, one.phone_key)]
    by_lines = [one for one in every if one.hash == value.get("hash")]
    if not by_name and not by_lines:
        raise quoting.QuoteChanged("没有找到这份报价", None)
    return (by_name or by_lines)[0]


def engineer_of(uow: UnitOfWork, visit_id: str) -> Actor:
    visit = uow.get(Visit, visit_id, called="这次上门")
    return Actor(Role.ENGINEER, visit.engineer_id or "")
