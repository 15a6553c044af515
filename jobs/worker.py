"""The worker: takes jobs from the queue one after the other, and outlives outages of the queue and of the database."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from jobs.context import QUICK, REPLIES, URGENT, Jobs, start
from jobs.failures import place_of

AGAIN_AFTER = 1.0
"""Seconds before a worker whose queue went away tries again."""

SAID_FOR = 30.0
"""Seconds during which RQ's repeating itself is not repeated."""

TTL = 60
"""Seconds a worker that says nothing is still believed to be there."""

log = structlog.get_logger()


class Retold(logging.Handler):
    """RQ's warnings as structured lines: the kind of thing, never its words, and each kind once in half a minute."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.created - self.said.get(record.msg, 0.0) < SAID_FOR:
            return
        self.said[record.msg] = record.created
        error = record.exc_info[1] if record.exc_info else None
        log.warning("rq", words=record.msg, error=place_of(error) if error else None)


class PatientWorker(SimpleWorker):
    """RQ's worker in one process, that comes back within two seconds of the queue's return, and knows why it ended."""

    max_connection_wait_time = 2.0
    log_job_description = False
    log_result_lifespan = False
    asked_to_stop = False

    def request_stop(self, signum: Any, frame: Any) -> None:
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def retell_rq() -> None:
    rq_log = logging.getLogger("rq.worker")
    if not any(isinstance(handler, Retold) for handler in rq_log.handlers):
        rq_log.handlers, rq_log.propagate = [Retold()], False


def work(jobs: Jobs, connection: Redis, *, queue: str = QUICK, burst: bool = False) -> None:
    """Do jobs until SIGTERM or SIGINT, or with ``burst`` until the queue is empty.

    ``connection`` is the worker's own: it blocks on it, and RQ changes its timeouts.
    """
    start(jobs)
    retell_rq()
    queues = [URGENT, REPLIES, queue] if queue == QUICK else [queue]
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        while True:
            try:
                worker = PatientWorker(queues, connection=connection, serializer=JSONSerializer, worker_ttl=TTL)
                worker.work(burst=burst, logging_level="WARNING")
                if burst or worker.asked_to_stop:
                    return
            except RedisError as error:
                log.error("queue away", error=place_of(error))
            time.sleep(AGAIN_AFTER)
    except StopRequested:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
