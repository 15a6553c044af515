"""A bill that is made anew in the moment it is paid: nobody waits for nobody for ever, and what is kept is what is owed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.kit.unit_of_work import Runtime
from domain.payments import asking
from domain.payments.model import Payment
from domain.payments.noticing import take_notice
from domain.payments.paying import Payer, start
from domain.pricing.billing import bill_visit
from domain.pricing.quoting import quote_for
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import put_merchant
from tests.domain.pricing.test_quotes import finish_with
from tests.domain.pricing.world import BOARD, CAP, shop_in
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock, at_once


def test_paid_closed_billed_and_quoted_anew_at_once(fresh_runtime: Runtime, clock: Clock) -> None:
    shop = shop_in(fresh_runtime)
    clock.advance(minutes=30)
    finish_with(shop, CAP)
    runtime, platform = shop.runtime, FakePlatform(clock)
    with runtime.transaction() as uow:
        merchant_id = put_merchant(uow, shop.order().brand_id).id
    begun = start(runtime, platform, shop.bills()[0].payable_id, Payer("jsapi", APP_ID, "o1"), by=STAFF)
    notice = platform.pay(begun.number)
    assert notice
    shop.send("fee.put", 8, line="q1", code=f"part.{CAP}", title="电容", fen=2_000, payer="customer")
    shop.end(9)

    def work(number: int) -> Any:
        if number % 4 == 1:
            return asking.close(runtime, platform, begun.payment_id)
        with runtime.transaction() as uow:
            if number % 4 == 0:
                return take_notice(uow, notice, merchant_id=merchant_id)
            if number % 4 == 2:
                return bill_visit(uow, shop.world.visit_id)
            return quote_for(uow, shop.world.order_id, shop.wanted(CAP, BOARD), by=STAFF, phone_key=f"k{number}")

    assert [one for one in at_once(12, work) if isinstance(one, Exception)] == []
    shop.react()
    with runtime.transaction() as uow:
        kept = sum(one.fen - one.reserved_fen for one in uow.session.scalars(select(Payment)) if one.paid_at)
    owed = sum(one.due_fen for one in shop.bills() if one.status == "issued")
    assert kept + owed == 10_000, "the sheet says 100 yuan by now"
