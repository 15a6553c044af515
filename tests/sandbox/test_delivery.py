"""Pushes reach the callback in every mode, are repeated word for word, and what comes back is checked before it is shown."""

import time
from itertools import count

import pytest

from sandbox.app import Platform
from sandbox.people import OUT_OF_ORDER, Person
from tests.sandbox.callback import APP_ID, Callback, Seen, echo, text_reply


def outcomes(wechat: Platform, person: Person) -> list[str]:
    return [attempt.outcome for attempt in wechat.send(person.openid, "text", content="hi").attempts]


def lines(wechat: Platform, person: Person) -> list[str]:
    return [bubble["content"]["content"] for bubble in wechat.screen(person.openid)]


@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_a_text_goes_there_and_its_reply_is_on_the_screen(
    wechat: Platform, callback: Callback, person: Person, mode: str
) -> None:
    wechat.configure(APP_ID, mode=mode)
    callback.respond = echo
    wechat.send(person.openid, "text", content="空调 ]]> <b> 😀\x07不冷")
    assert lines(wechat, person) == ["空调 ]]> <b> 😀\x07不冷", "你说：空调 ]]> <b> 😀不冷"]
    seen = callback.seen[0]
    assert seen.query["openid"] == person.openid
    assert ("msg_signature" in seen.query) == (mode != "plain")
    assert ("<Content>" in seen.raw) == (mode != "safe")
    assert ("<Encrypt>" in seen.raw) == (mode != "plain")


def test_success_and_an_empty_body_show_nothing(wechat: Platform, callback: Callback, person: Person) -> None:
    assert outcomes(wechat, person) == ["nothing"]
    callback.respond = lambda seen: ("", 200)
    assert outcomes(wechat, person) == ["nothing"]
    assert lines(wechat, person) == ["hi", "hi"]


def test_a_timeout_is_repeated_with_the_same_message_and_a_late_answer_still_counts(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    calls = count(1)

    def slow_twice(seen: Seen) -> tuple[str, int]:
        call = next(calls)
        if call == 2:
            wechat.faults.set({"callback_timeout": 20})  # of the third: it is answered, however busy the machine
        if call < 3:
            time.sleep(0.7)
        return echo(seen)

    callback.respond = slow_twice
    wechat.faults.set({"callback_timeout": 0.5})
    assert outcomes(wechat, person) == ["timeout", "timeout", "reply"]
    assert len({(seen.fields["MsgId"], seen.fields["CreateTime"]) for seen in callback.seen}) == 1
    assert len({seen.query["nonce"] for seen in callback.seen}) == 3
    assert lines(wechat, person) == ["hi", "你说：hi"]


def test_errors_are_repeated_soon_and_then_the_phone_says_out_of_order(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    callback.respond = lambda seen: ("oops", 500)
    started = time.perf_counter()
    assert outcomes(wechat, person) == ["http", "http", "http"]
    assert time.perf_counter() - started < 14  # three deliveries that wait for their five seconds take fifteen
    assert lines(wechat, person) == ["hi", OUT_OF_ORDER]


def test_nobody_listening_is_out_of_order_too(wechat: Platform, person: Person) -> None:
    wechat.configure(APP_ID, callback="http://127.0.0.1:9/wx")
    assert outcomes(wechat, person) == ["refused"] * 3
    assert lines(wechat, person)[-1] == OUT_OF_ORDER


def swap(seen: Seen) -> str:
    return text_reply(seen, "x").replace("FromUserName", "Other").replace("ToUserName", "FromUserName")


BAD_REPLIES = {
    "html": lambda seen: "<html>oops",
    "json": lambda seen: '{"errcode":0}',
    "addresses not swapped": swap,
    "empty content": lambda seen: text_reply(seen, ""),
    "2049 bytes": lambda seen: text_reply(seen, "x" * 2049),
    "unknown type": lambda seen: text_reply(seen, "x").replace("[text]", "[hologram]"),
    "no time": lambda seen: text_reply(seen, "x").replace("<CreateTime>1", "<CreateTime>x"),
    "entities": lambda seen: '<!DOCTYPE x [<!ENTITY a "b">]>' + text_reply(seen, "x"),
}


@pytest.mark.parametrize("name", BAD_REPLIES)
def test_a_malformed_reply_is_out_of_order_at_once(
    wechat: Platform, callback: Callback, person: Person, name: str
) -> None:
    wechat.configure(APP_ID, mode="plain")
    callback.respond = lambda seen: (BAD_REPLIES[name](seen), 200)
    assert outcomes(wechat, person) == ["malformed"]
    assert lines(wechat, person)[-1] == OUT_OF_ORDER


def test_2048_bytes_still_fit(wechat: Platform, callback: Callback, person: Person) -> None:
    callback.respond = lambda seen: (text_reply(seen, "修" * 682 + "xx"), 200)
    assert outcomes(wechat, person) == ["reply"]


def test_safe_mode_wants_the_reply_encrypted(wechat: Platform, callback: Callback, person: Person) -> None:
    callback.respond = echo
    callback.encrypt = False
    assert outcomes(wechat, person) == ["malformed"]


def test_only_one_article_answers_a_message_but_eight_an_event(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    items = "".join(f"<item><Title>{number}</Title><Url>http://x</Url></item>" for number in range(9))
    news = f"<ArticleCount>9</ArticleCount><Articles>{items}</Articles>"
    text = "<Content><![CDATA[x]]></Content>"
    callback.respond = lambda seen: (text_reply(seen, "x").replace(text, news).replace("[text]", "[news]"), 200)
    wechat.send(person.openid, "text", content="hi")
    wechat.send(person.openid, "click", key="menu")
    shown = [bubble["content"] for bubble in wechat.screen(person.openid) if bubble["kind"] == "news"]
    assert [len(content["articles"]) for content in shown] == [1, 8]


def test_a_failing_event_nobody_asked_for_disturbs_nobody(wechat: Platform, callback: Callback, person: Person) -> None:
    callback.respond = lambda seen: ("", 500)
    delivery = wechat.send(person.openid, "view", url="https://example.com")
    assert delivery.failed
    assert lines(wechat, person) == []
