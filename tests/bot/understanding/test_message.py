"""One sentence with everything in it is read whole; any text at all is read without an error."""

from dataclasses import fields
from datetime import date
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import CodeIndex, Found, Match, understand

TODAY = date(2026, 11, 22)
INDEX = CodeIndex([(1, "KFR-35GW/01GDS"), (2, "BCD-501WDGX"), (3, "XQG100-B12866")])
WORDS = [
    "佛山市",
    "顺德区",
    "朝阳区",
    "卫红路18号",
    "3栋502",
    "空调",
    "不制冷",
    "没有",
    "漏水",
    "煤气味",
    "我叫王芳",
    "去年",
]
CODES = ["E1", "KFR-35GW/01GDS", "XQG1OO-B12866", "13800138000", "一三八", "ＡＢＣ"]
MARKS = ["，", " ", "\n", "。", "😭", "\u200b", "]]>", "<b>", "號", "İ", "㎡", "½"]
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from(CODES), st.sampled_from(MARKS))
MESSAGES = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join))


def test_everything_in_one_sentence() -> None:
    said = understand(
        "我家空调KFR-35GW/01GDS不制冷显示E1，没有漏水，地址佛山市顺德区容桂街道卫红路18号3栋502，电话13800138000 王芳，去年国庆买的",
        TODAY,
        INDEX,
    )
    assert said.category is not None
    assert said.category.value.label == "air_conditioner"
    assert [found.value.label for found in said.symptoms] == ["not_cooling"]
    assert [found.value.label for found in said.denied] == ["water_leak"]
    assert said.error_code is not None
    assert said.error_code.value == "E1"
    assert said.product is not None
    assert said.product.value.hit is not None
    assert said.product.value.hit.id == 1
    assert said.phone is not None
    assert said.phone.value == "13800138000"
    assert said.name is not None
    assert said.name.value == "王芳"
    assert said.address is not None
    assert said.address.value.line == "广东省佛山市顺德区容桂街道卫红路18号3栋502"
    assert said.day is not None
    assert said.day.value.day == date(2025, 10, 1)
    assert said.is_fault
    assert not said.is_dangerous


def test_a_mistyped_code_is_offered_and_not_taken() -> None:
    said = understand("XQG1OO-B12866甩不干", TODAY, INDEX)
    assert said.product is not None
    assert said.product.value.hit is None
    assert [(hit.id, hit.match) for hit in said.product.value.near] == [(3, Match.FOLDED)]


def test_danger_is_marked() -> None:
    assert understand("热水器有煤气味，佛山市顺德区容桂街道1号", TODAY, INDEX).is_dangerous


def test_a_phone_number_that_is_none_is_kept_apart() -> None:
    said = understand("电话1380013800", TODAY, INDEX)
    assert said.phone is None
    assert said.phone_like is not None
    assert said.phone_like.value == "1380013800"


@given(MESSAGES)
def test_any_text_is_read_and_every_find_lies_in_it(text: str) -> None:
    said = understand(text, TODAY, INDEX)
    for field in fields(said):
        value = getattr(said, field.name)
        for found in value if isinstance(value, tuple) else (value,):
            if isinstance(found, Found):
                assert 0 <= found.span.start <= found.span.end <= len(text)
                assert text[found.span.start : found.span.end] == found.span.words
                assert 0 <= found.score <= 1


@given(MESSAGES)
def test_reading_is_repeatable(text: str) -> None:
    assert understand(text, TODAY, INDEX) == understand(text, TODAY, INDEX)


@pytest.mark.parametrize(
    "wall",
    ["x" * 5000, "佛山市" * 700, "1" * 3000, "没有漏水" * 600, "朝阳区长安区鼓楼区" * 300, "a1" * 2000, "煤气" * 1000],
)
def test_a_wall_of_text_does_not_cost_a_turn(wall: str) -> None:
    understand("你好", TODAY, INDEX)
    began = perf_counter()
    understand(wall, TODAY, INDEX)
    assert perf_counter() - began < 5  # a turn has 1.8 s; what grows with the square of the text takes minutes
