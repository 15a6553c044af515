"""Jobs for tests: a channel that does as it is told, events of the tests' own, and reactions that count."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from bot.understanding.nameplates import Print
from domain.files.store import FileStore
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow, ReactionRun
from domain.kit.unit_of_work import Runtime, UnitOfWork
from jobs.channels import ChannelError, NeverAgain, TextForm
from jobs.context import QUEUES, Jobs, start
from jobs.pictures import PlateReader
from jobs.reaction import Reactions
from tests.doubles import Folder


@dataclass(frozen=True)
class Rang(Event):
    """Something happened, in a test."""

    bell: str


@dataclass
class Channel:
    """Keeps what was sent; ``before`` is called first and may refuse."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[str, str], None] = lambda recipient, text: None
    media: dict[str, bytes | ChannelError] = field(default_factory=dict)
    unionids: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    templates: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    subscriptions: list[tuple[str, str, str, dict[str, str]]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    """Of templates: the id each was given."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch_media(self, account_id: str, media_id: str, largest: int) -> bytes:
        self.before(media_id, "")
        found = self.media.get(media_id, NeverAgain(40007, "素材不存在或已过期"))
        if isinstance(found, ChannelError):
            raise found
        return found

    def unionid_of(self, account_id: str, openid: str) -> str | None:
        self.before(openid, "")
        return self.unionids.get(openid)

    def typing(self, account_id: str, recipient: str) -> None:
        self.before(recipient, "")
        self.typed.append(recipient)

    def send_text(self, account_id: str, recipient: str, text: str) -> None:
        self.before(recipient, text)
        with self.lock:
            self.sent.append((recipient, text))

    def send_template(
        self, account_id: str, recipient: str, template_id: str, values: Mapping[str, str], link: str, key: str
    ) -> str:
        self.before(recipient, template_id)
        with self.lock:
            if key not in self.keys:  # as the platform does, for ten minutes
                self.keys[key] = f"70{len(self.keys)}"
                self.templates.append((recipient, template_id, dict(values), link))
            return self.keys[key]

    def send_subscription(
        self, account_id: str, recipient: str, template_id: str, values: Mapping[str, str], link: str, page: str
    ) -> str:
        self.before(recipient, template_id)
        with self.lock:
            self.subscriptions.append((account_id, recipient, template_id, dict(values)))
            return f"80{len(self.subscriptions)}"

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.sent]


@dataclass
class Texts:
    """Keeps the text messages; ``before`` is called first and may refuse."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[str, str], None] = lambda phone, words: None
    forms: list[TextForm] = field(default_factory=list)

    def send(self, phone: str, words: str, form: TextForm) -> None:
        self.before(phone, words)
        self.sent.append((phone, words))
        self.forms.append(form)


@dataclass
class Pager:
    """Keeps whom it called with which words."""

    calls: list[tuple[str, str]] = field(default_factory=list)

    def page(self, name: str, words: str) -> None:
        self.calls.append((name, words))


@dataclass
class Plates:
    """Reads on every picture what it was told."""

    says: Print = field(default_factory=Print)
    reads: int = 0

    def read(self, picture: bytes) -> Print:
        self.reads += 1
        return self.says


def refusing(*errors: ChannelError | None) -> Callable[[str, str], None]:
    """Refuse the first calls with these, one after the other; None lets one pass."""
    left = list(errors)

    def before(recipient: str, text: str) -> None:
        if left and (error := left.pop(0)):
            raise error

    return before


def jobs_with(
    runtime: Runtime,
    valkey: Redis,
    channel: Channel | None = None,
    reactions: Reactions | None = None,
    pager: Pager | None = None,
    files: FileStore | None = None,
    plates: PlateReader | None = None,
    texts: Texts | None = None,
) -> Jobs:
    return Jobs(
        runtime, valkey, channel or Channel(), pager or Pager(), lambda: 0.5, reactions or {}, files or Folder(),
        plates or Plates(), texts=texts or Texts(), public_url="https://service.example.com",
    )  # fmt: skip


def ring(runtime: Runtime, bell: str = "a") -> None:
    with runtime.transaction() as uow:
        uow.emit(Rang(bell))


def work_all(jobs: Jobs) -> None:
    """What a worker process does until its queue is empty."""
    start(jobs)
    SimpleWorker(QUEUES, connection=jobs.valkey, serializer=JSONSerializer).work(burst=True, logging_level="WARNING")


def events(runtime: Runtime) -> list[OutboxRow]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def runs(runtime: Runtime) -> list[ReactionRun]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(ReactionRun).order_by(ReactionRun.event_id, ReactionRun.reaction)))


@dataclass
class Tally:
    """A reaction's visible effect: rows of a table, counted in the transaction that made them."""

    runtime: Runtime

    def make(self) -> None:
        with self.runtime.transaction() as uow:
            uow.session.connection().exec_driver_sql("CREATE TABLE tally (bell text, at timestamptz)")

    def __len__(self) -> int:
        with self.runtime.transaction() as uow:
            return int(uow.session.connection().exec_driver_sql("SELECT count(*) FROM tally").scalar_one())


def count(uow: UnitOfWork, event: Rang) -> None:
    """Leaves one row in the tally."""
    insert = "INSERT INTO tally VALUES (%(bell)s, %(at)s)"
    uow.session.connection().exec_driver_sql(insert, {"bell": event.bell, "at": uow.now})


def only(runtime: Runtime) -> tuple[int, datetime]:
    """Id and moment of the one event there is."""
    [row] = events(runtime)
    return row.id, row.at
