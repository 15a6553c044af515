"""Whatever is typed into an address or a form of the console, or sent to its API, is answered with words and never with a failure
of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask

from console.asked import BadFilter, yuan_asked
from console.door import blueprints
from tests.console.conftest import Api, Browser


def rules(method: str, begins: str) -> list[str]:
    """Every route without a part to fill in."""
    app = APIFlask("listed")
    for blueprint in blueprints(None, secret_key="k" * 32, secure_cookies=False):  # type: ignore[arg-type]
        app.register_blueprint(blueprint)
    found = (one for one in app.url_map.iter_rules() if method in (one.methods or ()) and not one.arguments)
    return sorted(one.rule for one in found if one.rule.startswith(begins))


ROOMS, CALLS = rules("GET", "/console/"), rules("POST", "/api/console/")
NAMES = ("q", "after", "since", "until", "day", "on", "brand", "brand_id", "seller", "category", "status", "customer")
ODD = ("9999-12-31", "0001-01-01", "2026-13-01", "9999-12-31T23:59:59-12:00~x", "9" * 40, "'\";--", "\U0001f600")


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_fails_over_what_is_in_its_address(administrator: Browser, room: str) -> None:
    for name in NAMES:
        assert administrator.get(room, query_string={name: "a\x00b"}).status_code == 422, name
        for value in ODD:
            assert administrator.get(room, query_string={name: value}).status_code < 500, (name, value)


def test_a_form_with_what_nobody_can_type_is_not_taken(administrator: Browser) -> None:
    answer = administrator.post("/console/complaints", {"number": "1", "words": "漏水\x00", "kind": "attitude"})
    assert (answer.status_code, "看不见的字符" in answer.text) == (422, True)


def test_a_form_too_large_is_not_read(administrator: Browser) -> None:
    answer = administrator.post("/console/complaints", {"words": "水" * 200_000})
    assert (answer.status_code, "内容太多了" in answer.text) == (413, True)


@pytest.mark.parametrize("path", CALLS)
def test_json_no_program_reads_is_turned_away(api: Callable[[str], Api], path: str) -> None:
    call = api("boss")
    headers = {"Authorization": f"Bearer {call.token}", "Content-Type": "application/json"}
    bodies = (b"[" * 8000, b'{"a":' * 2500, b'{"words":' + b"9" * 5000 + b"}", b'{"words":"' + b"x" * 300_000 + b'"}')
    for body in bodies:
        answer = call.client.post(path, data=body, headers=headers)
        assert answer.status_code < 500, (body[:12], answer.text)
        if answer.status_code >= 400:  # some calls take nothing
            assert {"error", "message"} <= set(answer.get_json()), answer.text


@pytest.mark.parametrize(
    "words", ["NaN", "Infinity", "-1", "1e5000", "1_0", "0x10", "", "1.001", "9" * 10, "¥", "1\x00"]
)
def test_an_amount_is_written_as_people_write_it(words: str) -> None:
    with pytest.raises(BadFilter):
        yuan_asked(words)


def test_amounts_with_a_sign_and_thousands() -> None:
    assert yuan_asked(" ¥1,280.50 ").fen == 128_050
