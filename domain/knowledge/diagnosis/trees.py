"""The diagnosis trees in memory, read from the ``.toml`` files beside this one on first use."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Finding:
    """What a test may show, and where that leads: to another step, or to a cause."""

    code: str
    words: str
    step: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One test: ``do`` says how, ``safety`` what to mind."""

    code: str
    title: str
    do: str
    safety: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong, what helps, and which parts it usually takes (names as in bills of materials)."""

    code: str
    title: str
    remedy: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where to begin: for these symptoms, or these error codes."""

    symptoms: tuple[str, ...]
    error_codes: tuple[str, ...]
    step: str


@dataclass(frozen=True, slots=True)
class Tree:
    """All of one category. ``start`` is the step for whatever no entry names."""

    category: str
    source: str
    checked: date
    start: str
    entries: tuple[Entry, ...]
    steps: dict[str, Step]
    causes: dict[str, Cause]

    def begin(self, symptoms: Sequence[str], error_code: str | None) -> str:
        """The step to begin with: an error code leads better than a symptom."""
        for entry in self.entries:
            if error_code and error_code in entry.error_codes:
                return entry.step
        for symptom in symptoms:
            for entry in self.entries:
                if symptom in entry.symptoms:
                    return entry.step
        return self.start

    def is_path(self, path: Sequence[tuple[str, str]], cause: str) -> bool:
        """Whether these (step, finding) follow each other in the tree and end at the cause."""
        if not path or path[0][0] not in self.steps:
            return False
        expected: str | None = path[0][0]
        for number, (code, found) in enumerate(path):
            step = self.steps.get(code)
            finding = next((one for one in step.findings if one.code == found), None) if step else None
            if finding is None or code != expected:
                return False
            if finding.cause:
                return number == len(path) - 1 and finding.cause == cause
            expected = finding.step
        return False


@lru_cache(maxsize=1)
def trees() -> dict[str, Tree]:
    """Category → tree."""
    return {path.stem: _tree(path) for path in sorted(CONTENT.glob("*.toml"))}


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with the content."""
    whole = hashlib.sha256()
    for path in sorted(CONTENT.glob("*.toml")):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()[:12]


def _tree(path: Path) -> Tree:
    body = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = (Entry(tuple(e.get("symptoms", ())), tuple(e.get("codes", ())), e["step"]) for e in body.get("entry", ()))
    causes = (Cause(c["code"], c["title"], c["remedy"], tuple(c.get("parts", ()))) for c in body["cause"])
    return Tree(
        path.stem, body["source"], body["checked"], body["start"], tuple(entries),
        {step["code"]: _step(step) for step in body["step"]}, {cause.code: cause for cause in causes},
    )  # fmt: skip


def _step(row: dict[str, Any]) -> Step:
    findings = tuple(Finding(f["code"], f["words"], f.get("step"), f.get("cause")) for f in row["findings"])
    return Step(row["code"], row["title"], row["do"], row.get("safety", ""), findings)


def problems() -> Iterator[str]:
    """What is wrong with the content, a sentence each; a test wants none."""
    for tree in trees().values():
        named = {tree.start, *(entry.step for entry in tree.entries)}
        used: set[str] = set()
        for step in tree.steps.values():
            if len(step.findings) < 2:
                yield f"{tree.category}: {step.code} has only one way out"
            for finding in step.findings:
                if (finding.step is None) == (finding.cause is None):
                    yield f"{tree.category}: {step.code}/{finding.code} leads nowhere or to two places"
                named.add(finding.step or tree.start)
                used.add(finding.cause or "")
        for missing in sorted(named - set(tree.steps)):
            yield f"{tree.category}: there is no step {missing}"
        for unused in sorted(set(tree.steps) - named):
            yield f"{tree.category}: nothing leads to the step {unused}"
        for missing in sorted(used - set(tree.causes) - {""}):
            yield f"{tree.category}: there is no cause {missing}"
        for unused in sorted(set(tree.causes) - used):
            yield f"{tree.category}: nothing leads to the cause {unused}"
        if circle := _circle(tree):
            yield f"{tree.category}: the steps {circle} go round in a circle"


def _circle(tree: Tree) -> str:
    done: set[str] = set()

    def walk(code: str, above: tuple[str, ...]) -> str:
        if code in above:
            return " → ".join((*above[above.index(code) :], code))
        if code in done or code not in tree.steps:
            return ""
        for finding in tree.steps[code].findings:
            if finding.step and (found := walk(finding.step, (*above, code))):
                return found
        done.add(code)
        return ""

    return next(filter(None, (walk(code, ()) for code in tree.steps)), "")
