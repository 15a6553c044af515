"""★ Which certificates work needs, by category and service type, with the rule they come from and since when.

A further need is a row of `NEEDS`, a further kind of certificate a line of `KINDS`. Work without a row needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

ELECTRICIAN, HIGH_WORK, COOLING, GAS = "electrician_low", "high_work", "cooling", "gas_appliances"

KINDS: Mapping[str, str] = {
    ELECTRICIAN: "特种作业操作证（低压电工作业）",
    HIGH_WORK: "特种作业操作证（高处安装、维护、拆除作业）",
    COOLING: "特种作业操作证（制冷与空调设备安装修理作业）",
    GAS: "燃气燃烧器具安装维修人员岗位证书",
}
"""Certificates that are looked at, with what is printed on them."""

SHORT: Mapping[str, str] = {ELECTRICIAN: "低压电工", HIGH_WORK: "高处作业", COOLING: "制冷空调", GAS: "燃气岗位证"}
"""The same, where there is little room."""

HANDS_ON = frozenset({"install", "repair", "exchange"})
"""Service types that open, mount or connect an appliance; cleaning, advice and complaints do not."""
CATALOGUE = "《特种作业人员安全技术培训考核管理规定》（原安监总局令第30号）附件《特种作业目录》"
GAS_RULES = "《城镇燃气管理条例》（国务院令第583号）第三十二条"


@dataclass(frozen=True)
class Need:
    """Whoever does these service types on these categories needs one certificate of the kind, from ``since`` on."""

    kind: str
    categories: frozenset[str]
    service_types: frozenset[str]
    source: str
    since: date
    until: date | None = None


NEEDS = (
    Need(
        HIGH_WORK, frozenset({"air_conditioner"}), HANDS_ON,
        f"{CATALOGUE} 3.2：小型空调高处安装、维修", date(2010, 7, 1),
    ),
    Need(
        ELECTRICIAN, frozenset({"air_conditioner", "water_heater_electric"}), HANDS_ON,
        f"{CATALOGUE} 1.2：1 千伏以下低压电器设备的安装、调试、维护、检修", date(2010, 7, 1),
    ),
    Need(
        COOLING, frozenset({"air_conditioner"}), HANDS_ON,
        f"品牌方通行要求；{CATALOGUE} 4 只点名大中型设备", date(2010, 7, 1),
    ),
    Need(
        GAS, frozenset({"water_heater_gas", "gas_stove", "integrated_stove"}), HANDS_ON | {"maintenance"},
        f"{GAS_RULES}：安装、维修人员经考核合格", date(2011, 3, 1),
    ),
)  # fmt: skip


def needed(category: str, service_type: str, day: date) -> tuple[str, ...]:
    """The kinds of certificate that work needs on a day, in the order of the table."""
    return tuple(
        need.kind
        for need in NEEDS
        if category in need.categories
        and service_type in need.service_types
        and need.since <= day
        and (need.until is None or day < need.until)
    )
