"""Products with their history, dead letters with a way back, and the audit trail with its filters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.kit.actors import system
from domain.kit.outbox import OutboxRow, ReactionRun, RunState
from domain.kit.unit_of_work import Runtime
from domain.notices.model import MessageState, OutgoingMessage
from domain.notices.operations import queue_message
from domain.products.operations import register_product
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.operations import offer_visit
from tests.brand import Brand
from tests.console.conftest import BY, Api, Browser
from tests.runtime import Clock

Opener = Callable[..., str]


@pytest.fixture
def product(runtime: Runtime, brand: Brand, open_order: Opener) -> str:
    """An air conditioner with a serial, an order and a visit."""
    order_id = open_order()
    with runtime.transaction() as uow:
        order = uow.session.get_one(WorkOrder, order_id)
        registered = register_product(
            uow, by=BY, brand_id=order.brand_id, customer_id=order.customer_id, serial="LH123456789",
            model_id=brand.models["KFR-35GW/N8A1"], purchased_on=None, via="chat",
        ).product  # fmt: skip
        order.product_id = registered.id
        offer_visit(uow, order_id, by=BY)
        return registered.id


def test_a_serial_leads_to_owner_visits_and_orders(agent: Browser, runtime: Runtime, product: str) -> None:
    for typed in ("LH123456789", "lh 123-456-789"):
        assert product in agent.get(f"/console/products?serial={typed}").get_data(as_text=True)
    page = agent.get(f"/console/products/{product}").get_data(as_text=True)
    for shown in ("王**", "第 1 次上门", "KFR-35GW/N8A1", "开单"):
        assert shown in page
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(TrailEntry).filter_by(action="product.view", subject_id=product)).one()


def test_a_serial_nobody_registered_is_said_so(agent: Browser, brand: Brand) -> None:
    assert "没有登记过" in agent.get("/console/products?serial=NOTHING1").get_data(as_text=True)


@pytest.fixture
def dead(runtime: Runtime, brand: Brand, open_order: Opener) -> int:
    """A reaction and a message that gave up; returns the reaction's event id."""
    open_order()
    with runtime.transaction() as uow:
        event = uow.session.scalars(select(OutboxRow).filter_by(kind="WorkOrderOpened")).one()
        event.state = "done"
        run = ReactionRun(
            event_id=event.id, event_at=event.at, reaction="tell_customer", state=RunState.DEAD, attempts=8,
            error="PlatformError", next_try_at=None, at=uow.now,
        )  # fmt: skip
        uow.session.add(run)
        message = queue_message(
            uow,
            account_id=brand.voice.account_id,
            recipient="o-1",
            text="您的工单",
            why="reply",
            author=system("notices"),
        )
        message.state, message.attempts, message.error = MessageState.DEAD, 8, "40003 openid"
        return event.id


def test_dead_letters_are_listed_and_put_back_on_record(
    administrator: Browser, runtime: Runtime, dead: int, clock: Clock
) -> None:
    page = administrator.get("/console/dead-letters").get_data(as_text=True)
    assert "tell_customer" in page
    assert "40003" in page
    at = clock().isoformat()
    form = {"event_id": str(dead), "event_at": at, "reaction": "tell_customer"}
    assert administrator.post("/console/dead-letters/reactions", form).status_code == 303
    with runtime.transaction() as uow:
        seq = str(uow.session.scalars(select(OutgoingMessage.seq)).one())
    assert administrator.post("/console/dead-letters/messages", {"seq": seq, "at": at}).status_code == 303
    with runtime.transaction() as uow:
        run = uow.session.scalars(select(ReactionRun)).one()
        assert (run.state, run.attempts, run.next_try_at) == (RunState.FAILED, 0, clock())
        assert uow.session.scalars(select(OutboxRow.state).filter_by(id=dead)).one() == "relayed"
        assert uow.session.scalars(select(OutgoingMessage.state)).one() == MessageState.WAITING
        actions = set(uow.session.scalars(select(TrailEntry.action)))
        assert {"reaction.retry", "message.retry"} <= actions


def test_a_dead_letter_that_never_was_is_not_found(administrator: Browser, clock: Clock) -> None:
    form = {"event_id": "77", "event_at": clock().isoformat(), "reaction": "x"}
    assert administrator.post("/console/dead-letters/reactions", form, htmx=True).status_code == 404
    assert administrator.post("/console/dead-letters/reactions", {"event_id": "x"}, htmx=True).status_code == 422


def test_dead_letters_over_json_hold_no_words_of_a_message(api: Callable[[str], Api], dead: int, clock: Clock) -> None:
    call = api("boss")
    letters = call("GET", "/dead-letters").get_json()
    assert [one["reaction"] for one in letters["reactions"]] == ["tell_customer"]
    assert "您的工单" not in str(letters)
    body = {"event_id": dead, "event_at": clock().isoformat(), "reaction": "tell_customer"}
    assert call("POST", "/dead-letters/reactions", body).get_json() == {"done": True}


def lines(browser: Browser, query: str) -> str:
    return browser.get(f"/console/trail?{query}").get_data(as_text=True).split("<tbody>")[-1]


def test_the_trail_is_filtered_by_who_what_and_when(
    administrator: Browser, agent: Browser, runtime: Runtime, open_order: Opener, clock: Clock
) -> None:
    mine, other = open_order(), open_order(phone="13900000001")
    agent.get(f"/console/orders/{mine}")
    agent.get(f"/console/orders/{other}")
    administrator.post(f"/console/orders/{mine}/moves", {"move": "cancel", "why": "测试原因"})
    with runtime.transaction() as uow:
        number = uow.session.get_one(WorkOrder, mine).number
    by_anna = lines(administrator, "who=anna&action=order.")
    assert f'/console/orders/{mine}"' in by_anna
    assert "测试原因" not in by_anna
    about = lines(administrator, f"what={spoken(number)}")
    assert "测试原因" in about
    assert f'/console/orders/{other}"' not in about
    assert "查看工单" in lines(administrator, "who=Anna&action=order.view&since=2026-05-12&until=2026-05-12")
    assert "查看工单" not in lines(administrator, "since=2026-05-13").split("没有记录")[-1]
    assert administrator.get("/console/trail?since=yesterday").status_code == 422


def test_the_trail_is_read_a_page_at_a_time(api: Callable[[str], Api], runtime: Runtime, open_order: Opener) -> None:
    for number in range(60):
        open_order(phone=f"139000000{number:02}")
    call = api("boss")
    seen: list[tuple[str, str]] = []
    after = ""
    while True:
        page = call("GET", "/trail", action="order.open", after=after).get_json()
        seen += [(line["at"], line["subject_id"]) for line in page["lines"]]
        after = page["after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 60
