"""The door WeChat knocks on: who gets in, who is turned away and with what, and that every push is understood."""

from __future__ import annotations

from datetime import date

import pytest
import xmltodict
from redis import Redis
from sqlalchemy import select
from wechatpy.crypto import WeChatCrypto

from domain.customers.model import Contact
from domain.kit.inbox import ReceivedState
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.organizations import operations as organizations
from tests.brand import AES_KEY, APP_ID, TOKEN, brand_in
from tests.runtime import Clock
from tests.webhooks.pushing import PATH, SENT_AT, Platform, app_on, received, signature, xml

MODES = ["plain", "compat", "safe"]


@pytest.fixture
def mode() -> str:
    return "safe"


@pytest.fixture
def platform(runtime: Runtime, valkey: Redis, mode: str) -> Platform:
    brand_in(runtime, mode=mode)
    return Platform(app_on(runtime, valkey).test_client(), mode=mode)


def turned_away(platform: Platform, runtime: Runtime, body: str, status: int, **changed: str) -> None:
    response = platform.push(body, **changed)
    assert (response.status_code, response.data) == (status, b"")
    assert received(runtime) == []


# The URL check


def greet(platform: Platform, path: str = PATH, **changed: str) -> tuple[int, bytes]:
    given = {"signature": signature(TOKEN, "1", "2"), "timestamp": "1", "nonce": "2", "echostr": "e<c>ho", **changed}
    response = platform.client.get(path, query_string={name: value for name, value in given.items() if value})
    return response.status_code, response.data


def test_the_url_check_gets_its_word_back(platform: Platform) -> None:
    assert greet(platform) == (200, b"e<c>ho")
    assert greet(platform, f"{PATH}/{APP_ID}") == (200, b"e<c>ho")


def test_the_url_check_is_refused_with_an_empty_body(platform: Platform) -> None:
    assert greet(platform, signature="0" * 40) == (403, b"")
    assert greet(platform, nonce="3") == (403, b"")
    assert greet(platform, signature="名") == (403, b"")
    assert greet(platform, f"{PATH}/wx_nobody") == (403, b"")
    for name in ("signature", "timestamp", "nonce"):
        assert greet(platform, **{name: ""}) == (400, b"")


# Getting in


@pytest.mark.parametrize("mode", MODES)
def test_a_message_is_answered_in_every_mode(platform: Platform, runtime: Runtime) -> None:
    assert platform.say("报修").startswith("请问是哪台家电出了问题")
    [row] = received(runtime)
    assert (row.sender, row.sent_on, row.state) == ("oWang", date(2026, 5, 12), ReceivedState.ANSWERED)
    assert row.content["said"]["text"] == "报修"
    assert "<Content>报修</Content>" in row.content["raw"]


@pytest.mark.parametrize("mode", ["plain", "compat"])
def test_a_plain_push_gets_in_by_its_signature(platform: Platform) -> None:
    platform.mode = "plain"
    assert "报修" in platform.say("你好")


def test_the_answer_goes_to_the_sender_sealed_for_the_account(platform: Platform) -> None:
    response = platform.push(platform.message("报修", sender="oLi"))
    assert "请问" not in response.get_data(as_text=True)
    envelope = xmltodict.parse(response.data)["xml"]
    assert envelope["MsgSignature"] == signature(TOKEN, envelope["TimeStamp"], envelope["Nonce"], envelope["Encrypt"])
    opened = WeChatCrypto(TOKEN, AES_KEY, APP_ID).decrypt_message(
        response.data, envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"]
    )
    reply = xmltodict.parse(opened)["xml"]
    assert (reply["ToUserName"], reply["FromUserName"], int(reply["CreateTime"])) == ("oLi", "gh_brand", SENT_AT)


# Being turned away, with an empty body, and nothing written down


def test_wrong_signatures_are_403(platform: Platform, runtime: Runtime) -> None:
    turned_away(platform, runtime, platform.message("报修"), 403, msg_signature="0" * 40)
    turned_away(platform, runtime, platform.message("报修"), 403, nonce="4712")
    turned_away(platform, runtime, platform.message("报修"), 403, timestamp="1")
    platform.token = "another"
    turned_away(platform, runtime, platform.message("报修"), 403)


@pytest.mark.parametrize("mode", ["plain"])
def test_a_wrong_plain_signature_is_403(platform: Platform, runtime: Runtime) -> None:
    turned_away(platform, runtime, platform.message("报修"), 403, signature="0" * 40)
    turned_away(platform, runtime, platform.message("报修"), 403, nonce="4712")


def test_a_push_sealed_for_another_app_id_is_403(platform: Platform, runtime: Runtime) -> None:
    platform.app_id = "wx9999999999999999"
    turned_away(platform, runtime, platform.message("报修"), 403)


def test_a_push_sealed_with_another_key_is_403(platform: Platform, runtime: Runtime) -> None:
    platform.aes_key = "B" * 43
    turned_away(platform, runtime, platform.message("报修"), 403)


def test_signed_nonsense_is_403(platform: Platform, runtime: Runtime) -> None:
    for sealed in ("nonsense", "bm9uc2Vuc2U=", "名"):
        given = {"timestamp": "1", "nonce": "2", "encrypt_type": "aes"}
        given["msg_signature"] = signature(TOKEN, "1", "2", sealed)
        response = platform.deliver(xml(Encrypt=sealed), given)
        assert (response.status_code, response.data) == (403, b"")


def test_safe_mode_takes_no_plain_push(platform: Platform, runtime: Runtime) -> None:
    platform.mode = "plain"
    turned_away(platform, runtime, platform.message("报修"), 403)


def test_an_unknown_account_is_403(platform: Platform, runtime: Runtime) -> None:
    platform.path = f"{PATH}/wx_nobody"
    turned_away(platform, runtime, platform.message("报修"), 403)


@pytest.mark.parametrize("name", ["timestamp", "nonce", "msg_signature"])
def test_missing_parameters_are_400(platform: Platform, runtime: Runtime, name: str) -> None:
    turned_away(platform, runtime, platform.message("报修"), 400, **{name: ""})


BAD_XML = {
    "nothing": "",
    "no XML": "hello",
    "JSON": '{"xml": {"Encrypt": "a"}}',
    "another root": "<html><Encrypt>a</Encrypt></html>",
    "no fields": "<xml></xml>",
    "an entity": '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt><MsgType>&a;</MsgType></xml>',
    "a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
}


@pytest.mark.parametrize("body", BAD_XML.values(), ids=BAD_XML.keys())
@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_what_is_no_push_is_400(platform: Platform, runtime: Runtime, mode: str, body: str) -> None:
    given = {"signature": signature(TOKEN, "1", "2"), "timestamp": "1", "nonce": "2"}
    sealed = {"encrypt_type": "aes", "msg_signature": "0" * 40} if mode == "safe" else {}
    response = platform.deliver(body, given | sealed)
    assert (response.status_code, response.data) == (400, b"")
    assert received(runtime) == []


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_over_64_kb_is_413(platform: Platform, runtime: Runtime) -> None:
    turned_away(platform, runtime, platform.message("啊" * 22_000), 413)


# Several accounts


def test_accounts_are_kept_apart(platform: Platform, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        other = organizations.put_brand(
            uow, code="QS", name="青杉", hotline="400-111-1111", desk_hours="9:00–18:00", privacy_version="1",
            privacy_url="https://example.com/p",
        )  # fmt: skip
        organizations.put_account(
            uow, brand_id=other.id, kind="official_account", app_id="wx_other", name="青杉服务", mode="safe",
            token="other", aes_key="C" * 43, secret="s",
        )  # fmt: skip
    second = Platform(
        platform.client, app_id="wx_other", token="other", aes_key="C" * 43, path=f"{PATH}/wx_other", ids=iter([1, 2])
    )
    platform.ids = iter([1, 2])
    assert "岚禾" in platform.read(platform.push(platform.event("subscribe")))
    assert "青杉" in second.read(second.push(second.event("subscribe")))
    assert platform.say("报修").startswith("请问是哪台家电")
    assert "您可以说" in second.say("你好"), "the same message id and person, but not the same talk"
    assert len(received(runtime)) == 4
    platform.path = second.path
    assert platform.push(platform.message("你好")).status_code == 403, "one account's keys do not open another's door"


# Everything the platform may send is answered


def contact(runtime: Runtime, openid: str = "oWang") -> Contact:
    with runtime.transaction() as uow:
        return uow.session.scalars(select(Contact).filter_by(openid=openid)).one()


KINDS: dict[str, tuple[dict[str, str], str]] = {
    "image": ({"PicUrl": "http://x/1.jpg", "MediaId": "m1"}, "照片收到了"),
    "voice": ({"MediaId": "m1", "Format": "amr", "Recognition": "冰箱不制冷"}, "隐私说明"),
    "video": ({"MediaId": "m1"}, "视频收到了"),
    "shortvideo": ({"MediaId": "m1"}, "视频收到了"),
    "link": ({"Title": "空调坏了", "Url": "http://x"}, "不会打开链接"),
    "miniprogrampage": ({"Title": "t", "PagePath": "p"}, "小程序卡片收到了"),
    "file": ({"Title": "a.pdf"}, "目前能处理文字、语音、照片和定位"),
    "location": ({"Location_X": "22.7", "Location_Y": "113.3", "Label": "佛山市顺德区容桂街道卫红路18号"}, "请问需要什么服务"),
    "hologram": ({}, "目前能处理文字、语音、照片和定位"),
    "": ({}, "目前能处理文字、语音、照片和定位"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_gets_a_sensible_answer(platform: Platform, runtime: Runtime, kind: str) -> None:
    fields, words = KINDS[kind]
    assert words in platform.read(platform.push(platform.message(kind=kind, **fields)))
    [row] = received(runtime)
    assert (row.trigger, row.state) == ("message", ReceivedState.ANSWERED)


def test_voice_without_recognition_is_asked_for_again(platform: Platform) -> None:
    push = platform.message(kind="voice", MediaId="m1", Recognition="")
    assert "这段语音没有听清" in platform.read(platform.push(push))


@pytest.mark.parametrize(
    "name", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "kf_create_session", "something_new", ""]
)
def test_events_nobody_waits_for_are_written_down_and_silent(platform: Platform, runtime: Runtime, name: str) -> None:
    assert platform.push(platform.event(name, EventKey="x")).data == b"success"
    [row] = received(runtime)
    assert (row.trigger, row.state, row.answer) == ("nothing", ReceivedState.ANSWERED, "")


@pytest.mark.parametrize("status", ["failed:user block", "failed: system failed"])
def test_a_template_that_was_not_delivered_is_noted_once_and_touches_no_talk(
    platform: Platform, runtime: Runtime, status: str
) -> None:
    push = platform.event("TEMPLATESENDJOBFINISH", MsgID="7001", Status=status)
    assert [platform.push(push).data for _ in range(3)] == [b"success"] * 3
    with runtime.transaction() as uow:
        [event] = uow.session.scalars(select(OutboxRow))
        assert list(uow.session.scalars(select(Contact))) == []
    assert event.kind == "TemplateFailed"
    told = {name: event.body[name] for name in ("openid", "platform_id", "status")}
    assert told == {"openid": "oWang", "platform_id": "7001", "status": status}
    [row] = received(runtime)
    assert (row.trigger, row.state, row.answer) == ("nothing", ReceivedState.ANSWERED, "")


def test_a_template_that_was_delivered_is_nothing_to_act_on(platform: Platform, runtime: Runtime) -> None:
    platform.push(platform.event("TEMPLATESENDJOBFINISH", MsgID="7001", Status="success"))
    with runtime.transaction() as uow:
        assert list(uow.session.scalars(select(OutboxRow))) == []


def test_following_by_a_code_keeps_the_channel(platform: Platform, runtime: Runtime, clock: Clock) -> None:
    answer = platform.read(platform.push(platform.event("subscribe", EventKey="qrscene_shop-17", Ticket="t")))
    assert "您好，这里是岚禾售后服务" in answer
    assert (contact(runtime).scene, contact(runtime).followed_at) == ("shop-17", clock.at)


def test_a_scanned_code_of_our_own_starts_what_it_names(platform: Platform) -> None:
    assert "请发产品型号" in platform.read(platform.push(platform.event("SCAN", EventKey="product_registration")))


def test_a_menu_click_starts_what_it_names(platform: Platform) -> None:
    assert "请问是哪台家电" in platform.read(platform.push(platform.event("CLICK", EventKey="repair_request")))


def test_the_scanner_of_the_menu_is_read(platform: Platform) -> None:
    push = platform.event(
        "scancode_waitmsg",
        EventKey="scan",
        ScanCodeInfo={"ScanType": "barcode", "ScanResult": "CODE_128,KFR-35GW/N8A1"},
    )
    assert "您发的是 1.5匹变频空调（KFR-35GW/N8A1）" in platform.read(platform.push(push))


def test_unfollowing_ends_marketing_and_keeps_the_rest(platform: Platform, runtime: Runtime, clock: Clock) -> None:
    platform.push(platform.event("subscribe", EventKey="qrscene_shop-17"))
    platform.say("报修")
    clock.advance(minutes=1)
    assert platform.push(platform.event("unsubscribe", at=SENT_AT + 60)).data == b"success"
    gone = contact(runtime)
    assert gone.unfollowed_at == gone.marketing_stopped_at == clock.at
    assert (gone.followed_at, gone.scene) == (None, None)
    assert "您可以说" in platform.say("空气"), "what was begun is forgotten"


def test_a_revoked_authorization_is_obeyed_for_the_person_it_names(platform: Platform, runtime: Runtime) -> None:
    for words in ("空调不制冷", "佛山市顺德区容桂街道卫红路18号3栋502", "13800000000", "确认"):
        platform.say(words)
    assert contact(runtime).consent_version == "2026-01"
    push = platform.event(
        "user_authorization_revoke", sender="gh_platform", OpenID="oWang", AppID=APP_ID, RevokeInfo="301"
    )
    assert platform.push(push).data == b"success"
    assert (contact(runtime).consent_version, contact(runtime).consented_at) == (None, None)
    assert contact(runtime).revoked_at is not None
    assert received(runtime)[-1].sender == "oWang"


# Odd contents


ODD = "空调不制冷]]>漏水\x07\x00\ufffe😂<b>&x</b>，佛山市顺德区容桂街道卫红路18号3栋502，13800000000"


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_what_would_break_xml_is_answered_in_valid_xml(platform: Platform, runtime: Runtime) -> None:
    raw = platform.message("WORDS").replace("<Content>WORDS<", f"<Content><![CDATA[{ODD}]]><")
    words = platform.read(platform.push(raw))
    assert "故障：空调不制冷]]〉漏水" in words
    assert "😂〈b〉&x〈/b〉" in words
    assert "\x07" not in words
    [row] = received(runtime)
    assert row.sender == "oWang"


def test_two_thousand_characters_are_answered(platform: Platform) -> None:
    assert "您可以说" in platform.say("啊" * 2000)
    assert "请发上门地址" in platform.say("空调不制冷" + "啊" * 2000)


def test_nothing_but_emoji_or_nothing_at_all(platform: Platform) -> None:
    assert "您可以说" in platform.say("😂👨‍👩‍👧")
    assert "您可以说" in platform.say("")


def test_a_sealed_push_that_is_no_xml_is_written_down_once(platform: Platform, runtime: Runtime) -> None:
    for _ in range(2):
        assert platform.push("<xml>not closed").data == b"success"
    [row] = received(runtime)
    assert row.content["raw"] == "<xml>not closed"


@pytest.mark.parametrize("time", ["", "soon", "99999999999999999999", "-1"])
def test_an_odd_time_of_sending_is_no_reason_to_lose_a_message(platform: Platform, runtime: Runtime, time: str) -> None:
    push = xml(ToUserName="gh_brand", FromUserName="oWang", CreateTime=time, MsgType="text", Content="你好", MsgId=7)
    for _ in range(2):
        assert "您可以说" in platform.read(platform.push(push))
    assert len(received(runtime)) == 1


# Keys


def test_events_are_known_by_who_when_what_and_key(platform: Platform, runtime: Runtime) -> None:
    def click(sender: str = "oWang", at: int = SENT_AT, key: str = "repair_request", name: str = "CLICK") -> None:
        platform.read(platform.push(platform.event(name, sender=sender, at=at, EventKey=key)))

    click()
    click()
    assert len(received(runtime)) == 1
    click(sender="oLi")
    click(at=SENT_AT + 1)
    click(key="my_orders")
    click(name="VIEW")
    assert len(received(runtime)) == 5


def test_messages_are_known_by_their_id(platform: Platform, runtime: Runtime) -> None:
    platform.ids = iter([1, 1, 2])
    first = platform.say("报修")
    assert platform.say("别的话") == first, "the id is what counts, not the words"
    assert "冰箱" not in platform.say("空调")
    assert len(received(runtime)) == 2
