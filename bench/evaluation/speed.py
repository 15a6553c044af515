"""How long one message takes and how much memory a process needs, with a large catalogue."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench.evaluation.figure import Figure, rows
from bot.understanding import CodeIndex, understand

CODES = 100_000
REPEATS = 3
"""The best of these counts for a message, so that other work on the machine does not."""
OWN = Path(__file__).resolve().parent.parent.parent / "tests" / "cases" / "understanding.jsonl"
DAY = date(2026, 3, 11)


def figures() -> Iterator[Figure]:
    """In a process of its own, because memory once used is not given back."""
    out = subprocess.run([sys.executable, "-m", "bench.evaluation.speed"], check=True, capture_output=True, text=True)
    p50, p99, megabytes, of = (float(word) for word in out.stdout.split())
    yield Figure("understand.p50_ms", p50, int(of))
    yield Figure("understand.p99_ms", p99, int(of), 10.0, at_most=True)
    yield Figure("understand.resident_mb", megabytes, int(of), 300.0, at_most=True)


def _milliseconds(text: str, index: CodeIndex[str]) -> float:
    start = time.perf_counter()
    understand(text, DAY, index)
    return (time.perf_counter() - start) * 1000


def made_up_codes(seed: int = 7) -> Iterator[tuple[str, str]]:
    pick = random.Random(seed)
    letters, digits = "ABCDEFGHJKLMNPRSTUVWXYZ", "0123456789"
    for number in range(CODES):
        head = pick.choice(("BCD", "KFR", "XQG", "JSQ", "CXW", "LS", "ES", "EG", "WQP"))
        tail = "".join(pick.choice(letters + digits) for _ in range(7))
        yield str(number), f"{head}-{pick.randrange(20, 800)}{tail}"


def main() -> None:
    index = CodeIndex(made_up_codes())
    texts = [case["text"] for case in rows(OWN)]
    texts += ["我家BCD-5O1WDPT7冰箱不制冷，型号KFR-35GW12ABC3D，帮忙看看", "1" * 300, "空调不制冷，" * 60]
    for text in texts[:20]:
        understand(text, DAY, index)
    took = sorted(min(_milliseconds(text, index) for _ in range(REPEATS)) for text in texts)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(round(took[len(took) // 2], 3), round(took[int(len(took) * 0.99)], 3), round(resident, 1), len(took))


if __name__ == "__main__":
    main()
