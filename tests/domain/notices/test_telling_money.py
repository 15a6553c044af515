"""What customers are told of money that came and went back: once, with a page that does what the words say."""

from __future__ import annotations

from sqlalchemy import select

from domain.customers.operations import contact_heard
from domain.kit.unit_of_work import Runtime
from domain.notices import telling_money
from domain.notices.model import OutgoingMessage
from domain.payments.events import PayablePaid
from tests.domain.payments.world import make_world


def test_whoever_has_paid_is_led_to_where_an_invoice_is_asked_for(runtime: Runtime) -> None:
    world = make_world(runtime)
    with runtime.transaction() as uow:
        contact_heard(uow, world.brand.voice.account_id, "o_wang").customer_id = world.customer_id
        for _ in range(2):
            telling_money.tell_of_payment(uow, PayablePaid(world.payable_id, "bill", "bi_1", "", "pm_1"))
        told = uow.session.scalars(select(OutgoingMessage)).one()
    assert told.text == "已收到您为空调维修支付的 ¥128.00，谢谢！需要发票请点这里申请：{link}"
    assert (told.forms or {})["path"] == f"/c/pay/{world.payable_id}"
