"""The desk: a task has one taker, replies go through the outbox while the platform allows them, transfers are decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.customers.calling import customer_of_caller
from domain.desk.model import DeskTask
from domain.desk.operations import ask_for_callback, ask_for_person, put_task
from domain.kit.inbox import Received
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.products.model import Product, ProductTransfer
from domain.products.operations import ask_transfer, register_product
from tests.brand import Brand
from tests.console.conftest import BY, PHONE, Api, Browser

OPENID = "o-customer-1"


@pytest.fixture
def chat_task(runtime: Runtime, brand: Brand) -> str:
    """A customer said something a minute ago and waits for a person."""
    with runtime.transaction() as uow:
        uow.session.add(
            Received(
                account_id=brand.voice.account_id, key="1", sent_on=uow.today, sender=OPENID,
                received_at=uow.now - timedelta(minutes=1), trigger="message", state="answered", answer="请稍候",
                content={"raw": "", "said": {"sender": OPENID, "kind": "text", "text": f"人工 {PHONE}"}},
            )
        )  # fmt: skip
        task, _ = ask_for_person(
            uow, by=BY, brand_id=brand.voice.brand_id, account_id=brand.voice.account_id, openid=OPENID,
            words=f"要人工，电话 {PHONE}",
        )  # fmt: skip
        return task.id


@pytest.fixture
def transfer_task(runtime: Runtime, brand: Brand) -> str:
    """Somebody says that a registered product is now theirs."""
    with runtime.transaction() as uow:
        owner = customer_of_caller(uow, brand.voice.brand_id, PHONE)
        asker = customer_of_caller(uow, brand.voice.brand_id, "13900000001")
        product = register_product(
            uow, by=BY, brand_id=brand.voice.brand_id, customer_id=owner.id, model_id=brand.models["BCD-216TMPR"],
            serial="LH123456789", purchased_on=None, via="chat",
        ).product  # fmt: skip
        transfer, _ = ask_transfer(uow, product.id, asker.id, by=BY)
        return put_task(
            uow, by=BY, brand_id=brand.voice.brand_id, kind="transfer", words="过户", subject_id=transfer.id
        ).id


def messages(runtime: Runtime) -> list[str]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(OutgoingMessage.text).order_by(OutgoingMessage.seq)))


def test_a_waiting_customer_is_on_the_desk_and_leads_to_the_inbox(agent: Browser, chat_task: str) -> None:
    board = agent.get("/console/desk").get_data(as_text=True)
    assert chat_task in board
    assert '<span id="count-inbox" class="count">1</span>' in board
    assert PHONE not in board
    assert agent.get(f"/console/desk/{chat_task}").location == f"/console/inbox/{chat_task}"


def test_only_who_took_a_task_may_finish_it(agent: Browser, administrator: Browser, chat_task: str) -> None:
    administrator.post(f"/console/desk/{chat_task}/moves", {"move": "claim"})
    for form in ({"move": "finish"}, {"move": "claim"}):
        refused = agent.post(f"/console/desk/{chat_task}/moves", form, htmx=True)
        assert refused.status_code == 409
        assert "Boss 11:30 已先接手" in refused.get_data(as_text=True)


def test_a_call_back_shows_what_was_promised_and_its_number_on_request(
    agent: Browser, runtime: Runtime, brand: Brand
) -> None:
    with runtime.transaction() as uow:
        task = ask_for_callback(
            uow, by=BY, brand_id=brand.voice.brand_id, phone=PHONE, account_id=brand.voice.account_id, openid=OPENID,
            wanted_time="下午三点以后",
        ).id  # fmt: skip
    page = agent.get(f"/console/desk/{task}").get_data(as_text=True)
    assert "138******78" in page
    assert "下午三点以后" in page
    assert "2026-05-12 12:00" in page  # half an hour from now, because no hours are set
    assert PHONE not in page
    told = agent.post("/console/reveal", {"subject": "desk_task", "id": task, "field": "phone"}, htmx=True)
    assert PHONE in told.get_data(as_text=True)


def test_a_transfer_is_accepted(agent: Browser, runtime: Runtime, transfer_task: str) -> None:
    agent.post(f"/console/desk/{transfer_task}/decision", {"move": "accept"})
    with runtime.transaction() as uow:
        transfer = uow.session.scalars(select(ProductTransfer)).one()
        assert transfer.status == "accepted"
        assert uow.session.get_one(Product, transfer.product_id).customer_id == transfer.customer_id
        assert uow.session.get_one(DeskTask, transfer_task).status == "done"


def test_a_transfer_is_refused_only_with_a_reason(agent: Browser, runtime: Runtime, transfer_task: str) -> None:
    url = f"/console/desk/{transfer_task}/decision"
    assert agent.post(url, {"move": "refuse", "why": " "}, htmx=True).status_code == 409
    agent.post(url, {"move": "refuse", "why": "无法核实购买凭证"})
    with runtime.transaction() as uow:
        transfer = uow.session.scalars(select(ProductTransfer)).one()
        assert (transfer.status, transfer.why) == ("refused", "无法核实购买凭证")
    assert agent.post(url, {"move": "accept"}, htmx=True).status_code == 409, "it was decided before"


def test_plain_words_of_a_chat_are_told_on_record(agent: Browser, runtime: Runtime, chat_task: str) -> None:
    plain = agent.post("/console/reveal/chat", {"subject": "desk_task", "id": chat_task}, htmx=True)
    assert PHONE in plain.get_data(as_text=True)
    with runtime.transaction() as uow:
        line = uow.session.scalars(select(TrailEntry).filter_by(action="personal.reveal")).one()
        assert (line.subject_id, line.detail) == (chat_task, {"field": "chat"})


def test_the_desk_over_json(api: Callable[[str], Api], runtime: Runtime, chat_task: str) -> None:
    call = api("anna")
    assert [task["id"] for task in call("GET", "/desk-tasks").get_json()] == [chat_task]
    assert call("POST", f"/desk-tasks/{chat_task}/moves", {"move": "claim"}).get_json()["task"]["mine"] is True
    assert call("POST", f"/desk-tasks/{chat_task}/replies", {"words": "您好"}).status_code == 202
    assert call("POST", f"/desk-tasks/{chat_task}/moves", {"move": "finish"}).get_json()["task"]["status"] == "done"
    assert messages(runtime) == ["您好"]


def test_a_person_kept_twice_is_shown_with_both_archives(agent: Browser, runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow:
        ids = [customer_of_caller(uow, brand.voice.brand_id, number).id for number in (PHONE, "13900000001")]
        task = put_task(
            uow, by=BY, brand_id=brand.voice.brand_id, kind="merge", words="合并客户", subject_id="+".join(ids)
        ).id
    page = agent.get(f"/console/desk/{task}").get_data(as_text=True)
    assert all(f'"/console/customers/{id_}"' in page for id_ in ids)
