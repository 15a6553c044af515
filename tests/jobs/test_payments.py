"""What happens to money by itself: due rows handed out once, asked about by the worker, deliveries reported until they are taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select

from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.payments.delivered import Delivery, note_delivered
from domain.payments.events import LookDue, PayablePaid
from domain.payments.lifecycle import PayableStatus
from domain.payments.model import Payable, Payment
from domain.payments.papers_model import ShippingReport
from domain.payments.paying import Payer, start
from jobs import payments
from jobs.context import Jobs
from jobs.payments import DeliveryRefused
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, MINI_APP_ID, World, make_world
from tests.runtime import Clock


@dataclass
class Carrier:
    """Whom deliveries are reported to; refuses so often with a code."""

    refuses: list[DeliveryRefused] = field(default_factory=list)
    told: list[Delivery] = field(default_factory=list)

    def report(self, delivery: Delivery) -> None:
        self.told.append(delivery)
        if self.refuses:
            raise self.refuses.pop()


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


def jobs_on(runtime: Runtime, valkey: Redis, platform: FakePlatform | None, carrier: Carrier | None = None) -> Jobs:
    nobody: Any = None
    return Jobs(runtime, valkey, nobody, nobody, lambda: 0.5, {}, nobody, nobody, gateway=platform, deliveries=carrier)


def handed_out(runtime: Runtime) -> list[LookDue]:
    with runtime.transaction() as uow:
        rows = uow.session.scalars(select(OutboxRow).filter_by(kind="LookDue").order_by(OutboxRow.id)).all()
        return [LookDue(**row.body) for row in rows]


def test_what_is_due_is_handed_out_once_and_asked_about(world: World, valkey: Redis, clock: Clock) -> None:
    platform = FakePlatform(clock)
    jobs = jobs_on(world.runtime, valkey, platform)
    cashier = start(world.runtime, platform, world.payable_id, Payer("jsapi", MINI_APP_ID, "o", "mini_program"), by=BY)
    assert payments.look_at_due_money(jobs) == 0
    platform.pay(cashier.number)
    clock.advance(seconds=15)
    assert payments.look_at_due_money(jobs) == 1
    assert payments.look_at_due_money(jobs) == 0, "it is being asked about"
    for event in handed_out(world.runtime) * 2:
        payments.look(jobs, event)
    with world.runtime.transaction() as uow:
        assert uow.get(Payable, world.payable_id, called="x").status is PayableStatus.PAID


def test_a_delivery_is_reported_until_it_is_taken(world: World, valkey: Redis, clock: Clock) -> None:
    platform, carrier = FakePlatform(clock), Carrier([DeliveryRefused("10060001", again=True)])
    jobs = jobs_on(world.runtime, valkey, platform, carrier)
    cashier = start(world.runtime, platform, world.payable_id, Payer("jsapi", MINI_APP_ID, "o", "mini_program"), by=BY)
    with world.runtime.transaction() as uow:
        payment = uow.session.scalars(select(Payment)).one()
        for _ in range(2):
            note_delivered(uow, PayablePaid(world.payable_id, "bill", "bi_1", "", payment.id))
    for minutes in (0, 1, 10, 60):
        clock.advance(minutes=minutes)
        with world.runtime.transaction() as uow:
            report = uow.session.scalars(select(ShippingReport)).one()
        payments.report_delivery(jobs, report.payment_id)
    assert [one.number for one in carrier.told] == [cashier.number] * 2, (
        "told again after the refusal, and then no more"
    )
    assert carrier.told[0].item == "空调维修"
    with world.runtime.transaction() as uow:
        report = uow.session.scalars(select(ShippingReport)).one()
        assert (report.query_at, report.error) == (None, "")


def test_only_the_mini_programs_payments_are_reported(world: World, clock: Clock) -> None:
    start(world.runtime, FakePlatform(clock), world.payable_id, Payer("native", MINI_APP_ID, "", "engineer"), by=BY)
    with world.runtime.transaction() as uow:
        payment = uow.session.scalars(select(Payment)).one()
        note_delivered(uow, PayablePaid(world.payable_id, "bill", "bi_1", "", payment.id))
        assert uow.session.scalars(select(ShippingReport)).all() == []


def test_without_a_platform_nothing_is_handed_out(world: World, valkey: Redis) -> None:
    jobs = jobs_on(world.runtime, valkey, None)
    assert payments.look_at_due_money(jobs) == payments.fetch_statements(jobs) == 0


def test_yesterdays_bills_are_fetched_and_compared(world: World, valkey: Redis, clock: Clock) -> None:
    jobs = jobs_on(world.runtime, valkey, FakePlatform(clock))
    clock.advance(days=1)
    assert payments.fetch_statements(jobs) == 1
    (event,) = handed_out(world.runtime)
    assert (event.what, event.id) == ("statement", f"{world.merchant_id}/2026-05-12")
    payments.look(jobs, event)
    assert payments.fetch_statements(jobs) == 0
