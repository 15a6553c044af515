"""Structured logs: JSON lines for machines, short ones on a terminal. Keys and ids only, never personal data.

What libraries log through the standard library takes the same way out, so that an exception's words stay out there too.
"""

from __future__ import annotations

import logging
import re
import sys

import structlog

PRINT = re.compile(r"\.[0-9a-f]{32}(?![0-9a-f])")
"""What makes a link of ours good: whoever has it may answer a quote or see a bill, so nobody reads it in a log."""


def start(level: str = "info", *, json: bool | None = None) -> None:
    """Set up structlog and the standard library's logging alike."""
    numeric = getattr(logging, level.upper())
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if (json if json is not None else not sys.stderr.isatty())
        else structlog.dev.ConsoleRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, without_values, render],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_values, render],
        )
    )
    logging.basicConfig(level=max(numeric, logging.WARNING), handlers=[handler], force=True)


def without_values(logger: object, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An exception is logged as its types and places. Its words may hold what a customer said, so they stay out, and so do
    the secrets of links."""
    error = event.pop("exc_info", None)
    if error:
        found = (
            error[1] if isinstance(error, tuple) else error if isinstance(error, BaseException) else sys.exc_info()[1]
        )
        event["error"] = chain(found)
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = without_prints(value)
    return event


def without_prints(line: str) -> str:
    return PRINT.sub(".…", line)


def chain(error: BaseException | None) -> list[str]:
    """``Type at file:line`` of an exception and of what caused it."""
    lines = []
    while error is not None:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        lines.append(f"{type(error).__name__} at {place}")
        error = error.__cause__ or error.__context__
    return lines
