"""What is on a phone: only what is one's own, in a constant number of queries, and nothing new when nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, event

from domain.access.model import TrailEntry
from domain.capacity.operations import reserve
from domain.catalog import operations as catalog
from domain.catalog.bills import put_bill_line, put_part
from domain.catalog.operations import ModelRow
from domain.customers.address import AddressLine
from domain.customers.operations import new_customer
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Decision, Offer
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.products.model import Product
from domain.regions.positions import Position
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import open_work_order
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from tests.domain.service_sheets.world import STAFF, World
from tests.engineer_app.phone import Phone, content, refusal

BY = system("tests")


@contextmanager
def counted(runtime: Runtime) -> Iterator[list[str]]:
    """The statements that go over the connection."""
    seen: list[str] = []

    def note(connection: Connection, cursor: Any, words: str, *rest: Any) -> None:
        if not words.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(words)

    connection = runtime.sessions.kw["bind"]
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def another(uow: UnitOfWork, world: World, number: int, *, accepted: bool = True) -> Visit:
    """A further visit, of a further order of the same customer's."""
    first = uow.get(WorkOrder, world.order_id, called="")
    product = Product(
        id=uow.new_id("pr"), brand_id=first.brand_id, customer_id=first.customer_id, model_id=str(first.model_id),
        serial=f"AB12345678901{number}", serial_key=f"AB12345678901{number}", purchased_on=date(2025, 11, 11),
        registered_at=uow.now, registered_via="console",
    )  # fmt: skip
    uow.session.add(product)
    uow.session.flush()
    order = open_work_order(
        uow, by=STAFF, brand_id=first.brand_id, service_type=ServiceType.REPAIR, customer_id=first.customer_id,
        category_code="air_conditioner", words="漏水，打 13812345678", phone="13800138000", contact_name="王小明",
        address=AddressLine("440606004", f"广东省佛山市顺德区大良街道某路 {number} 号 502"), product_id=product.id,
        via="console",
    ).order  # fmt: skip
    visit = offer_visit(uow, order.id, by=STAFF)
    if accepted:
        put_engineers(uow, visit, world.network.an, {world.network.an: 100}, by=STAFF)
        move_visit(uow, visit.id, "accept", by=STAFF)
    return visit


def offered(uow: UnitOfWork, world: World) -> Offer:
    visit = another(uow, world, 9, accepted=False)
    decision = Decision(
        id=uow.new_id("de"), work_order_id=visit.work_order_id, visit_id=visit.id, at=uow.now, by="system:dispatch",
        why="opened", outcome="offered", engineer_id=world.network.an, override="", considered=[],
    )  # fmt: skip
    uow.session.add(decision)
    uow.session.flush()
    offer = Offer(
        id=uow.new_id("of"), visit_id=visit.id, work_order_id=visit.work_order_id, engineer_id=world.network.an,
        decision_id=decision.id, status=OfferStatus.OPEN, window_since=uow.now + timedelta(hours=2),
        window_until=uow.now + timedelta(hours=4), offered_at=uow.now, answer_by=uow.now + timedelta(minutes=10),
    )  # fmt: skip
    uow.session.add(offer)
    return offer


def test_a_job_has_all_it_takes_to_do_it(phone: Phone, world: World) -> None:
    [job] = phone.jobs()
    assert (job["visit_id"], job["section"], job["status"]) == (world.visit_id, "today", "accepted")
    assert [move["name"] for move in job["moves"]] == ["depart", "check_in"]
    assert (job["signed_product"], job["product"]["model_code"]) == ("KFR-35GW/N8A1", "KFR-35GW/N8A1")
    assert job["customer"]["phone"] == "138******00"
    assert job["checks"]
    assert job["prompts"]
    assert job["diagnosis_step"]
    assert (job["sheet"], job["offer"], job["words"]) == (None, None, "不制冷")


def test_only_ones_own_jobs_are_there_and_a_foreign_one_is_not_found(phone: Phone, other: Phone, world: World) -> None:
    assert other.jobs() == []
    for answer in (
        other("POST", f"/jobs/{world.visit_id}/call"),
        other("GET", "/parts", job=world.visit_id, q="x"),
        other("GET", "/products", job=world.visit_id, serial="x"),
        other("DELETE", f"/devices/{phone.device_id}"),
        other("POST", "/conflicts/op_1/seen"),
    ):
        assert refusal(answer) == (404, "not_found")
    assert refusal(Phone(phone.client)("GET", "/jobs")) == (401, "unauthorized")


def test_the_same_number_of_queries_however_many_jobs(phone: Phone, world: World, runtime: Runtime) -> None:
    phone.sync(phone.operation(world.visit_id, "field.set", name="remark", value="x"))
    phone.jobs()
    with counted(runtime) as one:
        assert len(phone.jobs()) == 1
    with runtime.transaction() as uow:
        for number in range(4):
            another(uow, world, number)
        offered(uow, world)
    phone.jobs()  # the first time, the customers' numbers are put on record
    with counted(runtime) as many:
        assert len(phone.jobs()) == 6
    assert len(many) == len(one), [words[:80] for words in many]


def test_nothing_new_is_nothing_to_send(phone: Phone, world: World, runtime: Runtime) -> None:
    first = phone("GET", "/jobs")
    version = first.headers["ETag"]
    asked = {**phone.headers(), "If-None-Match": version}
    same = phone.client.get("/api/engineer/jobs", headers=asked)
    assert (same.status_code, same.data) == (304, b"")
    phone.sync(phone.operation(world.visit_id, "field.set", name="remark", value="x"))
    assert phone.client.get("/api/engineer/jobs", headers=asked).status_code == 200


def test_whoever_is_only_asked_learns_the_area_and_no_more(phone: Phone, world: World, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        visit_id = offered(uow, world).visit_id
    job = phone.jobs()[0]
    assert (job["section"], job["visit_id"]) == ("offer", visit_id)
    assert [move["name"] for move in job["moves"]] == ["accept", "refuse"]
    shown = str(job)
    assert "502" not in shown
    assert "小明" not in shown
    assert "13812345678" not in shown
    assert refusal(phone("POST", f"/jobs/{visit_id}/call")) == (404, "not_found")
    answered = phone.operation(
        None, "offer.answer", offer_id=job["offer"]["id"], answer="refuse", reason_code="too_far"
    )
    told = content(phone.sync(answered))
    assert (told["answers"][0]["outcome"], told["gone"]) == ("applied", [visit_id])


def test_the_day_stands_in_the_order_of_the_route(phone: Phone, world: World, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        place = Position(22.8366, 113.2560)
        visits = [uow.get(Visit, world.visit_id, called=""), another(uow, world, 1), another(uow, world, 2)]
        for visit, hours in zip(visits, (4, 2, 26), strict=True):
            order = uow.get(WorkOrder, visit.work_order_id, called="")
            since = uow.now + timedelta(hours=hours)
            reserve(
                uow, world.network.an, order, since, since + timedelta(hours=2), 30, place, by=STAFF, promised=True,
                visit_id=visit.id,
            )  # fmt: skip
        ids = [visit.id for visit in visits]
    jobs = phone.jobs()
    assert [(job["visit_id"], job["section"], job["route"]["place"]) for job in jobs] == [
        (ids[1], "today", 1), (ids[0], "today", 2), (ids[2], "coming", 1),
    ]  # fmt: skip
    assert jobs[0]["window"]["promised"]


def test_the_whole_number_is_told_for_ones_own_job_and_on_record(phone: Phone, world: World, runtime: Runtime) -> None:
    assert content(phone("POST", f"/jobs/{world.visit_id}/call")) == {"phone": "13800138000"}
    with runtime.transaction() as uow:
        entry = uow.session.query(TrailEntry).filter_by(action="order.call").one()
        assert (entry.actor, entry.subject_id) == (f"engineer:{world.network.an}", world.order_id)


def test_a_part_is_found_by_its_code_or_its_neighbours_are_offered(
    phone: Phone, world: World, runtime: Runtime
) -> None:
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        part = put_part(uow, order.brand_id, "YF-CAP-3510", "压缩机电容", by=BY, old_returned=True)
        put_bill_line(uow, str(order.model_id), part.id, date(2020, 1, 1), by=BY)
        model_id = order.model_id
    assert content(phone("GET", "/parts", job=world.visit_id, q="yf cap 3510"))["exact"]["name"] == "压缩机电容"
    near = content(phone("GET", "/parts", job=world.visit_id, q="YF-CAP-3511"))
    assert (near["exact"], [one["code"] for one in near["near"]]) == (None, ["YF-CAP-3510"])
    bills = content(phone("GET", "/jobs"))["bills"]
    assert [one["code"] for one in bills[model_id]] == ["YF-CAP-3510"]


def test_a_scanned_serial_is_this_product_another_of_the_customers_or_somebody_elses(
    phone: Phone, world: World, runtime: Runtime
) -> None:

    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        stranger = new_customer(uow, order.brand_id)
        for customer_id, serial in ((order.customer_id, "MINE00000001"), (stranger.id, "THEIRS000001")):
            uow.session.add(
                Product(
                    id=uow.new_id("pr"),
                    brand_id=order.brand_id,
                    customer_id=customer_id,
                    model_id=str(order.model_id),
                    serial=serial,
                    serial_key=serial,
                    purchased_on=None,
                    registered_at=uow.now,
                    registered_via="console",
                )
            )
        uow.get(Product, world.product_id, called="").serial_key = "THIS00000001"
    kinds = {}
    for serial in ("this-0000 0001", "MINE00000001", "THEIRS000001", "NOBODYS00001"):
        told = content(phone("GET", "/products", job=world.visit_id, serial=serial))
        kinds[serial] = (told["found"], told["product"] is not None, len(told["others"]))
    assert list(kinds.values()) == [
        ("this", True, 1), ("other_of_customer", True, 1), ("elsewhere", False, 1), ("unknown", False, 1),
    ]  # fmt: skip


def test_a_model_is_found_by_its_nameplate_or_its_neighbours_are_offered(
    phone: Phone, other: Phone, world: World, runtime: Runtime
) -> None:
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        for code, category in (
            ("KFR-72LW/N8B1", "air_conditioner"), ("KFR-50LW/N8B1", "air_conditioner"), ("XQG80-N8B1", "washing_machine"),
        ):  # fmt: skip
            catalog.put_model(uow, order.brand_id, ModelRow(category, code, code), by=STAFF)

    def told(typed: str) -> tuple[str | None, list[str]]:
        found = content(phone("GET", "/models", job=world.visit_id, q=typed))
        return found["exact"] and found["exact"]["code"], [one["code"] for one in found["near"]]

    assert told("kfr72lw n8b1") == ("KFR-72LW/N8B1", [])
    assert told("KFR-72LW/NBB1") == (None, ["KFR-72LW/N8B1"]), "a B for an 8 is never corrected silently"
    assert told("LW/N8B1") == (None, ["KFR-50LW/N8B1", "KFR-72LW/N8B1"])
    assert told("XQG80-N8B1") == (None, []), "another kind of appliance"
    assert refusal(other("GET", "/models", job=world.visit_id, q="KFR"))[0] == 404


def test_content_is_kept_for_good_and_only_the_version_in_force_is_given(phone: Phone) -> None:
    version = content(phone("GET", "/jobs"))["content_version"]
    answer = phone("GET", f"/content/{version}")
    body = content(answer)
    assert "immutable" in answer.headers["Cache-Control"]
    assert body["version"] == version
    assert {"general", "air_conditioner"} <= set(body["checks"])
    assert body["trees"]["air_conditioner"]["start"] in body["trees"]["air_conditioner"]["steps"]
    assert refusal(phone("GET", "/content/old")) == (404, "not_found")
