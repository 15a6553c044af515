"""The kinds of appliance, the same for all brands; a new one is a row in `KINDS`.

The codes are the labels `bot.understanding` gives; titles are what people read, the other words what files may say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    code: str
    title: str
    words: tuple[str, ...] = ()


KINDS = (
    Kind("air_conditioner", "空调", ("家用空调", "空调器", "房间空调", "中央空调")),
    Kind("refrigerator", "冰箱", ("电冰箱", "冷柜", "冰柜")),
    Kind("washing_machine", "洗衣机", ("滚筒洗衣机", "波轮洗衣机", "洗烘一体机")),
    Kind("water_heater_gas", "燃气热水器"),
    Kind("water_heater_electric", "电热水器"),
    Kind("range_hood", "油烟机", ("吸油烟机", "抽油烟机", "烟机")),
    Kind("gas_stove", "燃气灶", ("灶具", "煤气灶")),
    Kind("integrated_stove", "集成灶"),
    Kind("dishwasher", "洗碗机"),
    Kind("television", "电视", ("电视机", "彩电", "彩色电视机")),
    Kind("microwave", "微波炉"),
    Kind("water_purifier", "净水器", ("净水机",)),
    Kind("rice_cooker", "电饭煲", ("电饭锅",)),
    Kind("other", "其他"),
)

CALLED: Mapping[str, str] = {word: kind.code for kind in KINDS for word in (kind.code, kind.title, *kind.words)}
TITLES: Mapping[str, str] = {kind.code: kind.title for kind in KINDS}


def category_called(words: str) -> str | None:
    """The code of the category a file calls so, by code, title or another of its words."""
    return CALLED.get(unicodedata.normalize("NFKC", words).strip().lower())
