"""The list of orders says who comes and when it was promised: one query for the page, and to nobody more than is theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import event, update

from console.coming import Coming, coming
from console.rows import ROWS
from domain.engineers.model import Engineer
from domain.kit.scope import Scope, Seen, see_only
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.search import OrderRow, Search, find_orders
from tests.console.conftest import Browser
from tests.console.side import Side
from tests.console.sides import put_sides


@pytest.fixture
def sides(runtime: Runtime) -> tuple[Side, Side, Side]:
    """Three providers' orders, each with a visit of the provider's engineer and a promise for 9 to 11."""
    with runtime.transaction() as uow:
        made = put_sides(uow)
        for side in made:
            visit = uow.get(Visit, side.id("vi"), called="")
            visit.engineer_id = side.id("en")
        return made


def rows(uow: UnitOfWork, side: Side) -> list[OrderRow]:
    order = uow.get(WorkOrder, side.id("wo"), called="")
    return list(find_orders(uow, Search(brand_id=order.brand_id)).rows)


def test_engineer_and_window_stand_beside_the_order(
    runtime: Runtime, administrator: Browser, sides: tuple[Side, Side, Side]
) -> None:
    page = administrator.post("/console/orders", {"brand": sides[0].brand}, htmx=True).get_data(as_text=True)
    searched = administrator.post("/console/searches", {}).get_data(as_text=True)
    with runtime.transaction() as uow:
        name = uow.get(Engineer, sides[0].id("en"), called="").name
    for shown in (page, searched):
        assert "05-13 09:00–11:00" in shown
        assert f'<span class="who">{name}</span>' in shown


def test_a_window_is_shown_before_anybody_is_sent(runtime: Runtime, sides: tuple[Side, Side, Side]) -> None:
    with runtime.transaction() as uow:
        elsewhere = {"work_order_id": sides[1].id("wo"), "seq": 2, "status": "failed"}
        uow.session.execute(update(Visit).filter_by(id=sides[0].id("vi")).values(**elsewhere))
    with runtime.transaction() as uow:
        assert coming(uow, rows(uow, sides[0]))[sides[0].id("wo")] == Coming("", "05-13 09:00–11:00")


def test_one_query_however_many_orders(runtime: Runtime, sides: tuple[Side, Side, Side]) -> None:
    with runtime.transaction() as uow:
        found = rows(uow, sides[0])
        statements: list[str] = []
        connection = uow.session.connection()
        event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
        assert coming(uow, found).keys() == {row.id for row in found}
    assert len(found) > 1
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    assert coming(uow, []) == {}


def test_somebody_with_a_scope_is_told_of_their_own_orders_and_people_only(
    runtime: Runtime, sides: tuple[Side, Side, Side]
) -> None:
    mine, other = sides[0], sides[1]
    with runtime.transaction() as uow:
        asked = [row for side in sides for row in rows(uow, side)]
        uow.get(Visit, mine.id("vi"), called="").engineer_id = other.id("en")
    with runtime.transaction() as uow:
        see_only(uow.session, Seen(Scope(provider_id=mine.id("pr")), ROWS))
        told = coming(uow, asked)
    assert told.keys() == {mine.id("wo")}, "asked for the others' orders, it still says nothing of them"
    assert told[mine.id("wo")].engineer == "", "an engineer of another provider's has no name here"
    assert told[mine.id("wo")].window
