"""A day for the board: the small network, visits in its engineers' hours, and orders nobody has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from domain.capacity.operations import reserve
from domain.customers.address import AddressLine
from domain.customers.calling import customer_of_caller
from domain.customers.operations import learn
from domain.dispatch.model import WaitingOrder
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.regions.positions import Position
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import open_work_order, put_responsible
from domain.work_orders.places import place_of
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from tests.brand import Brand
from tests.console.conftest import BY
from tests.network import BASES, DALIANG, RONGGUI, Network, put_engineer, put_network

HOUR = timedelta(hours=1)
STAFF = Actor(Role.STAFF, "st_test")
PLACES = ("大良街道凤山中路", "容桂街道卫红路", "北滘镇北滘居", "伦教街道常教路", "勒流街道光大路")
NAMES = ("王小明", "陈晓琳", "李国强", "何婉仪", "黄志辉", "梁美玲", "张伟", "欧阳丽")
THINGS = ("air_conditioner", "refrigerator", "washing_machine", "range_hood", "water_heater_electric")


def at(day: date, hour: float) -> datetime:
    """An hour of the day, Shanghai's."""
    return datetime.combine(day, time(), SHANGHAI) + HOUR * hour


@dataclass
class BoardDay:
    """Ids. ``kept`` are orders with a visit, ``waiting`` those nobody has."""

    brand: Brand
    network: Network
    kept: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def put_order(
    uow: UnitOfWork, brand: Brand, number: int, *, near: str = DALIANG, pinned: bool = True, category: str = ""
) -> WorkOrder:
    """An order in 顺德, the ``number`` of which says whose, where and what."""
    phone, name = f"139{number:08d}", NAMES[number % len(NAMES)]
    place = AddressLine(
        DALIANG, f"广东省佛山市顺德区{PLACES[number % len(PLACES)]}{number % 90 + 1}号{number % 7 + 1}栋502"
    )
    customer = customer_of_caller(uow, brand.voice.brand_id, phone)
    learn(uow, customer, name=name, phone=phone, address=place)
    order = open_work_order(
        uow, by=BY, brand_id=brand.voice.brand_id, service_type=ServiceType.REPAIR, customer_id=customer.id,
        category_code=category or THINGS[number % len(THINGS)], words="不制冷，运转时有响声", phone=phone,
        contact_name=name, address=place, via="console",
    ).order  # fmt: skip
    if pinned:
        base = BASES[near]
        spot = Position(base.lat + (number * 37 % 19 - 9) / 800, base.lng + (number * 53 % 23 - 11) / 800)
        order.position = spot.to_json()
    return order


def put_visit(uow: UnitOfWork, order: WorkOrder, engineer_id: str, since: datetime, *, accepted: bool = True) -> Visit:
    """A visit in a window of two hours, the time kept and promised."""
    engineer = uow.get(Engineer, engineer_id, called="工程师")
    put_responsible(uow, order, engineer.provider_id, engineer.station_id, by=BY)
    visit = offer_visit(uow, order.id, by=BY)
    if accepted:
        put_engineers(uow, visit, engineer_id, {engineer_id: 100}, by=BY)
        move_visit(uow, visit.id, "accept", by=STAFF)
    reserve(
        uow, engineer_id, order, since, since + 2 * HOUR, 60, place_of(order), by=BY, promised=accepted, visit_id=visit.id
    )  # fmt: skip
    return visit


def put_waiting(uow: UnitOfWork, order: WorkOrder, provider_id: str | None, reason: str, words: str) -> None:
    uow.session.add(
        WaitingOrder(
            work_order_id=order.id, brand_id=order.brand_id, provider_id=provider_id, reason=reason, words=words,
            since=uow.now - 2 * HOUR, tried_at=uow.now, tries=4, again_at=uow.now + HOUR / 6,
        )
    )  # fmt: skip


def put_board_day(
    uow: UnitOfWork, brand: Brand, *, on: date | None = None, visits: int = 6, waiting: int = 3, engineers: int = 0
) -> BoardDay:  # fmt: skip
    """Today, or another day, of the network; with ``engineers`` so many more of 大良, for figures and pictures."""
    network = put_network(uow, brand)
    day = BoardDay(brand, network)
    more = [
        put_engineer(uow, network.brand_id, network.near, network.daliang, f"M{n:02d}", f"{NAMES[n % 8][0]}师傅{n}",
                     f"1370000{n:04d}", DALIANG)
        for n in range(engineers)
    ]  # fmt: skip
    people = [network.an, network.bo, network.cao, network.ding, *more]
    for number in range(visits):
        order = put_order(uow, brand, number, near=RONGGUI if number % len(people) in (2, 3) else DALIANG)
        since = at(on or uow.today, 12 + 2 * (number // len(people) % 4))
        put_visit(uow, order, people[number % len(people)], since, accepted=number % 5 != 4)
        day.kept.append(order.id)
    reasons = (("no_room", "符合条件的工程师都排不开（共 4 人，3 人当天已满）"), ("all_refused", "问过的工程师都没有接单"),
               ("nobody_able", "没有符合条件的工程师（共 4 人，4 人没有燃气证）"))  # fmt: skip
    for number in range(waiting):
        order = put_order(uow, brand, visits + number, pinned=number % 3 != 2)
        order.urged = number % 2
        put_waiting(uow, order, network.near, *reasons[number % 3])
        day.waiting.append(order.id)
    uow.session.flush()
    return day
