"""People and the chat identities they speak through: made once, remembered, and let go."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.access.model import TrailEntry
from domain.customers import operations as customers
from domain.customers import queries
from domain.customers.address import AddressLine
from domain.customers.calling import customer_of_caller
from domain.customers.model import Contact, Customer
from domain.kit.unit_of_work import Runtime
from tests.brand import Brand, brand_in
from tests.runtime import Clock, at_once

HOME, WORK = AddressLine("440606", "广东省佛山市顺德区卫红路18号"), AddressLine("440605", "广东省佛山市南海区桂澜路1号")


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


def test_a_contact_is_made_with_the_first_thing_heard(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    account, first = brand.voice.account_id, clock.at
    with runtime.transaction() as uow:
        customers.contact_heard(uow, account, "oWang")
    clock.advance(days=1)
    with runtime.transaction() as uow:
        assert customers.contact_heard(uow, account, "oWang").first_heard_at == first
        assert uow.session.scalar(select(func.count()).select_from(Contact)) == 1


def test_one_person_heard_many_times_at_once_is_one_contact(fresh_runtime: Runtime) -> None:
    account = brand_in(fresh_runtime).voice.account_id

    def heard(_: int) -> str:
        with fresh_runtime.transaction() as uow:
            return customers.contact_heard(uow, account, "oWang").openid

    assert at_once(6, heard) == ["oWang"] * 6


def test_an_archive_is_made_when_there_is_something_to_keep(runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow:
        contact = customers.contact_heard(uow, brand.voice.account_id, "oWang")
        assert contact.customer_id is None
        assert queries.known(uow, None) == queries.Known(None, (), ())
        customer = customers.customer_of(uow, contact, brand.voice.brand_id)
        assert customers.customer_of(uow, contact, brand.voice.brand_id) is customer
        assert [one.openid for one in queries.contacts_of(uow, customer.id)] == ["oWang"]


def test_what_was_told_is_remembered_newest_first(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        person = customers.new_customer(uow, brand.voice.brand_id).id
    told = [("13800000000", HOME), ("13911112222", WORK), ("13800000000", HOME)]
    for phone, address in told:
        clock.advance(days=1)
        with runtime.transaction() as uow:
            customers.learn(uow, uow.session.get_one(Customer, person), name="王小明", phone=phone, address=address)
    with runtime.transaction() as uow:
        known = queries.known(uow, person)
        assert known.name == "王小明"
        assert known.phones == ("13800000000", "13911112222")
        assert [place.line for place in known.addresses] == [HOME.line, WORK.line]


def test_nothing_told_changes_nothing(runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow:
        customer = customers.new_customer(uow, brand.voice.brand_id)
        customers.learn(uow, customer, name="王小明")
        customers.learn(uow, customer)
        assert (customer.name, queries.known(uow, customer.id).phones) == ("王小明", ())


def test_a_caller_is_found_by_number_within_the_brand(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        first = customer_of_caller(uow, brand.voice.brand_id, "13800000000")
        assert customer_of_caller(uow, brand.voice.brand_id, "13800000000").id == first.id
        assert customers.customer_by_phone(uow, "br_other", "13800000000") is None
        clock.advance(days=1)
    with runtime.transaction() as uow:
        customers.learn(uow, customers.new_customer(uow, brand.voice.brand_id), phone="13800000000")
    with runtime.transaction() as uow:
        later = customers.customer_by_phone(uow, brand.voice.brand_id, "13800000000")
        assert later is not None
        assert later.id != first.id, "who used it last"


def test_a_caller_typed_in_by_several_at_once_is_one_customer(fresh_runtime: Runtime) -> None:
    brand = brand_in(fresh_runtime)

    def call(_: int) -> str:
        with fresh_runtime.transaction() as uow:
            return customer_of_caller(uow, brand.voice.brand_id, "13800000000").id

    assert len(set(at_once(6, call))) == 1


def test_consent_names_the_version_and_is_on_record(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        contact = customers.contact_heard(uow, brand.voice.account_id, "oWang")
        customers.consent(uow, contact, "2026-01")
        assert (contact.consent_version, contact.consented_at) == ("2026-01", clock.at)
    with runtime.transaction() as uow:
        [entry] = uow.session.scalars(select(TrailEntry))
        assert (entry.action, entry.detail, entry.actor) == (
            "privacy.consent",
            {"version": "2026-01"},
            "customer:oWang",
        )


def test_coming_and_going(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        contact = customers.contact_heard(uow, brand.voice.account_id, "oWang")
        customers.follow(uow, contact, "shop-1")
        customers.follow(uow, contact, "shop-2")
        assert contact.scene == "shop-1", "the first channel counts"
        customers.want_marketing(uow, contact)
        customers.unfollow(uow, contact)
        assert not contact.followed_at
        assert not contact.scene
        assert contact.unfollowed_at == contact.marketing_stopped_at == clock.at
        assert contact.marketing_agreed_at is None
        customers.follow(uow, contact, "shop-3")
        assert (contact.unfollowed_at or "", str(contact.scene)) == ("", "shop-3")


def test_what_is_revoked_is_asked_for_anew(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        contact = customers.contact_heard(uow, brand.voice.account_id, "oWang")
        customers.consent(uow, contact, "2026-01")
        customers.want_marketing(uow, contact)
        customers.revoke(uow, contact, "301")
        assert (contact.consent_version, contact.consented_at, contact.revoked_at) == (None, None, clock.at)
        assert (contact.marketing_agreed_at, contact.marketing_stopped_at) == (None, clock.at)


def test_nobody_wants_advertising_before_saying_so(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        contact = customers.contact_heard(uow, brand.voice.account_id, "oWang")
        assert (contact.marketing_agreed_at, contact.marketing_stopped_at) == (None, None)
        customers.stop_marketing(uow, contact)
        first = clock.at
    clock.advance(days=1)
    with runtime.transaction() as uow:
        contact = customers.contact_heard(uow, brand.voice.account_id, "oWang")
        customers.stop_marketing(uow, contact)
        assert (contact.marketing_agreed_at, contact.marketing_stopped_at) == (None, first)
        customers.want_marketing(uow, contact)
        assert (contact.marketing_agreed_at, contact.marketing_stopped_at) == (clock.at, None)
