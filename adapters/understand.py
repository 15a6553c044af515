"""``weixiu understand``: lines in, what was meant out, one JSON object a line. No database, no network."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.understanding import CodeIndex, labels, understand
from bot.understanding.windows import SHANGHAI

COLUMNS = ("型号", "model", "code")
"""Names of the column that holds the code in a catalogue's sheet; the first column where none is there."""


class BadLine(ValueError):
    """An input line that cannot be read; its words say why."""


def catalogue(path: Path) -> CodeIndex[str]:
    """The codes of a .csv file, with or without a heading.

    :raises OSError: when it cannot be read
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sheet = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    heading = [cell.strip().lower() for cell in sheet[0]] if sheet else []
    column = next((heading.index(name) for name in COLUMNS if name in heading), None)
    codes = (row[column or 0].strip() for row in sheet[0 if column is None else 1 :] if len(row) > (column or 0))
    return CodeIndex((code, code) for code in codes if code)


def read_line(line: str) -> tuple[str, datetime | None, dict[str, Any]]:
    """The text, the time it was said at if told, and what else the line holds that is handed on (`id`).

    :raises BadLine: when it looks like JSON but is not an object with `text`
    """
    if not line.lstrip().startswith("{"):
        return line, None, {}
    try:
        body = json.loads(line)
        text = body["text"]
        now = datetime.fromisoformat(body["now"]) if body.get("now") else None
    except json.JSONDecodeError:
        return line, None, {}
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadLine(f"a JSON line needs `text`, and `now` in ISO form if given: {wrong!r}") from wrong
    if not isinstance(text, str):
        raise BadLine("`text` must be a string")
    return text, now, {"id": body["id"]} if "id" in body else {}


def answers(lines: Iterable[str], index: CodeIndex[str] | None, clock: datetime) -> Iterator[dict[str, Any]]:
    """What is meant by each line; a line that cannot be read gives an object with `error`. `clock` is aware."""
    for line in lines:
        text = line.rstrip("\r\n")
        if not text.strip():
            continue
        try:
            said, now, more = read_line(text)
        except BadLine as wrong:
            yield {"error": str(wrong)}
            continue
        moment = now or clock
        here = moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        understood = understand(said, here.date(), index)
        answer = more | labels(understood)
        window = understood.when.value.resolve(here) if understood.when else None
        answer["when_between"] = (
            {
                "since": window.since.isoformat() if window.since else None,
                "until": window.until.isoformat() if window.until else None,
            }
            if window
            else None
        )
        yield answer
