"""Appliances: registered once by serial, owned by one, handed over by staff only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.customers import operations as customers
from domain.kit.actors import Actor, Role
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import Runtime
from domain.products import operations as products
from domain.products import queries
from domain.products.lifecycle import TransferStatus
from domain.products.model import Product, ProductOwner, ProductTransfer
from domain.products.operations import BadDate, Registered, SerialTaken, serial_key
from tests.brand import Brand, brand_in
from tests.runtime import Clock, at_once

STAFF = Actor(Role.STAFF, "st_1")
CUSTOMER = Actor(Role.CUSTOMER, "cu_1")


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


def people(runtime: Runtime, brand: Brand, number: int = 2) -> list[str]:
    with runtime.transaction() as uow:
        return [customers.new_customer(uow, brand.voice.brand_id).id for _ in range(number)]


def register(runtime: Runtime, brand: Brand, customer_id: str, serial: str | None = None, **changed: Any) -> Registered:
    given: dict[str, Any] = {"model_id": brand.models["KFR-35GW/N8A1"], "purchased_on": None, "via": "chat"}
    with runtime.transaction() as uow:
        return products.register_product(
            uow,
            by=CUSTOMER,
            brand_id=brand.voice.brand_id,
            customer_id=customer_id,
            serial=serial,
            **{**given, **changed},
        )


def owners(runtime: Runtime, product_id: str) -> Sequence[ProductOwner]:
    with runtime.transaction() as uow:
        return uow.session.scalars(
            select(ProductOwner).filter_by(product_id=product_id).order_by(ProductOwner.since)
        ).all()


@given(st.text(max_size=30))
def test_serials_are_compared_by_letters_and_digits(text: str) -> None:
    key = serial_key(text)
    assert serial_key(key) == key
    assert serial_key(f" {text.lower()}-") == serial_key(f"{text.lower()}")
    assert key.isascii()
    assert key == key.upper()


def test_one_appliance_is_registered_once(runtime: Runtime, brand: Brand) -> None:
    [person, _] = people(runtime, brand)
    first = register(runtime, brand, person, "AB-1234 5678")
    again = register(runtime, brand, person, "ａb12345678", purchased_on=date(2025, 6, 1))
    assert (first.already, again.already) == (False, True)
    assert again.product.id == first.product.id
    assert (again.product.serial, again.product.purchased_on) == ("AB-1234 5678", date(2025, 6, 1))
    third = register(runtime, brand, person, "AB12345678", purchased_on=date(2026, 1, 1))
    assert third.product.purchased_on == date(2025, 6, 1), "what was told first stays"
    assert len(owners(runtime, first.product.id)) == 1


def test_without_serial_the_same_model_is_the_same_appliance(runtime: Runtime, brand: Brand) -> None:
    [person, other] = people(runtime, brand)
    first = register(runtime, brand, person)
    assert register(runtime, brand, person).product.id == first.product.id
    assert register(runtime, brand, other).product.id != first.product.id
    assert register(runtime, brand, person, model_id=brand.models["BCD-216TMPR"]).already is False


def test_a_serial_of_somebody_else_is_taken_and_nothing_is_told(runtime: Runtime, brand: Brand) -> None:
    [person, other] = people(runtime, brand)
    owned = register(runtime, brand, person, "AB12345678").product
    with pytest.raises(SerialTaken) as taken:
        register(runtime, brand, other, "AB12345678")
    assert taken.value.product_id == owned.id
    assert str(taken.value) == "这个机身编号已经登记过了"


def test_the_same_serial_registered_by_many_at_once_has_one_owner(fresh_runtime: Runtime) -> None:
    brand = brand_in(fresh_runtime)
    persons = people(fresh_runtime, brand, 6)
    done = at_once(6, lambda index: register(fresh_runtime, brand, persons[index], "AB12345678"))
    assert sorted(type(one).__name__ for one in done) == ["Registered"] + ["SerialTaken"] * 5
    with fresh_runtime.transaction() as uow:
        assert len(uow.session.scalars(select(Product)).all()) == 1


def test_nothing_was_bought_tomorrow(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    [person, _] = people(runtime, brand)
    with runtime.transaction() as uow:
        today = uow.today
    with pytest.raises(BadDate):
        register(runtime, brand, person, purchased_on=today + timedelta(days=1))
    assert register(runtime, brand, person, purchased_on=today).already is False


def test_a_serial_is_added_later_unless_it_is_taken(runtime: Runtime, brand: Brand) -> None:
    [person, other] = people(runtime, brand)
    plain = register(runtime, brand, person).product
    register(runtime, brand, other, "TAKEN1234")
    with runtime.transaction() as uow:
        assert products.complete_serial(uow, plain.id, "ab-12345678", by=STAFF).serial_key == "AB12345678"
        assert queries.by_serial(uow, brand.voice.brand_id, "AB12345678").product.id == plain.id  # type: ignore[union-attr]
        with pytest.raises(SerialTaken):
            products.complete_serial(uow, plain.id, "taken-1234", by=STAFF)


# Handing over


def asked(runtime: Runtime, product_id: str, customer_id: str) -> tuple[ProductTransfer, bool]:
    with runtime.transaction() as uow:
        return products.ask_transfer(uow, product_id, customer_id, by=CUSTOMER)


def decide(runtime: Runtime, transfer_id: str, move: str, by: Actor = STAFF) -> ProductTransfer:
    with runtime.transaction() as uow:
        return products.decide_transfer(uow, transfer_id, move, by=by, why="有发票")


def test_asking_twice_is_one_request(runtime: Runtime, brand: Brand) -> None:
    [person, other] = people(runtime, brand)
    product = register(runtime, brand, person, "AB12345678").product
    (first, is_new), (again, is_newer) = asked(runtime, product.id, other), asked(runtime, product.id, other)
    assert (is_new, is_newer, again.id) == (True, False, first.id)
    decide(runtime, first.id, "refuse")
    assert asked(runtime, product.id, other)[1] is True, "after a refusal one may ask again"


def test_accepting_makes_the_asker_the_owner_from_now_on(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    [person, other] = people(runtime, brand)
    product = register(runtime, brand, person, "AB12345678").product
    began = clock.at
    transfer, _ = asked(runtime, product.id, other)
    clock.advance(days=3)
    done = decide(runtime, transfer.id, "accept")
    assert (done.status, done.decided_at, done.decided_by) == (TransferStatus.ACCEPTED, clock.at, "staff:st_1")
    spans = [(one.customer_id, one.since, one.until) for one in owners(runtime, product.id)]
    assert spans == [(person, began, clock.at), (other, clock.at, None)]
    with runtime.transaction() as uow:
        assert [one.product.id for one in queries.products_of(uow, other)] == [product.id]
        assert list(queries.products_of(uow, person)) == []


def test_refusing_leaves_all_as_it_was(runtime: Runtime, brand: Brand) -> None:
    [person, other] = people(runtime, brand)
    product = register(runtime, brand, person, "AB12345678").product
    transfer, _ = asked(runtime, product.id, other)
    decide(runtime, transfer.id, "refuse")
    assert [(one.customer_id, one.until) for one in owners(runtime, product.id)] == [(person, None)]
    with pytest.raises(MoveRefused):
        decide(runtime, transfer.id, "accept")


def test_only_staff_decide(runtime: Runtime, brand: Brand) -> None:
    [person, other] = people(runtime, brand)
    transfer, _ = asked(runtime, register(runtime, brand, person, "AB12345678").product.id, other)
    with pytest.raises(MoveRefused):
        decide(runtime, transfer.id, "accept", by=Actor(Role.CUSTOMER, other))


def test_of_two_accepted_requests_the_later_owns_it(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    persons = people(runtime, brand, 3)
    product = register(runtime, brand, persons[0], "AB12345678").product
    transfers = [asked(runtime, product.id, one)[0] for one in persons[1:]]
    for transfer in transfers:
        clock.advance(days=1)
        decide(runtime, transfer.id, "accept")
    assert [(one.customer_id, one.until is None) for one in owners(runtime, product.id)] == [
        (persons[0], False), (persons[1], False), (persons[2], True),
    ]  # fmt: skip
