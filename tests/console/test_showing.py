"""What is masked in people's sentences, and what is left readable."""

from __future__ import annotations

import pytest

from console.showing import action_title, actor, mask_words, moment
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
    assert [action_title(one) for one in ("order.cancel", "personal.reveal", "visit.refuse")] == [
        "取消工单", "查看隐私信息", "拒单",
    ]  # fmt: skip
