"""Each fault switch does what its name says, over real HTTP."""

import threading
import time

import pytest
import requests

from sandbox.app import Platform
from sandbox.people import Person
from sandbox.server import Running
from tests.adapters.watching import until
from tests.sandbox.api_client import ApiClient
from tests.sandbox.callback import Callback, Seen, echo, text_reply


def test_duplicate_pushes_the_same_message_twice_in_parallel_and_shows_one_reply(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    together = threading.Barrier(2)

    def both(seen: Seen) -> tuple[str, int]:
        together.wait(timeout=20)  # breaks, and answers 500, unless the twins are there at the same time
        return echo(seen)

    callback.respond = both
    wechat.faults.set({"duplicate": 1, "callback_timeout": 30})
    delivery = wechat.send(person.openid, "text", content="hi")
    assert len({seen.fields["MsgId"] for seen in callback.seen}) == 1
    assert [attempt.outcome for attempt in delivery.attempts] == ["reply", "reply"]
    assert [bubble["side"] for bubble in wechat.screen(person.openid)] == ["me", "account"]


def test_twins_that_got_different_answers_are_told(wechat: Platform, callback: Callback, person: Person) -> None:
    wechat.faults.set({"duplicate": 1})
    callback.respond = lambda seen: (text_reply(seen, seen.query["nonce"]), 200)
    assert wechat.send(person.openid, "text", content="hi").differ
    callback.respond = lambda seen: (text_reply(seen, "the same"), 200)
    assert not wechat.send(person.openid, "text", content="hi").differ


def test_drop_loses_the_answer_so_that_the_push_comes_again(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    def in_time(seen: Seen) -> tuple[str, int]:
        wechat.faults.set({"callback_timeout": 20})  # of the second: it is answered, however busy the machine
        return echo(seen)

    callback.respond = in_time
    wechat.faults.set({"drop_next": 1, "callback_timeout": 1.5})
    delivery = wechat.send(person.openid, "text", content="hi")
    assert [attempt.outcome for attempt in delivery.attempts] == ["dropped", "reply"]
    assert len(callback.seen) == 2


def test_reorder_lets_the_later_message_arrive_first(wechat: Platform, callback: Callback, person: Person) -> None:
    wechat.faults.set({"reorder": 1, "reorder_hold_ms": 20_000})
    first = wechat.send(person.openid, "text", content="first", wait=False)
    assert until(lambda: wechat.holds_back(person.openid), 20)
    wechat.send(person.openid, "text", content="second")
    assert first.done.wait(20)
    assert [seen.fields["Content"] for seen in callback.seen] == ["second", "first"]


def test_the_number_of_deliveries_and_the_timeout_can_be_set(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    def slow(seen: Seen) -> tuple[str, int]:
        time.sleep(0.15)
        return "success", 200

    callback.respond = slow
    wechat.faults.set({"callback_timeout": 0.05, "deliveries": 2})
    assert [one.outcome for one in wechat.send(person.openid, "text", content="hi").attempts] == ["timeout"] * 2


def test_api_5xx_and_busy_do_nothing_and_count_down(wechat: Platform, server: Running, person: Person) -> None:
    api = ApiClient(server)
    wechat.send(person.openid, "text", content="hi")
    api.stable_token()
    body = {"touser": person.openid, "msgtype": "text", "text": {"content": "x"}}
    wechat.faults.set({"api_5xx": 1})
    assert api.raw_post("/cgi-bin/message/custom/send", body).status_code == 502
    wechat.faults.set({"api_busy": 1})
    assert api.say(person.openid) == -1
    assert len(wechat.screen(person.openid)) == 1
    assert api.say(person.openid) == 0


def test_api_lost_carries_out_and_then_hides_it(wechat: Platform, server: Running, person: Person) -> None:
    api = ApiClient(server)
    wechat.send(person.openid, "text", content="hi")
    api.stable_token()
    wechat.faults.set({"api_lost": 1})
    body = {"touser": person.openid, "msgtype": "text", "text": {"content": "went out"}}
    assert api.raw_post("/cgi-bin/message/custom/send", body).status_code == 502
    assert wechat.screen(person.openid)[-1]["content"]["content"] == "went out"


def test_slow_delays_answers(wechat: Platform, server: Running) -> None:
    wechat.faults.set({"slow_ms": 120})
    started = time.perf_counter()
    ApiClient(server).stable_token()
    assert time.perf_counter() - started > 0.12


def test_quota_off_lets_everything_through(wechat: Platform, server: Running, person: Person) -> None:
    api = ApiClient(server)
    assert api.say(person.openid) == 45015
    wechat.faults.set({"quota_off": True})
    assert api.say(person.openid) == 0


def test_switches_are_set_over_http_and_nonsense_is_refused(wechat: Platform, server: Running) -> None:
    url = f"{server.url}/sandbox/api/faults"
    assert requests.patch(url, json={"duplicate": 0.2, "slow_ms": 5}, timeout=5).json()["duplicate"] == 0.2
    for nonsense in ({"no_such": 1}, {"slow_ms": -1}, {"slow_ms": "fast"}, {"quota_off": 1}):
        assert requests.patch(url, json=nonsense, timeout=5).status_code == 400
    assert wechat.faults.slow_ms == 5


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_throws_the_same_dice(wechat: Platform, seed: int) -> None:
    throws = []
    for _ in range(2):
        wechat.faults.set({"seed": seed, "drop": 0.5})
        throws.append([wechat.faults.falls("drop") for _ in range(20)])
    assert throws[0] == throws[1]
    assert len(set(throws[0])) == 2
