"""What customers are told of money that came and went back: once, with a page that does what the words say."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.customers.model import Customer
from domain.customers.operations import contact_heard, learn_phone
from domain.kit.unit_of_work import Runtime
from domain.notices import telling_money
from domain.notices.model import OutgoingMessage
from domain.payments.cash import take_cash
from domain.payments.events import PayablePaid, RefundApproved, RefundSucceeded
from domain.payments.operations import ask_refund
from domain.pricing.events import QuoteConfirmed
from domain.pricing.quoting import confirm, quote_for
from tests.domain.payments.world import BY, LI, make_world
from tests.domain.pricing.world import shop_in
from tests.domain.service_sheets.world import STAFF
from tests.network import put_network


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


@pytest.mark.parametrize(("verified", "told"), [(True, ["refund.sent", "refund.done"]), (False, [])])
def test_whoever_has_but_a_phone_hears_of_the_refund_by_text_message(
    runtime: Runtime, verified: bool, told: list[str]
) -> None:
    """By one that was proved to be theirs."""
    world = make_world(runtime)
    with runtime.transaction() as uow:
        learn_phone(uow, uow.get(Customer, world.customer_id, called=""), "13800138000", verified=verified)
        take_cash(uow, world.payable_id, put_network(uow, world.brand).an, 12_800, by=BY)
        refund = ask_refund(uow, world.payable_id, 2_800, by=LI, reason_code="goodwill")
        telling_money.tell_of_refund(uow, RefundApproved(refund.id, world.payable_id))
        telling_money.tell_of_refund(uow, RefundSucceeded(refund.id, world.payable_id, "bill", "bi_1"))
        found = uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq)).all()
    assert [one.why for one in found] == told
    assert all(one.channel == "sms" and "¥28.00" in (one.forms or {})["sms"] for one in found)
