"""What the platform tells of subscriptions reaches the ledger, one template or several, in either format, once (§3.4)."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select

from bot.conversation import Conversation
from domain.kit.inbox import Received
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.notices.subscriptions_model import SubscriptionCredit, SubscriptionMove
from tests.brand import brand_in
from tests.webhooks.pushing import Platform, app_on
from tests.webhooks.test_mini_program import FORMATS, Program, program, rows

__all__ = ["program"]

POPUP, CHANGE, SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"
TAGS = {POPUP: "SubscribeMsgPopupEvent", CHANGE: "SubscribeMsgChangeEvent", SENT: "SubscribeMsgSentEvent"}


def item(template: str, status: str = "accept") -> dict[str, str]:
    return {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"}


def told(format: str, event: str, *items: dict[str, str], tag: str = "") -> dict[str, Any]:
    """As the platform writes it: in JSON on top, an object for one; in XML nested, an element each."""
    listed: Any = list(items) if len(items) > 1 else items[0]
    return {"List": listed} if format == "json" else {tag or TAGS[event]: Repeated(items)}


class Repeated(dict[str, Any]):
    """Several elements of one name."""

    def __init__(self, items: tuple[dict[str, str], ...]) -> None:
        super().__init__()
        self.of = items

    def items(self) -> Any:
        return [("List", one) for one in self.of]


def credits(runtime: Runtime) -> dict[str, int]:
    return {row.template_id: row.credits for row in rows(runtime, SubscriptionCredit)}


@pytest.mark.parametrize("format", FORMATS)
def test_one_and_several_templates_count_alike(fresh_runtime: Runtime, program: Program, format: str) -> None:
    program.format = format
    one = program.event(POPUP, **told(format, POPUP, item("t1")))
    several = program.event(POPUP, **told(format, POPUP, item("t1"), item("t2"), item("t3", "reject")))
    for event in (one, several, one, several):
        assert program.push(event).data == b"success"
    assert credits(fresh_runtime) == {"t1": 2, "t2": 1, "t3": 0}
    assert rows(fresh_runtime, OutgoingMessage) == [], "nobody is told anything"
    assert rows(fresh_runtime, Conversation) == [], "and no talk begins"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("tag", ["", TAGS[POPUP]])
def test_switching_off_takes_all_also_under_the_tag_of_an_old_sample(
    fresh_runtime: Runtime, program: Program, format: str, tag: str
) -> None:
    program.format = format
    program.push(program.event(POPUP, **told(format, POPUP, item("t1"), item("t2"))))
    program.push(program.event(CHANGE, **told(format, CHANGE, item("t1", "reject"), tag=tag)))
    program.push(program.event(CHANGE, **told(format, CHANGE, item("t2", "accept"), tag=tag)))
    assert credits(fresh_runtime) == {"t1": 0, "t2": 1}


@pytest.mark.parametrize("format", FORMATS)
def test_only_failures_of_sent_ones_are_told_of(fresh_runtime: Runtime, program: Program, format: str) -> None:
    program.format = format
    good = {"TemplateId": "t1", "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"}
    bad = {"TemplateId": "t2", "MsgID": "2", "ErrorCode": "43999", "ErrorStatus": "system failed"}
    program.push(program.event(SENT, **told(format, SENT, good, bad)))
    [event] = [row for row in rows(fresh_runtime, OutboxRow) if row.kind == "TemplateFailed"]
    assert (event.body["platform_id"], event.body["template_id"]) == ("2", "t2")


@pytest.mark.parametrize(
    "inner",
    [{}, {"List": []}, {"List": "accept"}, {"List": [1, None]}, {"List": {"TemplateId": "", "SubscribeStatusString": "accept"}},
     {"List": {"TemplateId": "t1", "SubscribeStatusString": "perhaps"}}, {"List": {"TemplateId": {"a": "b"}}}],
)  # fmt: skip
def test_what_is_no_choice_changes_nothing(fresh_runtime: Runtime, program: Program, inner: dict[str, Any]) -> None:
    assert program.push(program.event(POPUP, **inner)).data == b"success"
    assert rows(fresh_runtime, SubscriptionMove) == []
    assert len(rows(fresh_runtime, Received)) == 1, "it is kept all the same"


def test_an_official_account_s_popup_counts_for_its_follower(fresh_runtime: Runtime, valkey: Redis) -> None:
    account_id = brand_in(fresh_runtime).voice.account_id
    platform = Platform(app_on(fresh_runtime, valkey).test_client())
    platform.push(platform.event(POPUP, **told("xml", POPUP, item("t1"))))
    with fresh_runtime.transaction() as uow:
        credit = uow.session.scalars(select(SubscriptionCredit)).one()
        assert (credit.account_id, credit.openid, credit.credits) == (account_id, "oWang", 1)
