"""How long work at the customer's takes, by appliance and service; dated. A change is a further row, never an edit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.work_orders.kinds import ServiceType

ANY = ""


@dataclass(frozen=True)
class Duration:
    """``minutes`` of work from ``since`` on; `ANY` category is every appliance without a row of its own."""

    category: str
    service: ServiceType
    minutes: int
    since: date


FIRST = date(2020, 1, 1)
DURATIONS = (
    Duration(ANY, ServiceType.REPAIR, 60, FIRST),
    Duration(ANY, ServiceType.INSTALL, 60, FIRST),
    Duration(ANY, ServiceType.MAINTENANCE, 60, FIRST),
    Duration(ANY, ServiceType.EXCHANGE, 30, FIRST),
    Duration(ANY, ServiceType.COMPLAINT, 30, FIRST),
    Duration(ANY, ServiceType.CONSULTATION, 30, FIRST),
    Duration("air_conditioner", ServiceType.REPAIR, 75, FIRST),
    Duration("air_conditioner", ServiceType.INSTALL, 120, FIRST),
    Duration("air_conditioner", ServiceType.MAINTENANCE, 60, FIRST),
    Duration("refrigerator", ServiceType.REPAIR, 75, FIRST),
    Duration("water_heater_gas", ServiceType.INSTALL, 90, FIRST),
    Duration("water_heater_electric", ServiceType.INSTALL, 90, FIRST),
    Duration("television", ServiceType.INSTALL, 45, FIRST),
)


def work_minutes(category: str, service: ServiceType | str, on: date | None = None) -> int:
    """Minutes at the customer's: the row of this appliance in force ``on`` the day (the newest one when None), or of any."""
    for named in (category, ANY):
        rows = [row for row in DURATIONS if (row.category, row.service) == (named, service)]
        held = [row for row in rows if on is None or row.since <= on]
        if held:
            return max(held, key=lambda row: row.since).minutes
    return 60
