"""A running Weixiu for the mini-program's pages, with the handles a test pulls where a member of staff or the platform would act."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from apiflask import APIFlask
from flask import jsonify, request
from sqlalchemy import select
from werkzeug.serving import make_server

from consumer_app.api import blueprint
from consumer_app.platform import Identity
from domain.cover.plans import put_plan
from domain.customers.model import Customer
from domain.engineers.model import Engineer
from domain.engineers.photos import cut, put_photo
from domain.engineers.whereabouts import DEPARTURE, note_position
from domain.files.sent import Content
from domain.files.store import new_key, seal
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.operations import put_account
from domain.payments.operations import owe
from domain.payments.shares import Share
from domain.pricing.fee_facts import Wanted
from domain.pricing.fee_table import FeeDraft, put_fee
from domain.pricing.quoting import quote_for
from domain.regions.positions import Position
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from domain.work_orders.places import place_of
from domain.work_orders.visits import move_visit, offer_visit, put_engineers, standing_visit
from tests.brand import AES_KEY, Brand, brand_in
from tests.consumer_app.mini_program import APP_ID
from tests.consumer_app.mini_program import FakePlatform as Login
from tests.domain.cover.world import CARD, START
from tests.domain.payments.platform import FakePlatform as Pay
from tests.domain.payments.world import BY, LI, put_merchant
from tests.doubles import Counters, Folder
from tests.drawn import photo
from tests.network import put_network

AN = "安师傅"
Handle = Callable[[UnitOfWork], dict[str, Any]]


def newest(uow: UnitOfWork) -> WorkOrder:
    return uow.session.scalars(select(WorkOrder).order_by(WorkOrder.id.desc())).one()


def quote(uow: UnitOfWork) -> dict[str, Any]:
    """The engineer asks for 85 yuan of labour; pulled again, for two of it."""
    order = newest(uow)
    times = 1000 * int(request.args.get("times", "1"))
    return {"id": quote_for(uow, order.id, Wanted.of(fees={"gas": times}), by=LI).id}


def bill(uow: UnitOfWork) -> dict[str, Any]:
    customer = uow.session.scalars(select(Customer)).one()
    owed = owe(
        uow, brand_id=customer.brand_id, kind="bill", of_id=uow.new_id("bi"), customer_id=customer.id, title="空调维修",
        split=[Share("income_service", 12_800)], by=BY,
    )  # fmt: skip
    return {"id": owed.id}


def finish(uow: UnitOfWork) -> dict[str, Any]:
    return {"number": move_order(uow, newest(uow).id, "guide", by=LI, why="电话指导解决").number}


def depart(uow: UnitOfWork) -> dict[str, Any]:
    """安师傅 takes the order and sets out, three kilometres away."""
    order = newest(uow)
    home, an = (
        place_of(order),
        uow.session.scalars(select(Engineer).filter_by(name_print=uow.keyring.name_print(AN))).one(),
    )
    visit, by = standing_visit(uow, order.id) or offer_visit(uow, order.id, by=BY), Actor(Role.ENGINEER, an.id)
    put_engineers(uow, visit, an.id, {an.id: 100}, by=BY)
    if visit.status is VisitStatus.OFFERED:
        move_visit(uow, visit.id, "accept", by=by)
    assert home is not None
    note_position(uow, an.id, Position(home.lat + 0.03, home.lng), DEPARTURE, by=by)
    move_visit(uow, visit.id, "depart", by=by)
    return {"source": home.source}


def turn_back(uow: UnitOfWork) -> dict[str, Any]:
    visit = standing_visit(uow, newest(uow).id)
    assert visit is not None
    return {
        "id": move_visit(uow, visit.id, "fail", by=Actor(Role.ENGINEER, str(visit.engineer_id)), why="客户不在家").id
    }


HANDLES: dict[str, Handle] = {
    "quote": quote, "bill": bill, "finish": finish, "depart": depart, "turn-back": turn_back,
}  # fmt: skip


def furnish(uow: UnitOfWork, brand: Brand, folder: Folder) -> None:
    """A network with room and a photo of 安师傅, a merchant, a price and a card to sell."""
    brand_id = brand.voice.brand_id
    put_account(
        uow, brand_id=brand_id, kind="mini_program", app_id=APP_ID, name="岚禾小程序", mode="safe", token="AAAAA",
        aes_key=AES_KEY, secret="secret",
    )  # fmt: skip
    an = put_network(uow, brand).an
    content = Content(uow.new_id("fi"), "photo", new_key(), cut(photo()))
    folder.put(content.place, seal(content.key, content.file_id, content.jpeg))
    put_photo(uow, an, content, by=BY)
    merchant = put_merchant(uow, brand_id)
    merchant.app_ids = [*merchant.app_ids, APP_ID]
    put_fee(
        uow, brand_id, FeeDraft("labour", "gas", "加氟", category="air_conditioner", fen=8_500, source="测试价目"),
        date(2024, 1, 1), by=BY,
    )  # fmt: skip
    put_plan(uow, brand_id, "card", CARD, START, by=BY)


@contextmanager
def serving(runtime: Runtime) -> Iterator[str]:
    """The API on a free port, and ``POST /test/<handle>``; ``POST /test/pay`` is the person paying in WeChat's cashier."""
    brand, pay, folder = brand_in(runtime), Pay(runtime.clock), Folder()
    with runtime.transaction() as uow:
        furnish(uow, brand, folder)
    people = {f"code-{number}": Identity("oWang", "u1") for number in range(1, 200)}
    app = APIFlask("tests.miniprogram")
    app.register_blueprint(blueprint(runtime, Login(people), Counters(), folder, pay))

    @app.post("/test/<name>")
    def pull(name: str) -> Any:
        if name == "pay":
            return jsonify(paid=pay.pay(request.get_json()["package"].removeprefix("prepay_id=wx")) is not None)
        with runtime.transaction() as uow:
            return jsonify(HANDLES[name](uow))

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
