"""Prices on the phone: the very facts the server reckons with, for every kind of order, and nothing where nothing is to be done."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from consumer_app import sheets
from domain.capacity.operations import reserve
from domain.catalog.bills import bills_of, put_bill_line, put_part
from domain.cover import contracts
from domain.cover.cards import hold
from domain.cover.plans import put_plan
from domain.cover.standing import keep_for
from domain.kit.unit_of_work import SHANGHAI, Runtime, UnitOfWork
from domain.payments.cash import take_cash
from domain.pricing import quoting
from domain.pricing.billing import note_paid
from domain.pricing.fee_facts import Goodwill, Wanted
from domain.pricing.fee_table import FeeDraft, put_fee, put_price
from domain.pricing.fees import price
from domain.pricing.gathering import facts_for
from domain.pricing.goodwill import goodwill_of
from domain.pricing.on_phones import phone_facts
from domain.regions.positions import Position, Source
from domain.service_sheets.canonical import hash_of
from domain.service_sheets.facts import content_of
from domain.service_sheets.links import path_to_sheet
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.registers import registers_of, values_of
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import Visit, WorkOrder
from tests.domain.cover.world import LABOUR_CARD, START
from tests.domain.payments.world import BY
from tests.domain.pricing.world import ROWS, Shop, shop_in
from tests.domain.service_sheets.world import STAFF
from tests.engineer_app.phone import Phone, content, phone_of
from tests.engineer_app.test_jobs import another, counted, offered

HOME = Position(22.9366, 113.2560)
MORE = (
    FeeDraft("night", "night", "夜间加收", permille=500, owner="provider"),
    FeeDraft("holiday", "holiday", "节假日加收", permille=1000, owner="provider"),
    FeeDraft("travel", "travel", "路费", km_from=5, fen=2_000, unit="公里", owner="provider"),
    FeeDraft("labour", "board", "更换电器件人工（保养）", "air_conditioner", service="maintenance", fen=1_000),
    FeeDraft("labour", "drum", "换内筒", "washing_machine", fen=20_000),
)


@pytest.fixture
def shop(runtime: Runtime) -> Shop:
    made = shop_in(runtime)
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, made.world.order_id, called="")
        for draft in MORE:
            put_fee(uow, order.brand_id, draft, uow.today, by=STAFF)
    return made


def booked(uow: UnitOfWork, shop: Shop, order: WorkOrder, at: datetime) -> None:
    """Promised for then; the place is known to a few metres."""
    order.position = replace(HOME, source=Source.PIN, radius_m=50).to_json()
    noon = at.replace(hour=12)
    kept = reserve(
        uow, shop.world.network.an, order, noon, noon + timedelta(hours=2), 30, HOME, by=STAFF, promised=True,
        visit_id=shop.world.visit_id,
    )  # fmt: skip
    # nobody works at night unless he agreed to
    kept.window_since, kept.window_until, kept.leaves_at = at, at + timedelta(hours=2), at
    kept.starts_at, kept.ends_at = at, at + timedelta(minutes=30)


def hour(uow: UnitOfWork, day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def at_night(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    booked(uow, shop, order, hour(uow, uow.today + timedelta(days=1), 20))


def on_a_holiday(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    booked(uow, shop, order, hour(uow, date(2027, 1, 1), 10))


def with_a_card(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    plan = put_plan(uow, order.brand_id, "labour", LABOUR_CARD, START, by=BY)
    cover = contracts.order_cover(uow, plan.id, None, order.customer_id, by=BY, via="chat")
    contracts.activate(uow, cover.id)
    hold(uow, cover.id, order.id, by=BY)


def with_an_answer_kept(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    keep_for(uow, order, by=BY, first=True)


def with_goodwill(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    quoting.quote_for(uow, order.id, shop.wanted("refill"), by=STAFF, goodwill=[Goodwill("*", 300, "老客户")])


def rectifying(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    order.rectifies_id = uow.get(WorkOrder, another(uow, shop.world, 7).work_order_id, called="").id


def of_another_service(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    order.service_type = ServiceType.MAINTENANCE


def of_no_machine(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    order.product_id = order.model_id = None


def as_it_is(uow: UnitOfWork, shop: Shop, order: WorkOrder) -> None:
    assert order.position is None


KINDS: tuple[Callable[[UnitOfWork, Shop, WorkOrder], None], ...] = (
    as_it_is, at_night, on_a_holiday, with_a_card, with_an_answer_kept, with_goodwill, rectifying, of_another_service,
    of_no_machine,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_reckons_with_what_the_server_reckons_with(
    shop: Shop, kind: Callable[[UnitOfWork, Shop, WorkOrder], None]
) -> None:
    with shop.runtime.transaction() as uow:
        order = uow.get(WorkOrder, shop.world.order_id, called="")
        kind(uow, shop, order)
        uow.session.flush()
        told = phone_facts(uow, [order])[order.id]
        bill = bills_of(uow, {order.model_id or ""}, uow.today).get(order.model_id or "", [])
        wanted = Wanted.of({"refill": 1000}, {line.code: 1000 for line in bill})
        goodwill = goodwill_of(quoting.newest(uow, order.id))
        there = facts_for(uow, order, wanted, goodwill=goodwill, keep=False)
        assert replace(told, wanted=wanted) == there
        assert price(replace(told, wanted=wanted)) == price(there)
        expect = {
            "at_night": (there.night, True), "on_a_holiday": (there.holiday != "", True),
            "with_a_card": (len(there.cards), 1), "with_goodwill": ([one.key for one in there.goodwill], ["inspection", "labour.refill"]),
            "rectifying": (there.rectifies, True), "as_it_is": (there.km, None), "of_no_machine": (there.answers, ()),
        }  # fmt: skip
        found, wanted_there = expect.get(kind.__name__, (True, True))
        assert found == wanted_there


def phone_at(shop: Shop, client: Any) -> Phone:
    return phone_of(shop.runtime, client, shop.world.network.an)


def test_offers_and_visits_that_are_over_carry_no_prices(shop: Shop, client: Any) -> None:
    phone = phone_at(shop, client)
    with shop.runtime.transaction() as uow:
        asked = offered(uow, shop.world).visit_id
    assert {job["visit_id"]: job["prices"] is None for job in phone.jobs()} == {asked: True, shop.world.visit_id: False}
    shop.ready()
    shop.end()
    jobs = {job["visit_id"]: job for job in phone.jobs()}
    assert (jobs[shop.world.visit_id]["section"], jobs[shop.world.visit_id]["prices"]) == ("done", None)
    assert (jobs[asked]["quotes"], jobs[asked]["owed"]) == ([], [])


def test_prices_take_the_same_number_of_queries_however_many_jobs(shop: Shop, client: Any) -> None:
    phone = phone_at(shop, client)
    with shop.runtime.transaction() as uow:
        at_night(uow, shop, uow.get(WorkOrder, shop.world.order_id, called=""))
        with_goodwill(uow, shop, uow.get(WorkOrder, shop.world.order_id, called=""))
        another(uow, shop.world, 8)  # whose warranty nobody has asked for
    phone.jobs()
    with counted(shop.runtime) as one:
        assert len(phone.jobs()) == 2
    with shop.runtime.transaction() as uow:
        for number in range(4):
            another(uow, shop.world, number)
        offered(uow, shop.world)
    phone.jobs()
    with counted(shop.runtime) as many:
        assert len(phone.jobs()) == 7
    assert len(many) == len(one), [words[:80] for words in many]


def test_a_day_with_a_long_price_list_is_small_on_the_way(shop: Shop, client: Any) -> None:
    """Sixty rows and forty parts for each of six jobs."""
    phone = phone_at(shop, client)
    with shop.runtime.transaction() as uow:
        order = uow.get(WorkOrder, shop.world.order_id, called="")
        for number in range(60 - len(ROWS)):
            draft = FeeDraft("extra", f"more{number}", f"其他项目之{number}", fen=1_000 + number)
            put_fee(uow, order.brand_id, draft, uow.today, by=STAFF)
        for number in range(38):
            part = put_part(uow, order.brand_id, f"LH-P-{number:03}", f"配件之{number}", by=STAFF, component="whole")
            put_bill_line(uow, order.model_id or "", part.id, uow.today, by=STAFF)
            put_price(uow, part.id, 1_000 + number, "", uow.today, by=STAFF)
        for number in range(5):
            another(uow, shop.world, number)
    answer = phone("GET", "/jobs")
    jobs = content(answer)["jobs"]
    prices = sum(len(zlib.compress(json.dumps(job["prices"], ensure_ascii=False).encode())) for job in jobs)
    whole = len(zlib.compress(answer.data))
    print(f"snapshot of {len(jobs)} jobs: {whole} bytes compressed; prices of one alone {prices // len(jobs)}")
    assert whole // len(jobs) < 2_000


def test_a_no_without_network_ends_with_the_inspection_in_one_batch(shop: Shop, client: Any) -> None:
    """Asked, said no to, the lines rewritten, signed and finished: all of it arrives at once, hours later."""
    shop.ready()
    phone, visit = phone_at(shop, client), shop.world.visit_id
    refill: dict[str, Any] = {
        "line": "refill",
        "code": "labour.refill",
        "title": "加制冷剂",
        "fen": 15_000,
        "payer": "customer",
    }
    seen: dict[str, Any] = {
        "line": "seen",
        "code": "inspection",
        "title": "上门检测费",
        "fen": 3_000,
        "payer": "customer",
    }
    with shop.runtime.transaction() as uow:
        order, there = uow.get(WorkOrder, shop.world.order_id, called=""), uow.get(Visit, visit, called="")
        values = {**values_of(registers_of(uow, visit)), "fee.seen": seen}
        signed = hash_of(content_of(uow, order, there, values))
    answers = content(
        phone.sync(
            phone.operation(visit, "fee.put", **refill),
            phone.operation(visit, "quote.ask", quote_id="q1"),
            phone.operation(visit, "quote.reject", quote_id="q1"),
            phone.operation(visit, "fee.remove", line="refill"),
            phone.operation(visit, "fee.put", **seen),
            phone.operation(
                visit, "signature.add", signature_id="s1", upload_id="u1", purpose="sheet", sheet_hash=signed,
                strokes=[[[0, 0], [50, 20]]], name="王小明",
            ),
            phone.operation(visit, "visit.end", outcome="finished"),
        )
    )  # fmt: skip
    assert [one["outcome"] for one in answers["answers"]] == ["applied"] * 7
    [job] = answers["jobs"]
    assert (job["status"], job["agreed_fen"], [one["status"] for one in job["quotes"]]) == (
        "finished", 3_000, ["rejected"],
    )  # fmt: skip
    shop.react()
    [bill] = shop.bills()
    assert (bill.kind, bill.due_fen, bill.status) == ("declined", 3_000, "issued")
    [owed] = phone.jobs()[0]["owed"]
    assert (owed["kind"], owed["due_fen"]) == ("bill", 3_000)
    with shop.runtime.transaction() as uow:
        sheet = uow.get(ServiceSheet, visit, called="")
        link = path_to_sheet(uow, sheet).rpartition("/")[2]
        shown = sheets.look(uow, link)
        assert shown.fees == [("上门检测费", "¥30.00", "客户付")]
        assert (shown.total, shown.printed.settled) == ("¥30.00", "待付款")
        take_cash(uow, owed["id"], shop.world.network.an, 3_000, by=STAFF)
        note_paid(uow, bill.id)
        assert sheets.look(uow, link).printed.settled == "已付清"


def test_what_was_agreed_to_is_quoted_as_it_stood_then(shop: Shop, client: Any) -> None:
    """More work was written in the same batch, after the yes."""
    phone, visit = phone_at(shop, client), shop.world.visit_id
    line: dict[str, Any] = {
        "line": "l1",
        "code": "labour.refill",
        "title": "加制冷剂",
        "fen": 15_000,
        "payer": "customer",
    }
    more: dict[str, Any] = {
        "line": "l2",
        "code": "extra.height",
        "title": "高空作业",
        "fen": 10_000,
        "payer": "customer",
    }
    given: dict[str, Any] = {
        "quote_id": "q1",
        "hash": "0" * 64,
        "customer_fen": 15_000,
        "shown": {"labour.refill": 15_000},
    }
    told = content(
        phone.sync(
            phone.operation(visit, "visit.move", move="check_in"),
            phone.operation(visit, "fee.put", **line),
            phone.operation(visit, "quote.ask", quote_id="q1"),
            phone.operation(visit, "quote.confirm", **given),
            phone.operation(visit, "fee.put", **more),
        )
    )
    [quote] = told["jobs"][0]["quotes"]
    assert (quote["status"], quote["customer_fen"], [one["key"] for one in quote["lines"]]) == (
        "confirmed", 15_000, ["labour.refill", "travel"],
    )  # fmt: skip
    shop.react()
    assert [(one.status, one.customer_fen) for one in shop.quotes()] == [("confirmed", 15_000)]


def test_a_question_the_server_cannot_price_is_told_to_the_phone_that_asked(shop: Shop, client: Any) -> None:
    phone, visit = phone_at(shop, client), shop.world.visit_id
    done = [
        phone.operation(visit, "part.put", line="p1", part_code="NOBODY-1", quantity=1),
        phone.operation(visit, "quote.ask", quote_id="q1"),
    ]
    told = content(phone.sync(*done))
    [mark] = [one for one in told["jobs"][0]["sheet"]["registers"] if one["key"] == "taken.quote.asked"]
    assert mark["value"] == {"operation_id": done[1]["id"], "why": "no_price"}
    assert [one["outcome"] for one in told["answers"]] == ["applied"] * 2
