"""The web process: ``granian --interface wsgi wsgi:app``, or ``weixiu web``."""

from __future__ import annotations

from apiflask import APIFlask

from adapters import application, logs, runtime, settings


def __getattr__(name: str) -> APIFlask:
    """Build the app when a server asks for it: importing this module does nothing."""
    if name != "app":
        raise AttributeError(name)
    read = settings.load()
    logs.start(read.log_level)
    staff = runtime.build(read, connections=4, statement_ms=10_000)
    pushes = runtime.build(read, connections=read.web_threads, statement_ms=application.PUSH_MS)
    application.warm(pushes)
    return application.create(read, staff, pushes)
