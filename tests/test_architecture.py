"""Guards of the house: what architecture.md and style.md promise of the whole tree.

A rule that has to be broken somewhere gets an entry with its reason in `EXCEPTIONS`, or it is not broken.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from adapters import docs, tables
from bot.flows import FLOWS
from domain.kit.tables import Sealed, SealedJson, Table

ROOT = Path(__file__).parent.parent
PRODUCT = ["domain", "bot", "webhooks", "consumer_app", "engineer_app", "console", "jobs", "adapters"]
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
}
IDS = {"uuid", "ulid", "nanoid", "shortuuid"}
BANNED_NAMES = {
    "utils",
    "common",
    "core",
    "helpers",
    "services",
    "models",
    "misc",
    "util",
    "helper",
    "service",
    "managers",
}

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""(rule, file) → the reason."""


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def nodes(rule: str, *folders: str) -> Iterator[tuple[str, ast.AST]]:
    """Every piece of syntax in these folders, with its place, but in files the rule has an exception for."""
    for file in files(*folders):
        name = str(file.relative_to(ROOT))
        if (rule, name) not in EXCEPTIONS:
            for node in ast.walk(tree_of(file)):
                yield f"{name}:{getattr(node, 'lineno', 0)}", node


def called(node: ast.AST) -> str:
    """``datetime.now`` for ``datetime.datetime.now(UTC)``, "" for what is no call of an attribute."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return f"{owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, 'id', '')}.{node.func.attr}"
    return ""


def test_nobody_commits_but_the_unit_of_work() -> None:
    found = [at for at, node in nodes("commit", *PRODUCT) if called(node).endswith(".commit")]
    assert found == []


def test_the_business_reads_no_clock() -> None:
    found = [
        at
        for at, node in nodes("clock", "domain", "bot", "webhooks", "console", "jobs", "consumer_app")
        if called(node) in CLOCKS
    ]
    assert found == []


def test_ids_are_made_in_adapters_only() -> None:
    def imports(node: ast.AST) -> set[str]:
        if isinstance(node, ast.Import):
            return {name.name.split(".")[0] for name in node.names}
        return {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) and not node.level else set()

    folders = [folder for folder in PRODUCT if folder != "adapters"]
    assert [at for at, node in nodes("ids", *folders) if imports(node) & IDS] == []


def test_money_is_never_a_float() -> None:
    def floats(node: ast.AST) -> bool:
        return (isinstance(node, ast.Name) and node.id == "float") or (
            isinstance(node, ast.Constant) and isinstance(node.value, float)
        )

    handles_money = [file for file in files(*PRODUCT) if re.search(r"\bMoney\b|\byuan\(", file.read_text())]
    assert ROOT / "domain/kit/money.py" in handles_money
    found = [file for file in handles_money if any(floats(node) for node in ast.walk(tree_of(file)))]
    assert found == []


def test_only_the_lifecycle_writes_a_status() -> None:
    def targets(node: ast.AST) -> list[ast.expr]:
        if isinstance(node, ast.Assign):
            return [
                each for target in node.targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
        return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []

    def writes(node: ast.AST) -> bool:
        by_name = called(node) == "" and isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr"
        return any(isinstance(one, ast.Attribute) and one.attr == "status" for one in targets(node)) or (
            by_name and isinstance(node, ast.Call) and ast.unparse(node.args[1]) == "'status'"
        )

    found = {at.split(":")[0] for at, node in nodes("status", *PRODUCT) if writes(node)}
    assert found == {"domain/kit/lifecycle.py"}


def test_every_flow_is_named_after_its_file_and_has_its_chats() -> None:
    written = {file.stem for file in (ROOT / "bot/flows").glob("*.py")} - {"__init__"}
    assert {flow.name for flow in FLOWS.values()} == written
    chats = {file.stem for file in (ROOT / "tests/chats").glob("*.chat")}
    assert written <= chats, f"tests/chats lacks {sorted(written - chats)}"


def test_what_is_personal_is_sealed_for_its_own_place() -> None:
    tables.import_all()
    places = {
        f"{table.name}.{column.name}": column.type.place
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed | SealedJson)
    }
    assert {"received.content", "customer_phones.number", "work_orders.address"} <= set(places)
    assert [place for place, sealed_for in places.items() if place != sealed_for] == []


@pytest.mark.parametrize("page", docs.PAGES)
def test_what_is_written_from_the_code_is_fresh(page: str) -> None:
    assert (ROOT / page).read_text() == docs.PAGES[page](), "run `weixiu docs`"


def test_no_folder_or_file_is_called_by_a_name_that_says_nothing() -> None:
    found = [
        str(file.relative_to(ROOT))
        for file in files(*PRODUCT, "sandbox", "tests", "bench")
        if BANNED_NAMES & {*file.relative_to(ROOT).parts[:-1], file.stem}
    ]
    assert found == []


def test_tests_hand_in_objects_and_patch_nothing_by_name() -> None:
    patches = {"mock.patch", "mocker.patch", "patch.object", "mocker.patch.object"}
    found = [
        at
        for at, node in nodes("patching", "tests")
        if called(node) in patches
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "patch")
        or (
            called(node) == "monkeypatch.setattr"
            and isinstance(node, ast.Call)
            and isinstance(node.args[0], ast.Constant)
        )
    ]
    assert found == []


def test_exceptions_have_reasons_and_are_still_needed() -> None:
    for (rule, name), reason in EXCEPTIONS.items():
        assert reason, rule
        assert (ROOT / name).exists(), name
