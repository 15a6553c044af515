"""Every case of tests/cases/warranty.toml, on the pure rules."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.categories import CALLED
from domain.products.model import Product
from domain.products.warranty import decide, exclusions, grants, starts
from domain.products.warranty_facts import COMPONENTS, RESULTS, Extra, Facts, Invoice, Term
from domain.products.warranty_model import SerialRule
from domain.products.warranty_queries import read, rest_days

FILE = tomllib.loads((Path(__file__).parents[2] / "cases/warranty.toml").read_text(encoding="utf-8"))
CASES = FILE["案例"]
CODES = {title: code for code, title in COMPONENTS.items()}
RULES = {"三包": "statutory", "品牌": "brand", "延保": "cover", "服务卡": "card"}
INVOICES = {"见过": Invoice.SEEN, "没有": Invoice.NONE, "说的": Invoice.TOLD}


def test_there_are_enough_cases_each_with_a_name_of_its_own() -> None:
    assert len({case["名称"] for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=[case["名称"] for case in CASES])
def test_the_answer_is_as_the_case_says(case: dict[str, Any]) -> None:
    decision = decide(facts(case), case["问"])
    told = {
        one.title: f"{one.title} {RESULTS[one.result]} {one.until or '-'} {one.rule}" for one in decision.answers
    }  # fmt: skip
    for line in case.get("期望", ()):
        title, result, until, rule = line.split()
        assert told[title] == f"{title} {result} {until} {RULES.get(rule, rule)}"
    if "可以" in case:
        assert [f"{one.title[-2:]} {one.until}" for one in decision.rights] == case["可以"]
    assert len(decision.doubts) == case.get("不采信", 0)
    if "起算" in case:
        on, how = case["起算"].split()
        assert decision.start
        assert str(decision.start.on) == on
        assert how in decision.start.words
    evidence = "，".join(words for one in decision.answers for words in one.evidence)
    assert case.get("凭据", "") in evidence
    assert all(one.words for one in decision.answers)


def test_every_rule_is_decided_by_in_some_case() -> None:
    used: set[str] = set()
    for case in CASES:
        decision = decide(facts(case), case["问"])
        used |= {one.rule for one in decision.answers} | ({decision.start.rule} if decision.start else set())
    assert {rule.code for book in (starts, grants, exclusions) for rule in book.rules} <= used


def test_every_rule_says_where_it_comes_from() -> None:
    assert all(rule.source and rule.title for book in (starts, grants, exclusions) for rule in book.rules)


def facts(case: dict[str, Any]) -> Facts:
    category = CALLED[case["品类"]]
    made, rule = made_on(case)
    bought = case.get("购买")
    return Facts(
        category=category,
        terms=tuple(terms(case, category)),
        extras=tuple(extra(words) for words in case.get("另购", ())),
        purchased_on=bought,
        invoice=INVOICES[case["发票"]] if "发票" in case else Invoice.TOLD if bought else Invoice.UNKNOWN,
        made_on=made,
        made_by=rule.source if rule else "",
        allowance_months=rule.allowance_months if rule else case.get("宽限", 0),
        replaced_on=case.get("换机"),
        days_in_repair=case.get("修理占用", 0),
        owners=case.get("所有人", 1),
        findings=frozenset(case.get("认定", ())),
        rest_days=rest_days(case.get("换机"), bought, made),
    )


def made_on(case: dict[str, Any]) -> tuple[Any, SerialRule | None]:
    if "编号" not in case:
        return case.get("生产"), None
    rules = [
        SerialRule(
            brand_id="br", mask=row["格式"], allowance_months=row["宽限"], source="例牌编号规则", since=row["自"],
            until=row.get("至"),
        )
        for row in FILE["编号规则"]
    ]  # fmt: skip
    return read(Product(brand_id="br", serial_key=case["编号"]), rules)


def terms(case: dict[str, Any], category: str) -> list[Term]:
    if not case.get("品牌", True):
        return []
    rows = [row for row in FILE["条款"] if CALLED[row["品类"]] == category]
    return [
        Term(
            f"wt_{place}", CODES.get(row["部件"], row["部件"]), row["月数"], row["来源"], row["自"], row.get("至"),
            row.get("只限型号", False),
        )
        for place, row in enumerate(rows)
        if not row.get("只限型号") or case.get("型号条款")
    ]  # fmt: skip


def extra(words: str) -> Extra:
    kind, component, since, until = words.split()
    return Extra(
        RULES[kind], "co_1", CODES.get(component, component), date.fromisoformat(since), date.fromisoformat(until), kind
    )
