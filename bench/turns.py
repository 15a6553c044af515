"""``turns_to_order``: customer messages from the first word to the confirmed order, over the personas of the tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from adapters import embedded
from tests.brand import brand_in
from tests.personas import messages_to_order, personas
from tests.runtime import Clock, cloned, engine_on, make_template, runtime_on

WANTED = 4.0


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, embedded.postgres(Path(folder), fsync=False) as url:
        make_template(url)
        with cloned(url, "turns") as database:
            engine = engine_on(database, size=1)
            runtime = runtime_on(engine, Clock())
            voice = brand_in(runtime).voice
            counts = [messages_to_order(runtime, voice, persona) for persona in personas()]
            engine.dispose()
    yield {
        "figure": "turns_to_order", "mean": round(mean(counts), 2), "most": max(counts), "personas": len(counts),
        "wanted": WANTED, "ok": mean(counts) <= WANTED,
    }  # fmt: skip
