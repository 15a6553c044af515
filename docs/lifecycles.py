"""Prints docs/lifecycles.md from the tables in ``domain/*/lifecycle.py``; ``make docs`` writes it.

A new lifecycle needs nothing here; a test says when the page is stale.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import domain
from domain.kit.lifecycle import Lifecycle

HEAD = """# Lifecycles

Made from the tables in `domain/*/lifecycle.py` by `make docs`. Each table is enforced as it is drawn: `Lifecycle.move` is the only code that writes a status."""


def modules() -> Iterator[ModuleType]:
    for subject in pkgutil.iter_modules(domain.__path__):
        if subject.ispkg and subject.name != "kit":
            names = {module.name for module in pkgutil.iter_modules([f"{domain.__path__[0]}/{subject.name}"])}
            if "lifecycle" in names:
                yield importlib.import_module(f"domain.{subject.name}.lifecycle")


def page() -> str:
    parts = [HEAD]
    for module in modules():
        subject = module.__name__.split(".")[1]
        for name, life in vars(module).items():
            if isinstance(life, Lifecycle):
                title = name.lower().replace("_", " ")
                rows = [
                    f"| {move.name} | {move.title} | {', '.join(sorted(move.by))} | {'yes' if move.reason else ''} |"
                    for move in life.moves.values()
                ]
                parts.append(f"## {subject.replace('_', ' ')}: {title}\n\n```mermaid\n{life.mermaid()}\n```")
                parts.append("| move | on screen | by | reason |\n|---|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    print(page(), end="")
