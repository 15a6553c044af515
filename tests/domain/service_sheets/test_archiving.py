"""A signed sheet brings the machine into the archive, once, whatever came first; what is somebody else's is decided by staff."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.catalog.model import Model
from domain.customers.model import Customer
from domain.customers.operations import new_customer
from domain.desk.model import DeskTask
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.products.model import Product, ProductTransfer
from domain.products.operations import complete_serial, decide_transfer, register_product
from domain.products.warranty_queries import answers_for
from domain.service_sheets.events import MachineCorrected, VisitEnded
from domain.service_sheets.operations import Incoming
from domain.work_orders.model import WorkOrder
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.domain.pricing.test_quotes import finish_with
from tests.domain.pricing.world import CAP, Shop, shop_in
from tests.domain.service_sheets.world import STAFF, World, world_in
from tests.runtime import Clock

SERIAL, KEY = "YF26-19000123", "YF2619000123"
CODE = "KFR-35GW/N8A1"


@pytest.fixture
def world(runtime: Runtime, clock: Clock) -> World:
    """The order came from the chat, and nobody knew which air conditioner it is about."""
    made = world_in(runtime, with_product=False)
    clock.advance(minutes=30)
    return made


def react(world: World) -> None:
    """Everything that follows inside, every time again: once is enough."""
    with world.runtime.transaction() as uow:
        for row in uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all():
            event = Event.from_json(row.kind, row.body)
            for reaction in REACTIONS[type(event)]:
                if not isinstance(reaction, Outside):
                    reaction(uow, event)


def model_id(world: World, code: str = CODE) -> str:
    with world.runtime.transaction() as uow:
        return uow.session.scalars(select(Model.id).filter_by(code=code)).one()


def model(world: World) -> Incoming:
    return world.operation(world.phones[0], "correct", 2, field="model", value=model_id(world))


def serial(world: World, value: str = SERIAL) -> Incoming:
    return world.operation(world.phones[0], "field.set", 2, name="serial", value=value)


def end(world: World) -> None:
    """Signed as it stands, and over."""
    phone = world.phones[0]
    signed = world.operation(
        phone, "signature.add", 3, signature_id="s1", upload_id="us1", purpose="sheet", sheet_hash=world.hash(),
        strokes=[[[0, 0], [50, 20]]], name="王小明",
    )  # fmt: skip
    world.send(phone, signed, world.operation(phone, "visit.end", 4, outcome="finished"))


def work(world: World, *seen: Incoming) -> None:
    world.send(world.phones[0], *world.everything(world.phones[0]), *seen)
    end(world)


def products(world: World) -> Sequence[Product]:
    with world.runtime.transaction() as uow:
        return uow.session.scalars(select(Product).order_by(Product.registered_at, Product.id)).all()


def order_of(world: World) -> WorkOrder:
    with world.runtime.transaction() as uow:
        return uow.get(WorkOrder, world.order_id, called="")


def customer_id(world: World) -> str:
    return order_of(world).customer_id


def somebody_elses(world: World, *, erased: bool = False) -> Product:
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        other = new_customer(uow, order.brand_id)
        other.erased_at = uow.now if erased else None
        return register_product(
            uow, by=STAFF, brand_id=order.brand_id, customer_id=other.id, serial=SERIAL, purchased_on=None, via="chat",
            model_id=uow.session.scalars(select(Model.id).filter_by(code=CODE)).one(),
        ).product  # fmt: skip


def tasks(world: World) -> Sequence[DeskTask]:
    with world.runtime.transaction() as uow:
        return uow.session.scalars(select(DeskTask).filter_by(kind="transfer")).all()


def test_an_order_without_a_product_gets_the_machine_of_its_signed_sheet_once(world: World) -> None:
    work(world, model(world), serial(world))
    assert not products(world), "nothing before the customer has signed, and what follows has run"
    react(world)
    react(world)
    (made,) = products(world)
    order = order_of(world)
    assert (made.serial, made.serial_key, made.customer_id) == (SERIAL, KEY, order.customer_id)
    assert (made.model_id, made.registered_via) == (model_id(world), "visit")
    assert (order.product_id, order.serial_key) == (made.id, KEY)
    with world.runtime.transaction() as uow:
        who = uow.session.scalars(select(TrailEntry.actor).filter_by(action="product.register")).all()
        assert who == [f"engineer:{world.network.an}"]
        answered = answers_for(uow, world.order_id)
    assert answered[0].product_id == made.id, "the warranty is asked anew of the machine that is there"
    assert world.look()["outcome"] == "finished", "the signature still stands"


def test_what_is_not_signed_or_no_serial_or_of_no_known_model_stays_on_the_sheet(world: World) -> None:
    phone = world.phones[0]
    world.send(phone, *world.everything(phone), serial(world))
    world.send(phone, world.operation(phone, "visit.end", 2.5, outcome="revisit", why="要两个人"))
    react(world)
    assert not products(world), "no model, no signature"
    world.send(phone, model(world), serial(world, "不清楚"))
    end(world)
    react(world)
    assert not products(world), "those are words, no serial"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["serial", "model", "end"]))
def test_whatever_comes_first_the_same_machine_is_archived(runtime: Runtime, clock: Clock, order: list[str]) -> None:
    """A phone that was without network sends the parts of one visit in any batches."""
    nested = runtime.sessions.kw["bind"].begin_nested()
    before = clock.at
    try:
        world = world_in(runtime, with_product=False)
        clock.advance(minutes=30)
        world.send(world.phones[0], *world.everything(world.phones[0]))
        for step in order:
            if step == "end":
                end(world)
            else:
                world.send(world.phones[0], {"serial": serial, "model": model}[step](world))
            react(world)
        signed_again(world)
        react(world)
        (made,) = products(world)
        assert (made.serial_key, order_of(world).product_id) == (KEY, made.id)
    finally:
        nested.rollback()
        clock.at = before


def signed_again(world: World) -> None:
    """A model named after the signature is another sheet, and is signed once more."""
    phone = world.phones[0]
    world.send(
        phone,
        world.operation(
            phone, "signature.add", 6, signature_id="s9", upload_id="us9", purpose="sheet", sheet_hash=world.hash()
        ),
    )


def test_a_serial_of_another_customer_goes_to_the_desk_once_and_the_owner_is_told_nothing(world: World) -> None:
    theirs = somebody_elses(world)
    work(world, model(world), serial(world))
    react(world)
    react(world)
    (task,) = tasks(world)
    assert order_of(world).product_id is None
    assert (theirs.id, theirs.customer_id) == (products(world)[0].id, products(world)[0].customer_id)
    with world.runtime.transaction() as uow:
        asked = uow.get(ProductTransfer, task.subject_id, called="")
        assert (asked.product_id, asked.customer_id) == (theirs.id, customer_id(world))
        decide_transfer(uow, asked.id, "accept", by=STAFF, why="二手，已核实")
    react(world)
    assert order_of(world).product_id == theirs.id, "staff said yes: it is the order's machine"
    assert len(tasks(world)) == 1


def test_refused_by_staff_it_is_not_asked_again(world: World) -> None:
    somebody_elses(world)
    work(world, model(world), serial(world))
    react(world)
    with world.runtime.transaction() as uow:
        decide_transfer(uow, str(tasks(world)[0].subject_id), "refuse", by=STAFF, why="编号看错")
    react(world)
    assert len(tasks(world)) == 1
    assert order_of(world).product_id is None


def test_what_belonged_to_somebody_erased_is_whoever_has_it_now(world: World) -> None:
    theirs = somebody_elses(world, erased=True)
    work(world, model(world), serial(world))
    react(world)
    assert order_of(world).product_id == theirs.id
    assert products(world)[0].customer_id == customer_id(world)


def test_a_customer_who_had_themselves_erased_gets_nothing(world: World) -> None:
    work(world, model(world), serial(world))
    with world.runtime.transaction() as uow:
        uow.get(Customer, customer_id(world), called="").erased_at = uow.now
    react(world)
    assert not products(world)


def test_the_customers_own_product_of_that_serial_is_tied_and_takes_the_model_that_was_read(world: World) -> None:
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        other = uow.session.scalars(
            select(Model.id).where(Model.code != CODE, Model.brand_id == order.brand_id)
        ).first()
        mine = register_product(
            uow, by=STAFF, brand_id=order.brand_id, customer_id=order.customer_id, model_id=str(other), serial=SERIAL,
            purchased_on=None, via="chat",
        ).product  # fmt: skip
    work(world, model(world), serial(world))
    react(world)
    (there,) = products(world)
    assert (order_of(world).product_id, there.id, there.model_id) == (mine.id, mine.id, model_id(world))


def test_an_order_with_a_product_keeps_it_and_one_without_serial_is_completed(runtime: Runtime, clock: Clock) -> None:
    world = world_in(runtime)
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        order.product_id, order.model_id = None, None
    clock.advance(minutes=30)
    phone = world.phones[0]
    tied = world.operation(phone, "correct", 2.5, field="product", value=world.product_id)
    work(world, serial(world), tied)
    react(world)
    react(world)
    assert [(one.id, one.serial_key) for one in products(world)] == [(world.product_id, KEY)]
    with runtime.transaction() as uow:
        complete_serial(uow, world.product_id, "YF2619999999", by=STAFF)
        uow.emit(VisitEnded(world.visit_id, world.order_id, "finished"))
    react(world)
    assert products(world)[0].serial_key == "YF2619999999", "what is known stays for the audit to see"


def test_what_was_billed_keeps_the_warranty_answer_it_was_billed_by(runtime: Runtime, clock: Clock) -> None:
    shop = shop_in(runtime)
    clock.advance(minutes=30)
    finish_with(shop, CAP)
    assert shop.bills()
    with runtime.transaction() as uow:
        billed_by = {one.round for one in answers_for(uow, shop.world.order_id)}
    assert billed_by
    correct_again(shop)
    with runtime.transaction() as uow:
        assert {one.round for one in answers_for(uow, shop.world.order_id)} == billed_by


def correct_again(shop: Shop) -> None:
    with shop.runtime.transaction() as uow:
        uow.emit(MachineCorrected(shop.world.visit_id, shop.world.order_id))
    shop.react()
