"""What is masked in people's sentences, and what is left readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.showing import PROGRAMS, TASK_KINDS, action_title, actor, mask_words, moment
from tests.runtime import NOW


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("打我电话13812345678", "打我电话138******78"),
        ("138 1234 5678 找小王", "138******78 找小王"),
        ("+86 138-1234-5678", "138******78"),
        ("座机0757-22221111", "座机075*******11"),
        ("卫红路18号3栋502", "卫红路*号*栋*"),
        ("翠园小区A座1203室", "翠园小区*座*室"),
        ("工单号 100 000 019，明天18号上门", "工单号 100 000 019，明天18号上门"),
        ("型号KFR-35GW/N8A1，E1，3匹，买了2年", "型号KFR-35GW/N8A1，E1，3匹，买了2年"),
        ("", ""),
    ],
)
def test_phones_and_doors_are_masked_and_nothing_else(said: str, shown: str) -> None:
    assert mask_words(said) == shown


def test_moments_are_shanghais() -> None:
    assert moment(NOW) == "2026-05-12 11:30"


def test_people_and_programs_have_names() -> None:
    assert actor("staff:st_1", {"staff:st_1": "小李"}) == "小李"
    assert [actor(who) for who in ("system:bot", "customer:cu_1", None, "小李")] == ["机器人", "客户", "客户", "小李"]


def test_actions_of_the_trail_are_in_words() -> None:
    assert [action_title(one) for one in ("order.cancel", "personal.reveal", "offer.refuse", "visit.reopen", "visit.reassign")] == [
        "取消工单", "查看隐私信息", "拒单", "补正结果", "改派",
    ]  # fmt: skip


SOURCE = [
    file
    for folder in ("domain", "bot", "console", "consumer_app", "engineer_app", "jobs")
    for file in (Path(__file__).parents[2] / folder).rglob("*.py")
]
RECORDED = re.compile(r'trail\.record\([^"]*?"([a-z_]+\.[a-z_]+)"')
PROGRAM = re.compile(r'\bsystem\("([a-z_]+)"\)|Actor\(Role\.SYSTEM, "([a-z_]+)"\)')
TASKS = re.compile(r'put_task\([^)]*?kind="([a-z_]+)"|DeskTask\([^=]*=[^=]*=[^=]*?kind="([a-z_]+)"')


def test_every_action_anybody_records_has_a_title() -> None:
    recorded = {action for file in SOURCE for action in RECORDED.findall(file.read_text())}
    assert len(recorded) > 60
    assert {action for action in recorded if action_title(action) == action} == set(), "a line of console/actions.py"


def test_every_kind_of_task_has_a_title() -> None:
    kinds = {one for file in SOURCE for pair in TASKS.findall(file.read_text()) for one in pair if one}
    assert {"callback", "service_level"} <= kinds
    assert kinds | {"help_senior", "help_appraisal", "work_kept"} <= set(TASK_KINDS)


def test_every_program_that_does_something_has_a_name_people_read() -> None:
    adapters = (Path(__file__).parents[2] / "adapters").rglob("*.py")
    found = {one for file in (*SOURCE, *adapters) for pair in PROGRAM.findall(file.read_text()) for one in pair if one}
    assert {"bot", "dispatch", "appointments", "planning", "clocks"} <= found
    assert found - set(PROGRAMS) == set(), "a line of console/showing.PROGRAMS"


def test_no_stylesheet_of_one_room_lays_out_another_ones_class_anew() -> None:
    """All rooms' styles are on every page: of two that say how a class is laid out, the later one wins everywhere."""
    layouts: dict[str, set[str]] = {}
    for sheet in sorted((Path(__file__).parents[2] / "console/web").glob("*.css")):
        top = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet.read_text())
        for name in re.findall(r"^\.([a-z-]+) \{[^}]*?\bdisplay:", top, re.MULTILINE):
            layouts.setdefault(name, set()).add(sheet.name)
    assert len(layouts) > 30
    assert {name: sheets for name, sheets in layouts.items() if len(sheets) > 1} == {}
