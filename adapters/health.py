"""Whether the process is alive, whether it may be sent work, and figures for Prometheus.

``/healthz`` alive; ``/readyz`` database, migrations and queue (200 with ``degraded`` while only Valkey is away);
``/metrics`` in Prometheus' text form, over all web processes.
"""

from __future__ import annotations

import os
from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest, multiprocess
from redis import Redis, RedisError
from sqlalchemy.exc import SQLAlchemyError

from adapters import migrations
from domain.kit.unit_of_work import Runtime
from jobs.figures import figures

TURNS = Histogram(
    "weixiu_webhook_turn_seconds", "From a push's arrival to its answer", ["account"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 1.8, 2.5, 5.0),
)  # fmt: skip
PUSHES_AWAY = "weixiu_spooled_messages"


def blueprint(runtime: Runtime, valkey: Redis) -> Blueprint:
    door = Blueprint("health", __name__)

    @door.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok")

    @door.get("/readyz")
    def ready() -> tuple[Response, int]:
        parts = {"database": database(runtime), "queue": queue(valkey)}
        fit = parts["database"] == "ok"
        status = "ok" if set(parts.values()) == {"ok"} else "degraded" if fit else "unavailable"
        return jsonify(status=status, **parts), 200 if fit else 503

    @door.get("/metrics")
    def metrics() -> Response:
        return Response(exposition(runtime, valkey), content_type=CONTENT_TYPE_LATEST)

    return door


def database(runtime: Runtime) -> str:
    try:
        with runtime.transaction() as uow:
            return "migrations pending" if migrations.pending(uow.session.connection()) else "ok"
    except SQLAlchemyError:
        return "away"


def queue(valkey: Redis) -> str:
    try:
        valkey.ping()
    except RedisError:
        return "away"
    return "ok"


def exposition(runtime: Runtime, valkey: Redis) -> bytes:
    """The processes' counters, and what the database and the queue say now."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(TURNS)
    now: Any = figures(runtime, valkey)
    for name, (words, value) in now.items():
        Gauge(name, words, registry=registry).set(value)
    return generate_latest(registry)
