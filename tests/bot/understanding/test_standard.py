"""Dialect, English, stretched and mis-heard words are read as what is meant; real words are left alone."""

import pytest

from bot.understanding import normalise
from bot.understanding.standard import standard


def read(text: str) -> str:
    return standard(normalise(text)).text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("空条不制令了", "空调不制冷了"),
        ("洗衣鸡不拖水", "洗衣机不脱水"),
        ("惹水器打不找火", "热水器打不着火"),
        ("电士机没有生音", "电视机没有声音"),
        ("洗碗鸡楼水", "洗碗机漏水"),
        ("微波炉不加惹", "微波炉不加热"),
        ("冰厢不致冷", "冰箱不制冷"),
        ("空调…不…制…冷", "空调不制冷"),
        ("嗡嗡嗡嗡响", "嗡嗡响"),
        ("雪櫃唔凍", "冰箱不冻"),
        ("ac not cooling", "空调 不制冷"),
        ("梅气味", "煤气味"),
    ],
)
def test_read_as_meant(written, meant):
    assert read(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "三楼电梯坏了",
        "知道质量问题",
        "我以为一位师傅",
        "水质冷热",
        "今天滴水电费",
        "制冰机",
        "扫地机器人",
        "是不是热",
        "在保修期内报修",
        "调查一下",
        "气温很高",
        "生意不错",
    ],
)
def test_real_words_stay(text):
    assert read(text) == text


def test_every_character_still_knows_where_it_came_from():
    text = "我屋企雪櫃唔凍咗"
    said = standard(normalise(text))
    at = said.text.index("冰箱")
    assert said.span(at, at + 2).words == "雪櫃"
    at = said.text.index("不冻")
    assert said.span(at, at + 2).words == "唔凍"
