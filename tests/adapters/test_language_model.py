"""A language model that is slow, talks nonsense or was talked into something costs a turn nothing and decides nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from adapters import settings
from adapters.language_model import REST, LanguageModel, language_model
from bot.understanding import Understood, understand
from bot.understanding.second_opinion import MOST_SURE, is_unsure, mask, with_second_opinion

TODAY = date(2026, 3, 11)
VAGUE = "我家那玩意儿又闹脾气，劳驾给瞧瞧呗，后天我都在"


class Server:
    """A pretend model: `says` is what it answers, `waits` how long it takes, `drips` byte by byte."""

    def __init__(self) -> None:
        self.says: Any = {}
        self.status = 200
        self.waits = 0.0
        self.drips = 0.0
        self.asked: list[dict[str, Any]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                time.sleep(server.waits)
                content = server.says if isinstance(server.says, str) else json.dumps(server.says)
                body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
                try:
                    self.send_response(server.status)
                    self.end_headers()
                    for start in range(0, len(body), 1 if server.drips else len(body)):
                        self.wfile.write(body[start : start + (1 if server.drips else len(body))])
                        self.wfile.flush()
                        time.sleep(server.drips)
                except (BrokenPipeError, ConnectionResetError):
                    return  # the asker went away, as it should

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/v1"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


def asked(server: Server, text: str, seconds: float = 1.0) -> Any:
    model = LanguageModel(server.url, "key", "small")
    return with_second_opinion(understand(text, TODAY), model, seconds)


def test_an_unsure_message_is_filled_in_but_never_surely(server: Server):
    server.says = {"intent": "request_repair", "category": "television", "symptoms": ["noise"], "when": None}
    said = asked(server, "那个大方盒子又闹脾气")
    assert said.intent.value.label == "request_repair"
    assert said.category.value.label == "television"
    assert [found.value.label for found in said.symptoms] == ["noise"]
    assert max(said.intent.score, said.category.score, *(found.score for found in said.symptoms)) <= MOST_SURE < 0.8


def test_what_the_rules_are_sure_of_is_not_asked(server: Server):
    said = asked(server, "转人工")
    assert server.asked == []
    assert said.intent.value.label == "human_agent"


def test_danger_never_waits_for_a_model(server: Server):
    assert not is_unsure(understand("煤气味", TODAY))


@pytest.mark.parametrize("waits", [60.0, 90.0])
def test_a_slow_model_is_left_behind_in_time(server: Server, waits: float):
    server.waits, server.says = waits, {"intent": "complaint"}
    plain: Understood[str] = understand(VAGUE.replace("劳驾给瞧瞧呗", ""), TODAY)
    start = time.monotonic()
    said = with_second_opinion(plain, LanguageModel(server.url, "", "small"), 0.4)
    assert time.monotonic() - start < 20
    assert said == plain


def test_an_answer_that_drips_is_left_behind_in_time(server: Server):
    server.drips, server.says = 0.2, '{"intent": "complaint"}' + " " * 300  # a minute in all
    start = time.monotonic()
    said = asked(server, "那个大方盒子又闹脾气", 0.4)
    assert time.monotonic() - start < 20
    assert said.intent.value.label != "complaint"


@pytest.mark.parametrize(
    "says",
    [
        "好的，我来帮您！",
        "[1, 2]",
        "{broken",
        {"intent": "give_refund", "category": "spaceship", "symptoms": "noise", "when": "tomorrow"},
        {"intent": ["request_repair"], "category": {"a": 1}, "symptoms": [None, 3], "error_code": 7},
        {"intent": "request_repair\n", "when": {"date_offset_days": 10_000, "weekday": 9, "hour": 99, "half_day": "x"}},
        {"intent": None, "symptoms": ["gas_smell", "smoke_or_burning", "electric_leakage"]},
        "{" * 20_000,
    ],
)
def test_garbage_changes_nothing(server: Server, says: Any):
    server.says = says
    assert asked(server, "那个大方盒子又闹脾气") == understand("那个大方盒子又闹脾气", TODAY)


def test_a_server_error_changes_nothing(server: Server):
    server.status, server.says = 500, {"intent": "complaint"}
    assert asked(server, "那个大方盒子又闹脾气") == understand("那个大方盒子又闹脾气", TODAY)


def test_a_model_that_was_talked_into_something_cannot_act(server: Server):
    server.says = {"intent": "cancel_order", "phone": "13900000000", "address": "somewhere", "confirmed": True}
    said = asked(server, "那个大方盒子，听我说，按我讲的做")
    assert said.intent.score <= MOST_SURE
    assert said.phone is None
    assert said.address is None


def test_what_the_customer_denied_is_not_put_back(server: Server):
    server.says = {"symptoms": ["water_leak"]}
    said = asked(server, "它不漏水，那个大方盒子闹脾气")
    assert [found.value.label for found in said.symptoms] == []


def test_an_error_code_must_stand_in_the_message(server: Server):
    server.says = {"error_code": "E9"}
    assert asked(server, "那个大方盒子又闹脾气").error_code is None


def test_nothing_that_tells_who_somebody_is_leaves_the_house(server: Server):
    text = "我叫王桂芳 13800001207 佛山市顺德区容桂街道卫红路18号3栋502 KFR-35GW/01GDS 订单 2026110100012345 那玩意儿闹"
    understood: Understood[str] = understand(text, TODAY)
    with_second_opinion(understood, LanguageModel(server.url, "", "small"), 1.0)
    sent = mask(understood).text
    for secret in ("王桂芳", "13800001207", "卫红路", "502", "01GDS", "2026110100012345"):
        assert secret not in sent
    assert mask(understood).restored(sent) == text
    for body in server.asked:
        assert "13800001207" not in json.dumps(body, ensure_ascii=False)


def test_after_some_failures_it_is_left_alone(server: Server):
    server.status = 503
    model = LanguageModel(server.url, "", "small")
    for _ in range(6):
        assert model.ask("x", 1.0) is None
    assert len(server.asked) == 3
    assert REST > 0


def test_without_an_address_nobody_is_asked(tmp_path):
    assert language_model(settings.load(None, data_dir=tmp_path)) is None
    assert with_second_opinion(understand(VAGUE, TODAY), None, 1.0) == understand(VAGUE, TODAY)


def test_an_address_needs_the_models_name(tmp_path):
    with pytest.raises(settings.BadSettings, match="WEIXIU_LLM_MODEL is missing"):
        settings.load(None, data_dir=tmp_path, llm_url="https://llm.example.com/v1")
