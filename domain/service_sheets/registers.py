"""The registers of a sheet: who wrote what, which of two wins, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets.model import Register, ServiceSheet

FIRST_WINS = "milestone."
"""Of a milestone the earliest stands: the engineer arrived when he arrived. Of all else the latest."""


@dataclass(frozen=True)
class Written:
    """What became of one writing: ``stood`` when it is the register's value now; ``clash`` when another device's value was
    there that the phone had not seen, with that value in ``theirs``."""

    stood: bool
    clash: bool
    theirs: Mapping[str, Any] | None


@dataclass(frozen=True)
class Stamp:
    """By which two writings are compared, and where the one to be compared comes from."""

    at: datetime
    operation_id: str
    device_id: str
    base_version: int


def write(uow: UnitOfWork, sheet: ServiceSheet, key: str, value: dict[str, Any] | None, stamp: Stamp) -> Written:
    """Write a register, if the stamp is greater (or, of a milestone, smaller) than that of what is there."""
    row = uow.session.get(Register, (sheet.visit_id, key))
    if row is None:
        row = Register(visit_id=sheet.visit_id, key=key)
        put(row, value, stamp, sheet.version)
        uow.session.add(row)
        return Written(True, False, None)
    theirs, there = row.value, (row.at, row.operation_id)
    clash = row.version > stamp.base_version and row.device_id != stamp.device_id and theirs != value
    wins = (
        (stamp.at, stamp.operation_id) < there if key.startswith(FIRST_WINS) else (stamp.at, stamp.operation_id) > there
    )
    if wins:
        put(row, value, stamp, sheet.version)
    return Written(wins, clash, theirs)


def put(row: Register, value: dict[str, Any] | None, stamp: Stamp, version: int) -> None:
    row.value, row.at, row.operation_id = value, stamp.at, stamp.operation_id
    row.device_id, row.version = stamp.device_id, version


def registers_of(uow: UnitOfWork, visit_id: str) -> dict[str, Register]:
    """All registers of a sheet by key, removed lines too."""
    uow.session.flush()
    found = select(Register).where(Register.visit_id == visit_id).order_by(Register.key)
    return {row.key: row for row in uow.session.scalars(found)}


def values_of(rows: Mapping[str, Register]) -> dict[str, dict[str, Any] | None]:
    return {key: row.value for key, row in rows.items()}


def below(values: Mapping[str, Mapping[str, Any] | None], group: str) -> dict[str, Mapping[str, Any]]:
    """What stands in the registers of a group, by the rest of their keys; removed ones are left out."""
    start = f"{group}."
    return {key[len(start) :]: value for key, value in values.items() if key.startswith(start) and value is not None}
