"""Rotating the data key: what was sealed before opens during and after, and in the end only the new key is needed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import LargeBinary, func, select, type_coerce
from sqlalchemy.orm import sessionmaker

from adapters import database, rekey
from domain.customers import operations as customers
from domain.customers.address import AddressLine
from domain.customers.model import Contact, CustomerPhone
from domain.kit.inbox import Received, ReceivedState
from domain.kit.personal import Keyring, WrongKey
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Account
from tests.brand import SECRET, put_brand
from tests.runtime import Clock, Ids

OLD, NEW = b"\x01" * 32, b"\x02" * 32
INDEX = b"index" * 8
PEOPLE = 7


class On:
    """Runtimes with other keys on the same database."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url, self.clock, self.ids = url, clock, Ids()

    def __call__(self, **keys: bytes) -> Runtime:
        ring = Keyring(keys, INDEX)
        engine = database.engine(self.url, ring, size=2)
        return Runtime(sessionmaker(engine, expire_on_commit=False), self.clock, self.ids, ring)


@pytest.fixture
def on(fresh_database: str, clock: Clock) -> On:
    on = On(fresh_database, clock)
    with on(k1=OLD).transaction() as uow:
        brand = put_brand(uow)
        for number in range(PEOPLE):
            contact = customers.contact_heard(uow, brand.voice.account_id, f"o{number}")
            customer = customers.customer_of(uow, contact, brand.voice.brand_id)
            address = AddressLine("440606", f"广东省佛山市顺德区卫红路{number}号")
            customers.learn(uow, customer, name="王小明", phone=f"1380000000{number}", address=address)
        for month in (4, 5):
            uow.session.add(
                Received(
                    account_id=brand.voice.account_id, key=f"m{month}", sent_on=datetime(2026, month, 2).date(),  # noqa: DTZ001
                    sender="o1", received_at=datetime(2026, month, 2, tzinfo=UTC), trigger="message", answer="好的",
                    content={"raw": "<xml>漏水</xml>", "said": {"text": "漏水"}}, state=ReceivedState.ANSWERED,
                )
            )  # fmt: skip
    return on


def everything(on: Runtime) -> list[object]:
    """What a reader sees of the sealed columns."""
    with on.transaction() as uow:
        numbers = sorted(uow.session.scalars(select(CustomerPhone.number)))
        heard = uow.session.execute(select(Received.content, Received.answer).order_by(Received.key)).all()
        return [*numbers, *map(tuple, heard), uow.session.scalars(select(Account.secret)).one()]


def rekey_all(on: Runtime) -> dict[str, rekey.Outcome]:
    return {table.name: rekey.rekey(on, table) for table in rekey.sealed_tables()}


def test_old_values_open_before_and_after_and_then_need_the_new_key_only(on: On) -> None:
    before = everything(on(k1=OLD))
    assert before[0] == "13800000000"
    assert before[-1] == SECRET
    assert everything(on(k2=NEW, k1=OLD)) == before

    outcomes = rekey_all(on(k2=NEW, k1=OLD))

    assert outcomes["customer_phones"].sealed == PEOPLE
    assert outcomes["received"].sealed == 2
    assert not any(outcome.left for outcome in outcomes.values())
    assert everything(on(k2=NEW)) == before
    with pytest.raises(WrongKey):
        everything(on(k1=OLD))


def test_no_sealed_column_of_any_table_is_forgotten(on: On) -> None:
    rekey_all(on(k2=NEW, k1=OLD))
    with on(k2=NEW).transaction() as uow:
        for table in rekey.sealed_tables():
            for column in rekey.sealed_columns(table):
                stored = type_coerce(column, LargeBinary)
                other = select(func.count()).select_from(table).where(func.substr(stored, 1, 3) != b"\x02k2")
                assert uow.session.scalar(other) == 0, column


def test_a_second_run_finds_nothing_to_do(on: On) -> None:
    rekey_all(on(k2=NEW, k1=OLD))
    assert not any(outcome.sealed for outcome in rekey_all(on(k2=NEW, k1=OLD)).values())


def test_it_goes_on_where_it_stopped(on: On) -> None:
    ring = on(k2=NEW, k1=OLD)
    table = next(table for table in rekey.sealed_tables() if table.name == "customer_phones")
    with ring.transaction() as uow:
        one = uow.session.scalars(select(CustomerPhone)).first()
        assert one
        uow.session.execute(table.update().where(table.c.number_print == one.number_print).values(number=one.number))
    assert rekey.rekey(ring, table).sealed == PEOPLE - 1


def test_rows_of_a_key_that_is_not_given_are_left_and_counted(on: On) -> None:
    stranger = on(k3=b"\x03" * 32)
    table = next(table for table in rekey.sealed_tables() if table.name == "customer_phones")
    outcome = rekey.rekey(stranger, table)
    assert (outcome.sealed, outcome.left, outcome.unopened) == (0, PEOPLE, PEOPLE)
    assert len(everything(on(k1=OLD))) == PEOPLE + 3


def test_a_row_in_use_is_passed_over_and_done_later(on: On) -> None:
    ring = on(k2=NEW, k1=OLD)
    table = next(table for table in rekey.sealed_tables() if table.name == "accounts")
    with ring.transaction() as held:
        held.session.scalars(select(Account).with_for_update()).one()
        with ring.transaction() as uow:
            last, done, unopened = rekey.batch(uow, table, None)
        assert (last, done, unopened) == (None, 0, 0)
    assert rekey.rekey(ring, table).sealed == 1


def test_people_are_found_by_their_number_as_before(on: On) -> None:
    rekey_all(on(k2=NEW, k1=OLD))
    with on(k2=NEW).transaction() as uow:
        contact = uow.session.scalars(select(Contact).filter_by(openid="o3")).one()
        found = customers.customer_by_phone(uow, uow.session.scalars(select(Account.brand_id)).one(), "13800000003")
        assert found
        assert found.id == contact.customer_id
