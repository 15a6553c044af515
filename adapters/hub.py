"""Who has a page open, and what each of them is told of the database's news (`domain.kit.live`).

One LISTEN connection a process hears of every commit that tells of something; `concerns` says whom it concerns. A new
kind of news is a line there.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import psycopg
import structlog
from sqlalchemy import Engine

from console.narrowing import lacks_scope, narrow
from domain.access import sessions
from domain.access.roles import Permission, may
from domain.desk import duty
from domain.desk.model import DeskTask
from domain.kit import live
from domain.kit.unit_of_work import Runtime

LOOK_AGAIN = 30.0
"""Seconds between looks whether the sessions still hold; also how often we say who is there."""
AT_ONCE, BETWEEN = 25, 0.01
"""Streams told in one go, and seconds until the next."""
GATHER = 1.0
"""Seconds after everybody was told something in which what comes is gathered."""
HEARTBEAT = 20.0
"""Seconds of silence after which a comment is sent, so that proxies keep the line and a dead one is noticed."""
BACKLOG = 64
"""Pieces of news a stream keeps for a slow line; beyond them the page is told to look at everything."""
EVERYTHING = (live.QUEUE, live.INCIDENT, live.CHAT, live.BOARD)


log = structlog.get_logger()


@dataclass(eq=False)
class Stream:
    """One open page."""

    staff_id: str
    role: str
    session: str
    """The hash of the session's secret."""
    task_id: str = ""
    """The chat the page shows: one the person may see."""
    of_provider: bool = False
    """A provider's person: the brand's chats and incidents are never theirs."""
    news: dict[str, None] = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    written_at: float = field(default_factory=time.monotonic)

    def tell(self, news: str) -> None:
        if len(self.news) >= BACKLOG:
            self.news = dict.fromkeys(EVERYTHING)
        self.news[news] = None
        self.woken.set()

    def end(self) -> None:
        self.over = True
        self.woken.set()

    def taken(self) -> bytes:
        """What is to be sent now, as server-sent events; a comment when there is nothing."""
        lines = "".join(f"data: {news}\n\n" for news in self.news) or ":\n\n"
        self.news.clear()
        self.woken.clear()
        self.written_at = time.monotonic()
        return lines.encode()


def concerns(stream: Stream, words: list[str]) -> str:
    """What a stream is told of a notification, or "" when it is nothing to it."""
    what, *ids = words
    if stream.of_provider and what in (live.QUEUE, live.INCIDENT):
        return ""
    if what == live.CHAT and not ids:
        return live.CHAT  # look at whatever chat is open
    if what == live.CHAT:
        task_id, staff_id = (*ids, "")[:2]
        mine = stream.staff_id == staff_id or (task_id and stream.task_id == task_id)
        return f"{live.CHAT} {task_id}" if mine else ""
    needed = NEEDED.get(what)
    return what if needed and may(stream.role, needed) else ""


NEEDED = {
    live.QUEUE: Permission.DESK_WORK,
    live.INCIDENT: Permission.INCIDENTS_WORK,
    live.BOARD: Permission.DISPATCH_SEE,
}
"""News that concerns whoever may see what it is about."""


class Hub:
    """Every open stream of this process, and the one connection that hears the database."""

    def __init__(self, made: Runtime) -> None:
        self.runtime = made
        self.streams: set[Stream] = set()
        self.tasks: list[asyncio.Task[None]] = []
        self.for_all: set[str] = set()
        """News that concerns whoever may hear it: told by `keep_broadcasting`."""
        self.woken = asyncio.Event()

    def start(self) -> None:
        work = (self.listen(), self.keep_broadcasting(), self.keep_looking(), self.keep_beating())
        self.tasks = [asyncio.create_task(one) for one in work]

    async def stop(self) -> None:
        for stream in self.streams:
            stream.end()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def publish(self, payload: str) -> None:
        """What concerns one chat goes out at once, what concerns everybody in its turn."""
        if payload.startswith(live.CHAT):
            for stream in self.streams:
                self.tell(stream, payload)
        elif payload:
            self.for_all.add(payload)
            self.woken.set()

    def tell(self, stream: Stream, payload: str) -> None:
        if news := concerns(stream, payload.split()):
            stream.tell(news)

    async def keep_broadcasting(self) -> None:
        """Tell everybody, a few streams at a time and at most once a second: five hundred at once would hold the
        processor for long enough to be felt by a webhook."""
        while True:
            await self.woken.wait()
            self.woken.clear()
            payloads, self.for_all = self.for_all, set()
            streams = list(self.streams)
            for first in range(0, len(streams), AT_ONCE):
                for stream in streams[first : first + AT_ONCE]:
                    for payload in payloads:
                        self.tell(stream, payload)
                await asyncio.sleep(BETWEEN)
            await asyncio.sleep(GATHER)

    async def listen(self) -> None:
        """Hear the database, through its outages. Once it is heard, everybody looks at everything: who listens here already
        was told nothing until then."""
        engine = self.runtime.sessions.kw["bind"]
        assert isinstance(engine, Engine)
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        troubled = False
        while True:
            try:
                async with await dialled(url) as connection:
                    await connection.execute(f"LISTEN {live.CHANNEL}")
                    if troubled:
                        log.info("streams hear the database again")
                    for news in EVERYTHING if self.streams else ():
                        self.publish(news)
                    troubled = False
                    async for notification in connection.notifies():
                        self.publish(notification.payload)
            except psycopg.Error as error:
                if not troubled:
                    log.error("streams do not hear the database", error=type(error).__name__)
                troubled = True
            await asyncio.sleep(1.0)

    async def keep_looking(self) -> None:
        """Say who is there, and end the streams of sessions that are over."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            if self.streams:
                try:
                    await self.look()
                except Exception as error:  # the database is away: nobody is thrown out for that
                    log.warning("streams not looked at", error=type(error).__name__)

    async def keep_beating(self) -> None:
        """Wake streams that were silent for long. One clock for all: a timer a stream would cost more than the streams."""
        while True:
            await asyncio.sleep(1.0)
            silent_since = time.monotonic() - HEARTBEAT
            for stream in self.streams:
                if stream.written_at < silent_since:
                    stream.woken.set()

    async def look(self) -> None:
        there = {stream.staff_id for stream in self.streams}
        held = {stream.session for stream in self.streams}
        alive = await asyncio.to_thread(self.still_open, there, held)
        for stream in self.streams:
            if stream.session in held - alive:
                stream.end()

    def still_open(self, there: set[str], held: set[str]) -> set[str]:
        with self.runtime.transaction() as uow:
            alive = sessions.still_open(uow, held)
            duty.seen(uow, there)
            return alive

    def who(self, secret: str, task_id: str = "") -> Stream | None:
        """Whose session this is, as a stream; None when it opens nothing. Of a chat that is not theirs to see nothing is told."""
        with self.runtime.transaction() as uow:
            signed_in = sessions.who_is(uow, secret, "browser", attended=False)
            if signed_in is None:
                return None
            staff, key = signed_in.staff, sessions.hash_of(secret)
            if lacks_scope(signed_in):
                return None
            duty.seen(uow, [staff.id])
            narrow(uow, signed_in)
            task = uow.session.get(DeskTask, task_id) if task_id and may(staff.role, Permission.DESK_WORK) else None
            return Stream(staff.id, staff.role, key, task.id if task else "", of_provider=staff.provider_id is not None)


async def dialled(url: str) -> psycopg.AsyncConnection[tuple[object, ...]]:
    """A connection that notices within a minute when the server has vanished without a word."""
    return await psycopg.AsyncConnection.connect(
        url, autocommit=True, connect_timeout=2, keepalives_idle=30, keepalives_interval=10, keepalives_count=3
    )
