"""Running combined searches over orders, and keeping them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, tuple_

from domain.access import trail
from domain.access.model import Staff
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.scope import Scope
from domain.kit.unit_of_work import UnitOfWork
from domain.reports.conditions import Query, read_query
from domain.reports.fields import FIELDS
from domain.reports.model import SavedSearch
from domain.work_orders.model import WorkOrder
from domain.work_orders.search import OrderPage, Place, listed, row_of

MOST_KEPT = 50
"""Searches a person may keep."""
LONGEST_NAME = 40
COUNTED = 1000
"""Counting ends here: more is said as "more than"."""


class NotKept(Refused):
    """A search that cannot be kept: no name, or too many."""

    code = "search_not_kept"


def find(uow: UnitOfWork, query: Query, *, after: Place | None = None, limit: int = 50) -> OrderPage:
    """A page of the orders a query finds, newest first.

    :raises BadQuery: a value that is none
    """
    found = listed().where(meant(uow, query))
    if after:
        found = found.where(tuple_(WorkOrder.opened_at, WorkOrder.id) < after)
    found = found.order_by(WorkOrder.opened_at.desc(), WorkOrder.id.desc()).limit(limit + 1)
    rows = [row_of(*columns) for columns in uow.session.execute(found)]
    last = rows[limit - 1] if len(rows) > limit else None
    return OrderPage(rows[:limit], (last.opened_at, last.id) if last else None)


def count(uow: UnitOfWork, query: Query) -> int:
    """How many a query finds, up to `COUNTED` and one."""
    some = select(WorkOrder.id).where(meant(uow, query)).limit(COUNTED + 1).subquery()
    return uow.session.scalar(select(func.count()).select_from(some)) or 0


def meant(uow: UnitOfWork, query: Query) -> ColumnElement[bool]:
    """The condition a query is. Of ``any`` each one is a query of its own on its own index: of an OR over subqueries
    PostgreSQL would make a look at every row."""
    conditions = [FIELDS[one.field].condition(uow, one) for one in query.conditions]
    if query.match == "all" or len(conditions) < 2:
        return and_(true(), *conditions)
    first, *others = (newest(one) for one in conditions)
    return WorkOrder.id.in_(first.union_all(*others))


def newest(condition: ColumnElement[bool]) -> Select[str]:
    return select(WorkOrder.id).where(condition)


def kept_for(uow: UnitOfWork, staff: Staff) -> Sequence[SavedSearch]:
    """A person's own searches, and those colleagues of the very same scope share."""
    found = select(SavedSearch).where(
        or_(SavedSearch.staff_id == staff.id, and_(SavedSearch.shared, same(staff.scope)))
    )
    return uow.session.scalars(found.order_by(SavedSearch.staff_id != staff.id, SavedSearch.name)).all()


def kept(uow: UnitOfWork, search_id: str, staff: Staff) -> tuple[SavedSearch, Query]:
    """One of them, as it can be run now.

    :raises NotFound: there is none, or it is somebody else's
    :raises BadQuery: it was kept by another version and cannot be read any more
    """
    found = uow.session.get(SavedSearch, search_id)
    if found is None or not (found.staff_id == staff.id or (found.shared and scope_kept(found) == staff.scope)):
        raise NotFound("没有找到这个查询")
    return found, read_query(found.query, FIELDS)


def keep(uow: UnitOfWork, staff: Staff, name: str, query: Query, *, shared: bool, by: Actor) -> SavedSearch:
    """Keep a search under a name; one's own of that name is written over.

    :raises NotKept: without a name or conditions, or too many already
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not query.conditions:
        raise NotKept(f"请给查询起个名字（最多 {LONGEST_NAME} 个字），并至少加一个条件")
    mine = uow.session.scalars(select(SavedSearch).where(SavedSearch.staff_id == staff.id).with_for_update()).all()
    found = next((one for one in mine if one.name == name), None)
    if found is None:
        if len(mine) >= MOST_KEPT:
            raise NotKept(f"最多保存 {MOST_KEPT} 个查询，请先删掉一些")
        found = SavedSearch(id=uow.new_id("ss"), staff_id=staff.id, name=name)
        uow.session.add(found)
    found.query, found.shared, found.kept_at = query.to_json(), shared, uow.now
    found.brand_id, found.provider_id, found.station_id = staff.brand_id, staff.provider_id, staff.station_id
    trail.record(uow, by, "search.keep", "saved_search", found.id, shared=shared)
    uow.session.flush()
    return found


def drop(uow: UnitOfWork, search_id: str, staff: Staff, *, by: Actor) -> None:
    """Keep a search no longer.

    :raises NotFound: there is none of this person's
    :raises Conflict: it is a colleague's
    """
    found, _ = kept(uow, search_id, staff)
    if found.staff_id != staff.id:
        raise Conflict("这是同事分享的查询，只有本人能删")
    uow.session.delete(found)
    uow.session.flush()
    trail.record(uow, by, "search.drop", "saved_search", search_id)


def same(scope: Scope) -> ColumnElement[bool]:
    return and_(
        SavedSearch.brand_id.is_not_distinct_from(scope.brand_id),
        SavedSearch.provider_id.is_not_distinct_from(scope.provider_id),
        SavedSearch.station_id.is_not_distinct_from(scope.station_id),
    )


def scope_kept(one: SavedSearch) -> Scope:
    return Scope(one.brand_id, one.provider_id, one.station_id)
