"""``weixiu understand`` as somebody pipes lines into it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

from adapters.understand import answers, catalogue

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


def told(*lines: str, models=None):
    return list(answers(lines, catalogue(models) if models else None, NOW))


def test_plain_lines_and_json_lines_give_the_labels():
    plain, timed = told(
        "空调不制冷 E2 听日下昼来", '{"id": "A1", "text": "明天上午来装", "now": "2026-05-01T09:00:00"}'
    )
    assert (plain["intent"], plain["category"], plain["symptoms"]) == (
        "request_repair",
        "air_conditioner",
        ["not_cooling", "error_code"],
    )
    assert plain["when"] == {"date_offset_days": 1, "weekday": None, "half_day": "afternoon", "hour": None}
    assert plain["when_between"]["since"] == "2026-03-12T12:00:00+08:00"
    assert timed["id"] == "A1"
    assert timed["when_between"]["since"] == "2026-05-02T08:00:00+08:00"


def test_a_line_that_cannot_be_read_says_so_and_the_next_is_answered():
    wrong, right = told('{"words": "x"}', "转人工")
    assert "text" in wrong["error"]
    assert right["intent"] == "human_agent"


def test_a_mistyped_code_is_offered_and_not_put_in(tmp_path):
    sheet = tmp_path / "models.csv"
    sheet.write_text("型号,品牌\nBCD-501WDGX,海尔\nBCD-502WDGX,海尔\n", encoding="utf-8")
    (answer,) = told("型号BCD-5O1WDGX不制冷", models=sheet)
    assert answer["model"] == "BCD-5O1WDGX"
    assert answer["codes"][0]["exact"] is None
    assert answer["codes"][0]["candidates"][0]["code"] == "BCD-501WDGX"


def test_it_answers_each_line_as_it_comes():
    process = subprocess.Popen(
        [sys.executable, "-m", "adapters.cli", "understand"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("在吗\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["intent"] == "greeting"
    process.stdin.close()
    assert process.wait(timeout=10) == 0
    process.stdout.close()
