"""`understand`: how long one message takes to be understood, and how much memory what it needs takes.

Measured in a process of its own for each size of catalogue, so that the memory is that of this size alone.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from adapters.demo import catalogue as demo_catalogue
from bench.place import ROOT
from bench.traffic import dialogue
from bot.understanding import CodeIndex, understand

DAY = date(2026, 7, 1)
SIZES = {"demo": 0, "100000": 100_000}
SERIES = ("KFR-{}GW/BP{}", "BCD-{}WTP{}", "XQG{}-B{}D", "JSQ{}-{}H", "CXW-{}-J{}", "JZT-{}B{}")
MESSAGES = {False: 3_000, True: 300}


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    """The figure ``understand``, for the demo's catalogue and for one of a hundred thousand codes."""
    for name in SIZES:
        line = [sys.executable, "-m", "bench.understand", name, str(MESSAGES[quick])]
        done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT)
        yield json.loads(done.stdout)


def codes_of(name: str) -> list[str]:
    """The demo's codes, or as many made ones as wanted in the trade's style."""
    demo = [row.code for row in demo_catalogue.models()]
    wanted, chance = SIZES[name], random.Random(4)
    made: set[str] = set(demo)
    while len(made) < wanted:
        made.add(chance.choice(SERIES).format(chance.randrange(20, 999), chance.randrange(1, 9999)))
    return sorted(made)


def said(codes: list[str], count: int) -> list[str]:
    """What people say: the dialogue of the webhook's figure, codes as they are, and codes with a slip."""
    chance = random.Random(5)
    messages: list[str] = []
    while len(messages) < count:
        messages += [step.said for step in dialogue(chance)]
        code = chance.choice(codes)
        at = chance.randrange(len(code))
        messages += [
            f"我的{code}显示E1",
            code[:at] + code[at + 1 :],
            f"{code.lower().replace('-', ' ')}坏了，明天下午来修",
        ]
    return messages[:count]


def measured(name: str, count: int) -> dict[str, Any]:
    before = memory()
    codes = codes_of(name)
    began = time.perf_counter()
    index = CodeIndex((str(number), code) for number, code in enumerate(codes))
    built = time.perf_counter() - began
    messages = said(codes, count)
    began = time.perf_counter()
    understand(messages[1], DAY, index)
    first = time.perf_counter() - began
    times = sorted(one(message, index) for message in messages)
    return {
        "figure": "understand", "unit": "ms", "codes": len(codes), "messages": count,
        "p50": round(times[count // 2] * 1000, 2), "p99": round(times[int(count * 0.99)] * 1000, 2),
        "most": round(times[-1] * 1000, 1), "first_message": round(first * 1000), "index_built": round(built * 1000),
        "memory_mb": memory(), "memory_before_mb": before,
    }  # fmt: skip


def one(message: str, index: CodeIndex[str]) -> float:
    began = time.perf_counter()
    understand(message, DAY, index)
    return time.perf_counter() - began


def memory() -> int:
    """Resident memory of this process in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2])), ensure_ascii=False))
