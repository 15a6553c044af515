"""Every case of tests/cases/prices.toml, on the pure rules."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.categories import CALLED
from domain.kit.money import yuan
from domain.pricing.fee_facts import (
    KINDS,
    PAYERS,
    Card,
    Facts,
    Fee,
    Goodwill,
    Judged,
    PartFact,
    Wanted,
    paid_by,
)
from domain.pricing.fees import price, price_declined
from domain.products.warranty_facts import COMPONENTS, RESULTS
from domain.work_orders.kinds import TITLES

FILE = tomllib.loads((Path(__file__).parents[2] / "cases/prices.toml").read_text(encoding="utf-8"))
CASES = FILE["案例"]
KIND = {title: code for code, title in KINDS.items()}
SERVICE = {title: str(code) for code, title in TITLES.items()}
COMPONENT = {title: code for code, title in COMPONENTS.items()}
RESULT = {title: str(code) for code, title in RESULTS.items()}
RULE = {"三包": "statutory", "品牌": "brand", "延保": "cover", "服务卡": "card"}
OWNER = {"品牌": "brand", "服务商": "provider"}


def category(called: str) -> str:
    return CALLED[called] if called else ""


ROWS = tuple(
    Fee(
        id=f"fe_{place}", kind=KIND[row["项目"]], code=row["代码"], title=row["名称"], category=category(row.get("品类", "")),
        service=SERVICE[row["服务"]] if "服务" in row else "", km_from=row.get("公里起", 0), fen=yuan(row["元"]).fen,
        permille=row.get("千分比", 0), unit=row.get("单位", "次"), owner=OWNER[row["归"]],
    )
    for place, row in enumerate(FILE["价目"])
)  # fmt: skip
PARTS = tuple(
    PartFact(
        row["代码"], row["名称"], COMPONENT[row["部件"]], yuan(row["元"]).fen, row.get("人工", ""), f"pp_{row['代码']}"
    )
    for row in FILE["配件"]
)


def milli(amounts: dict[str, Any]) -> dict[str, int]:
    return {code: int(Decimal(str(n)) * 1000) for code, n in amounts.items()}


def judged(line: str) -> Judged:
    title, result, *rule = line.split()
    code = COMPONENT.get(title, title)
    return Judged(code, title, RESULT[result], RULE[rule[0]] if rule else "brand", "2028-01-01", f"{title} {result}")


def facts(case: dict[str, Any]) -> Facts:
    limits = {key: int(Decimal(str(yuan)) * 100) for key, yuan in case.get("至多", {}).items()}
    return Facts(
        day="2026-05-12", category=category(case.get("品类", "空调")), service=SERVICE[case.get("服务", "维修")],
        wanted=Wanted.of(milli(case.get("人工", {})), milli(case.get("配件", {})), milli(case.get("辅材", {}))),
        rows=ROWS, parts=PARTS, answers=tuple(judged(one) for one in case.get("保修", ())),
        cards=(Card("rd_1", "清洗卡", tuple(KIND[one] for one in case["服务卡"])),) if "服务卡" in case else (),
        goodwill=tuple(Goodwill(key, n, "老客户", limits.get(key)) for key, n in case.get("品牌承担", {}).items()), km=case.get("公里"),
        night=case.get("夜间", False), holiday=case.get("节假日", ""), rectifies=case.get("整改", False),
    )  # fmt: skip


def test_there_are_enough_cases_each_with_a_name_of_its_own() -> None:
    assert len({case["名称"] for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=[case["名称"] for case in CASES])
def test_the_price_is_as_the_case_says(case: dict[str, Any]) -> None:
    found = facts(case)
    priced = price(found)
    told = [f"{one.title} {one.fen // 100}.{one.fen % 100:02d} {PAYERS[one.payer]}" for one in priced.lines]
    assert told == case["期望"]
    assert list(priced.unpriced) == ([case["没有价格"]] if "没有价格" in case else [])
    if "客户付" in case:
        assert priced.customer_fen == yuan(case["客户付"]).fen
    if "不修" in case:
        assert paid_by(price_declined(found).lines, "customer") == yuan(case["不修"]).fen
    assert Facts.from_json(found.to_json()) == found


def test_every_line_says_why() -> None:
    assert all(one.why and one.rule for case in CASES for one in price(facts(case)).lines)
