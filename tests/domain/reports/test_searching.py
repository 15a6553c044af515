"""Combined searches: every field finds what it says and nothing else, all or any of them, under whatever scope."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.narrowing import seen_by
from domain.access.model import Staff
from domain.appointments.model import Appointment
from domain.catalog.model import Model
from domain.engineers.model import Engineer
from domain.kit.actors import system
from domain.kit.errors import Conflict, NotFound
from domain.kit.scope import Scope, see_only
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.reports.conditions import MOST, BadQuery, Query, read_query
from domain.reports.fields import FIELDS
from domain.reports.searching import MOST_KEPT, NotKept, count, drop, find, keep, kept, kept_for
from domain.service_levels.model import Clock
from domain.work_orders.model import Visit, WorkOrder, WorkOrderMove
from domain.work_orders.numbers import number_from, spoken
from tests.console.side import Side
from tests.console.sides import put_sides

BY = system("test")


@pytest.fixture
def sides(runtime: Runtime) -> tuple[Side, Side, Side]:
    """Mine differs from the others in everything that can be searched by."""
    with runtime.transaction() as uow:
        mine, near, far = put_sides(uow)
        order = uow.session.merge(mine.rows[WorkOrder])
        order.service_type, order.status, order.category_code = "install", "finished", "refrigerator"
        order.model_id, order.error_code, order.division_code = "mo_own", "E4", "310104001"
        order.urged, order.hard, order.repair_of_id, order.opened_via = 3, "x", "wo_near", "console"
        order.opened_at, order.wanted_since = uow.now - timedelta(days=40), uow.now + timedelta(days=40)
        uow.session.add(
            Model(
                id="mo_own", brand_id="br_a", category_code="refrigerator", code="BCD-1", code_key="BCD1", name="冰箱"
            )
        )
        uow.session.flush()
        uow.session.merge(mine.rows[Visit]).engineer_id = mine.id("en")
        uow.session.merge(mine.rows[Appointment]).window_since -= timedelta(days=20)
        clock = uow.session.merge(mine.rows[Clock])
        clock.status, clock.clock, clock.breached_at = "breached", "repair", uow.now
        uow.session.merge(mine.rows[WorkOrderMove]).to = "finished"
        for other in (near, far):
            uow.session.delete(uow.session.merge(other.rows[WorkOrderMove]))
        uow.session.get_one(type(mine.rows[Engineer]), mine.id("en")).code = "E-7"
        customer = uow.session.get_one(
            type(mine.rows[next(t for t in mine.rows if t.__name__ == "Customer")]), "cu_mine"
        )
        customer.level = "vip"
        waiting = next(row for table, row in mine.rows.items() if table.__name__ == "WaitingOrder")
        uow.session.merge(waiting).reason = "no_room"
    return mine, near, far


ASKED: dict[str, list[str]] = {
    "number": [spoken(number_from(901))], "status": ["finished", "audited"], "service_type": ["install"],
    "category": ["refrigerator"], "model": ["bcd 1"], "serial": ["ser901mine"], "error_code": ["E4"],
    "customer": ["柏客"], "phone": ["138 0001 0001"], "level": ["vip"], "division": ["310000"], "provider": ["pr_mine"],
    "station": ["sn_mine"], "engineer": ["E-7"], "opened": ["2026-04-01", "2026-04-10"], "appointment": ["", "2026-04-30"],
    "ended": ["2026-05-12", "2026-05-12"], "wanted": ["2026-06-01", ""], "sla": ["breached"], "breach": ["repair"],
    "waiting": ["no_room"], "urged": ["3"], "re_repair": [], "hard": [], "via": ["console"],
}  # fmt: skip
"""What finds mine alone."""


def query(field: str, values: list[str], operator: str = "", match: str = "all") -> Query:
    row = {"field": field, "values": values, **({"operator": operator} if operator else {})}
    return read_query({"match": match, "conditions": [row]}, FIELDS)


def found(uow: UnitOfWork, asked: Query) -> list[str]:
    return [row.id for row in find(uow, asked).rows]


def test_every_field_is_tried() -> None:
    assert FIELDS.keys() - ASKED.keys() == {"brand", "unassigned"}


@pytest.mark.parametrize("field", ASKED)
def test_a_field_finds_what_it_says(runtime: Runtime, sides: tuple[Side, Side, Side], field: str) -> None:
    with runtime.transaction() as uow:
        assert found(uow, query(field, ASKED[field])) == ["wo_mine"]
        assert count(uow, query(field, ASKED[field])) == 1
        opposite = {"choice": "not", "flag": "no"}.get(FIELDS[field].kind)
        if opposite:
            assert found(uow, query(field, ASKED[field], opposite)) == ["wo_near", "wo_far"]


@pytest.mark.parametrize("field", ASKED)
def test_a_field_finds_nothing_of_others(runtime: Runtime, sides: tuple[Side, Side, Side], field: str) -> None:
    with runtime.transaction() as uow:
        see_only(uow.session, seen_by(Scope(provider_id="pr_near")))
        if field in ("provider", "station"):
            with pytest.raises(BadQuery):
                found(uow, query(field, ASKED[field]))
        else:
            assert found(uow, query(field, ASKED[field])) == []
            assert count(uow, query(field, ASKED[field])) == 0


def test_all_narrow_and_any_widens(runtime: Runtime, sides: tuple[Side, Side, Side]) -> None:
    both = [{"field": "urged", "values": ["3"]}, {"field": "phone", "values": ["0002"]}]
    with runtime.transaction() as uow:
        assert found(uow, read_query({"match": "all", "conditions": both}, FIELDS)) == []
        assert found(uow, read_query({"match": "any", "conditions": both}, FIELDS)) == ["wo_near", "wo_mine"]
        assert found(uow, Query()) == ["wo_near", "wo_far", "wo_mine"]
        assert found(uow, query("brand", ["br_b"])) == ["wo_far"]
        see_only(uow.session, seen_by(Scope(provider_id="pr_near")))
        assert found(uow, read_query({"match": "any", "conditions": both}, FIELDS)) == ["wo_near"]


def test_pages_follow_each_other(runtime: Runtime, sides: tuple[Side, Side, Side]) -> None:
    with runtime.transaction() as uow:
        first = find(uow, Query(), limit=2)
        rest = find(uow, Query(), limit=2, after=first.after)
        assert [row.id for row in (*first.rows, *rest.rows)] == ["wo_near", "wo_far", "wo_mine"]
        assert rest.after is None


@pytest.mark.parametrize(
    "raw",
    [
        None, [], {"match": "some"}, {"conditions": {}}, {"conditions": [1]}, {"conditions": [{"field": "password_hash"}]},
        {"conditions": [{"field": "status", "operator": "; DROP"}]}, {"conditions": [{"field": "status", "values": "x"}]},
        {"conditions": [{"field": "status", "values": ["nowhere"]}]}, {"conditions": [{"field": "status", "values": []}]},
        {"conditions": [{"field": "opened", "values": ["31.1.2026"]}]}, {"conditions": [{"field": "opened", "values": ["", ""]}]},
        {"conditions": [{"field": "opened", "values": ["2026-02-01", "2026-01-01"]}]},
        {"conditions": [{"field": "opened", "values": ["0001-01-01", ""]}]}, {"conditions": [{"field": "urged", "values": ["-1"]}]},
        {"conditions": [{"field": "phone", "values": ["12"]}]}, {"conditions": [{"field": "division", "values": ["%"]}]},
        {"conditions": [{"field": "number", "values": ["1"]}]}, {"conditions": [{"field": "model", "values": ["x" * 101]}]},
        {"conditions": [{"field": "hard"}] * (MOST + 1)},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(
    runtime: Runtime, sides: tuple[Side, Side, Side], raw: object
) -> None:
    with runtime.transaction() as uow, pytest.raises(BadQuery):
        find(uow, read_query(raw, FIELDS))


def person(uow: UnitOfWork, name: str, scope: Scope) -> Staff:
    staff = Staff(
        id=f"st_{name}", username=name, display_name=name, role="agent", password_hash="x", created_at=uow.now,
        failed_sign_ins=0, **vars(scope),
    )  # fmt: skip
    uow.session.add(staff)
    uow.session.flush()
    return staff


def test_a_kept_search_is_ones_own_or_of_the_very_same_scope(runtime: Runtime, sides: tuple[Side, Side, Side]) -> None:
    with runtime.transaction() as uow:
        mine = Scope(provider_id="pr_mine")
        anna, ben = person(uow, "anna", mine), person(uow, "ben", mine)
        others = [
            person(uow, f"o{n}", scope)
            for n, scope in enumerate((Scope(), Scope(brand_id="br_a"), Scope(provider_id="pr_near")))
        ]
        own = keep(uow, anna, "  我的   查询 ", query("urged", ["3"]), shared=False, by=BY)
        shared = keep(uow, anna, "大家的", query("hard", []), shared=True, by=BY)
        assert own.name == "我的 查询"
        assert {one.id for one in kept_for(uow, anna)} == {own.id, shared.id}
        assert [one.id for one in kept_for(uow, ben)] == [shared.id]
        assert kept(uow, shared.id, ben)[1] == query("hard", [])
        with pytest.raises(Conflict):
            drop(uow, shared.id, ben, by=BY)
        for other in others:
            assert kept_for(uow, other) == []
            for one in (own, shared):
                with pytest.raises(NotFound):
                    kept(uow, one.id, other)
        with pytest.raises(NotFound):
            kept(uow, own.id, ben)
        anna.provider_id = "pr_near"
        assert kept_for(uow, ben), "whoever changes sides leaves what was shared, and takes nothing of it along"
        drop(uow, own.id, anna, by=BY)
        with pytest.raises(NotFound):
            kept(uow, own.id, anna)


def test_a_kept_search_is_written_over_by_its_name_and_there_is_an_end_to_them(
    runtime: Runtime, sides: tuple[Side, Side, Side]
) -> None:
    with runtime.transaction() as uow:
        anna = person(uow, "anna", Scope())
        first = keep(uow, anna, "a", query("hard", []), shared=False, by=BY)
        assert keep(uow, anna, "a", query("urged", ["2"]), shared=True, by=BY).id == first.id
        for name in ("", "x" * 41):
            with pytest.raises(NotKept):
                keep(uow, anna, name, query("hard", []), shared=False, by=BY)
        with pytest.raises(NotKept):
            keep(uow, anna, "b", Query(), shared=False, by=BY)
        for n in range(MOST_KEPT - 1):
            keep(uow, anna, f"n{n}", query("hard", []), shared=False, by=BY)
        with pytest.raises(NotKept):
            keep(uow, anna, "one more", query("hard", []), shared=False, by=BY)
