"""The files that are written from the code: ``weixiu docs`` writes them, a test says when they are old.

To add one, add a line to `PAGES`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from apiflask import APIFlask

import domain
from adapters.tables import import_all
from adapters.typescript import consumer_api, engineer_api
from console.access_table import routes_of
from console.door import blueprints
from console.rows import NOBODYS, ROWS
from domain.access.roles import GROUPS, TITLES, Permission, StaffRole, may
from domain.kit.lifecycle import Lifecycle

ROOT = Path(__file__).parent.parent


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


def access() -> str:
    """Who may do what, and whose rows they see."""
    import_all()
    app = APIFlask("docs")
    for blueprint in blueprints(runtime=None, secret_key="", secure_cookies=False):  # type: ignore[arg-type]
        app.register_blueprint(blueprint)
    routes = routes_of(app)
    roles = list(StaffRole)
    head = ["| | " + " | ".join(TITLES[role] for role in roles) + " |", "|---|" + ":-:|" * len(roles)]
    lines = [
        f"| {group} · {words} `{permission}` | "
        + " | ".join("●" if may(role, permission) else "" for role in roles)
        + " |"
        for group, members in GROUPS.items()
        for permission, words in members.items()
    ]
    where = [
        f"| `{one.method} {one.path}` | {'one thing' if one.fields else ''} | "
        + (" | ".join("●" if one.permission in OPEN_TO_ALL or may(role, one.permission) else "" for role in roles))
        + " |"
        for one in routes
    ]
    shared = ", ".join(f"`{table.__tablename__}` ({why})" for table, why in NOBODYS.items())
    return "\n\n".join([
        "# Who may do what, and whose rows they see",
        "Written by `weixiu docs` from `domain/access/roles.py`, `console/rows.py` and the routes: change those. "
        "`tests/console/test_access_matrix.py` tries every route with every role.",
        "## Permissions", "\n".join([*head, *lines]),
        "## Rows",
        "Somebody with a scope (a brand, a provider, a station) sees their own rows of these tables, in pages, the API, exports, "
        "files and streams alike; what is others' is not there (404). A provider sees an order and its whole history while it is "
        "responsible, and nothing of it afterwards; chats, tasks and settings are the brand's own.",
        ", ".join(f"`{table.__tablename__}`" for table in sorted(ROWS, key=lambda one: one.__tablename__)) + ".",
        f"Nothing is kept from anybody in: {shared}.",
        "## Routes",
        "*One thing*: the path names a row, which must be the person's own.",
        "\n".join(["| route | names " + head[0][1:], "|---" + head[1], *where]),
    ]) + "\n"  # fmt: skip


OPEN_TO_ALL = {Permission.ANYONE}

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/lifecycles.md": lifecycles,
    "docs/access.md": access,
    "engineer_app/web/src/api.ts": engineer_api,
    "miniprogram/api.ts": consumer_api,
}


def write(root: Path = ROOT) -> list[Path]:
    """Write every one; returns their files."""
    for name, page in PAGES.items():
        (root / name).write_text(page())
    return [root / name for name in PAGES]
