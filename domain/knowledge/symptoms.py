"""What can be wrong with an appliance: the labels `bot.understanding` gives, with the titles people read.

A new symptom is a row here and its phrases in the bot's lexicon; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

TITLES: Mapping[str, str] = {
    "gas_smell": "燃气异味/漏气",
    "smoke_or_burning": "冒烟/打火花/焦糊味",
    "electric_leakage": "漏电/麻手",
    "error_code": "显示故障代码",
    "not_cooling": "不制冷",
    "not_heating": "不制热/不加热",
    "water_leak": "漏水",
    "noise": "噪音大/异响",
    "vibration": "震动大",
    "no_power": "不通电/不开机",
    "trips_breaker": "跳闸",
    "not_igniting": "打不着火",
    "flame_out": "中途熄火",
    "not_draining": "不排水",
    "not_filling": "不进水",
    "not_spinning": "不脱水/不转",
    "display_fault": "显示/画面异常",
    "smell": "有异味",
    "overheating": "过热/水太烫",
    "ice_buildup": "结冰/结霜",
    "weak_airflow": "风力/吸力小",
    "not_responding": "按键/面板失灵",
    "remote_fault": "遥控器失灵",
    "door_fault": "门/盖故障",
    "not_dispensing": "不出水/不出冰",
    "low_pressure": "出水小",
    "appearance_damage": "外观损坏",
    "missing_part": "缺少配件",
    "other": "其他问题",
}

SAFETY = frozenset({"gas_smell", "smoke_or_burning", "electric_leakage"})
"""Never anything to try: the customer is told to get away from it, and a person comes."""

GRAVE = ("trips_breaker", "water_leak", "overheating", "smell", "appearance_damage", "missing_part")
"""Gravest first: where one is told of, only an article about it may be offered. Plugging in again, which helps with
much else, is wrong when the breaker fell or water runs; and nothing is to be tried with a broken door."""

BURNS_GAS = frozenset({"gas_stove", "water_heater_gas", "integrated_stove"})


def is_dangerous(symptoms: Collection[str], category: str | None) -> bool:
    """Whether nothing may be tried. A strange smell at a gas appliance is gas until somebody has looked."""
    return not SAFETY.isdisjoint(symptoms) or (category in BURNS_GAS and "smell" in symptoms)


def gravest(symptoms: Collection[str]) -> str | None:
    """The symptom that decides what may be offered, if there is one."""
    return next((symptom for symptom in GRAVE if symptom in symptoms), None)
