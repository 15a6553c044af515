"""The staff see what was told, by which channel and why not, and set which templates say what; a wrong one is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.kit.unit_of_work import Runtime
from domain.notices.channels import Purpose
from domain.notices.model import MessageState, MessageTemplate, OutgoingMessage
from domain.notices.subscriptions import note_choices
from domain.notices.subscriptions_model import Move, SubscriptionTemplate
from domain.notices.templates import put_subscription_template
from domain.work_orders.events import WorkOrderMoved
from domain.work_orders.operations import move_order
from tests.console.conftest import Browser
from tests.domain.notices.booking import OPENID, STAFF, put_order, react

PAGE = "/console/notices/templates"


@pytest.fixture
def order_id(runtime: Runtime) -> str:
    """A cancelled order whose chat was closed, so that the template was tried."""
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        move_order(uow, order.id, "cancel", by=STAFF, why="重复")
        react(uow, WorkOrderMoved)
        message = uow.session.scalars(select(OutgoingMessage)).one()
        message.tried = [{"channel": "chat", "at": "", "error": "45015 超过可以回复的时间"}]
        message.channel, message.state, message.sent_at = "template", MessageState.SENT, uow.now
        return order.id


def test_the_order_s_page_asks_for_its_notices(agent: Browser, order_id: str) -> None:
    assert f'hx-get="/console/orders/{order_id}/notices"' in agent.get(f"/console/orders/{order_id}").get_data(
        as_text=True
    )
    text = agent.get(f"/console/orders/{order_id}/notices").get_data(as_text=True)
    for word in ("工单取消", "客户", "微信模板消息", "已发出", "微信会话没有送到：45015 超过可以回复的时间"):
        assert word in text
    assert "13800138000" not in text


def test_the_customer_s_page_has_those_of_all_orders(agent: Browser, order_id: str) -> None:
    text = agent.get("/console/customers/cu_1/notices").get_data(as_text=True)
    assert f'href="/console/orders/{order_id}"' in text
    assert agent.get("/console/customers/nobody/notices").status_code == 404


def test_a_night_s_notice_and_a_repeat_say_so(agent: Browser, runtime: Runtime, order_id: str) -> None:
    with runtime.transaction() as uow:
        message = uow.session.scalars(select(OutgoingMessage)).one()
        message.state, message.sent_at, message.resent = MessageState.WAITING, None, True
        message.held_until = uow.now.replace(day=uow.now.day + 1)
    text = agent.get(f"/console/orders/{order_id}/notices").get_data(as_text=True)
    assert "早上 8 点后发" in text
    assert "可能收到两条" in text


def account(runtime: Runtime) -> str:
    with runtime.transaction() as uow:
        return str(uow.session.scalars(select(OutgoingMessage.account_id)).one())


def form(runtime: Runtime, **fields: str) -> dict[str, str]:
    whole = {
        "account_id": account(runtime),
        "purpose": "question",
        "template_id": "tmpl-1",
        "fields": "thing1=tip\ntime2=time",
    }
    return whole | fields


def test_a_template_is_set_changed_and_taken_away(administrator: Browser, runtime: Runtime, order_id: str) -> None:
    assert "改约询问" in administrator.get(PAGE).get_data(as_text=True)
    assert administrator.post(PAGE, form(runtime)).status_code == 303
    with runtime.transaction() as uow:
        kept = uow.session.scalars(select(MessageTemplate)).one()
        assert (kept.purpose, kept.template_id, kept.fields) == (
            "question",
            "tmpl-1",
            {"thing1": "tip", "time2": "time"},
        )
    assert "thing1=tip" in administrator.get(PAGE).get_data(as_text=True)
    administrator.post(PAGE, form(runtime, template_id="", fields=""))
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(MessageTemplate)).all() == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("", "请写明模板的字段"),
        ("thing1", "应当写成 字段=内容"),
        ("Thing=tip", "不是字段名"),
        ("thing1=weather", "没有“weather”这个内容"),
        ("time1=tip", "time1 放不下"),
        ("character_string1=service", "放不下"),
    ],
)
def test_fields_that_would_be_refused_by_the_platform_are_refused_here(
    administrator: Browser, runtime: Runtime, order_id: str, fields: str, words: str
) -> None:
    administrator.get(PAGE)
    text = administrator.post(PAGE, form(runtime, fields=fields)).get_data(as_text=True)
    assert words in text
    assert "tmpl-1" in text, "what was typed is still there"
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(MessageTemplate)).all() == []


def test_agents_do_not_set_templates(agent: Browser, order_id: str) -> None:
    assert agent.get(PAGE).status_code == 403


def test_a_subscription_template_is_kept_beside_the_other_kind(
    administrator: Browser, runtime: Runtime, order_id: str
) -> None:
    administrator.get(PAGE)
    assert administrator.post(PAGE, form(runtime)).status_code == 303
    assert administrator.post(PAGE, form(runtime, kind="subscription", template_id="sub-1")).status_code == 303
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(MessageTemplate.template_id)).all() == ["tmpl-1"]
        assert uow.session.scalars(select(SubscriptionTemplate.template_id)).all() == ["sub-1"]
    page = administrator.get(PAGE).get_data(as_text=True)
    assert "sub-1" in page
    assert "订阅消息" in page
    text = administrator.post(PAGE, form(runtime, kind="subscription", page="https://x.com")).get_data(as_text=True)
    assert "页面应当像" in text


def test_the_customer_s_page_has_what_they_agreed_to_and_not_who_they_are(
    agent: Browser, runtime: Runtime, order_id: str
) -> None:
    account_id = account(runtime)
    with runtime.transaction() as uow:
        put_subscription_template(uow, account_id, Purpose.PROGRESS, "t1", {"thing1": "tip"}, "", by=STAFF)
        for key, said in (("1", Move.ACCEPT), ("2", Move.ACCEPT), ("3", Move.REJECT)):
            note_choices(uow, account_id, OPENID, [("t1", said)], source="popup", key=key, at=uow.now)
    text = agent.get("/console/customers/cu_1/notices").get_data(as_text=True)
    for words in ("订阅消息", "工单进度", "2 条", "不接收", "…rson"):
        assert words in text
    assert OPENID not in text
