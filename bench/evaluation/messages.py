"""Whole messages: intent, product, symptoms and every slot, counted as the labels' README says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.evaluation.figure import Figure, count, rows, share, shown
from bot.understanding import CodeIndex, understand
from bot.understanding.labels import labels

SAFETY = ("gas_smell", "smoke_or_burning", "electric_leakage")
NOW = datetime(2026, 3, 11, 10, 0)  # noqa: DTZ001  # a Wednesday; only the day counts
ENDINGS = re.compile(r"[省市区县]$")

Case = dict[str, Any]


def figures(path: Path, index: CodeIndex[str] | None, prefix: str = "understanding") -> Iterator[Figure]:
    """All figures of one file of labelled messages, then the same for those marked as hard."""
    cases = rows(path)
    read = {case["id"]: _read(case, index) for case in shown(cases, "reading messages")}
    yield from _of(cases, read, prefix)
    hard = [case for case in cases if "hard" in case["note"]]
    yield from _of(hard, read, f"{prefix}.hard", targets=False)


def _read(case: Case, index: CodeIndex[str] | None) -> Case:
    now = datetime.fromisoformat(case["now"]) if case.get("now") else NOW
    return labels(understand(case["text"], now.date(), index))


def _of(cases: list[Case], read: dict[str, Case], prefix: str, *, targets: bool = True) -> Iterator[Figure]:
    pairs = [(case, read[case["id"]]) for case in cases]

    def want(value: float) -> float | None:
        return value if targets else None

    def tell(case: Case, said: Case, *fields: str) -> str:
        return f"{case['id']} {case['text'][:40]}: " + "; ".join(f"{f}={said[f]!r} not {case[f]!r}" for f in fields)

    yield share(
        f"{prefix}.intent_accuracy", {tell(c, s, "intent"): c["intent"] == s["intent"] for c, s in pairs}, want(0.93)
    )
    repair = "request_repair"
    wrongly = [c["id"] for c, s in pairs if s["intent"] == repair != c["intent"]]
    yield count(f"{prefix}.wrongly_request_repair", wrongly, len(pairs))
    missed = [c["id"] for c, s in pairs if c["intent"] == repair != s["intent"]]
    yield count(f"{prefix}.request_repair_missed", missed, len(pairs))
    named = {tell(c, s, "category"): c["category"] == s["category"] for c, s in pairs if c["category"]}
    yield share(f"{prefix}.category_accuracy", named, want(0.95))
    invented = [tell(c, s, "category") for c, s in pairs if s["category"] and not c["category"]]
    yield count(f"{prefix}.category_invented", invented, len(pairs))
    yield _symptoms(pairs, prefix, want(0.88))
    denied = [c["id"] for c, s in pairs if set(s["symptoms"]) & set(c["negated_symptoms"])]
    yield count(f"{prefix}.negated_reported", denied, len(pairs), want(0))
    yield from _safety(pairs, prefix)
    for slot, wanted in (("error_code", None), ("model", None), ("phone", 0.99), ("when", None)):
        yield from _slot(pairs, slot, prefix, None if wanted is None else want(wanted))
    yield from _times(pairs, prefix, want(0.92))
    yield from _addresses(pairs, prefix, targets=targets)
    yield from _true_models(pairs, prefix)


def _symptoms(pairs: list[tuple[Case, Case]], prefix: str, wanted: float | None) -> Figure:
    right = said = meant = 0
    wrong = []
    for case, found in pairs:
        true, told = set(case["symptoms"]), set(found["symptoms"])
        right, said, meant = right + len(true & told), said + len(told), meant + len(true)
        if true != told:
            wrong.append(f"{case['id']} {case['text'][:50]}: extra={sorted(told - true)} missed={sorted(true - told)}")
    value = round(2 * right / (said + meant), 4) if said + meant else 1.0
    return Figure(f"{prefix}.symptom_micro_f1", value, meant, wanted, wrong=wrong)


def _safety(pairs: list[tuple[Case, Case]], prefix: str) -> Iterator[Figure]:
    dangers = {
        f"{case['id']} {case['text']}: {label}": label in found["symptoms"]
        for case, found in pairs
        for label in SAFETY
        if label in case["symptoms"]
    }
    yield share(f"{prefix}.safety_recall", dangers, 1.0, safety=True)
    alarms = [
        f"{case['id']} {case['text']}: {label}"
        for case, found in pairs
        for label in SAFETY
        if label in found["symptoms"] and label not in case["symptoms"]
    ]
    yield count(f"{prefix}.safety_false_alarms", alarms, len(pairs))


def _slot(pairs: list[tuple[Case, Case]], slot: str, prefix: str, wanted: float | None) -> Iterator[Figure]:
    stated = {
        f"{c['id']} {c['text'][:60]}: {s[slot]!r} not {c[slot]!r}": _same(c[slot], s[slot]) for c, s in pairs if c[slot]
    }
    yield share(f"{prefix}.{slot}_exact", stated, wanted)
    yield count(f"{prefix}.{slot}_missed", [c["id"] for c, s in pairs if c[slot] and not s[slot]], len(stated))
    invented = [f"{c['id']} {c['text'][:60]}: {s[slot]!r}" for c, s in pairs if s[slot] and not c[slot]]
    yield count(f"{prefix}.{slot}_invented", invented, len(pairs))


def _same(true: Any, told: Any) -> bool:
    if isinstance(true, str) and isinstance(told, str):
        return _plain(true) == _plain(told)
    return bool(true == told)


def _plain(words: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words).lower())


def _times(pairs: list[tuple[Case, Case]], prefix: str, wanted: float | None) -> Iterator[Figure]:
    keys = ("date_offset_days", "weekday", "half_day")
    stated = {
        f"{c['id']} {c['text'][:50]}: {s['when']}": bool(s["when"]) and all(c["when"][k] == s["when"][k] for k in keys)
        for c, s in pairs
        if c["when"]
    }
    yield share(f"{prefix}.time_day_and_half_day", stated, wanted)


def _part(words: str) -> str:
    plain = re.sub(r"[\s\W_]", "", unicodedata.normalize("NFKC", words).lower())
    return ENDINGS.sub("", plain)


def _addresses(pairs: list[tuple[Case, Case]], prefix: str, *, targets: bool) -> Iterator[Figure]:
    parts: dict[str, dict[str, bool]] = {"district": {}, "all": {}}
    invented = []
    for case, found in pairs:
        told = found["address"] or {}
        for part, words in (case["address"] or {}).items():
            right = _part(words) == _part(told.get(part, ""))
            key = f"{case['id']} {case['text'][:60]}: {part}={told.get(part)!r} not {words!r}"
            parts["all"][key] = right
            if part == "district":
                parts["district"][key] = right
        invented += [f"{case['id']} {part}={told[part]!r}" for part in told if part not in (case["address"] or {})]
    yield share(f"{prefix}.district", parts["district"], 0.95 if targets else None)
    yield share(f"{prefix}.address_parts", parts["all"], 0.90 if targets else None)
    yield count(f"{prefix}.address_parts_invented", invented, len(parts["all"]))


def _true_models(pairs: list[tuple[Case, Case]], prefix: str) -> Iterator[Figure]:
    """Mistyped codes: the real one must be offered, and never taken without asking."""
    offered: dict[str, bool] = {}
    silent = []
    for case, found in pairs:
        meant = re.search(r"true_model=([^;]+)", case["note"])
        if meant and found["codes"] is not None:
            near = [hit["code"] for mention in found["codes"] for hit in mention["candidates"]]
            offered[f"{case['id']} {case['model']}: {near}"] = meant[1].strip() in near
            silent += [case["id"] for m in found["codes"] if m["exact"] and m["exact"] != meant[1].strip()]
    yield share(f"{prefix}.true_model_offered", offered)
    yield count(f"{prefix}.true_model_silently_another", silent, len(offered))
