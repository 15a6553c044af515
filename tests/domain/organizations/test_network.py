"""The grid: the more exact come first, nobody twice in a cell, and what ends is no more asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from domain.kit.errors import Conflict
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations import operations
from domain.organizations.dated import BadNetwork, meet
from domain.organizations.grid import cell_code, is_known, prefixes, whole_code
from domain.organizations.model import Coverage
from domain.organizations.operations import CellTaken
from domain.organizations.queries import covering, own_providers
from tests.brand import brand_in
from tests.network import BY, DALIANG, SHUNDE, SINCE, Network, network_in
from tests.runtime import at_once

TODAY = date(2026, 5, 12)


@pytest.fixture
def network(runtime: Runtime) -> Network:
    return network_in(runtime, brand_in(runtime))


def cover(uow: UnitOfWork, network: Network, provider: str, division: str, rank: int, **more: object) -> Coverage:
    given: dict[str, object] = {"since": SINCE, **more}
    return operations.cover(
        uow, by=BY, brand_id=network.brand_id, division_code=division, provider_id=provider, rank=rank,
        **given,  # type: ignore[arg-type]
    )  # fmt: skip


def asked(uow: UnitOfWork, network: Network, division: str = DALIANG, category: str = "air_conditioner") -> list[str]:
    names = {network.near: "near", network.second: "second", network.own: "own"}
    found = covering(uow, network.brand_id, division, category, "repair", TODAY)
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    return [names[one.provider_id] for one in found]


def test_longer_places_then_named_categories_then_named_services_then_rank(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        assert asked(uow, network) == ["near", "second"]
        cover(uow, network, network.own, "44", 1)
        assert asked(uow, network) == ["near", "second", "own"]
        cover(uow, network, network.second, SHUNDE, 5, service_type="repair")
        assert asked(uow, network) == ["second", "near", "own"]
        cover(uow, network, network.near, SHUNDE, 9, category_code="air_conditioner")
        assert asked(uow, network) == ["near", "second", "own"]
        cover(uow, network, network.own, DALIANG, 9)
        assert asked(uow, network) == ["own", "near", "second"]
        assert asked(uow, network, category="television") == ["own", "second", "near"]
        assert asked(uow, network, division="440604001") == ["own"]
        assert asked(uow, network, division="310115") == []


def test_who_is_gone_closed_or_not_authorized_is_not_asked(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        cover(uow, network, network.near, DALIANG, 1, station_id=network.daliang)
        assert covering(uow, network.brand_id, DALIANG, "other", "repair", TODAY)[0].station_id == network.daliang
        operations.put_station(
            uow, by=BY, code="S1", provider_id=network.near, name="大良网点", division_code=DALIANG, address="某路 1 号",
            since=SINCE, until=TODAY,
        )  # fmt: skip
        found = covering(uow, network.brand_id, DALIANG, "other", "repair", TODAY)
        assert [one.station_id for one in found] == [None, None]
        operations.authorize_provider(uow, network.near, network.brand_id, SINCE, by=BY, until=TODAY)
        assert asked(uow, network) == ["second"]
        operations.put_provider(uow, by=BY, code="P2", name="容桂电器维修", since=SINCE, until=TODAY)
        assert asked(uow, network) == []
        assert own_providers(uow, network.brand_id, TODAY) == [network.own]


def test_a_cell_is_refused_where_rank_or_provider_is_taken(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        with pytest.raises(CellTaken, match=r"顺德区的这一格里，第 1 顺位在这些日子已经有了（2024-01-01 起）"):
            cover(uow, network, network.own, SHUNDE, 1)
        with pytest.raises(CellTaken, match="这个服务商在这些日子已经有了"):
            cover(uow, network, network.near, SHUNDE, 3, since=TODAY)
        assert asked(uow, network) == ["near", "second"]  # the transaction goes on
        assert cover(uow, network, network.near, SHUNDE, 3).rank == 3


def test_what_ends_makes_room_and_says_so(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        row = uow.session.scalars(select(Coverage).filter_by(provider_id=network.near)).one()
        operations.end_coverage(uow, row.id, TODAY, by=BY)
        cover(uow, network, network.own, SHUNDE, 1, since=TODAY)
        assert asked(uow, network) == ["own", "second"]
        told = uow.session.scalars(select(OutboxRow).filter_by(kind="CoverageChanged").order_by(OutboxRow.id)).all()
        assert told[-1].body == {"brand_id": network.brand_id}


def test_the_database_itself_refuses_an_overlap(runtime: Runtime, network: Network) -> None:
    values = {
        "id": "cv_x", "brand_id": network.brand_id, "division_code": SHUNDE, "category_code": "", "service_type": "",
        "provider_id": network.own, "rank": 2, "since": TODAY,
    }  # fmt: skip
    with (
        runtime.transaction() as uow,
        pytest.raises(IntegrityError, match="ex_coverages_rank"),
        uow.session.begin_nested(),
    ):
        uow.session.execute(insert(Coverage), [values])


def test_of_many_who_want_the_same_cell_at_once_one_gets_it(fresh_runtime: Runtime) -> None:
    network = network_in(fresh_runtime, brand_in(fresh_runtime))

    def take(number: int) -> str:
        with fresh_runtime.transaction() as uow:
            provider = (network.near, network.second, network.own)[number % 3]
            return cover(uow, network, provider, "440604", 1).provider_id

    outcomes = at_once(6, take)
    won = [one for one in outcomes if isinstance(one, str)]
    assert len(set(won)) == 1
    assert all(isinstance(one, Conflict) for one in outcomes if not isinstance(one, str)), outcomes


@pytest.mark.parametrize(
    ("given", "words"),
    [({"division": "449999"}, "行政区划"), ({"rank": 0}, "顺位"), ({"until": SINCE}, "结束日期应晚于")],
)
def test_what_cannot_be_is_refused_in_words(
    runtime: Runtime, network: Network, given: dict[str, object], words: str
) -> None:
    division, rank = str(given.pop("division", SHUNDE)), int(str(given.pop("rank", 7)))
    with runtime.transaction() as uow, pytest.raises(BadNetwork, match=words):
        cover(uow, network, network.own, division, rank, **given)


def test_a_code_that_is_taken_where_one_may_not_look_is_refused(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow, pytest.raises(Conflict, match="属于另一个服务商"):
        operations.put_station(
            uow, by=BY, code="S1", provider_id=network.second, name="x", division_code=DALIANG, address="y", since=SINCE
        )


def test_divisions_are_written_without_the_zeros_that_mean_all() -> None:
    assert [cell_code(code) for code in ("440000", "440600", "440606", "440606004", "4406")] == [
        "44", "4406", "440606", "440606004", "4406",
    ]  # fmt: skip
    assert prefixes("440606004") == ["44", "4406", "440606", "440606004"]
    assert [is_known(code) for code in ("44", "4406", "440600", "440606004", "99")] == [True, True, False, True, False]
    assert whole_code("44") == "440000"


days = st.integers(0, 40).map(lambda n: TODAY + timedelta(days=n))
spans = st.tuples(days, st.one_of(st.none(), st.integers(1, 20))).map(
    lambda one: (one[0], one[1] and one[0] + timedelta(days=one[1]))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.tuples(spans, st.integers(1, 2), st.integers(0, 2)), min_size=2, max_size=7))
def test_whatever_is_put_nobody_shares_a_rank_and_nobody_is_twice_in_a_cell(
    runtime: Runtime, network: Network, wanted: list[tuple[tuple[date, date | None], int, int]]
) -> None:
    with runtime.transaction() as uow:
        for (since, until), rank, who in wanted:
            provider = (network.near, network.second, network.own)[who]
            try:
                cover(uow, network, provider, "440605", rank, since=since, until=until)
            except CellTaken:
                continue
        rows = uow.session.scalars(select(Coverage).filter_by(division_code="440605")).all()
        for place, a in enumerate(rows):
            for b in rows[place + 1 :]:
                if meet(a.since, a.until, b.since, b.until):
                    assert a.rank != b.rank
                    assert a.provider_id != b.provider_id
        uow.session.rollback()
