"""A brand with a merchant, a customer and things to pay for, and a platform that is honest unless told to be nasty."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.customers.model import Customer
from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.payments import merchants, refunding
from domain.payments.cash import take_cash
from domain.payments.model import Merchant, Payable
from domain.payments.noticing import take_notice
from domain.payments.operations import ask_refund, owe
from domain.payments.paying import Payer, start
from domain.payments.shares import Share
from tests.brand import APP_ID, Brand, put_brand
from tests.domain.payments.platform import FakePlatform

BY = system("tests")
LI, WANG = Actor(Role.STAFF, "st_li"), Actor(Role.STAFF, "st_wang")
MCH_ID = "1900000001"
MINI_APP_ID = "wx00000000000000aa"


def make_money(runtime: Runtime, brand_id: str, engineer_id: str) -> None:
    """Somebody paid in WeChat and has a part of it back, somebody is about to pay, somebody paid the engineer in cash."""
    platform = FakePlatform(runtime.clock)
    with runtime.transaction() as uow:
        put_merchant(uow, brand_id)
        customer = Customer(id=uow.new_id("cu"), brand_id=brand_id, created_at=uow.now)
        uow.session.add(customer)
        uow.session.flush()
        paid, waiting, cash = (owe_bill(uow, brand_id, customer.id, f"bi_m{number}").id for number in range(3))
    for payable_id in (paid, waiting):
        payer = Payer("jsapi", APP_ID, "o-money")
        number = start(runtime, platform, payable_id, payer, by=BY).number
        if payable_id == paid:
            platform.pay(number)
    with runtime.transaction() as uow:
        merchant = uow.session.scalars(select(Merchant)).one()
        take_notice(uow, platform.notices[0], merchant_id=merchant.id)
        refund_id = ask_refund(uow, paid, 2_800, by=LI, reason_code="goodwill").id
        take_cash(uow, cash, engineer_id, 12_800, by=BY)
    refunding.look(runtime, platform, refund_id)
    platform.finish(refund_id)
    with runtime.transaction() as uow:
        take_notice(uow, platform.notices[1], merchant_id=merchant.id)


@dataclass(frozen=True)
class World:
    """Ids, and a payable of 128.00 yuan: 100 of service, 28 of parts."""

    runtime: Runtime
    brand: Brand
    brand_id: str
    merchant_id: str
    customer_id: str
    payable_id: str


def make_world(runtime: Runtime) -> World:
    with runtime.transaction() as uow:
        brand = put_brand(uow)
        brand_id = brand.voice.brand_id
        merchant = put_merchant(uow, brand_id)
        customer = Customer(id=uow.new_id("cu"), brand_id=brand_id, created_at=uow.now)
        uow.session.add(customer)
        uow.session.flush()
        payable = owe_bill(uow, brand_id, customer.id, "bi_1")
        return World(runtime, brand, brand_id, merchant.id, customer.id, payable.id)


def put_merchant(uow: UnitOfWork, brand_id: str, mch_id: str = MCH_ID) -> Merchant:
    """A merchant whose keys open nothing: the fake platform does not look at them."""
    return merchants.put_merchant(
        uow, brand_id=brand_id, mch_id=mch_id, cert_serial="A" * 40, private_key="private", api_v3_key="k" * 32,
        public_key="public", public_key_id="PUB_KEY_ID_1", app_ids=[APP_ID, MINI_APP_ID], by=BY,
    )  # fmt: skip


def owe_bill(
    uow: UnitOfWork, brand_id: str, customer_id: str, bill: str, *, service: int = 10_000, part: int = 2_800,
    version: int = 1,
) -> Payable:  # fmt: skip
    return owe(
        uow, brand_id=brand_id, kind="bill", of_id=bill, version=version, customer_id=customer_id, title="空调维修",
        split=[Share("income_service", service), Share("income_part", part)], by=BY,
    )  # fmt: skip
