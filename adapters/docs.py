"""The pages of docs/ that are written from the code: ``weixiu docs`` writes them, a test says when they are old.

To add a page, add a line to `PAGES`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import domain
from domain.kit.lifecycle import Lifecycle

FOLDER = Path(__file__).parent.parent / "docs"


def lives() -> Iterator[tuple[ModuleType, str, Lifecycle[Any]]]:
    """Every lifecycle of the product with the module it is in and its name there."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        if module.name.endswith(".lifecycle"):
            imported = importlib.import_module(module.name)
            for name, value in vars(imported).items():
                if isinstance(value, Lifecycle):
                    yield imported, name, value


def lifecycles() -> str:
    """The lives of things as diagrams."""
    parts = [
        "# The lives of things",
        "Written by `weixiu docs` from the tables in `domain/*/lifecycle.py`: change those.",
    ]
    for module, name, life in lives():
        about = (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
        rows = [
            f"| {move.title} `{move.name}` | {who(move.by)} | {'yes' if move.reason else ''} |"
            for move in life.moves.values()
        ]
        parts += [
            f"## {name}", f"`{module.__name__.replace('.', '/')}.py`: {about}", f"```mermaid\n{life.mermaid()}\n```",
            "\n".join(["| move | by | needs a reason |", "|---|---|---|", *rows]),
        ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def who(roles: Any) -> str:
    return ", ".join(sorted(roles))


PAGES: Mapping[str, Callable[[], str]] = {"lifecycles.md": lifecycles}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every page; returns their files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page())
    return [folder / name for name in PAGES]
