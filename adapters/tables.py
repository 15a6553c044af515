"""Makes every table known to the metadata. A new subject needs nothing here; tables outside ``domain`` are a line."""

from __future__ import annotations

import importlib
import pkgutil

import bot.conversation  # noqa: F401  # the one table outside the domain
import domain


def import_all() -> None:
    """Import every module of the domain, which is where tables are declared."""
    for module in pkgutil.walk_packages(domain.__path__, "domain.", onerror=_fly):
        importlib.import_module(module.name)


def _fly(name: str) -> None:
    """walk_packages would pass over a package that does not import."""
    raise ImportError(f"{name} does not import")
