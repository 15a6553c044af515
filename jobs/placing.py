"""Finding out where an order's address is, after it was opened or its address corrected; nothing waits for it."""

from __future__ import annotations

import structlog
from sqlalchemy import update

from domain.customers.model import CustomerAddress
from domain.regions.positions import Position, Source
from domain.work_orders.events import WorkOrderChanged, WorkOrderOpened
from domain.work_orders.model import WorkOrder
from jobs.context import Jobs

log = structlog.get_logger()


def find_place(jobs: Jobs, event: WorkOrderOpened | WorkOrderChanged) -> None:
    """Ask the map service, unless the place is known by the customer's own pin, and keep what it says.

    :raises GeocoderAway: tried again as every reaction is
    """
    if jobs.geocoder is None:
        return
    with jobs.runtime.transaction() as uow:
        order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
        if order.position is not None:
            return
        line, division_code = order.address, order.division_code
    found = jobs.geocoder.locate(line, division_code)
    if found is None:
        log.info("address not placed", work_order=event.work_order_id)
        return
    keep(jobs, event.work_order_id, line, found)


def keep(jobs: Jobs, order_id: str, line: str, found: Position) -> None:
    """A pin that came meanwhile, or another address, is left as it is."""
    with jobs.runtime.transaction() as uow:
        order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
        if order.address != line or (order.position or {}).get("source") == Source.PIN:
            return
        order.position = found.to_json()
        print_ = uow.keyring.fingerprint("address", line)
        uow.session.execute(
            update(CustomerAddress)
            .where(
                CustomerAddress.customer_id == order.customer_id,
                CustomerAddress.line_print == print_,
                CustomerAddress.position.is_(None),
            )
            .values(position=found.to_json())
        )
