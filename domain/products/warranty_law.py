"""三包 as the law grants it, by category: dated rows; a change of the law ends a row and adds another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LAW = "部分商品修理更换退货责任规定（国经贸〔1995〕458号）"
CONSUMER_LAW = "消费者权益保护法"
CIVIL_CODE = "民法典"
IN_FORCE = date(1995, 8, 25)


@dataclass(frozen=True)
class Statute:
    """One category of 实施三包的部分商品目录: months for the whole machine and for its main parts."""

    category: str
    whole: int
    main_parts: int
    parts: str
    """What the list calls main parts, in its words."""
    since: date = IN_FORCE
    until: date | None = None


STATUTES = (
    Statute("television", 12, 36, "显像管、行输出变压器、高频头、集成电路"),
    Statute("refrigerator", 12, 36, "压缩机、温控器、冷凝器、蒸发器"),
    Statute("washing_machine", 12, 36, "电机、定时器、程控器"),
    Statute("air_conditioner", 12, 36, "压缩机、温控器、电机、冷凝器、蒸发器"),
    Statute("range_hood", 12, 36, "电机"),
    Statute("microwave", 12, 24, "磁控管、变压器、定时器、电脑板"),
    Statute("water_heater_gas", 12, 12, ""),
)


def statute_for(category: str, bought: date) -> Statute | None:
    """None for what the list does not name: there the brand's promise and the general law hold."""
    for row in STATUTES:
        if row.category == category and row.since <= bought and (row.until is None or bought < row.until):
            return row
    return None
