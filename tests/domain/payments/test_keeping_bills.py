"""The platform's bills are kept as they came, sealed, once each, ten years; a new download stands beside the old one."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain.access.model import TrailEntry
from domain.files.store import NoStore
from domain.kit.errors import NotFound
from domain.kit.personal import WrongKey
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.payments import keeping_bills, reconciling
from domain.payments.gateway import MerchantKeys
from domain.payments.keeping_bills import Damaged, Download, files_of, forget_over, opened, take_out
from domain.payments.reconciling import reconcile
from domain.payments.statements_model import KeptBill, Statement
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.test_reconciling import DAY, Day
from tests.domain.payments.world import LI, make_world
from tests.doubles import Folder
from tests.runtime import Clock, at_once


@pytest.fixture
def day(runtime: Runtime, clock: Clock) -> Day:
    return Day(runtime, clock)


def kept(day: Day, kind: str = "trade") -> list[KeptBill]:
    with day.runtime.transaction() as uow:
        return [one for one in files_of(uow, DAY) if one.kind == kind]


def read(day: Day, bill_id: str) -> bytes:
    with day.runtime.transaction() as uow:
        sealed = take_out(uow, bill_id, by=LI)
    return opened(day.files, sealed)


def statement(day: Day, kind: str = "trade") -> Statement:
    with day.runtime.transaction() as uow:
        return uow.session.scalars(select(Statement).filter_by(day=DAY, kind=kind)).one()


def test_a_bill_is_kept_byte_for_byte_and_sealed(day: Day) -> None:
    day.run()
    for kind in ("trade", "fund"):
        (one,) = kept(day, kind)
        assert read(day, one.id) == day.bills[kind].encode()
        assert (statement(day, kind).file_id, statement(day, kind).sha1) == (one.id, one.sha1)
    number = day.numbers[0].encode()
    assert len(day.files.files) == 2
    assert not any(number in content or content[:2] == b"\x1f\x8b" for content in day.files.files.values())


def test_whoever_takes_one_out_is_on_record(day: Day) -> None:
    day.run()
    read(day, kept(day)[0].id)
    with day.runtime.transaction() as uow:
        (entry,) = uow.session.scalars(select(TrailEntry).filter_by(action="bill.download"))
        assert (entry.actor, entry.subject_id) == (str(LI), kept(day)[0].id)


def test_the_same_download_is_the_same_file_and_another_one_stands_beside_it(day: Day, clock: Clock) -> None:
    day.run()
    clock.advance(hours=1)
    day.run()
    (first,) = kept(day)
    assert first.seen_at - first.at == timedelta(hours=1)
    before = day.bills["trade"]
    day.bills["trade"] = before.replace("空调,维修", "空调维修")
    clock.advance(hours=1)
    day.run()
    old, new = kept(day)
    assert (old.id, statement(day).file_id) == (first.id, new.id)
    assert (read(day, old.id), read(day, new.id)) == (before.encode(), day.bills["trade"].encode())


def test_a_bill_whose_hash_is_not_the_one_told_is_neither_read_nor_kept(day: Day) -> None:
    class Wrong(FakePlatform):
        def statement(self, merchant: MerchantKeys, day: date, kind: str) -> tuple[bytes, str]:
            return day_.platform.statement(merchant, day, kind)[0], "0" * 40

    day_ = day
    outcome = reconcile(day.runtime, Wrong(day.runtime.clock), day.files, day.world.merchant_id, DAY)
    assert outcome.states == {"trade": "late", "fund": "late"}
    assert (kept(day), day.files.files, statement(day).error) == ([], {}, "与微信给的校验值不符")


def test_a_bill_that_cannot_be_read_is_kept_all_the_same(day: Day) -> None:
    day.bills["trade"] = "<html>"
    day.run()
    assert [read(day, one.id) for one in kept(day)] == [b"<html>"]


def test_without_the_store_the_day_is_compared_and_the_file_fetched_an_hour_later(day: Day, clock: Clock) -> None:
    clock.at = clock.at.astimezone(SHANGHAI).replace(hour=11) + timedelta(days=1)
    with day.runtime.transaction() as uow:
        assert reconciling.due_days(uow) == [(day.world.merchant_id, DAY)]
    reconcile(day.runtime, day.platform, NoStore(), day.world.merchant_id, DAY)
    assert (statement(day).state, statement(day).error) == ("compared", "账单文件没有存下（OSError）")
    clock.advance(hours=1)
    with day.runtime.transaction() as uow:
        assert reconciling.due_days(uow) == [(day.world.merchant_id, DAY)]
    day.run()
    assert len(kept(day)) == 1
    clock.advance(hours=1)
    with day.runtime.transaction() as uow:
        assert reconciling.due_days(uow) == []


def test_what_was_touched_in_the_store_is_not_given_out(day: Day) -> None:
    day.run()
    bill = kept(day)[0]
    assert bill.place
    day.files.files[bill.place] = day.files.files[bill.place][:-1] + b"x"
    with pytest.raises(WrongKey):
        read(day, bill.id)
    with pytest.raises(Damaged):
        keeping_bills.check(b"another", bill.sha1)


@pytest.mark.parametrize(("today", "stays"), [(date(2036, 12, 31), True), (date(2037, 1, 1), False)])
def test_bills_are_kept_ten_years_after_their_year(day: Day, clock: Clock, today: date, stays: bool) -> None:
    day.run()
    (bill,) = kept(day)
    clock.at = datetime.combine(today, clock.at.time(), SHANGHAI)
    with day.runtime.transaction() as uow:
        places = forget_over(uow)
    assert (len(kept(day)), len(places)) == ((1, 0) if stays else (0, 2))
    if not stays:
        with pytest.raises(NotFound, match="已过保存期"):
            read(day, bill.id)


def test_two_who_download_the_same_at_once_keep_one(fresh_runtime: Runtime) -> None:
    world, files = make_world(fresh_runtime), Folder()
    got = Download(world.merchant_id, DAY, "trade", b"bill", hashlib.sha1(b"bill").hexdigest())
    ids = at_once(4, lambda index: keeping_bills.keep(fresh_runtime, files, got))
    assert len(set(ids)) == 1, ids
    with fresh_runtime.transaction() as uow:
        assert uow.session.scalar(select(func.count()).select_from(KeptBill)) == 1
        sealed = take_out(uow, ids[0], by=LI)
    assert opened(files, sealed) == b"bill"
