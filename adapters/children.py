"""What a supervisor is told: the processes to keep running, as data. `adapters/up.py` has Weixiu's list."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Child:
    """One process to keep running. ``command`` is called at every start, in the supervisor itself."""

    name: str
    command: Callable[[], list[str]]
    prepare: Callable[[], None] = lambda: None
    ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    log: Path | None = None
    """Where its lines go instead of the screen."""


@dataclass(frozen=True)
class Plan:
    """``servers`` come up first and go down last; ``steps`` run once, in order; then the ``children``."""

    lock: Path
    servers: tuple[Child, ...] = ()
    steps: tuple[Child, ...] = ()
    children: tuple[Child, ...] = ()
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    hold: Path | None = None
    """A folder: while it has a file of a child's name, that child is not started again."""
    patience: float = 60.0
    """Seconds for everything to be ready."""
