"""What the documents say is so: links lead somewhere, commands and settings exist, the example works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from adapters.cli import main
from adapters.setting_kinds import PREFIX
from adapters.settings import Settings
from bot.flow import Flow
from bot.flows import FLOWS
from domain.kit.unit_of_work import Runtime
from domain.knowledge.library import read_library
from tests.brand import brand_in
from tests.runtime import Clock
from tests.test_chats import Customer

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("**/*.md"))]
README = (ROOT / "README.md").read_text()
PROSE = {"is", "and", "in", "runs"}
"""Words that may follow the command's name in a sentence."""


def named(pages: list[Path]) -> list[Any]:
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages]


@pytest.mark.parametrize("page", named(PAGES))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r'src="([^"]+)"', text)
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", named(PAGES))
def test_commands_exist(page: Path) -> None:
    said = re.findall(
        r"`(?:\.venv/bin/)?weixiu ([a-z-]+)|^ +\.venv/bin/weixiu ([a-z-]+)", page.read_text(), re.MULTILINE
    )
    assert {name for names in said for name in names if name} - PROSE <= set(main.commands)


@pytest.mark.parametrize("page", named(PAGES))
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    said = re.findall(r"(?:`|^ +)make ([a-z]+)", page.read_text(), re.MULTILINE)
    assert set(said) <= targets


@pytest.mark.parametrize("page", named(PAGES))
def test_settings_exist(page: Path) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    said = {
        name
        for name in re.findall(rf"{PREFIX}[A-Z0-9_]*[A-Z0-9]", page.read_text())
        if f"{name}_…" not in page.read_text()
    }
    assert said <= known


def test_the_example_of_an_article_is_one(tmp_path: Path) -> None:
    [article] = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "codes").mkdir()
    file = tmp_path / "articles" / "refrigerator" / "door.toml"
    file.parent.mkdir(parents=True)
    file.write_text(dedent(article))
    assert read_library(tmp_path).find("refrigerator", ["door_fault"], None, None, "")[0].title == "冰箱门关不严"


@pytest.fixture
def example() -> Iterator[Flow]:
    """The flow of the README, as if its file were in ``bot/flows``."""
    module = ModuleType("call_me_back")
    [source] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(source, "README.md", "exec"), module.__dict__)
    FLOWS[module.flow.name] = module.flow
    yield module.flow
    del FLOWS[module.flow.name]


def test_the_example_of_a_flow_works_as_its_conversations_say(runtime: Runtime, clock: Clock, example: Flow) -> None:
    [chat] = re.findall(r"```chat\n(.*?)```", README, re.DOTALL)
    brand = brand_in(runtime)
    for number, conversation in enumerate(re.split(r"^# .*\n", chat, flags=re.MULTILINE)[1:]):
        customer = Customer(runtime, clock, brand, person=f"person {number}")
        for line in filter(None, conversation.splitlines()):
            customer.line(line)
