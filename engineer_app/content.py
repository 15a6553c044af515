"""The content that is the same for all jobs, as one document with a version: phones fetch it once and keep it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from domain.appointments import reasons as appointments
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.materials import MATERIALS
from domain.dispatch.reasons import REFUSE, SILENCE
from domain.inspections import library
from domain.inspections.checks import Check
from domain.kit.errors import NotFound
from domain.knowledge.diagnosis.trees import Tree, trees
from domain.knowledge.symptoms import TITLES as SYMPTOMS
from domain.service_sheets.rules import OUTCOMES, WANTED
from engineer_app.content_shapes import ContentOut

PURPOSES = {
    "before": "服务前", "after": "服务后", "nameplate": "机身铭牌", "check": "环境检查", "part": "配件", "receipt": "取走的机器",
    "door": "门口",
}  # fmt: skip


@lru_cache(maxsize=1)
def content() -> dict[str, Any]:
    """As JSON; the version is of all of it."""
    names = ("general", *library.categories())
    made = {
        "prompts": {name: [asdict(one) for one in library.all_prompts(name)] for name in names},
        "checks": {name: [check_json(one) for one in library.all_checks(name)] for name in names},
        "trees": {category: tree_json(tree) for category, tree in trees().items()},
        "outcomes": [{"code": one.code, "title": one.title, "needs": list(one.needs)} for one in OUTCOMES.values()],
        "needs": [{"code": one.code, "words": one.words} for one in WANTED.values()],
        "refuse_reasons": [{"code": code, "words": reason.words} for code, reason in REFUSE.items() if code != SILENCE],
        "change_reasons": pairs(appointments.ENGINEER),
        "symptoms": dict(SYMPTOMS),
        "categories": dict(CATEGORIES),
        "materials": [asdict(one) for one in MATERIALS],
        "photo_purposes": pairs(PURPOSES),
    }
    dumped: dict[str, Any] = ContentOut().dump({**made, "version": ""})
    whole = json.dumps(dumped, ensure_ascii=False, sort_keys=True)
    return {**dumped, "version": hashlib.sha256(whole.encode()).hexdigest()[:12]}


def version() -> str:
    return str(content()["version"])


def of_version(wanted: str) -> dict[str, Any]:
    """:raises NotFound: it is not the one in force"""
    if wanted != version():
        raise NotFound("内容已经更新，请重新获取任务")
    return content()


def pairs(words: dict[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "words": said} for code, said in words.items()]


def check_json(check: Check) -> dict[str, Any]:
    numbers = {"least": plain(check.least), "most": plain(check.most)}
    return {**asdict(check), **numbers}


def plain(value: object) -> str | None:
    """Decimal text, never a float."""
    return None if value is None else str(value)


def tree_json(tree: Tree) -> dict[str, Any]:
    return {
        "source": tree.source, "checked": tree.checked, "start": tree.start,
        "steps": {code: asdict(step) for code, step in tree.steps.items()},
        "causes": {code: asdict(cause) for code, cause in tree.causes.items()},
    }  # fmt: skip
