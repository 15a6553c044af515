"""Whether the process is alive, whether it may be sent work, and figures for Prometheus.

``/healthz`` alive; ``/readyz`` database, migrations and queue (200 with ``degraded`` while only Valkey is away);
``/metrics`` in Prometheus' text form, over all processes of this machine (`adapters.metrics`).
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from redis import Redis, RedisError
from sqlalchemy.exc import SQLAlchemyError

from adapters import migrations
from adapters.metrics import exposition
from domain.kit.unit_of_work import Runtime
from jobs.figures import figures


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
        return Response(exposition(figures(runtime, valkey)), content_type=CONTENT_TYPE_LATEST)

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
