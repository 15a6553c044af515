"""Dead letters: reactions and messages that failed for good, and trying them again when a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, NotFound
from domain.kit.outbox import OutboxRow, OutboxState, ReactionRun, RunState
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.model import MessageState, OutgoingMessage


class NotDead(Conflict):
    """Somebody was first: it is being tried again, or it went through."""

    code = "not_dead"


@dataclass(frozen=True)
class DeadReaction:
    """One reaction that gave up. ``event`` and ``body`` say what it reacted to; the body holds ids only."""

    run: ReactionRun
    event: str
    body: dict[str, object]


def dead_reactions(uow: UnitOfWork, limit: int = 200) -> Sequence[DeadReaction]:
    """The newest first."""
    found = (
        select(ReactionRun, OutboxRow.kind, OutboxRow.body)
        .outerjoin(OutboxRow, (OutboxRow.id == ReactionRun.event_id) & (OutboxRow.at == ReactionRun.event_at))
        .where(ReactionRun.state == RunState.DEAD)
        .order_by(ReactionRun.at.desc())
        .limit(limit)
    )
    return [DeadReaction(run, kind or "", body or {}) for run, kind, body in uow.session.execute(found)]


def dead_messages(uow: UnitOfWork, limit: int = 200) -> Sequence[OutgoingMessage]:
    """The newest first."""
    found = select(OutgoingMessage).where(OutgoingMessage.state == MessageState.DEAD)
    return uow.session.scalars(found.order_by(OutgoingMessage.at.desc()).limit(limit)).all()


def retry_reaction(uow: UnitOfWork, event_id: int, reaction: str, *, by: Actor) -> None:
    """Let the sweeper queue it again at once, with all its tries anew.

    :raises NotFound: there is no such record; :raises NotDead: somebody was first
    """
    found = select(ReactionRun).filter_by(event_id=event_id, reaction=reaction).with_for_update()
    run = uow.session.scalars(found).first()
    if run is None:
        raise NotFound("没有找到这条死信")
    if run.state != RunState.DEAD:
        raise NotDead("这条已经在重试或已经成功了")
    run.state, run.attempts, run.next_try_at = RunState.FAILED, 0, uow.now
    event = update(OutboxRow).where(OutboxRow.id == run.event_id, OutboxRow.at == run.event_at)
    uow.session.execute(event.values(state=OutboxState.RELAYED, relayed_at=uow.now))
    trail.record(uow, by, "dead_letter.retry", "reaction", f"{event_id}/{reaction}")


def retry_message(uow: UnitOfWork, seq: int, *, by: Actor) -> None:
    """Put the message back into its recipient's line.

    :raises NotFound: there is no such message; :raises NotDead: somebody was first
    """
    message = uow.session.scalars(select(OutgoingMessage).filter_by(seq=seq).with_for_update()).first()
    if message is None:
        raise NotFound("没有找到这条消息")
    if message.state != MessageState.DEAD:
        raise NotDead("这条已经在重试或已经发出了")
    message.state, message.attempts, message.not_before = MessageState.WAITING, 0, uow.now
    message.error = None
    trail.record(uow, by, "dead_letter.retry", "message", str(seq))
