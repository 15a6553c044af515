"""What a process that does jobs has at hand. Set once at its start: the queue can only carry names and ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from domain.files.store import FileStore
from domain.kit.unit_of_work import Runtime
from domain.payments.gateway import Gateway
from domain.regions.geocoding import Geocoder
from jobs.channels import NO_TEXT_MESSAGES, ChatChannel, TextMessages
from jobs.reaction import Reaction, Reactions, named

if TYPE_CHECKING:
    from jobs.paging import Pager
    from jobs.payments import Deliveries
    from jobs.pictures import PlateReader

URGENT = "urgent"
"""The queue of what somebody is waiting for this very moment: it overtakes the next one."""
REPLIES = "replies"
"""The queue of answers to people, the agents' and the bot's: it overtakes what nobody has asked for."""
QUICK = "quick"
"""The queue of what takes milliseconds."""
SLOW = "slow"
"""The queue of what takes seconds or much memory: pictures. It has a worker of its own."""
QUEUES = (URGENT, REPLIES, QUICK, SLOW)

JOB_SECONDS = 300
"""No job takes longer: a job delivers at most `jobs.deliver.AT_ONCE` messages and then makes room."""


@dataclass(frozen=True)
class Jobs:
    """``chance`` gives numbers in [0, 1), so that tests can decide what chance decides."""

    runtime: Runtime
    valkey: Redis
    channel: ChatChannel
    pager: Pager
    chance: Callable[[], float]
    reactions: Reactions
    files: FileStore
    plates: PlateReader
    geocoder: Geocoder | None = None
    """None: nobody is asked where an address is."""
    texts: TextMessages = NO_TEXT_MESSAGES
    public_url: str = ""
    """Where people reach this server: what links in messages begin with."""
    gateway: Gateway | None = None
    """The payment platform; None: nobody pays there."""
    deliveries: Deliveries | None = None
    """Whom the mini-program tells what was delivered."""

    @cached_property
    def table(self) -> dict[str, dict[str, Reaction]]:
        """`reactions` by name: event → reaction."""
        return named(self.reactions)

    def queue(self, name: str) -> Queue:
        """One of `QUEUES`."""
        return Queue(name, connection=self.valkey, serializer=JSONSerializer, default_timeout=JOB_SECONDS)


class NotStarted(Exception):
    """A job ran in a process that never called `start`."""


_started: list[Jobs] = []


def start(jobs: Jobs) -> None:
    """From now on this process does jobs with these things."""
    _started[:] = [jobs]


def current() -> Jobs:
    """:raises NotStarted: see there"""
    if not _started:
        raise NotStarted("jobs.context.start(jobs) was not called in this process")
    return _started[0]
