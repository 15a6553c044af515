"""The agents' inbox: one taker for each customer, the bot silent meanwhile, quota, notes, passing on, giving back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot import engine
from bot.heard import Heard, HeardKind
from console.chat_refs import Chat, ref_of
from domain.access.model import TrailEntry
from domain.customers.operations import customer_of, learn
from domain.desk.events import AgentTyping
from domain.desk.model import DeskTask
from domain.desk.operations import open_chat
from domain.kit.inbox import Received
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.work_orders.model import WorkOrder
from tests.brand import Brand
from tests.console.conftest import ADDRESS, PHONE, Browser
from tests.runtime import Clock

Says = Callable[..., str]


@pytest.fixture
def says(runtime: Runtime, brand: Brand, clock: Clock) -> Says:
    """``says("人工")`` is a customer writing to the account; what was answered comes back."""
    number = iter(range(1, 1000))

    def said(text: str, openid: str = "o-customer-1") -> str:
        clock.advance(seconds=1)
        with runtime.transaction() as uow:
            conversation, contact = engine.listen(uow, brand.voice.account_id, openid)
            heard = Heard(openid, HeardKind.TEXT, text)
            spoken = engine.take_turn(uow, brand.voice, conversation, contact, heard)
            uow.session.add(
                Received(
                    account_id=brand.voice.account_id, key=str(next(number)), sent_on=uow.today, sender=openid,
                    received_at=uow.now, trigger="message", state="answered", answer=spoken.first,
                    content={"raw": "", "said": heard.to_json()},
                )
            )  # fmt: skip
        return spoken.first

    return said


@pytest.fixture
def waiting(says: Says, runtime: Runtime, brand: Brand) -> str:
    """A customer asked for a person; the task's id."""
    says("空调不制冷了")
    says("人工")
    with runtime.transaction() as uow:
        task = open_chat(uow, brand.voice.account_id, "o-customer-1")
        assert task
        return task.id


def ref(runtime: Runtime, brand: Brand, openid: str = "o-customer-1") -> str:
    with runtime.transaction() as uow:
        return ref_of(uow, Chat(brand.voice.account_id, openid))


def told(runtime: Runtime) -> list[str]:
    with runtime.transaction() as uow:
        sent = select(OutgoingMessage.text).where(OutgoingMessage.why == "agent").order_by(OutgoingMessage.seq)
        return list(uow.session.scalars(sent))


def text_of(browser: Browser, path: str) -> str:
    return browser.get(f"/console/inbox{path}").get_data(as_text=True)


def test_who_waits_longest_is_first_with_brand_and_last_words(
    agent: Browser, says: Says, waiting: str, clock: Clock
) -> None:
    clock.advance(minutes=4)
    says("人工", "o-customer-2")
    says(f"在吗，我的电话 {PHONE}", "o-customer-2")
    page = text_of(agent, "")
    assert "已等 4 分钟" in page
    assert "岚禾" in page
    assert "在吗，我的电话 138******78" in page
    assert page.index("已等 4 分钟") < page.index("在吗")


def test_the_second_agent_is_told_who_was_first(agent: Browser, administrator: Browser, waiting: str) -> None:
    assert agent.post(f"/console/inbox/{waiting}/take").status_code == 303
    refused = administrator.post(f"/console/inbox/{waiting}/take", htmx=True)
    assert refused.status_code == 409
    assert "Anna 11:30 已先接手" in refused.get_data(as_text=True)
    assert "已接手" in text_of(administrator, f"/{waiting}")
    assert "data-composer" not in text_of(administrator, f"/{waiting}")


def test_an_agent_and_a_customer_talk_while_the_bot_is_silent(
    agent: Browser, runtime: Runtime, says: Says, waiting: str, staff: dict[str, str]
) -> None:
    agent.post(f"/console/inbox/{waiting}/take")
    assert "还允许发 <b>5</b> 条" in text_of(agent, f"/{waiting}")
    answered = agent.post(f"/console/inbox/{waiting}/replies", {"words": "您好，请问型号？"}, htmx=True)
    assert "您好，请问型号？" in answered.get_data(as_text=True)
    assert "还允许发 <b>4</b> 条" in answered.get_data(as_text=True)
    assert says("KFR-35GW/N8A1") == ""
    assert "KFR-35GW/N8A1" in text_of(agent, f"/{waiting}/now?state=mine")
    with runtime.transaction() as uow:
        message = uow.session.scalars(select(OutgoingMessage).filter_by(why="agent")).one()
        assert (message.author, message.subject_id) == (f"staff:{staff['anna']}", waiting)


def test_only_ones_own_customer_is_written_to(
    agent: Browser, administrator: Browser, runtime: Runtime, waiting: str
) -> None:
    for taken_by_another in (False, True):
        if taken_by_another:
            administrator.post(f"/console/inbox/{waiting}/take")
        assert agent.post(f"/console/inbox/{waiting}/replies", {"words": "在吗"}, htmx=True).status_code == 409
        assert agent.post(f"/console/inbox/{waiting}/drop", htmx=True).status_code == 409
    assert agent.post(f"/console/inbox/{waiting}/give-back", htmx=True).status_code == 409
    assert told(runtime) == []


def test_a_closed_window_says_why(agent: Browser, runtime: Runtime, clock: Clock, waiting: str) -> None:
    clock.advance(hours=49)
    agent.sign_in("anna")
    agent.post(f"/console/inbox/{waiting}/take")
    assert "48 小时" in text_of(agent, f"/{waiting}")
    assert agent.post(f"/console/inbox/{waiting}/replies", {"words": "在吗"}, htmx=True).status_code == 409
    assert told(runtime) == []


def test_a_chat_is_taken_from_the_bot_in_the_middle_of_a_flow(
    agent: Browser, runtime: Runtime, brand: Brand, says: Says
) -> None:
    says("空调不制冷了，佛山顺德容桂街道卫红路18号3栋502")
    assert agent.post(f"/console/inbox/{ref(runtime, brand)}/take").status_code == 303
    with runtime.transaction() as uow:
        task = open_chat(uow, brand.voice.account_id, "o-customer-1")
        assert task
        assert "报修进行中" in task.words
        assert "卫红路" in task.words
    assert says("13812345678") == ""
    assert "由机器人接待" not in text_of(agent, f"/{task.id}")


def test_giving_back_says_goodbye_and_the_bot_answers_again(
    agent: Browser, runtime: Runtime, says: Says, waiting: str
) -> None:
    agent.post(f"/console/inbox/{waiting}/take")
    agent.post(f"/console/inbox/{waiting}/give-back", {"tell": "1"})
    assert "人工服务已结束" in told(runtime)[0]
    assert says("报修") != ""
    with runtime.transaction() as uow:
        assert uow.session.get_one(DeskTask, waiting).status == "done"


def test_a_colleague_gets_the_chat_with_a_note(
    agent: Browser, administrator: Browser, staff: dict[str, str], waiting: str, runtime: Runtime
) -> None:
    agent.post(f"/console/inbox/{waiting}/take")
    agent.post(f"/console/inbox/{waiting}/pass-on", {"to": staff["boss"], "why": "要退款，您来"})
    page = text_of(administrator, f"/{waiting}")
    assert "data-composer" in page
    assert "转交给 Boss：要退款，您来" in page
    assert agent.post(f"/console/inbox/{waiting}/pass-on", {"to": staff["boss"]}, htmx=True).status_code == 409
    assert administrator.post(f"/console/inbox/{waiting}/pass-on", {"to": "st_none"}, htmx=True).status_code == 409
    assert told(runtime) == [], "the customer hears nothing of it"


def test_a_note_is_for_colleagues_only(
    agent: Browser, administrator: Browser, runtime: Runtime, brand: Brand, says: Says
) -> None:
    says("你好")
    agent.post(f"/console/inbox/{ref(runtime, brand)}/notes", {"words": "上周也来过，脾气急"})
    assert "上周也来过，脾气急" in text_of(administrator, f"/{ref(runtime, brand)}")
    assert told(runtime) == []


def test_everybody_who_came_of_late_is_listed_a_page_at_a_time(agent: Browser, says: Says, clock: Clock) -> None:
    for number in range(40):
        clock.advance(minutes=3)
        says(f"你好，我是{number}号", f"o-{number}")
    first = text_of(agent, "?show=recent")
    assert first.index("我是39号") < first.index("我是10号")
    assert "我是9号" not in first
    more = first.split('hx-get="/console/inbox/list?show=recent&amp;before=')[1].split('"')[0]
    rest = text_of(agent, f"/list?show=recent&before={more}")
    assert rest.index("我是9号") < rest.index("我是0号")
    assert "我是10号" not in rest


def test_plain_words_are_shown_for_a_shift_to_who_asked_on_record(
    agent: Browser, administrator: Browser, runtime: Runtime, says: Says, waiting: str, clock: Clock
) -> None:
    says(f"电话 {PHONE}")
    assert PHONE not in text_of(agent, f"/{waiting}")
    agent.post(f"/console/inbox/{waiting}/plain")
    assert PHONE in text_of(agent, f"/{waiting}/now")
    assert PHONE not in text_of(administrator, f"/{waiting}/now")
    with runtime.transaction() as uow:
        line = uow.session.scalars(select(TrailEntry).filter_by(action="personal.reveal")).one()
        assert "o-customer" not in line.subject_id
    clock.advance(hours=7)
    agent.get("/console/orders")
    clock.advance(hours=2)
    assert PHONE not in text_of(agent, f"/{waiting}/now")


def test_the_page_is_drawn_anew_when_the_chat_changes_hands(agent: Browser, waiting: str) -> None:
    agent.post(f"/console/inbox/{waiting}/take")
    answer = agent.client.get(f"/console/inbox/{waiting}/now?state=waiting", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/console/inbox/{waiting}"


def test_writing_is_told_for_the_customers_phone_only_by_who_has_the_chat(
    agent: Browser, administrator: Browser, runtime: Runtime, waiting: str
) -> None:
    agent.post(f"/console/inbox/{waiting}/take")
    for browser in (administrator, agent):
        assert browser.post(f"/console/inbox/{waiting}/typing", htmx=True).status_code == 200
    with runtime.transaction() as uow:
        rows = uow.session.scalars(select(OutboxRow).filter_by(kind=AgentTyping.__name__)).all()
        assert [row.body["task_id"] for row in rows] == [waiting]


def test_an_order_opened_out_of_a_chat_belongs_to_who_chats(
    agent: Browser, runtime: Runtime, brand: Brand, says: Says, waiting: str
) -> None:
    with runtime.transaction() as uow:
        _, contact = engine.listen(uow, brand.voice.account_id, "o-customer-1")
        customer = customer_of(uow, contact, brand.voice.brand_id)
        learn(uow, customer, name="王小明", phone=PHONE, address=ADDRESS)
    page = agent.get(f"/console/orders/new?chat={waiting}").get_data(as_text=True)
    assert f'value="{PHONE}"' in page
    assert "人工" in page
    opened = agent.post(
        "/console/orders/new",
        {
            "chat": waiting, "phone": "13900000001", "service_type": "repair", "category_code": "air_conditioner",
            "words": "不制冷", "address": "佛山顺德容桂街道卫红路18号3栋502", "address_confirmed": "1",
        },
    )  # fmt: skip
    assert opened.status_code == 303, opened.get_data(as_text=True)
    with runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder)).one()
        assert (order.openid, order.customer_id) == ("o-customer-1", customer.id)
    assert "未完成的工单" in text_of(agent, f"/{waiting}")


def test_a_reference_somebody_made_up_names_nothing(agent: Browser, waiting: str) -> None:
    for made_up in ("dt_none", "AAAA", "x" * 90, "not-base64!"):
        assert agent.get(f"/console/inbox/{made_up}").status_code == 404


def test_an_address_names_no_person(agent: Browser, runtime: Runtime, brand: Brand, says: Says) -> None:
    says("你好")
    assert "o-customer" not in text_of(agent, "?show=recent")
