"""Changing engineers: who they are, their skills, certificates and authorizations, and that they leave.

``put_…`` makes a thing or brings the present one up to date, and says nothing when nothing changed. Whatever takes something
away emits `EngineerUnfit`: what was planned for them from that day on is looked at again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import insert, select

from domain.access import trail
from domain.catalog.categories import TITLES
from domain.engineers.certificates import KINDS
from domain.engineers.events import EngineerChanged, EngineerUnfit
from domain.engineers.grades import Grade
from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.kit.actors import Actor
from domain.kit.errors import Conflict
from domain.kit.scope import is_hidden
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.dated import BadNetwork, bring, check_days, check_named, ends_sooner, meet
from domain.organizations.events import ProviderUnfit
from domain.organizations.model import Brand, Station
from domain.regions.positions import Position

MOST = 30
"""More visits a day than anybody can make."""
CALLED = "工程师"
Row = TypeVar("Row", Skill, Authorization)


def put_engineer(
    uow: UnitOfWork, *, by: Actor, code: str, provider_id: str, station_id: str, name: str, phone: str, since: date,
    until: date | None = None, grade: Grade = Grade.ENGINEER, base: Position | None = None, daily_maximum: int = 8,
    version: int | None = None,
) -> Engineer:  # fmt: skip
    """Make an engineer, or bring the one with this code 工号 up to date; ``version`` is the one that was looked at.

    :raises BadNetwork: something is missing or cannot be
    :raises Conflict: somebody changed the engineer meanwhile
    """
    check_named(code, name)
    check_days(since, until)
    if not phone.strip() or not 1 <= daily_maximum <= MOST:
        raise BadNetwork(f"电话要填写，每日上限应为 1 到 {MOST}")
    if uow.get(Station, station_id, called="网点").provider_id != provider_id:
        raise BadNetwork("这个网点不属于这个服务商")
    if is_hidden(uow.session, Engineer, code=code):
        raise Conflict(f"工号 {code} 已经有人用了")
    found = uow.session.scalars(select(Engineer).filter_by(code=code).with_for_update()).first()
    if found and version is not None and found.version != version:
        raise Conflict("这位工程师的资料刚被别人改过，请刷新后再改")
    engineer = found or Engineer(id=uow.new_id("en"), code=code, version=0, rating=450)
    before = (engineer.until, engineer.provider_id, engineer.station_id) if found else None
    values = {
        "provider_id": provider_id, "station_id": station_id, "name": name, "name_print": uow.keyring.name_print(name), "phone": phone,
        "phone_print": uow.keyring.phone_prints(phone)[0], "grade": grade, "base": base and base.to_json(),
        "daily_maximum": daily_maximum, "since": since, "until": until,
    }  # fmt: skip
    if bring(uow, engineer, values, by=by, action="engineer.put", kind="engineer"):
        engineer.version += 1
        uow.emit(EngineerChanged(engineer.id))
        if before and ends_sooner(before[0], until):
            unfit(uow, engineer.id, until, "离职")
        elif before and before[1:] != (provider_id, station_id):
            unfit(uow, engineer.id, uow.today, "换了网点")
    return engineer


def dismiss(uow: UnitOfWork, engineer_id: str, until: date, *, by: Actor, why: str) -> Engineer:
    """The engineer works no more from a day on; what is planned from then on finds somebody else.

    :raises BadNetwork: no reason
    """
    engineer = uow.get(Engineer, engineer_id, called=CALLED, lock=True)
    if not why.strip():
        raise BadNetwork("请写明离职原因")
    if engineer.until is not None and engineer.until <= until:
        return engineer
    engineer.until, engineer.left_why, engineer.version = max(until, engineer.since), why, engineer.version + 1
    trail.record(uow, by, "engineer.dismiss", "engineer", engineer.id, why=why, until=str(until))
    unfit(uow, engineer.id, until, "离职")
    uow.session.flush()
    return engineer


def put_skill(
    uow: UnitOfWork, engineer_id: str, category_code: str, service_type: str, since: date, *, by: Actor,
    until: date | None = None,
) -> Skill:  # fmt: skip
    """The engineer can do that from a day on; said again with an end, it ends then.

    :raises BadNetwork: no such category, or an end before the beginning; :raises Conflict: it overlaps another such row
    """
    if category_code not in TITLES:
        raise BadNetwork(f"没有“{category_code}”这个品类")
    values = {"engineer_id": engineer_id, "category_code": category_code, "service_type": service_type}
    return put_dated(uow, Skill, "sk", values, since, until, by=by, action="engineer.skill", why="技能终止")


def authorize(
    uow: UnitOfWork, engineer_id: str, brand_id: str, since: date, *, by: Actor, until: date | None = None
) -> Authorization:
    """The brand lets the engineer work on its products from a day on; said again with an end, it ends then.

    :raises BadNetwork: an end before the beginning; :raises Conflict: it overlaps another such row
    """
    uow.get(Brand, brand_id, called="品牌")
    values = {"engineer_id": engineer_id, "brand_id": brand_id}
    return put_dated(
        uow, Authorization, "au", values, since, until, by=by, action="engineer.authorize", why="品牌授权终止"
    )


def put_certificate(
    uow: UnitOfWork, engineer_id: str, kind: str, number: str, since: date, until: date, *, by: Actor
) -> Certificate:
    """A certificate that was seen, with the days printed on it. The same number again is corrected.

    :raises BadNetwork: no such kind, no number, or an end before the beginning
    """
    if kind not in KINDS or not number.strip():
        raise BadNetwork(f"证书要写明编号和种类：{'、'.join(KINDS.values())}")
    check_days(since, until)
    uow.get(Engineer, engineer_id, called=CALLED, lock=True)
    every = uow.session.scalars(select(Certificate).filter_by(engineer_id=engineer_id, kind=kind)).all()
    found = next((one for one in every if one.number == number), None)
    seen = found or Certificate(
        id=uow.new_id("ce"), engineer_id=engineer_id, kind=kind, number=number, seen_by=str(by), seen_at=uow.now
    )
    before = seen.until if found else None
    if bring(uow, seen, {"since": since, "until": until}, by=by, action="engineer.certificate", kind="certificate"):
        seen.seen_by, seen.seen_at = str(by), uow.now
        uow.emit(EngineerChanged(engineer_id))
        if before and until < before:
            unfit(uow, engineer_id, until, f"证书到期：{KINDS[kind]}")
    return seen


def withdraw_certificate(uow: UnitOfWork, certificate_id: str, until: date, *, by: Actor, why: str) -> Certificate:
    """A certificate holds no more from a day on: revoked, lost, or it was read wrongly.

    :raises BadNetwork: no reason
    """
    seen = uow.get(Certificate, certificate_id, called="这本证书", lock=True)
    if not why.strip():
        raise BadNetwork("请写明作废原因")
    if seen.until > until:
        seen.until = max(until, seen.since)
        trail.record(uow, by, "certificate.withdraw", "certificate", seen.id, why=why, until=str(until))
        unfit(uow, seen.engineer_id, until, f"证书作废：{KINDS.get(seen.kind, seen.kind)}")
        uow.session.flush()
    return seen


def end_skill(uow: UnitOfWork, skill_id: str, until: date, *, by: Actor) -> None:
    """The engineer does that no more from a day on; one that began then or later is taken away."""
    end_dated(uow, uow.get(Skill, skill_id, called="这项技能", lock=True), until, by=by, why="技能终止")


def end_authorization(uow: UnitOfWork, authorization_id: str, until: date, *, by: Actor) -> None:
    """The brand lets the engineer work on its products no more from a day on."""
    row = uow.get(Authorization, authorization_id, called="这项授权", lock=True)
    end_dated(uow, row, until, by=by, why="品牌授权终止")


def end_dated(uow: UnitOfWork, row: Skill | Authorization, until: date, *, by: Actor, why: str) -> None:
    if row.until is not None and row.until <= until:
        return
    if until <= row.since:
        uow.session.delete(row)
    else:
        row.until = until
    trail.record(uow, by, "engineer.end", row.__tablename__, row.id, why=why, until=str(until))
    unfit(uow, row.engineer_id, until, why)
    uow.session.flush()


def agree_to_be_located(uow: UnitOfWork, engineer_id: str, agrees: bool, *, by: Actor) -> None:
    """The engineer agrees to being located while at work, or takes it back."""
    engineer = uow.get(Engineer, engineer_id, called=CALLED, lock=True)
    if agrees != (engineer.position_agreed_at is not None):
        engineer.position_agreed_at = uow.now if agrees else None
        trail.record(uow, by, "engineer.located", "engineer", engineer.id, agrees=agrees)


def put_rating(uow: UnitOfWork, engineer_id: str, rating: int, *, by: Actor) -> None:
    """What customers said of late, in hundredths of stars.

    :raises BadNetwork: not between one star and five
    """
    if not 100 <= rating <= 500:
        raise BadNetwork("评分应在 1 星到 5 星之间")
    engineer = uow.get(Engineer, engineer_id, called=CALLED, lock=True)
    bring(uow, engineer, {"rating": rating}, by=by, action="engineer.rate", kind="engineer")


def add_many(
    uow: UnitOfWork, table: type[Skill | Certificate | Authorization], prefix: str, rows: Sequence[dict[str, Any]], *,
    by: Actor,
) -> None:  # fmt: skip
    """Add rows by the thousand, checked by whoever read them; one line on record and one event for each engineer."""
    if not rows:
        return
    counts = Counter(row["engineer_id"] for row in rows)
    uow.session.execute(select(Engineer.id).where(Engineer.id.in_(counts)).order_by(Engineer.id).with_for_update())
    uow.session.execute(insert(table), [{"id": uow.new_id(prefix), **row} for row in rows])
    for engineer_id, count in counts.items():
        trail.record(uow, by, "engineer.add_many", "engineer", engineer_id, what=table.__tablename__, count=count)
        uow.emit(EngineerChanged(engineer_id))


def unfit_with_provider(uow: UnitOfWork, event: ProviderUnfit) -> None:
    """Whatever takes a provider away takes its engineers' planned work away."""
    staff = select(Engineer.id).filter_by(provider_id=event.provider_id)
    staff = staff.filter_by(station_id=event.station_id) if event.station_id else staff
    for engineer_id in uow.session.scalars(staff.order_by(Engineer.id)):
        uow.emit(EngineerUnfit(engineer_id, event.since, event.why))


def put_dated(
    uow: UnitOfWork, table: type[Row], prefix: str, values: dict[str, str], since: date, until: date | None, *,
    by: Actor, action: str, why: str,
) -> Row:  # fmt: skip
    """One row ``[since, until)`` of a table where no two rows about the same thing may share a day."""
    check_days(since, until)
    uow.get(Engineer, values["engineer_id"], called=CALLED, lock=True)
    every = uow.session.scalars(select(table).filter_by(**values)).all()
    found = next((one for one in every if one.since == since), None)
    if any(one is not found and meet(one.since, one.until, since, until) for one in every):
        raise Conflict("这些日子里已经有同样的一条")
    row = found or table(id=uow.new_id(prefix), since=since, **values)
    before = row.until if found else None
    if bring(uow, row, {"until": until}, by=by, action=action, kind=table.__tablename__):
        uow.emit(EngineerChanged(values["engineer_id"]))
        if found and ends_sooner(before, until):
            unfit(uow, values["engineer_id"], until, why)
    return row


def unfit(uow: UnitOfWork, engineer_id: str, since: date | None, why: str) -> None:
    uow.emit(EngineerUnfit(engineer_id, str(since), why))
