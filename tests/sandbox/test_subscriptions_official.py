"""An official account's subscription notices: popups of its pages, bizsend, templates of its own."""

from sandbox.app import Platform
from sandbox.people import Person
from tests.sandbox.api_client import ApiClient
from tests.sandbox.callback import Callback
from tests.sandbox.test_subscriptions import BIZSEND, SEND, VISIT


def test_a_notice_needs_a_popup_and_leads_to_a_page(
    wechat: Platform, api: ApiClient, callback: Callback, person: Person
) -> None:
    [visit] = [one for one in wechat.account().subscriptions.values() if one.title == "上门服务提醒"]
    body = {
        "touser": person.openid,
        "template_id": visit.template_id,
        "data": VISIT,
        "page": "http://127.0.0.1/c/orders",
    }
    assert api.post(BIZSEND, body)["errcode"] == 43101
    wechat.send(
        person.openid, "subscribe_popup",
        templates=[{"template_id": visit.template_id, "status": "accept", "scene": "1"}],
    )  # fmt: skip
    assert "<PopupScene><![CDATA[1]]></PopupScene>" in str(wechat.log.rows(direction="push")[-1]["request"])
    assert api.post(BIZSEND, body)["errcode"] == 0
    [card] = [bubble["content"] for bubble in wechat.screen(person.openid) if bubble["kind"] == "template"]
    assert card["url"] == "http://127.0.0.1/c/orders"
    assert api.post(SEND, body)["errcode"] == 48001
