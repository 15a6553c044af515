"""What customers are told of money that came and went back: once, with a page that does what the words say."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.customers.operations import contact_heard
from domain.kit.unit_of_work import Runtime
from domain.notices import telling_money
from domain.notices.model import OutgoingMessage
from domain.payments.events import PayablePaid
from domain.pricing.events import QuoteConfirmed
from domain.pricing.quoting import confirm, quote_for
from tests.domain.payments.world import make_world
from tests.domain.pricing.world import shop_in
from tests.domain.service_sheets.world import STAFF


def test_whoever_has_paid_is_led_to_where_an_invoice_is_asked_for(runtime: Runtime) -> None:
    world = make_world(runtime)
    with runtime.transaction() as uow:
        contact_heard(uow, world.brand.voice.account_id, "o_wang").customer_id = world.customer_id
        for _ in range(2):
            telling_money.tell_of_payment(uow, PayablePaid(world.payable_id, "bill", "bi_1", "", "pm_1"))
        told = uow.session.scalars(select(OutgoingMessage)).one()
    assert told.text == "已收到您支付的 ¥128.00：空调维修，谢谢！需要发票请点这里申请：{link}"
    assert (told.forms or {})["path"] == f"/c/pay/{world.payable_id}"


@pytest.mark.parametrize(("via", "told"), [("engineer", ["quote.agreed_there"]), ("page", [])])
def test_a_yes_on_the_engineers_phone_is_told_to_the_customer(runtime: Runtime, via: str, told: list[str]) -> None:
    """He may not have said it."""
    shop = shop_in(runtime)
    order_id = shop.world.order_id
    with runtime.transaction() as uow:
        asked = quote_for(uow, order_id, shop.wanted("refill"), by=STAFF)
        quote = confirm(uow, asked.id, asked.hash, by=STAFF, via=via)
        telling_money.tell_of_answer(uow, QuoteConfirmed(quote.id, order_id, by_itself=False))
        found = uow.session.scalars(select(OutgoingMessage).where(OutgoingMessage.why == "quote.agreed_there")).all()
    assert [one.why for one in found] == told
    assert all("不是您本人同意的" in one.text and "¥" in one.text for one in found)
