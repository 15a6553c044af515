"""Putting calls of `jobs.tasks` on the queue. The queue is a hint, not a store: what is lost from it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from jobs.context import QUEUES, QUICK, Jobs

COUNTED = "--"
FAILURE_KEPT = 3600
"""Seconds RQ keeps a job that raised, which `jobs.tasks` never do: only a worker shot down mid-job ends there."""


@dataclass(frozen=True)
class Call:
    """One function of `jobs.tasks` with its arguments: ids and instants only, never anything personal."""

    task: str
    arguments: tuple[str | int, ...]
    queue: str = QUICK

    @property
    def name(self) -> str:
        """The same call has the same name; a job's id is the name and a count. RQ allows letters, digits, - and _."""
        return re.sub(r"[^0-9A-Za-z_-]", "_", "-".join([self.task, *map(str, self.arguments)]))


def enqueue(jobs: Jobs, calls: Iterable[Call], *, again: bool = True) -> int:
    """Queue the calls that do not wait in their queue already; returns how many were added.

    With ``again=False`` nobody has queued them before: the queue, which is long when the workers lag, is not read.
    """
    wanted = {call.name: call for call in calls}
    queues = {call.queue for call in wanted.values()}
    return sum(
        enqueue_on(jobs, name, {key: c for key, c in wanted.items() if c.queue == name}, again) for name in queues
    )


def enqueue_on(jobs: Jobs, name: str, wanted: Mapping[str, Call], again: bool) -> int:
    queue = jobs.queue(name)
    waiting = {job_id.rpartition(COUNTED)[0] for job_id in queue.get_job_ids()} if again else ()
    added = [
        Queue.prepare_data(
            f"jobs.tasks.{call.task}",
            args=call.arguments,
            # Never the id of a job that runs just now: its end would take this one along.
            job_id=name + COUNTED + jobs.runtime.new_id("q"),
            result_ttl=0,
            failure_ttl=FAILURE_KEPT,
            description=call.task,
        )
        for name, call in wanted.items()
        if name not in waiting
    ]
    if added:
        queue.enqueue_many(added)
    return len(added)


def queue_depth(valkey: Redis) -> int:
    """Jobs that wait for a worker."""
    return sum(Queue(name, connection=valkey, serializer=JSONSerializer).count for name in QUEUES)
