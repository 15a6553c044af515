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
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.operations import put_account
from domain.payments.operations import owe
from domain.payments.shares import Share
from domain.pricing.fee_facts import Wanted
from domain.pricing.fee_table import FeeDraft, put_fee
from domain.pricing.quoting import quote_for
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from tests.brand import AES_KEY, Brand, brand_in
from tests.consumer_app.mini_program import APP_ID, Counters
from tests.consumer_app.mini_program import FakePlatform as Login
from tests.domain.cover.world import CARD, START
from tests.domain.payments.platform import FakePlatform as Pay
from tests.domain.payments.world import BY, LI, put_merchant
from tests.jobs.doing import Folder
from tests.network import put_network

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


HANDLES: dict[str, Handle] = {"quote": quote, "bill": bill, "finish": finish}


def furnish(uow: UnitOfWork, brand: Brand) -> None:
    """A network with room, a merchant, a price and a card to sell."""
    brand_id = brand.voice.brand_id
    put_account(
        uow, brand_id=brand_id, kind="mini_program", app_id=APP_ID, name="岚禾小程序", mode="safe", token="AAAAA",
        aes_key=AES_KEY, secret="secret",
    )  # fmt: skip
    put_network(uow, brand)
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
    brand, pay = brand_in(runtime), Pay(runtime.clock)
    with runtime.transaction() as uow:
        furnish(uow, brand)
    people = {f"code-{number}": Identity("oWang", "u1") for number in range(1, 200)}
    app = APIFlask("tests.miniprogram")
    app.register_blueprint(blueprint(runtime, Login(people), Counters(), Folder(), pay))

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
