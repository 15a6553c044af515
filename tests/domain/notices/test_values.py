"""What templates' fields take, as the platform's table has it (wechat-protocol §5.2): the value is fitted, or not sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.notices.facts import Facts
from domain.notices.values import LONGEST, TAKES, VALUES, fitting, unfit
from sandbox.library import TAKES as PLATFORM

TAKEN = {
    "thing": ["空调维修", "a" * 20, "1.5匹（KFR）"],
    "number": ["0", "128", "12.50", "9" * 32],
    "letter": ["A", "AbC"],
    "symbol": ["-", "+-*/!"],
    "character_string": ["100000019", "WX-1/2_a", "~" * 32],
    "time": [
        "14:05",
        "14:05:06",
        "2026年5月13日 14:00~16:00",
        "2026年5月13日 14:05",
        "2026年5月13日 22:00~2026年5月14日 08:00",
    ],
    "date": ["2026年5月13日", "2026-05-13", "2026/5/13 14:05", "2026.05.13"],
    "amount": ["¥128.00", "￥0.01", "128元", "9999999999"],
    "phone_number": ["400-000-0918", "+8613800138000"],
    "car_number": ["粤B12345"],
    "name": ["李师傅", "张" * 10, "Li Ming"],
    "phrase": ["已完工", "师傅已出发"],
    "const": ["空调维修"],
    "enum": ["维修"],
}
REFUSED = {
    "thing": ["字" * 21, "两\n行"],
    "number": ["-1", "一", "1.", "1" * 33],
    "letter": ["a1", "字"],
    "symbol": ["------", "a"],
    "character_string": ["工单1", "a" * 33],
    "time": ["明天", "14点", "2026年5月13日14"],
    "date": ["5月13日", "待定", "2026-05/13", "14:00"],
    "amount": ["¥12,800.00", "-¥1.00", "免费", "¥12345678901"],
    "phone_number": ["客服 400", "1" * 18],
    "car_number": ["粤B12345678"],
    "name": ["张" * 11, "a" * 21],
    "phrase": ["已完工。", "六个汉字太长", "OK"],
    "const": ["字" * 21],
    "enum": ["字" * 21],
}


def test_the_table_is_whole() -> None:
    assert set(TAKEN) == set(REFUSED) == set(TAKES) == set(LONGEST)
    assert {kind for _, kinds in VALUES.values() for kind in kinds} <= set(TAKES)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in TAKEN.items() for value in values])
def test_what_the_platform_takes_is_sent(kind: str, value: str) -> None:
    assert unfit({f"{kind}1": value}) == ""
    assert fitting(f"{kind}1", value) == value, "and is left as it is"
    assert kind not in PLATFORM or PLATFORM[kind](value), "the pretend platform takes it too"


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in REFUSED.items() for value in values])
def test_what_the_platform_refuses_is_not(kind: str, value: str) -> None:
    assert unfit({"thing9": "好", f"{kind}1": value}) == f"{kind}1"


def test_nothing_at_all_and_what_is_no_field_are_refused() -> None:
    assert unfit({"thing1": ""}) == "thing1"
    assert unfit({"Thing1": "a"}) == "Thing1"
    assert unfit({}) == ""


FITTED = (
    "thing",
    "const",
    "enum",
    "character_string",
    "phrase",
    "name",
    "phone_number",
    "symbol",
    "letter",
    "car_number",
)


@given(st.sampled_from(FITTED), st.text(max_size=60))
def test_any_words_are_made_to_fit_where_words_are_wanted(kind: str, words: str) -> None:
    fitted = fitting(f"{kind}1", words)
    assert unfit({f"{kind}1": fitted}) == "", (kind, fitted)


@given(st.integers(0, 999_999_999_999))
def test_any_amount_fits_its_field(fen: int) -> None:
    facts = Facts({}, {})
    facts.add_amount(Money(fen))
    assert unfit({"amount1": fitting("amount1", facts.values["amount"])}) == ""
    assert facts.words["amount"] == f"¥{fen // 100}.{fen % 100:02d}"
