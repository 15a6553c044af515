"""Text is written one way, and everything found in it can be cut out of the original as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＫＦＲ－３５ＧＷ", "kfr-35gw"),
        ("雪櫃門關唔實", "雪柜门关唔实"),
        ("催一下！！！", "催一下!"),
        ("空\u200b调\ufeff坏了", "空调坏了"),
        ("KFR—35GW", "kfr-35gw"),
        ("JSQ25一13", "jsq25-13"),
        ("a\t\t b", "a b"),
        ("乾县", "乾县"),
        ("", ""),
    ],
)
def test_one_way_of_writing(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_words_are_cut_out_as_written() -> None:
    said = normalise("型号ＢＣＤ－２１６\u200bＳＤＥ 漏水")
    start = said.text.index("bcd")
    assert said.span(start, start + len("bcd-216sde")).words == "ＢＣＤ－２１６\u200bＳＤＥ"


@given(st.text())
def test_every_span_lies_in_the_original(text: str) -> None:
    said = normalise(text)
    assert len(said.at) == len(said.text) + 1
    for place in range(len(said.text)):
        span = said.span(place, len(said.text))
        assert text[span.start : span.end] == span.words


@given(st.text())
def test_normalising_twice_changes_nothing_more_than_once(text: str) -> None:
    once = normalise(text).text
    assert len(normalise(once).text) <= len(once) * 2
