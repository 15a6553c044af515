"""Sentences of reviews with fault labels and traps ("没有漏水"): micro-F1 over the labels that have one of ours."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from bench.evaluation.figure import Figure, share, shown
from bot.understanding import find_symptoms

OURS = {
    "water_leak": "water_leak", "noise": "noise", "no_ignition": "not_igniting", "no_hot_water": "not_heating",
    "low_flow": "low_pressure", "electric_leak": "electric_leakage", "no_power": "no_power",
    "appearance_damage": "appearance_damage", "part_missing_or_defective": "missing_part", "temp_unstable": "other",
    "temp_inaccurate": "other", "display_inaccurate": "other", "slow_heating": "not_heating",
}  # fmt: skip
"""`none` and `broken_unspecified` name no fault of ours."""
CATEGORIES = {"electric_water_heater": "water_heater_electric", "gas_water_heater": "water_heater_gas"}


def figures(path: Path) -> Iterator[Figure]:
    with path.open(encoding="utf-8", newline="") as lines:
        cases = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    right = said = meant = 0
    wrong: list[str] = []
    dangers: dict[str, bool] = {}
    for case in shown(cases, "reading faults"):
        true = {OURS[label] for label in case["fault_labels"].split(",") if label in OURS}
        found = find_symptoms(case["text"], CATEGORIES.get(case["category"]))
        told = {one.value.label for one in found if not one.value.denied}
        right, said, meant = right + len(true & told), said + len(told), meant + len(true)
        if true != told:
            wrong.append(f"{case['id']} {case['text'][:50]}: extra={sorted(told - true)} missed={sorted(true - told)}")
        if "electric_leakage" in true:
            dangers[f"{case['id']} {case['text']}"] = "electric_leakage" in told
    yield Figure("faults.symptom_micro_f1", round(2 * right / max(1, said + meant), 4), meant, wrong=wrong)
    yield share("faults.safety_recall", dangers, 1.0, safety=True)
