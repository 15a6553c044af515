"""The worker: takes jobs from the queue one after the other, and outlives outages of the queue and of the database."""

from __future__ import annotations

import signal
import time
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from jobs.context import QUICK, Jobs, start
from jobs.failures import place_of

AGAIN_AFTER = 1.0
"""Seconds before a worker whose queue went away tries again."""

TTL = 60
"""Seconds a worker that says nothing is still believed to be there."""

log = structlog.get_logger()


class PatientWorker(SimpleWorker):
    """RQ's worker in one process, that comes back within two seconds of the queue's return, and knows why it ended."""

    max_connection_wait_time = 2.0
    log_job_description = False
    log_result_lifespan = False
    asked_to_stop = False

    def request_stop(self, signum: Any, frame: Any) -> None:
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def work(jobs: Jobs, connection: Redis, *, burst: bool = False) -> None:
    """Do jobs until SIGTERM or SIGINT, or with ``burst`` until the queue is empty.

    ``connection`` is the worker's own: it blocks on it, and RQ changes its timeouts.
    """
    start(jobs)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        while True:
            try:
                worker = PatientWorker([QUICK], connection=connection, serializer=JSONSerializer, worker_ttl=TTL)
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
