"""Engineers: what is put is kept, what is taken away says who is unfit, and every change is on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.engineers import operations
from domain.engineers.certificates import KINDS, NEEDS, needed
from domain.engineers.expiry import ending_soon, note_ended_certificates
from domain.engineers.model import Certificate, Engineer, Skill
from domain.engineers.queries import certificates_of, engineers_of
from domain.kit.errors import Conflict
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations import operations as organizations
from domain.organizations.dated import BadNetwork
from domain.organizations.events import ProviderUnfit
from tests.brand import brand_in
from tests.network import BY, SINCE, Network, network_in
from tests.runtime import Clock

TODAY = date(2026, 5, 12)


@pytest.fixture
def network(runtime: Runtime) -> Network:
    return network_in(runtime, brand_in(runtime))


def told(uow: UnitOfWork, kind: str) -> list[dict[str, str]]:
    """The events of a kind since the network was made."""
    rows = uow.session.scalars(select(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id))
    return [row.body for row in rows]


def put(uow: UnitOfWork, network: Network, **changed: object) -> Engineer:
    given: dict[str, object] = {
        "code": "E7", "provider_id": network.near, "station_id": network.daliang, "name": "吉师傅",
        "phone": "13700000007", "since": SINCE, **changed,
    }  # fmt: skip
    return operations.put_engineer(uow, by=BY, **given)  # type: ignore[arg-type]


def test_putting_the_same_engineer_again_changes_nothing(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        first = put(uow, network)
        events, lines = len(told(uow, "EngineerChanged")), len(uow.session.scalars(select(TrailEntry)).all())
        again = put(uow, network)
        assert (again.id, again.version) == (first.id, 1)
        assert (len(told(uow, "EngineerChanged")), len(uow.session.scalars(select(TrailEntry)).all())) == (
            events,
            lines,
        )
        assert put(uow, network, daily_maximum=5, version=1).version == 2
        with pytest.raises(Conflict, match="刚被别人改过"):
            put(uow, network, daily_maximum=6, version=1)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"code": " "}, "代码和名称都要填写"),
        ({"phone": ""}, "电话要填写"),
        ({"daily_maximum": 0}, "每日上限应为 1 到 30"),
        ({"until": SINCE}, "结束日期应晚于开始日期"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    runtime: Runtime, network: Network, changed: dict[str, object], words: str
) -> None:
    with runtime.transaction() as uow, pytest.raises(BadNetwork, match=words):
        put(uow, network, **changed)


def test_a_station_of_another_provider_is_refused(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow, pytest.raises(BadNetwork, match="不属于"):
        put(uow, network, station_id=network.ronggui)


def test_whoever_is_dismissed_is_unfit_from_that_day_and_works_no_more(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        operations.dismiss(uow, network.an, TODAY + timedelta(days=7), by=BY, why="回老家")
        operations.dismiss(uow, network.an, TODAY + timedelta(days=9), by=BY, why="更晚不算")
        assert told(uow, "EngineerUnfit") == [{"engineer_id": network.an, "since": "2026-05-19", "why": "离职"}]
        for day, works in ((TODAY + timedelta(days=6), True), (TODAY + timedelta(days=7), False)):
            assert (network.an in {one.id for one in engineers_of(uow, day)}) is works
        line = uow.session.scalars(select(TrailEntry).filter_by(action="engineer.dismiss")).one()
        assert (line.why, line.detail) == ("回老家", {"until": "2026-05-19"})
        with pytest.raises(BadNetwork, match="原因"):
            operations.dismiss(uow, network.bo, TODAY, by=BY, why=" ")


def test_every_way_of_taking_something_away_says_who_is_unfit(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        skill = uow.session.scalars(select(Skill).filter_by(engineer_id=network.an)).first()
        paper = certificates_of(uow, [network.bo])[network.bo][0]
        assert skill
        operations.end_skill(uow, skill.id, TODAY, by=BY)
        operations.withdraw_certificate(uow, paper.id, TODAY, by=BY, why="挂失")
        operations.authorize(uow, network.cao, network.brand_id, SINCE, by=BY, until=TODAY)
        operations.put_engineer(
            uow, by=BY, code="E4", provider_id=network.near, station_id=network.daliang, name="丁师傅",
            phone="13800000004", since=SINCE,
        )  # fmt: skip
        assert [(one["engineer_id"], one["why"]) for one in told(uow, "EngineerUnfit")] == [
            (network.an, "技能终止"), (network.bo, f"证书作废：{KINDS[paper.kind]}"), (network.cao, "品牌授权终止"),
            (network.ding, "换了网点"),
        ]  # fmt: skip


def test_a_provider_that_leaves_makes_all_its_engineers_unfit(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        organizations.authorize_provider(uow, network.near, network.brand_id, SINCE, by=BY, until=TODAY)
        for body in told(uow, "ProviderUnfit"):
            operations.unfit_with_provider(uow, ProviderUnfit(**body))
        assert [one["engineer_id"] for one in told(uow, "EngineerUnfit")] == [network.an, network.bo]


def test_two_rows_about_the_same_thing_never_share_a_day(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        with pytest.raises(Conflict, match="已经有同样的一条"):
            operations.put_skill(uow, network.an, "television", "repair", TODAY, by=BY)
        operations.put_skill(uow, network.an, "television", "repair", SINCE, by=BY, until=TODAY)
        assert operations.put_skill(uow, network.an, "television", "repair", TODAY, by=BY).until is None


def test_an_ended_certificate_is_said_once_on_its_day_unless_another_holds(
    runtime: Runtime, network: Network, clock: Clock
) -> None:
    with runtime.transaction() as uow:
        for engineer, kind in ((network.an, "cooling"), (network.bo, "cooling")):
            seen = uow.session.scalars(select(Certificate).filter_by(engineer_id=engineer, kind=kind)).one()
            seen.until = TODAY + timedelta(days=1)
        operations.put_certificate(uow, network.bo, "cooling", "NEW", TODAY, TODAY + timedelta(days=900), by=BY)
        assert note_ended_certificates(uow) == 0
        assert [(one.code, paper.kind) for one, paper in ending_soon(uow)] == [("E1", "cooling")]
    clock.advance(days=1)
    for seen_now in (2, 0):
        with runtime.transaction() as uow:
            assert note_ended_certificates(uow) == seen_now
            assert [one["engineer_id"] for one in told(uow, "EngineerUnfit")] == [network.an]
            assert "证书到期" in told(uow, "EngineerUnfit")[0]["why"]


def test_names_and_numbers_are_in_no_event_and_no_detail(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        put(uow, network)
        said = str([row.body for row in uow.session.scalars(select(OutboxRow))])
        said += str([line.detail for line in uow.session.scalars(select(TrailEntry))])
        assert "吉师傅" not in said
        assert "13700000007" not in said


def test_what_work_needs_is_dated_and_sourced() -> None:
    assert needed("air_conditioner", "install", TODAY) == ("high_work", "electrician_low", "cooling")
    assert needed("air_conditioner", "maintenance", TODAY) == ()
    assert needed("gas_stove", "maintenance", TODAY) == ("gas_appliances",)
    assert needed("gas_stove", "repair", date(2011, 2, 28)) == ()
    assert needed("television", "repair", TODAY) == ()
    assert all(need.kind in KINDS and "《" in need.source for need in NEEDS)
