"""Who may do what, route by route, read from the doors: for docs/access.md and for the tests that try it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask

from domain.access.roles import Permission


@dataclass(frozen=True)
class Route:
    """One thing the staff can ask for. ``fields`` are the names in its path; ``takes`` the schema of its body, ``asks`` of its query."""

    method: str
    path: str
    fields: tuple[str, ...]
    permission: Permission
    takes: Any = None
    asks: Any = None

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes_of(app: APIFlask) -> list[Route]:
    """Every route of the staff's doors, by path."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        permission = getattr(view, "permission", None)
        if isinstance(permission, Permission):
            spec = getattr(view, "_spec", {})
            takes, asks = (
                spec.get("body"),
                next((schema for schema, place, *_ in spec.get("args", ()) if place == "query"), None),
            )
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [Route(one, rule.rule, tuple(sorted(rule.arguments)), permission, takes, asks) for one in methods]
    return sorted(found, key=lambda route: (route.path, route.method))
