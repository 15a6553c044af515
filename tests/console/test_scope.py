"""Nobody sees what is not theirs: table by table, and statement by statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, inspect, join, literal, literal_column, select, text, union, update
from sqlalchemy.orm import aliased

from console.rows import NOBODYS, ROWS
from domain.catalog.model import Model, Part
from domain.customers.model import Customer
from domain.engineers.model import Engineer
from domain.engineers.operations import put_engineer
from domain.kit.actors import system
from domain.kit.errors import Conflict, NotFound
from domain.kit.live import tell
from domain.kit.scope import PastTheScope, Scope, Seen, everything, is_hidden, scope_of, see_only
from domain.kit.tables import Table
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import Account, Brand, Provider, ServiceArea
from domain.organizations.operations import put_provider, put_station
from domain.service_levels.model import Policy
from domain.work_orders.model import Visit, WorkOrder
from tests.console.side import SINCE, Side
from tests.console.sides import put_sides

SHARED = {Brand, Account, ServiceArea, Model, Part, Policy}
"""The brand's, for every provider that works for it."""
BRANDS_OWN = {
    "Contact", "DeskTask", "DeskNote", "CannedAnswer", "DutyHours", "Conversation", "ContactSession", "ContactScene", "QrCode",
    "Received", "MessageTemplate", "SubscriptionTemplate", "SubscriptionCredit", "SubscriptionMove",
    "Callback", "CallbackRound", "Complaint", "ComplaintStep", "Survey", "IncidentPage", "OnCall", "GiftBatch", "Gift", "CoverCommission",
    "Merchant", "RefundLimit", "InvoiceRequest", "PaymentNotice", "Statement", "StatementDifference", "LedgerEntry", "LedgerPosting",
    "LedgerUncounted", "LedgerSum", "LedgerParty", "KeptBill",
}  # fmt: skip
"""Never a provider's."""


@pytest.fixture
def sides(runtime: Runtime) -> tuple[Side, Side, Side]:
    with runtime.transaction() as uow:
        return put_sides(uow)


@pytest.fixture
def mine(sides: tuple[Side, Side, Side]) -> Side:
    return sides[0]


@pytest.fixture
def seen(runtime: Runtime, mine: Side) -> Iterator[UnitOfWork]:
    """A transaction of somebody of my provider's."""
    with runtime.transaction() as uow:
        see_only(uow.session, Seen(Scope(provider_id=mine.id("pr")), ROWS))
        yield uow


def key_of(row: Any) -> tuple[Any, ...]:
    return inspect(row).identity  # type: ignore[no-any-return]


def keys_seen(uow: UnitOfWork, table: type[Any]) -> set[tuple[Any, ...]]:
    return {key_of(row) for row in uow.session.scalars(select(table))}


def test_every_table_says_whose_its_rows_are() -> None:
    tables = {mapper.class_ for mapper in Table.registry.mappers if mapper.class_.__module__.split(".")[0] != "tests"}
    unsaid = sorted(table.__name__ for table in tables - ROWS.keys() - NOBODYS.keys())
    assert unsaid == [], "say in console/rows.py what of these somebody with a scope sees (ROWS), or why it is nobody's"
    assert set(ROWS) & set(NOBODYS) == set()


def test_every_table_has_rows_to_try_it_with(sides: tuple[Side, Side, Side]) -> None:
    missing = {table.__name__ for table in ROWS} - {table.__name__ for table in sides[0].rows}
    assert missing == set(), "put a row of these into tests/console/sides.py"


@pytest.mark.parametrize("kind", ["provider", "station", "all three"])
def test_a_provider_sees_its_own_of_every_table_and_nobody_elses(
    runtime: Runtime, sides: tuple[Side, Side, Side], kind: str
) -> None:
    mine = sides[0]
    scope = {
        "provider": Scope(provider_id=mine.id("pr")),
        "station": Scope(provider_id=mine.id("pr"), station_id=mine.id("sn")),
        "all three": mine.scope,
    }[kind]
    with runtime.transaction() as uow:
        see_only(uow.session, Seen(scope, ROWS))
        for table in ROWS:
            seen = keys_seen(uow, table)
            own, near, far = (key_of(side.rows[table]) for side in sides)
            assert (own in seen) is (table.__name__ not in BRANDS_OWN), table
            assert near == own or near not in seen, table
            assert far not in seen, table


def test_a_brand_sees_its_own_of_every_table_and_not_another_brands(
    runtime: Runtime, sides: tuple[Side, Side, Side]
) -> None:
    mine, neighbour, stranger = sides
    with runtime.transaction() as uow:
        see_only(uow.session, Seen(Scope(brand_id=mine.brand), ROWS))
        for table in ROWS:
            seen = keys_seen(uow, table)
            assert {key_of(mine.rows[table]), key_of(neighbour.rows[table])} <= seen, table
            assert key_of(stranger.rows[table]) not in seen, table


def test_with_no_scope_everything_is_seen(runtime: Runtime, sides: tuple[Side, Side, Side]) -> None:
    with runtime.transaction() as uow:
        see_only(uow.session, Seen(Scope(), ROWS))
        assert scope_of(uow.session) == Scope()
        for table in ROWS:
            assert {key_of(side.rows[table]) for side in sides} <= keys_seen(uow, table), table


OTHER, HOME = aliased(WorkOrder), aliased(Customer)
IDS = select(WorkOrder.id)
QUERIES: dict[str, Any] = {
    "rows": select(WorkOrder),
    "columns": IDS,
    "an alias": select(OTHER.id),
    "a count": select(func.count(WorkOrder.id)),
    "a count of everything": select(func.count()).select_from(WorkOrder),
    "a count of a subquery": select(func.count()).select_from(IDS.subquery()),
    "a maximum": select(func.max(WorkOrder.number)),
    "groups": select(WorkOrder.provider_id, func.count()).group_by(WorkOrder.provider_id),
    "a subquery": select(IDS.subquery().c.id),
    "a common table expression": select(IDS.cte().c.id),
    "an alias of a subquery": select(aliased(WorkOrder, select(WorkOrder).subquery()).id),
    "in": select(Customer.id).where(Customer.id.in_(select(WorkOrder.customer_id))),
    "in a union": select(WorkOrder.id).where(WorkOrder.id.in_(union(IDS, IDS))),
    "a union": union(IDS, IDS),
    "exists": select(literal(1)).where(exists(IDS.where(WorkOrder.id == "wo_near"))),
    "exists, said shortly": select(Customer.id).where(exists().where(WorkOrder.id == "wo_near")),
    "a table named in where alone": select(func.count(Customer.id)).where(WorkOrder.id == "wo_near"),
    "a join": select(Visit.id).join(WorkOrder, WorkOrder.id == Visit.work_order_id),
    "an outer join": select(WorkOrder.id).outerjoin(Visit, Visit.work_order_id == WorkOrder.id),
    "an alias joined": select(Visit.id, OTHER.id).join(OTHER, OTHER.id == Visit.work_order_id),
    "an alias with a condition over other tables": select(HOME.id).outerjoin(OTHER, OTHER.customer_id == HOME.id),
    "such an alias joined": select(OTHER.id, HOME.id).outerjoin(HOME, HOME.id == OTHER.customer_id),
    "a value out of a subquery": select(IDS.where(WorkOrder.id == "wo_near").scalar_subquery(), Customer.id),
    "for update": select(WorkOrder).with_for_update(),
    "skip locked": select(WorkOrder.id).with_for_update(skip_locked=True),
}


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")  # one shape is meant to
@pytest.mark.parametrize("shape", QUERIES)
def test_whatever_shape_a_query_has_it_finds_ones_own_alone(seen: UnitOfWork, shape: str) -> None:
    found = str(seen.session.execute(QUERIES[shape]).all())
    with everything(seen.session):
        assert str(seen.session.execute(QUERIES[shape]).all()) != found, "the query would not show a leak"
    assert "near" not in found.replace("wo_mine", "")
    assert "far" not in found


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
@pytest.mark.parametrize("shape", [name for name in QUERIES if "count" in name])
def test_counts_are_of_ones_own(seen: UnitOfWork, shape: str) -> None:
    assert seen.session.scalar(QUERIES[shape]) == (0 if "where" in shape else 1)


def test_a_row_by_its_key_is_ones_own_or_not_there(seen: UnitOfWork, sides: tuple[Side, Side, Side]) -> None:
    mine, neighbour, stranger = sides
    for lock in (False, True):
        assert seen.get(WorkOrder, mine.id("wo"), called="这张工单", lock=lock).id == mine.id("wo")
        for other in (neighbour, stranger):
            with pytest.raises(NotFound, match="没有找到这张工单") as foreign:
                seen.get(WorkOrder, other.id("wo"), called="这张工单", lock=lock)
            with pytest.raises(NotFound) as nothing:
                seen.get(WorkOrder, "wo_none", called="这张工单", lock=lock)
            assert str(foreign.value) == str(nothing.value)
    assert seen.session.query(WorkOrder).filter_by(id=neighbour.id("wo")).first() is None


def test_changes_by_condition_change_ones_own(seen: UnitOfWork) -> None:
    others = WorkOrder.id != "none"
    assert seen.session.execute(update(WorkOrder).where(others).values(urged=7)).rowcount == 1  # type: ignore[attr-defined]
    changed = update(WorkOrder).where(others).values(urged=8).returning(WorkOrder.id)
    assert seen.session.scalars(changed).all() == ["wo_mine"]
    of_others = update(Engineer).where(Engineer.id.in_(select(Visit.engineer_id))).values(version=9)
    assert seen.session.execute(of_others).rowcount == 0  # type: ignore[attr-defined]
    assert seen.session.execute(delete(Visit).where(Visit.id.in_(["vi_near", "vi_far"]))).rowcount == 0  # type: ignore[attr-defined]


ORDERS = WorkOrder.__table__
PAST: dict[str, Any] = {
    "text": text("SELECT id FROM work_orders"),
    "text in capitals": text("SELECT id FROM Work_Orders"),
    "a text mapped to rows": select(WorkOrder).from_statement(text("SELECT * FROM work_orders")),
    "a bare table": select(ORDERS.c.id),
    "a bare table in a subquery": select(Customer.id).where(Customer.id.in_(select(ORDERS.c.customer_id))),
    "a bare table beside rows": select(Customer.id, ORDERS.c.id).join(ORDERS, ORDERS.c.customer_id == Customer.id),
    "an alias of a bare table": select(Customer.id, ORDERS.alias().c.id),
    "a bare table in a condition": select(Customer.id).where(ORDERS.c.id == "wo_near"),
    "a bare table joined twice": select(WorkOrder.id).where(Customer.id.in_(select(ORDERS.c.customer_id))),
    "a join made by hand": select(Customer.id).select_from(join(Customer, WorkOrder, WorkOrder.id == "wo_near")),
    "exists alone": select(exists().where(WorkOrder.id == "wo_near")),
    "a change of a bare table": update(ORDERS).values(urged=1),  # type: ignore[arg-type]
    "an insert of what is found": insert(WorkOrder).from_select(["id"], select(WorkOrder.id)),
}


@pytest.mark.parametrize("shape", PAST)
def test_what_cannot_be_narrowed_is_refused(seen: UnitOfWork, shape: str) -> None:
    with pytest.raises(PastTheScope):
        seen.session.execute(PAST[shape])


def test_nothing_goes_around_over_the_bare_connection(seen: UnitOfWork) -> None:
    for words in ("SELECT id FROM work_orders", 'SELECT id FROM "customers"', "DELETE FROM visits"):
        with pytest.raises(PastTheScope):
            seen.session.connection().execute(text(words))
        with pytest.raises(PastTheScope):
            seen.session.connection().exec_driver_sql(words)


def test_changes_in_bulk_by_key_are_refused(seen: UnitOfWork) -> None:
    with pytest.raises(PastTheScope):
        seen.session.execute(update(WorkOrder), [{"id": "wo_near", "urged": 7}])
    seen.session.rollback()


def test_what_is_about_no_table_is_let_by(seen: UnitOfWork) -> None:
    tell(seen, "queue")
    assert seen.session.scalar(text("SELECT 1")) == 1


def test_rows_that_are_ones_own_are_written_and_read_again(seen: UnitOfWork, mine: Side) -> None:
    order = seen.get(WorkOrder, mine.id("wo"), called="")
    order.urged = 5
    seen.session.flush()
    seen.session.refresh(order)
    assert order.urged == 5
    order.provider_id = "pr_near"
    seen.session.flush()
    seen.session.expire(order)
    assert order.provider_id == "pr_near", "a row that was handed over can still be read by whoever handed it over"
    with pytest.raises(NotFound):
        seen.get(WorkOrder, mine.id("wo"), called="", lock=True)


def test_the_program_may_see_everything_for_a_while(seen: UnitOfWork) -> None:
    with everything(seen.session):
        assert len(seen.session.scalars(select(Provider)).all()) == 3
        with everything(seen.session):
            pass
        assert len(seen.session.scalars(IDS).all()) == 3
    assert len(seen.session.scalars(select(Provider)).all()) == 1
    with pytest.raises(ZeroDivisionError), everything(seen.session):
        1 / 0  # noqa: B018
    assert len(seen.session.scalars(IDS).all()) == 1


def test_a_session_that_has_seen_more_already_is_not_narrowed(runtime: Runtime, sides: tuple[Side, Side, Side]) -> None:
    scope = Scope(provider_id=sides[0].id("pr"))
    with runtime.transaction() as uow:
        found = uow.session.get(WorkOrder, sides[1].id("wo"))
        with pytest.raises(PastTheScope):
            see_only(uow.session, Seen(scope, ROWS))
        see_only(uow.session, Seen(scope, ROWS), known=(found,))
        with pytest.raises(PastTheScope):
            see_only(uow.session, Seen(scope, ROWS), known=(found,))


def test_the_next_transaction_on_the_connection_is_not_narrowed(
    runtime: Runtime, sides: tuple[Side, Side, Side]
) -> None:
    with runtime.transaction() as uow:
        see_only(uow.session, Seen(Scope(provider_id=sides[0].id("pr")), ROWS))
        assert len(uow.session.scalars(IDS).all()) == 1
    with runtime.transaction() as uow:
        assert len(uow.session.scalars(IDS).all()) == 3
        assert len(uow.session.execute(text("SELECT id FROM work_orders")).all()) == 3


PRODUCT = ("bot", "console", "domain", "engineer_app", "jobs", "adapters")


def sources() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {str(file.relative_to(root)): file.read_text() for top in PRODUCT for file in root.glob(f"{top}/**/*.py")}


def test_nobody_asks_whether_something_is_there_in_a_way_that_cannot_be_narrowed() -> None:
    """`select(exists(…))` takes from no table the ORM knows, and is refused under a scope (`PAST`): ask for one row instead."""
    alone = re.compile(r"select\(\s*(~|not_\()?\s*(exists\(|[^()]*\([^()]*\)[^()]*\.exists\(\))")
    assert alone.search("select(exists().where(x))")
    assert [name for name, text in sources().items() if alone.search(text)] == []


def test_only_the_scope_itself_looks_past_it() -> None:
    """`everything` shows all rows: whoever needs it is named here, with what is seen to of what it finds."""
    users = {name for name, text in sources().items() if re.search(r"\beverything\(", text)}
    assert users == {
        "domain/kit/scope.py",  # is_hidden, which tells only that something is there
        "domain/ledger/operations.py",  # written: an entry that is there already, or is taken back; shown to nobody
    }


def test_what_may_be_there_once_is_not_made_twice_by_somebody_who_does_not_see_the_first(seen: UnitOfWork) -> None:
    assert is_hidden(seen.session, Provider, code="PRnear")
    assert not is_hidden(seen.session, Provider, code="PRmine")
    assert not is_hidden(seen.session, Provider, code="none")
    with pytest.raises(Conflict, match="已经有人用了"):
        put_provider(seen, by=system("test"), code="PRnear", name="x", since=SINCE)
    with pytest.raises(Conflict, match="属于另一个"):
        put_station(
            seen, by=system("test"), code="SNnear", provider_id="pr_mine", name="x", division_code="440606", address="x", since=SINCE
        )  # fmt: skip
    with pytest.raises(Conflict, match="已经有人用了"):
        put_engineer(
            seen, by=system("test"), code="Enear", provider_id="pr_mine", station_id="sn_mine", name="x", phone="13900000000",
            since=SINCE,
        )  # fmt: skip


def test_a_statement_that_names_another_table_than_those_it_was_narrowed_for_is_refused(seen: UnitOfWork) -> None:
    """Should the ORM ever load something beside what a statement names."""
    statement: Any = select(Provider.id, literal_column("(SELECT max(o.id) FROM work_orders AS o)"))
    with pytest.raises(PastTheScope, match="work_orders: loaded beside"):
        seen.session.execute(statement)
