"""Where one person is in the talk. The state is a few plain values, so it survives deploys and long silences."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Computed, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import SealedJson, Table

TEN_MINUTES = "date_bin('00:10:00'::interval, heard_at, '2000-01-01 00:00:00+00'::timestamp with time zone)"


class Conversation(Table):
    """One row a chat identity. It is locked for the whole of a turn, so one person's messages are taken one by one."""

    __tablename__ = "conversations"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "openid"),
        Index("ix_conversations_heard_slot", "heard_slot"),
    )

    account_id: Mapped[str]
    openid: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(SealedJson("conversations.state"))
    heard_at: Mapped[datetime]
    heard_slot: Mapped[datetime] = mapped_column(Computed(TEN_MINUTES, persisted=True), deferred=True)
    """By which the newest are found. Only this is indexed: most turns then leave every index alone (HOT updates)."""


@dataclass(frozen=True)
class Answer:
    """One answer: ``value`` is JSON for the program, ``shown`` the words read back; ``known`` came from the archive."""

    value: Any
    shown: str
    known: bool = False


@dataclass(frozen=True)
class Option:
    """One numbered choice; without an answer it stands for "none of these"."""

    shown: str
    answer: Answer | None


@dataclass(frozen=True)
class Choices:
    """A question put as numbered choices."""

    ask: str
    options: tuple[Option, ...]

    def to_json(self) -> dict[str, Any]:
        options = [{"shown": o.shown, "answer": o.answer and vars(o.answer)} for o in self.options]
        return {"ask": self.ask, "options": options}

    def words(self) -> str:
        return "\n".join([self.ask, *(f"{i}. {option.shown}" for i, option in enumerate(self.options, 1))])


@dataclass
class State:
    """The state of a talk, as kept in `Conversation.state`."""

    flow: str | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    offered: dict[str, Choices] = field(default_factory=dict)
    """Choices that wait for a pick, by question; ``flow`` is the choice of what to do."""
    seed: str = ""
    """The words that led to the choice of what to do: read again once the flow is known."""
    asked: str = ""
    """The question asked out of its turn, because its answer is to be changed."""
    part: str = ""
    """The piece of an address that was understood while the rest is still asked for."""
    pin: dict[str, Any] = field(default_factory=dict)
    """The last location that was sent: ``lat``, ``lng`` and the ``line`` of its label."""
    queued: list[str] = field(default_factory=list)
    """Words about another appliance, to be taken up when this one is done."""
    misses: int = 0
    privacy_shown: bool = False
    with_person: str | None = None
    """The desk task by which a person has taken over."""
    incident: str | None = None
    """The safety incident told of in this talk."""
    guided: str | None = None
    """The self-help case that did not help and becomes an order."""
    seen: dict[str, list[str]] = field(default_factory=dict)
    """What was read on pictures: ids of ``models``, and ``serials``; offered where one is asked for."""
    unread: bool = False
    """That nothing could be read on a picture was said once."""
    hinted: bool = False
    """The waiting person was told once that somebody will come."""

    counted_since: str | None = None
    counted: int = 0
    """How many things were said since: a flood is slowed."""

    def begin(self, flow: str | None) -> None:
        """Forget the flow so far; what concerns the person rather than the flow stays."""
        self.flow, self.answers, self.offered, self.misses = flow, {}, {}, 0
        self.seed = self.asked = self.part = ""
        self.unread = False
        if flow is None:
            self.queued, self.seen, self.pin = [], {}, {}

    def to_json(self) -> dict[str, Any]:
        kept = {name: value for name, value in vars(self).items() if value not in (None, "", 0, False, {}, [])}
        kept["answers"] = {name: vars(answer) for name, answer in self.answers.items()}
        kept["offered"] = {name: offer.to_json() for name, offer in self.offered.items()}
        return kept

    @staticmethod
    def from_json(body: dict[str, Any]) -> State:
        known = {name: value for name, value in body.items() if name in State.__dataclass_fields__}
        known["answers"] = {name: Answer(**answer) for name, answer in body.get("answers", {}).items()}
        known["offered"] = {name: choices(offer) for name, offer in body.get("offered", {}).items()}
        return State(**known)


def choices(body: dict[str, Any]) -> Choices:
    options = (Option(o["shown"], o["answer"] and Answer(**o["answer"])) for o in body["options"])
    return Choices(body["ask"], tuple(options))
