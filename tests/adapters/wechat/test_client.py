"""The platform's answers become what to do: once more, later, after midnight, never; and nothing secret is logged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from redis import Redis
from structlog.testing import capture_logs

from adapters.wechat.client import WeChat
from adapters.wechat.credentials import Credentials
from adapters.wechat.errors import CODES, Do, error_for, until_midnight
from domain.organizations.model import MINI_PROGRAM
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater, WindowClosed
from tests.adapters.wechat.scripted import Scripted, scripted
from tests.runtime import Clock

WHO = Credentials("wx5eed0000demo0001", "very-secret")
PERSON = "oPerson-0001"


@pytest.fixture
def platform() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


@pytest.fixture
def client(platform: Scripted, valkey: Redis, clock: Clock) -> WeChat:
    return WeChat(platform.url, lambda account_id: WHO, valkey, clock, timeouts=(0.3, 0.3))


def send(client: WeChat, text: str = "您好") -> None:
    client.send_text("ac_1", PERSON, text)


def test_a_text_goes_out_as_plain_utf8_with_the_token(platform: Scripted, client: WeChat) -> None:
    send(client, "您好 😀")
    [asked] = platform.calls
    assert asked.path == "/cgi-bin/message/custom/send"
    assert asked.token == "token-1"
    assert asked.body == '{"touser": "oPerson-0001", "msgtype": "text", "text": {"content": "您好 😀"}}'


def test_typing_and_menu_have_their_paths(platform: Scripted, client: WeChat) -> None:
    client.typing("ac_1", PERSON)
    client.create_menu("ac_1", [{"type": "click", "name": "报修", "key": "repair"}])
    assert [one.path for one in platform.calls] == ["/cgi-bin/message/custom/typing", "/cgi-bin/menu/create"]
    assert '"name": "报修"' in platform.calls[1].body


def test_each_kind_of_account_has_its_own_subscription_message(platform: Scripted, valkey: Redis, clock: Clock) -> None:
    who = {"oa": WHO, "mp": Credentials("wxba5fad812f8e6fb9", "very-secret", MINI_PROGRAM)}
    client = WeChat(platform.url, who.__getitem__, valkey, clock, timeouts=(0.3, 0.3))
    platform.answers = [{"errcode": 0, "msgid": 294402298110051942}, {"errcode": 0, "errmsg": "ok"}]
    args = (PERSON, "t", {"thing1": "空调维修"}, "https://x.com/c/answer/1", "pages/orders/index")
    assert (client.send_subscription("mp", *args), client.send_subscription("oa", *args)) == ("294402298110051942", "")
    program, official = platform.calls
    data = {"touser": PERSON, "template_id": "t", "data": {"thing1": {"value": "空调维修"}}}
    assert program.path == "/cgi-bin/message/subscribe/send"
    formal = {"page": "pages/orders/index", "miniprogram_state": "formal", "lang": "zh_CN"}
    assert json.loads(program.body) == data | formal
    assert official.path == "/cgi-bin/message/subscribe/bizsend"
    assert json.loads(official.body) == data | {"page": "https://x.com/c/answer/1"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (43101, WindowClosed), (43107, RetryLater), (43108, RetryLater), (47003, NeverAgain), (40037, NeverAgain),
        (41030, NeverAgain), (45009, RetryLater), (43004, WindowClosed),
    ],
)  # fmt: skip
def test_what_subscription_messages_are_answered_says_what_to_do(
    platform: Scripted, client: WeChat, code: int, kind: type[ChannelError]
) -> None:
    platform.answers = [{"errcode": code, "errmsg": "no"}]
    with pytest.raises(kind) as no:
        client.send_subscription("ac_1", PERSON, "t", {}, "", "")
    assert str(code) in str(no.value)
    assert getattr(no.value, "code", code) == code


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_once_and_the_call_repeated(platform: Scripted, client: WeChat, code: int) -> None:
    platform.answers = [{"errcode": code}]
    send(client)
    assert [one.token for one in platform.calls] == ["token-1", "token-2"]


def test_a_token_refused_again_is_not_asked_for_without_end(platform: Scripted, client: WeChat) -> None:
    platform.answers = [{"errcode": 40001}] * 9
    with pytest.raises(RetryLater):
        send(client)
    assert len(platform.asked) == 4


@pytest.mark.parametrize(
    ("code", "kind", "after"),
    [
        (-1, RetryLater, None),
        (45011, RetryLater, timedelta(seconds=60)),
        (45009, RetryLater, timedelta(hours=12, minutes=30, seconds=30)),
        (40164, RetryLater, timedelta(minutes=10)),
        (45015, WindowClosed, None),
        (45047, WindowClosed, None),
        (48002, WindowClosed, None),
        (40003, NeverAgain, None),
        (87654, NeverAgain, None),
    ],
)
def test_codes_say_what_to_do(
    platform: Scripted, client: WeChat, code: int, kind: type[ChannelError], after: timedelta | None
) -> None:
    platform.answers = [{"errcode": code, "errmsg": "no rid: 65f-1-2"}]
    with pytest.raises(kind) as no:
        send(client)
    assert str(code) in str(no.value)
    if isinstance(no.value, RetryLater):
        assert no.value.after == after
    assert len(platform.calls) == 1


def test_every_known_code_has_words_and_a_kind() -> None:
    now = datetime(2026, 5, 12, tzinfo=UTC)
    for code, (do, words) in CODES.items():
        assert words
        assert isinstance(error_for(code, now), ChannelError)
        assert (do is Do.NEVER) == isinstance(error_for(code, now), NeverAgain)


def test_midnight_is_shanghais() -> None:
    assert until_midnight(datetime(2026, 5, 12, 15, 59, tzinfo=UTC)) == timedelta(seconds=90)
    assert until_midnight(datetime(2026, 5, 12, 16, 0, tzinfo=UTC)) == timedelta(days=1, seconds=30)


def test_a_spent_daily_quota_is_not_asked_again_before_midnight_by_any_process(
    platform: Scripted, client: WeChat, valkey: Redis, clock: Clock
) -> None:
    platform.answers = [{"errcode": 45009}]
    other = WeChat(platform.url, lambda account_id: WHO, valkey, clock)
    for one in (client, client, other):
        with pytest.raises(RetryLater):
            send(one)
    assert len(platform.calls) == 1
    client.typing("ac_1", PERSON)  # another API has a quota of its own
    clock.advance(hours=13)
    valkey.flushall()  # its own clock does not stand still
    send(other)
    assert len(platform.calls) == 3


def test_nobody_listening_means_later(platform: Scripted, valkey: Redis, clock: Clock) -> None:
    nowhere = WeChat("http://127.0.0.1:9", lambda account_id: WHO, valkey, clock)
    with pytest.raises(RetryLater):
        send(nowhere)


def test_no_answer_means_that_nobody_knows(platform: Scripted, client: WeChat) -> None:
    send(client)
    platform.answers = [0.6]
    with pytest.raises(OutcomeUnknown):
        send(client)
    platform.answers = [0.0]  # the connection is closed without an answer
    with pytest.raises(OutcomeUnknown):
        send(client)
    for status in (502, 504):
        platform.answers = [(status, "<html>")]
        with pytest.raises(OutcomeUnknown):
            send(client)


def test_no_token_means_later_because_asking_changes_nothing(platform: Scripted, client: WeChat) -> None:
    platform.token_answers = [0.6, (502, ""), {"errcode": 40164}]
    for _ in range(3):
        with pytest.raises(RetryLater):
            send(client)
    assert platform.calls == []
    send(client)


def test_an_overloaded_platform_is_given_the_time_it_asks_for(platform: Scripted, client: WeChat) -> None:
    platform.answers = [(503, "busy")]
    with pytest.raises(RetryLater) as no:
        send(client)
    assert no.value.after == timedelta(seconds=7)


@pytest.mark.parametrize("answer", [(200, "<html>hello</html>"), (200, "[]"), (302, ""), (404, "{}")])
def test_something_else_that_answers_is_not_believed(
    platform: Scripted, client: WeChat, answer: tuple[int, str]
) -> None:
    platform.answers = [answer]
    with pytest.raises(NeverAgain):
        send(client)


def test_logs_and_errors_hold_no_token_secret_person_or_words(platform: Scripted, client: WeChat) -> None:
    structlog.reset_defaults()
    said = []
    with capture_logs() as logs:
        for answer in ({"errcode": 40001}, {"errcode": 40003, "errmsg": f"invalid openid {PERSON}"}, 0.6, (502, "")):
            platform.answers = [answer, answer]
            with pytest.raises(ChannelError) as no:
                send(client, "我的电话 13800138000")
            said.append(f"{no.value!r} {no.value.__cause__!r} {no.value.__suppress_context__}")
    everything = f"{logs} {said}"
    assert "platform refused" in everything
    for secret in ("token-", "very-secret", PERSON, "13800138000"):
        assert secret not in everything
