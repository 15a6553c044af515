"""Who may buy which plan: every rule objects where it should, in words, and to nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.cover.rules import CHECK_HOLDS, RENEWS, Eligibility, Wish, objections, objections_to

DAY = date(2026, 5, 12)
FINE = Wish(
    kind="warranty", component="whole", day=DAY, category="air_conditioner", model_id="mo_1", age_months=5,
    present_until=date(2027, 1, 10), division="440606004", bought_on=date(2026, 1, 10),
    eligibility=Eligibility(("air_conditioner",), ("mo_1",), 12, True, True, ("4406",)),
)  # fmt: skip
CARD = replace(FINE, kind="card", component="", eligibility=Eligibility(("air_conditioner",)), category="")


def codes(wish: Wish) -> list[str]:
    return [code for code, _ in objections_to(wish)]


def test_a_product_that_fits_may_be_covered() -> None:
    assert codes(FINE) == []
    assert codes(CARD) == []


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"on_sale": False}, "on_sale", "停售"),
        ({"own": False}, "own", "不在您名下"),
        ({"category": "television"}, "category", "只适用于空调"),
        ({"model_id": "mo_2"}, "model", "型号"),
        ({"division": "110105"}, "region", "还没有开通"),
        ({"division": None}, "region", "还不知道您的地址"),
        ({"age_months": 13}, "age", "超过 12 个月"),
        ({"age_months": None}, "age", "登记购买日期"),
        ({"present_until": DAY - timedelta(days=1)}, "condition", "上门检测合格"),
        ({"present_until": None}, "condition", "上门检测合格"),
        ({"standing_until": DAY + RENEWS + timedelta(days=1)}, "twice", "到期前 90 天"),
        ({"standing_until": DAY, "waiting": True}, "twice", "待付款"),
        ({"fault_open": True}, "fault", "正在报修"),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)
def test_each_rule_objects_in_words(change: dict[str, object], code: str, words: str) -> None:
    wish = replace(FINE, **change)  # type: ignore[arg-type]
    assert codes(wish) == [code]
    assert words in objections_to(wish)[0][1]


def test_every_rule_is_among_those_that_are_tried() -> None:
    tried = {"on_sale", "own", "category", "model", "region", "age", "condition", "twice", "fault"}
    assert {rule.code for rule in objections.rules} == tried


def test_out_of_warranty_it_takes_an_engineer_who_found_it_in_order() -> None:
    over = replace(FINE, present_until=DAY - timedelta(days=1))
    assert codes(replace(over, checked_on=DAY - CHECK_HOLDS)) == []
    assert codes(replace(over, checked_on=DAY - CHECK_HOLDS - timedelta(days=1))) == ["condition"]
    only_covered = replace(over, eligibility=Eligibility(needs_warranty=True), checked_on=DAY)
    assert "要在保修期内购买" in objections_to(only_covered)[0][1]
    only_checked = replace(FINE, eligibility=Eligibility(needs_check=True))
    assert "需要工程师上门检测" in objections_to(only_checked)[0][1]


def test_the_last_day_of_the_warranty_is_in_time() -> None:
    assert codes(replace(FINE, present_until=DAY)) == []


def test_near_its_end_a_contract_may_be_renewed() -> None:
    assert codes(replace(FINE, standing_until=DAY + RENEWS)) == []


def test_a_card_asks_for_no_product() -> None:
    assert codes(replace(CARD, own=False)) == ["own"]
    assert codes(replace(CARD, fault_open=True, standing_until=DAY + timedelta(days=300))) == []


def test_everything_that_objects_is_said() -> None:
    assert codes(replace(FINE, own=False, age_months=40, fault_open=True)) == ["own", "age", "fault"]


def test_a_plan_keeps_what_it_asks_for() -> None:
    assert Eligibility.of(FINE.eligibility.as_json()) == FINE.eligibility
    assert Eligibility().as_json() == {}
