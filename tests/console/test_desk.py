"""The desk: a task has one taker, replies go through the outbox while the platform allows them, transfers are decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.customers.calling import customer_of_caller
from domain.desk.model import DeskTask
from domain.desk.operations import ask_for_person, open_chat, put_task
from domain.kit.inbox import Received
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.products.model import Product, ProductTransfer
from domain.products.operations import ask_transfer, register_product
from tests.brand import Brand
from tests.console.conftest import BY, PHONE, Api, Browser
from tests.runtime import Clock

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


def test_a_waiting_customer_is_on_the_desk_with_the_chat_and_no_number(agent: Browser, chat_task: str) -> None:
    board = agent.get("/console/desk").get_data(as_text=True)
    assert chat_task in board
    assert '<span class="count">1</span>' in board
    page = agent.get(f"/console/desk/{chat_task}").get_data(as_text=True)
    assert "138******78" in page
    assert PHONE not in board + page


def test_a_reply_is_queued_for_the_customer_in_ones_own_name(
    agent: Browser, runtime: Runtime, staff: dict[str, str], chat_task: str
) -> None:
    agent.post(f"/console/desk/{chat_task}/moves", {"move": "claim"})
    assert agent.post(f"/console/desk/{chat_task}/replies", {"words": "您好，请问怎么了？"}).status_code == 303
    with runtime.transaction() as uow:
        message = uow.session.scalars(select(OutgoingMessage)).one()
        assert (message.recipient, message.why, message.author) == (OPENID, "agent", f"staff:{staff['anna']}")
    page = agent.get(f"/console/desk/{chat_task}").get_data(as_text=True)
    assert "您好，请问怎么了？" in page
    assert "还允许发" in page


def test_only_who_took_a_task_may_reply_or_finish_it(
    agent: Browser, administrator: Browser, runtime: Runtime, chat_task: str
) -> None:
    assert agent.post(f"/console/desk/{chat_task}/replies", {"words": "在吗"}, htmx=True).status_code == 409
    administrator.post(f"/console/desk/{chat_task}/moves", {"move": "claim"})
    for path, form in (("replies", {"words": "在吗"}), ("moves", {"move": "finish"}), ("moves", {"move": "claim"})):
        assert agent.post(f"/console/desk/{chat_task}/{path}", form, htmx=True).status_code == 409
    assert messages(runtime) == []


def test_nothing_is_sent_once_the_platforms_window_is_closed(
    agent: Browser, runtime: Runtime, clock: Clock, chat_task: str
) -> None:
    clock.advance(hours=49)
    agent.sign_in("anna")
    agent.post(f"/console/desk/{chat_task}/moves", {"move": "claim"})
    refused = agent.post(f"/console/desk/{chat_task}/replies", {"words": "在吗"}, htmx=True)
    assert refused.status_code == 409
    assert "48 小时" in refused.get_data(as_text=True)
    assert messages(runtime) == []


def test_finishing_gives_the_customer_back_to_the_bot_and_says_so(
    agent: Browser, runtime: Runtime, brand: Brand, chat_task: str
) -> None:
    agent.post(f"/console/desk/{chat_task}/moves", {"move": "claim"})
    agent.post(f"/console/desk/{chat_task}/moves", {"move": "finish", "tell": "1"})
    with runtime.transaction() as uow:
        assert open_chat(uow, brand.voice.account_id, OPENID) is None
    assert "人工服务已结束" in messages(runtime)[0]
    assert chat_task in agent.get("/console/desk?show=done").get_data(as_text=True)


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
