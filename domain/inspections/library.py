"""The prompts and checks in memory, read from ``content/`` on first use; `problems` says what is wrong with the files."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from domain.inspections.checks import Check, CheckKind, Option, Prompt, Verdict

CONTENT = Path(__file__).with_name("content")


@lru_cache(maxsize=1)
def _files() -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(CONTENT.glob("*.toml")):
        found[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return found


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with the content: what a phone asks for once and keeps."""
    whole = hashlib.sha256()
    for path in sorted(CONTENT.glob("*.toml")):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()[:12]


def categories() -> tuple[str, ...]:
    """The categories that have content, `general` apart."""
    return tuple(name for name in _files() if name != "general")


def prompts_for(category: str, service_type: str, day: date) -> tuple[Prompt, ...]:
    """What has to be confirmed before work on such a thing, of that day's content: `general` first."""
    return tuple(
        prompt for name in ("general", category) for prompt in _prompts(name) if fits(prompt, service_type, day)
    )


def checks_for(category: str, service_type: str, day: date) -> tuple[Check, ...]:
    """What has to be looked at and measured there, of that day's content."""
    return tuple(check for name in ("general", category) for check in _checks(name) if fits(check, service_type, day))


def all_prompts(category: str) -> tuple[Prompt, ...]:
    """Every prompt of one file, of whatever service and day: for phones, which pick themselves."""
    return _prompts(category)


def all_checks(category: str) -> tuple[Check, ...]:
    return _checks(category)


def fits(row: Prompt | Check, service_type: str, day: date) -> bool:
    in_force = row.since <= day and (row.until is None or day < row.until)
    return in_force and (not row.services or service_type in row.services)


@lru_cache(maxsize=64)
def _prompts(name: str) -> tuple[Prompt, ...]:
    file = _files().get(name, {})
    return tuple(
        Prompt(
            row["code"], row["words"], tuple(row.get("services", ())), row.get("source", file["source"]),
            row.get("since", file["since"]), row.get("until"),
        )
        for row in file.get("prompt", ())
    )  # fmt: skip


@lru_cache(maxsize=64)
def _checks(name: str) -> tuple[Check, ...]:
    file = _files().get(name, {})
    return tuple(_check(row, file) for row in file.get("check", ()))


def _check(row: dict[str, Any], file: dict[str, Any]) -> Check:
    least, most = row.get("least"), row.get("most")
    return Check(
        code=row["code"], title=row["title"], how=row["how"], kind=CheckKind(row["kind"]),
        services=tuple(row.get("services", ())), unit=row.get("unit", ""),
        least=None if least is None else Decimal(least), most=None if most is None else Decimal(most),
        options=tuple(Option(o["code"], o["words"], Verdict(o.get("verdict", "fine"))) for o in row.get("options", ())),
        failing=Verdict(row.get("failing", "blocks")), photo=row.get("photo", False), put_right=row.get("put_right", ""),
        source=row.get("source", file["source"]), since=row.get("since", file["since"]), until=row.get("until"),
    )  # fmt: skip


def problems() -> Iterator[str]:
    """What is wrong with the content, a sentence each; a test wants none."""
    for name in _files():
        seen: set[str] = set()
        rows: tuple[Prompt | Check, ...] = (*_prompts(name), *_checks(name))
        for row in rows:
            if row.code in seen and row.until is None:
                yield f"{name}: {row.code} is written twice"
            seen.add(row.code)
        for check in _checks(name):
            blocks = check.failing is Verdict.BLOCKS or any(o.verdict is Verdict.BLOCKS for o in check.options)
            if blocks and not check.put_right:
                yield f"{name}: {check.code} blocks but does not say what is to be put right"
            if check.kind is CheckKind.NUMBER and (not check.unit or (check.least is None and check.most is None)):
                yield f"{name}: {check.code} is a number without a unit or a limit"
            if check.kind is CheckKind.CHOICE and len(check.options) < 2:
                yield f"{name}: {check.code} is a choice without choices"
