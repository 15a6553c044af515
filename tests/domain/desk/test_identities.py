"""One person on two accounts: joined by the unionid only, never when two have orders, and never lost."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import inspect, select

from adapters.invariants import breaches
from domain.access.model import TrailEntry
from domain.cover.model import GiftGuesses
from domain.customers import operations as customers
from domain.customers.address import AddressLine
from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.customers.queries import phones_of
from domain.desk.identities import MERGE, Busy, recognise
from domain.desk.model import DeskTask
from domain.files.model import StoredFile
from domain.files.sent import Content, keep_sent
from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.operations import put_account, put_brand
from domain.products.model import Product, ProductTransfer
from domain.products.operations import register_product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import open_work_order
from tests.brand import AES_KEY, Brand, brand_in
from tests.runtime import Clock, at_once

NUMBER, OTHER = "13812345678", "13900001111"
HOME = AddressLine("440606004", "广东省佛山市顺德区容桂街道卫红路18号3栋502")


@dataclass
class World:
    """A brand with an official account and a mini-program."""

    runtime: Runtime
    clock: Clock
    brand: Brand
    program: str

    def contact(self, uow: UnitOfWork, where: str) -> Contact:
        account = self.program if where == "program" else self.brand.voice.account_id
        return customers.contact_heard(uow, account, f"o_{where}")

    def customer(self, uow: UnitOfWork, where: str) -> Customer:
        return customers.customer_of(uow, self.contact(uow, where), self.brand.voice.brand_id)

    def recognise(self, where: str, unionid: str | None = "u1") -> None:
        """Until nobody is in the way."""
        for _ in range(100):
            try:
                with self.runtime.transaction() as uow:
                    return recognise(uow, self.contact(uow, where), self.brand.voice.brand_id, unionid)
            except Busy:
                time.sleep(0.02)
        raise AssertionError("busy for ever")

    def both(self) -> None:
        for where in ("official", "program"):
            self.recognise(where)

    def learn(self, where: str, **what: object) -> None:
        with self.runtime.transaction() as uow:
            customers.learn(uow, self.customer(uow, where), **what)  # type: ignore[arg-type]
        self.clock.advance(minutes=1)

    def order(self, where: str) -> None:
        with self.runtime.transaction() as uow:
            open_work_order(
                uow, by=system("test"), brand_id=self.brand.voice.brand_id, service_type=ServiceType.REPAIR,
                customer_id=self.customer(uow, where).id, category_code="air_conditioner", words="不制冷", phone=NUMBER,
                address=HOME, via="chat",
            )  # fmt: skip

    def customers(self) -> list[str]:
        with self.runtime.transaction() as uow:
            return [uow.session.get_one(Customer, found).id for found in self.of_contacts(uow)]

    def of_contacts(self, uow: UnitOfWork) -> list[str]:
        return sorted({one.customer_id for one in uow.session.scalars(select(Contact)) if one.customer_id})

    def rows(self, kind: type[Any]) -> list[Any]:
        with self.runtime.transaction() as uow:
            return list(uow.session.scalars(select(kind).order_by(*inspect(kind).primary_key)))

    def tasks(self) -> list[DeskTask]:
        return [task for task in self.rows(DeskTask) if task.kind == MERGE]


def world_on(runtime: Runtime, clock: Clock) -> World:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        program = put_account(
            uow, brand_id=brand.voice.brand_id, kind="mini_program", app_id="wxba5fad812f8e6fb9", name="小程序",
            mode="safe", token="AAAAA", aes_key=AES_KEY, secret="secret",
        )  # fmt: skip
        return World(runtime, clock, brand, program.id)


@pytest.fixture
def world(runtime: Runtime, clock: Clock) -> World:
    return world_on(runtime, clock)


def test_the_customer_of_one_account_is_known_on_the_other(world: World) -> None:
    world.learn("official", name="王芳", phone=NUMBER)
    world.both()
    assert len(world.customers()) == 1
    with world.runtime.transaction() as uow:
        assert world.customer(uow, "program").name == "王芳"


def test_two_that_are_nobody_yet_become_one_customer_with_the_first_thing_kept(world: World) -> None:
    world.both()
    assert world.customers() == []
    world.learn("program", phone=NUMBER)
    assert len(world.customers()) == 1
    with world.runtime.transaction() as uow:
        assert world.contact(uow, "official").customer_id == world.contact(uow, "program").customer_id


@pytest.mark.parametrize("same", [{"phone": NUMBER}, {"phone": NUMBER, "name": "王芳"}, {"address": HOME}])
def test_neither_phone_nor_name_nor_address_joins_anybody(world: World, same: dict[str, object]) -> None:
    for where, unionid in (("official", "u1"), ("program", "u2")):
        world.learn(where, **same)
        world.recognise(where, unionid)
    assert len(world.customers()) == 2
    assert world.tasks() == []


def test_no_unionid_joins_nobody(world: World) -> None:
    for where in ("official", "program"):
        world.learn(where, phone=NUMBER)
        world.recognise(where, None)
        world.recognise(where, "")
    assert len(world.customers()) == 2


def test_another_brands_contact_stays_another_customer(world: World) -> None:
    with world.runtime.transaction() as uow:
        other = put_brand(uow, code="QT", name="其他", hotline="1", desk_hours="", privacy_version="1", privacy_url="")
        account = put_account(
            uow, brand_id=other.id, kind="official_account", app_id="wx00000000000000aa", name="其他", mode="safe",
            token="AAAAA", aes_key=AES_KEY, secret="secret",
        )  # fmt: skip
        theirs = customers.contact_heard(uow, account.id, "o_theirs")
        customers.customer_of(uow, theirs, other.id)
        recognise(uow, theirs, other.id, "u1")
    world.learn("official", phone=NUMBER)
    world.recognise("official")
    assert len(world.customers()) == 2


def test_the_older_customer_stays_and_takes_everything_over(world: World) -> None:
    world.learn("official", phone=NUMBER, address=HOME)
    world.learn("program", name="王芳", phone=OTHER, address=HOME)
    with world.runtime.transaction() as uow:
        older, younger = world.customer(uow, "official").id, world.customer(uow, "program").id
        customers.learn(uow, world.customer(uow, "program"), phone=NUMBER, verified=True)
        model = next(iter(world.brand.models.values()))
        register_product(
            uow, by=Actor(Role.CUSTOMER, younger), brand_id=world.brand.voice.brand_id, customer_id=younger,
            model_id=model, serial="SN0001", purchased_on=None, via="chat",
        )  # fmt: skip
    world.order("program")
    world.both()
    assert world.customers() == [older]
    assert [one.id for one in world.rows(Customer)] == [older]
    assert {row.customer_id for row in world.rows(WorkOrder) + world.rows(Product)} == {older}
    assert len(world.rows(CustomerAddress)) == 1
    with world.runtime.transaction() as uow:
        kept = {phone.number: phone.verified_at is not None for phone in phones_of(uow, older)}
        assert kept == {NUMBER: True, OTHER: False}
        assert world.customer(uow, "program").name == "王芳"
        joined = uow.session.scalars(select(TrailEntry).filter_by(action="customer.join")).one()
        assert (joined.subject_id, joined.detail) == (older, {"joined": younger})
        assert not breaches(uow.session.connection())


def test_two_with_orders_stay_two_and_the_desk_is_asked_once(world: World) -> None:
    for where in ("official", "program"):
        world.learn(where, phone=NUMBER)
        world.order(where)
    world.both()
    world.recognise("program")
    assert len(world.customers()) == 2
    [task] = world.tasks()
    assert "合并客户" in task.words
    assert NUMBER not in task.words
    assert all(one in task.words for one in world.customers())


def test_whoever_asked_for_the_others_product_is_left_to_people(world: World) -> None:
    model = next(iter(world.brand.models.values()))
    for where in ("official", "program"):
        world.learn(where, phone=NUMBER)
    with world.runtime.transaction() as uow:
        owner, asker = world.customer(uow, "official").id, world.customer(uow, "program").id
        registered = register_product(
            uow, by=Actor(Role.CUSTOMER, owner), brand_id=world.brand.voice.brand_id, customer_id=owner,
            model_id=model, serial="SN0001", purchased_on=None, via="chat",
        )  # fmt: skip
        transfer = ProductTransfer(id="pt_1", product_id=registered.product.id, customer_id=asker, status="asked")
        transfer.asked_at, transfer.why = uow.now, ""
        uow.session.add(transfer)
    world.both()
    assert len(world.customers()) == 2
    assert len(world.tasks()) == 1


def test_nobody_waits_for_a_turn_that_is_being_held(fresh_runtime: Runtime, clock: Clock) -> None:
    world = world_on(fresh_runtime, clock)
    world.learn("official", phone=NUMBER)
    world.recognise("official")
    with fresh_runtime.transaction() as turn:
        customers.consent(turn, world.contact(turn, "official"), "2026-01")
        turn.session.flush()
        with pytest.raises(Busy), fresh_runtime.transaction() as uow:
            recognise(uow, world.contact(uow, "program"), world.brand.voice.brand_id, "u1")
        assert world.customer(turn, "official").id
    world.recognise("program")
    assert len(world.customers()) == 1


def test_both_sides_recognised_at_once_end_as_one(fresh_runtime: Runtime, clock: Clock) -> None:
    world = world_on(fresh_runtime, clock)
    for where in ("official", "program"):
        world.learn(where, phone=NUMBER)
    sides = ("official", "program")
    assert at_once(6, lambda number: world.recognise(sides[number % 2])) == [None] * 6
    assert len(world.customers()) == 1
    assert len(world.rows(Customer)) == 1
    assert len(world.rows(CustomerPhone)) == 1


def test_first_things_kept_on_both_sides_at_once_make_one_customer(fresh_runtime: Runtime, clock: Clock) -> None:
    world = world_on(fresh_runtime, clock)
    world.both()
    sides = ("official", "program")

    def keep(number: int) -> None:
        with fresh_runtime.transaction() as uow:
            world.customer(uow, sides[number % 2])

    assert at_once(6, keep) == [None] * 6
    assert len(world.rows(Customer)) == 1


def test_what_each_has_one_of_and_what_was_sent_is_the_older_ones(world: World) -> None:
    with world.runtime.transaction() as uow:
        older = world.customer(uow, "official").id
        uow.session.add(GiftGuesses(customer_id=older, since=uow.now, wrong=4))
    world.clock.advance(minutes=1)
    with world.runtime.transaction() as uow:
        younger = world.customer(uow, "program").id
        uow.session.add(GiftGuesses(customer_id=younger, since=uow.now, wrong=1))
        picture = Content("fi_1", "2026/05/fi_1", "a" * 44, b"x")
        keep_sent(uow, picture, brand_id=world.brand.voice.brand_id, by=Actor(Role.CUSTOMER, younger))
    world.both()
    with world.runtime.transaction() as uow:
        assert [(one.customer_id, one.wrong) for one in uow.session.scalars(select(GiftGuesses))] == [(older, 4)]
        assert uow.session.get_one(StoredFile, "fi_1").author == f"customer:{older}", "erased with everything else"
