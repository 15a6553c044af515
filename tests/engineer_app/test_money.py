"""Money at the customer's door, through the engineer's API: a code to pay by, cash, cover sold, a card used, and every no in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from domain.cover import contracts
from domain.cover.model import Cover, PlanKind, Redemption
from domain.cover.plans import put_plan
from domain.kit.unit_of_work import Runtime
from domain.payments.model import Payable, Payment
from domain.payments.operations import owe
from domain.payments.papers_model import CashReceipt
from domain.payments.paying import Payer, start
from domain.payments.shares import Share
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import put_engineers
from engineer_app import api
from engineer_app.signing_in import Desk
from tests.brand import APP_ID
from tests.domain.cover.world import CARD, LABOUR_CARD, START
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, put_merchant
from tests.domain.service_sheets.world import STAFF, World, world_in
from tests.doubles import Counters
from tests.engineer_app.phone import Phone, content, phone_of, refusal
from tests.engineer_app.test_jobs import another
from tests.runtime import at_once

FEN = 12_800


@dataclass
class Stall:
    """The door with a platform behind it; ``bill`` is owed by the customer of ``world``'s visit."""

    runtime: Runtime
    world: World
    pay: FakePlatform
    app: APIFlask
    bill: str
    card_plan: str

    def phone(self, engineer_id: str = "") -> Phone:
        return phone_of(self.runtime, self.app.test_client(), engineer_id or self.world.network.an)

    @property
    def job(self) -> str:
        return f"/jobs/{self.world.visit_id}"

    def code(self, phone: Phone) -> dict[str, Any]:
        return content(phone("POST", f"{self.job}/pay", payable_id=self.bill))

    def count(self, kind: type[Any]) -> int:
        with self.runtime.transaction() as uow:
            return uow.session.query(kind).count()

    def paid_fen(self) -> int:
        with self.runtime.transaction() as uow:
            return uow.get(Payable, self.bill, called="").paid_fen


def stall_in(runtime: Runtime, *, is_open: bool = True) -> Stall:
    world, pay, app = world_in(runtime), FakePlatform(runtime.clock), APIFlask("test")
    app.register_blueprint(api.blueprint(Desk(runtime, Counters(), "secret"), gateway=pay if is_open else None))
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        put_merchant(uow, order.brand_id)
        plan = put_plan(uow, order.brand_id, "card", CARD, START, by=BY)
        bill = owe(
            uow, brand_id=order.brand_id, kind="bill", of_id="bi_1", version=1, customer_id=order.customer_id,
            title="空调维修", split=[Share("income_service", FEN)], by=BY, work_order_id=order.id,
        )  # fmt: skip
        return Stall(runtime, world, pay, app, bill.id, plan.id)


@pytest.fixture
def stall(runtime: Runtime, built: Path) -> Stall:
    return stall_in(runtime)


def number(code: dict[str, Any]) -> str:
    return str(code["code_url"]).removeprefix("weixin://")


def test_the_customer_scans_a_code_and_the_engineer_sees_that_it_is_paid(stall: Stall) -> None:
    phone = stall.phone()
    code = stall.code(phone)
    assert (code["fen"], code["title"]) == (FEN, "空调维修")
    stall.pay.pay(number(code))
    told = content(phone("GET", f"{stall.job}/payments/{code['payment_id']}"))
    assert (told["status"], told["status_title"], told["done"]) == ("paid", "已付款", True)
    assert [(one["id"], one["kind"], one["paid_fen"], one["status"]) for one in phone.jobs()[0]["owed"]] == [
        (stall.bill, "bill", FEN, "paid")
    ]


def test_phones_that_look_all_the_time_do_not_ask_the_platform_all_the_time(stall: Stall) -> None:
    phone = stall.phone()
    where = f"{stall.job}/payments/{stall.code(phone)['payment_id']}"
    for _ in range(3):
        assert content(phone("GET", where))["done"] is False
    assert stall.pay.calls.count("query") == 1


def test_a_code_asked_for_twice_is_the_same_one_from_another_phone_of_his_too(stall: Stall) -> None:
    first, again, elsewhere = stall.code(phone := stall.phone()), stall.code(phone), stall.code(stall.phone())
    assert first == again == elsewhere
    assert (stall.count(Payment), stall.pay.calls.count("order")) == (1, 1)


def test_a_job_a_bill_or_a_payment_of_somebody_else_is_not_found(stall: Stall) -> None:
    phone, other = stall.phone(), stall.phone(stall.world.network.bo)
    payment = stall.code(phone)["payment_id"]
    for method, path, body in (
        ("POST", "pay", {"payable_id": stall.bill}), ("POST", "cash", {"payable_id": stall.bill, "fen": FEN}),
        ("GET", f"payments/{payment}", {}), ("GET", "shop", {}), ("POST", "covers", {"plan_id": stall.card_plan}),
        ("POST", "cards", {"cover_id": "co_1"}),
    ):  # fmt: skip
        assert refusal(other(method, f"{stall.job}/{path}", **body)) == (404, "not_found"), path
        assert refusal(Phone(other.client)(method, f"{stall.job}/{path}", **body)) == (401, "unauthorized"), path
        assert refusal(phone(method, f"/jobs/vi_none/{path}", **body)) == (404, "not_found"), path
    assert refusal(phone("POST", f"{stall.job}/pay", payable_id="ow_none")) == (404, "not_found")
    assert refusal(phone("GET", f"{stall.job}/payments/pm_none")) == (404, "not_found")


def test_a_bill_of_another_job_of_his_is_not_this_jobs(stall: Stall) -> None:
    phone = stall.phone()
    payment = stall.code(phone)["payment_id"]
    with stall.runtime.transaction() as uow:
        elsewhere = another(uow, stall.world, 1).id
    wrong = f"/jobs/{elsewhere}"
    assert refusal(phone("POST", f"{wrong}/pay", payable_id=stall.bill)) == (404, "not_found")
    assert refusal(phone("POST", f"{wrong}/cash", payable_id=stall.bill, fen=FEN)) == (404, "not_found")
    assert refusal(phone("GET", f"{wrong}/payments/{payment}")) == (404, "not_found")
    assert stall.paid_fen() == 0


def test_cash_closes_an_open_code_first_and_said_twice_is_taken_once(stall: Stall) -> None:
    phone = stall.phone()
    code = stall.code(phone)
    taken = content(phone("POST", f"{stall.job}/cash", payable_id=stall.bill, fen=FEN))
    assert taken == content(phone("POST", f"{stall.job}/cash", payable_id=stall.bill, fen=FEN))
    assert taken["number"].startswith("XJ")
    assert stall.pay.pay(number(code)) is None
    assert (stall.count(CashReceipt), stall.paid_fen()) == (1, FEN)
    assert refusal(phone("POST", f"{stall.job}/pay", payable_id=stall.bill)) == (409, "paid_already")


def test_cash_closes_what_the_customer_began_on_the_own_phone_and_left(stall: Stall) -> None:
    begun = start(stall.runtime, stall.pay, stall.bill, Payer("jsapi", APP_ID, "o-customer"), by=BY)
    assert content(stall.phone()("POST", f"{stall.job}/cash", payable_id=stall.bill, fen=FEN))["fen"] == FEN
    assert stall.pay.pay(begun.number) is None, "the cashier on the customer's phone is closed"
    assert stall.paid_fen() == FEN


def test_cash_after_the_code_was_just_paid_takes_nothing(stall: Stall) -> None:
    phone = stall.phone()
    stall.pay.pay(number(stall.code(phone)))
    assert refusal(phone("POST", f"{stall.job}/cash", payable_id=stall.bill, fen=FEN)) == (409, "paid_already")
    assert (stall.count(CashReceipt), stall.paid_fen()) == (0, FEN)


def test_another_sum_than_is_owed_is_not_taken(stall: Stall) -> None:
    answer = stall.phone()("POST", f"{stall.job}/cash", payable_id=stall.bill, fen=FEN - 1)
    assert refusal(answer)[0] == 409
    assert "128.00" in answer.get_json()["message"]
    assert stall.count(CashReceipt) == 0


def test_a_platform_that_does_not_answer_is_said_and_nothing_has_failed(stall: Stall) -> None:
    phone = stall.phone()
    stall.pay.away = True
    answer = phone("POST", f"{stall.job}/pay", payable_id=stall.bill)
    assert refusal(answer) == (503, "payment_unsure")
    assert "不会重复扣款" in answer.get_json()["message"]
    with stall.runtime.transaction() as uow:
        payment = uow.session.scalars(select(Payment)).one()
        assert payment.status == "unknown"
    assert content(phone("GET", f"{stall.job}/payments/{payment.id}"))["done"] is False
    assert refusal(phone("POST", f"{stall.job}/cash", payable_id=stall.bill, fen=FEN)) == (503, "payment_unsure")
    assert stall.paid_fen() == 0
    stall.pay.away = False
    assert stall.code(phone)["payment_id"] == payment.id


def test_without_a_platform_there_is_cash(runtime: Runtime) -> None:
    stall = stall_in(runtime, is_open=False)
    phone = stall.phone()
    answer = phone("POST", f"{stall.job}/pay", payable_id=stall.bill)
    assert refusal(answer) == (503, "payment_away")
    assert "现金" in answer.get_json()["message"]
    assert content(phone("POST", f"{stall.job}/cash", payable_id=stall.bill, fen=FEN))["fen"] == FEN


def test_cover_is_sold_for_this_job_as_this_engineers_sale(stall: Stall) -> None:
    phone = stall.phone()
    [offer] = content(phone("GET", f"{stall.job}/shop"))["offers"]
    assert (offer["plan_id"], offer["price_fen"], offer["why_not"]) == (stall.card_plan, 10_000, "")
    sold = content(phone("POST", f"{stall.job}/covers", plan_id=stall.card_plan))
    assert sold == content(phone("POST", f"{stall.job}/covers", plan_id=stall.card_plan))
    with stall.runtime.transaction() as uow:
        cover = uow.session.scalars(select(Cover)).one()
        assert (cover.sold_by, cover.via, cover.status) == (
            f"engineer:{stall.world.network.an}",
            "engineer",
            "ordered",
        )
    owed = {one["kind"]: one["id"] for one in phone.jobs()[0]["owed"]}
    assert owed == {"cover": sold["payable_id"], "bill": stall.bill}
    assert content(phone("POST", f"{stall.job}/pay", payable_id=sold["payable_id"]))["fen"] == 10_000


def test_nothing_is_sold_for_a_machine_nobody_has_registered(stall: Stall) -> None:
    with stall.runtime.transaction() as uow:
        uow.get(WorkOrder, stall.world.order_id, called="").product_id = None
    phone = stall.phone()
    assert content(phone("GET", f"{stall.job}/shop"))["offers"] == []
    answer = phone("POST", f"{stall.job}/covers", plan_id=stall.card_plan)
    assert refusal(answer) == (409, "conflict")
    assert "机身编号" in answer.get_json()["message"]
    assert (stall.count(Cover), refusal(phone("POST", f"{stall.job}/covers", plan_id="cp_none"))[0]) == (0, 409)


def put_card(stall: Stall) -> str:
    """The customer has a card for repairs with one use."""
    with stall.runtime.transaction() as uow:
        order = uow.get(WorkOrder, stall.world.order_id, called="")
        plan = put_plan(uow, order.brand_id, "labour", LABOUR_CARD, START, by=BY)
        cover = contracts.order_cover(uow, plan.id, None, order.customer_id, by=BY, via="chat")
        contracts.activate(uow, cover.id)
        assert cover.kind is PlanKind.CARD
        return cover.id


def test_a_card_is_used_once_and_its_price_is_nobodys_to_pay(stall: Stall) -> None:
    card, phone = put_card(stall), stall.phone()
    [seen] = content(phone("GET", f"{stall.job}/shop"))["cards"]
    assert (seen["cover_id"], seen["left"], seen["held"]) == (card, 1, False)
    for _ in range(2):
        content(phone("POST", f"{stall.job}/cards", cover_id=card))
    assert stall.count(Redemption) == 1
    assert [one["kinds"] for one in phone.jobs()[0]["prices"]["cards"]] == [["labour"]]
    with stall.runtime.transaction() as uow:
        elsewhere = another(uow, stall.world, 1).id
    answer = phone("POST", f"/jobs/{elsewhere}/cards", cover_id=card)
    assert refusal(answer) == (409, "card_refused")
    assert "用完" in answer.get_json()["message"]


def test_the_last_use_of_a_card_on_two_phones_at_once_is_one(fresh_runtime: Runtime) -> None:
    stall = stall_in(fresh_runtime)
    card = put_card(stall)
    with fresh_runtime.transaction() as uow:
        elsewhere = another(uow, stall.world, 1).id
    jobs, phones = (stall.world.visit_id, elsewhere), (stall.phone(), stall.phone())
    answers = at_once(2, lambda n: phones[n]("POST", f"/jobs/{jobs[n]}/cards", cover_id=card).status_code)
    assert sorted(answers) == [200, 409]
    assert stall.count(Redemption) == 1


def test_two_phones_that_take_the_same_cash_at_once_take_it_once(fresh_runtime: Runtime) -> None:
    stall = stall_in(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        visit = uow.get(Visit, stall.world.visit_id, called="")
        put_engineers(
            uow, visit, stall.world.network.an, {stall.world.network.an: 50, stall.world.network.bo: 50}, by=STAFF
        )
    phones = (stall.phone(), stall.phone(stall.world.network.bo))
    body = {"payable_id": stall.bill, "fen": FEN}
    answers = at_once(2, lambda n: phones[n]("POST", f"{stall.job}/cash", **body).status_code)
    assert sorted(answers) == [200, 409]
    assert (stall.count(CashReceipt), stall.paid_fen()) == (1, FEN)
