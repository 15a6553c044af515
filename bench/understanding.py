"""``python -m bench.understanding [DATA]`` (or ``make eval DATA=…``): one JSON line a figure, with what it should be.

Sets found below DATA are scored; without DATA the project's own cases are. Safety-critical messages that are missed are
listed and make the run fail. Another set is a module in `bench.evaluation` and a row in `SETS`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.evaluation import faults, messages, model_codes, places, speed, times
from bench.evaluation.figure import Figure

OWN = Path(__file__).resolve().parent.parent / "tests" / "cases"
MODELS = "models/model_codes.csv"


def _messages(path: Path, data: Path) -> Iterator[Figure]:
    models = data / MODELS
    return messages.figures(path, model_codes.index_of(models) if models.is_file() else None)


SETS: dict[str, Callable[[Path, Path], Iterator[Figure]]] = {
    "understanding/messages_*.jsonl": _messages,
    "understanding*.jsonl": _messages,
    "times/*.jsonl": lambda path, data: times.figures(path),
    "addresses/*.jsonl": lambda path, data: places.figures(path),
    "faults/*.tsv": lambda path, data: faults.figures(path),
    MODELS: lambda path, data: model_codes.figures(path),
}
"""Which files below DATA are what."""


def figures(data: Path) -> Iterator[tuple[Path, Figure]]:
    for pattern, measure in SETS.items():
        for path in sorted(data.glob(pattern)):
            for figure in measure(path, data):
                yield path, figure


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.understanding", description="Score how messages are read.")
    parser.add_argument("data", nargs="?", default=os.environ.get("DATA") or OWN, type=Path, help="folder of the sets")
    parser.add_argument("--details", action="store_true", help="list the cases that went wrong with every figure")
    told = parser.parse_args()
    if not told.data.is_dir():
        parser.error(f"{told.data} is no folder")
    missed = found = False
    for path, figure in figures(told.data):
        found = True
        print(figure.line(details=told.details, file=path.name), flush=True)
        missed = missed or (figure.safety and not figure.ok)
    for figure in speed.figures():
        print(figure.line(details=told.details), flush=True)
    if not found:
        parser.error(f"no set of cases below {told.data}: {', '.join(SETS)}")
    if missed:
        print("a safety-critical message was missed", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
