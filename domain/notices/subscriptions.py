"""The ledger of consents to subscription messages: one is written down when given, and taken before it is used.

Consents are told of twice, by the platform's popup event and by the client that asked: docs/decisions/0075-more-channels.md
says how the two meet. `hold` locks a person's consents, so that one subscription message at a time is on its way to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Channel
from domain.notices.model import MessageState, OutgoingMessage
from domain.notices.queries import CRASHED_AFTER
from domain.notices.subscriptions_model import MOST, Move, SubscriptionCredit, SubscriptionMove, SubscriptionTemplate

POPUP, CHANGE, CLIENT, SEND = "popup", "change", "client", "send"
OTHER = {POPUP: CLIENT, CLIENT: POPUP}
SAME_TAP = timedelta(minutes=10)
"""An event of the platform and a report of the client that are no further apart may be about one tap."""
ASKED_AT_ONCE = 5
"""Templates one tap can be asked about (wechat-protocol §5.1)."""
CHOICES = frozenset({Move.ACCEPT, Move.REJECT, Move.BAN, Move.FILTER})


class BadChoices(Refused):
    """No answer of ``wx.requestSubscribeMessage`` looks like this."""

    code = "bad_choices"


def report_choices(
    uow: UnitOfWork, account_id: str, openid: str, choices: Mapping[str, str], key: str, *, by: Actor
) -> list[str]:
    """What a person answered on a page or in the mini-program: template id → accept, reject, ban or filter. The same
    ``key`` of one person is counted once. Returns the templates that were: those of the account's own library.

    :raises BadChoices: too many, an answer that is none, or no key
    """
    if not 1 <= len(key) <= 100 or not 1 <= len(choices) <= ASKED_AT_ONCE or not set(choices.values()) <= CHOICES:
        raise BadChoices("订阅结果不正确")
    own = set(uow.session.scalars(select(SubscriptionTemplate.template_id).filter_by(account_id=account_id)))
    told = [(template_id, Move(said)) for template_id, said in choices.items() if template_id in own]
    if note_choices(uow, account_id, openid, told, source=CLIENT, key=key, at=uow.now):
        trail.record(uow, by, "subscription.report", "account", account_id, answers=[str(said) for _, said in told])
    return [template_id for template_id, _ in told]


def note_choices(
    uow: UnitOfWork,
    account_id: str,
    openid: str,
    told: Sequence[tuple[str, Move]],
    *,
    source: str,
    key: str,
    at: datetime,
) -> bool:
    """Write down what one source says of one tap. False when all of it was said before."""
    news = False
    for template_id, said in sorted(told):
        credit = held(uow, account_id, openid, template_id)
        made = write(uow, credit, said, source, at=at, key=f"{source}:{account_id}:{openid}:{key}:{template_id}")
        if made is None:
            continue
        news = True
        if said is Move.ACCEPT:
            credit.refused_at = None
            count(uow, credit, made)
        elif said in (Move.REJECT, Move.BAN):
            credit.refused_at = at
    uow.session.flush()
    return news


def count(uow: UnitOfWork, credit: SubscriptionCredit, made: SubscriptionMove) -> None:
    """One more, unless the other source has counted this tap: each of its lines answers for one of ours."""
    found = select(SubscriptionMove).where(
        of(credit), SubscriptionMove.move == Move.ACCEPT, SubscriptionMove.source == OTHER[made.source],
        SubscriptionMove.twin_id.is_(None), SubscriptionMove.at.between(made.at - SAME_TAP, made.at + SAME_TAP),
    )  # fmt: skip
    twin = uow.session.scalars(found.order_by(SubscriptionMove.at, SubscriptionMove.id).limit(1)).first()
    if twin is not None:
        made.twin_id, twin.twin_id = twin.id, made.id
    elif credit.credits < MOST:
        credit.credits, made.change = credit.credits + 1, 1


def note_switched_off(uow: UnitOfWork, account_id: str, openid: str, template_id: str, key: str) -> None:
    """The person switched these messages off: nothing they agreed to before holds any more."""
    credit = held(uow, account_id, openid, template_id)
    line = write(
        uow, credit, Move.REFUSED, CHANGE, at=uow.now, key=f"{CHANGE}:{account_id}:{openid}:{key}:{template_id}"
    )
    if line is not None:
        empty(credit, line)
        credit.refused_at = uow.now


def take(uow: UnitOfWork, account_id: str, openid: str, template_id: str, seq: int) -> bool:
    """Use up one consent for a message that is about to be sent; False when there is none. Call `hold` before."""
    credit = held(uow, account_id, openid, template_id)
    if credit.credits < 1:
        return False
    line = write(uow, credit, Move.TAKEN, SEND, at=uow.now, seq=seq)
    if line is not None:
        credit.credits, line.change = credit.credits - 1, -1
    return True


def give_back(uow: UnitOfWork, account_id: str, openid: str, template_id: str, seq: int) -> None:
    """The message was surely not sent. Nothing comes back that was given back before, or that the person or the platform
    has taken away since."""
    credit = held(uow, account_id, openid, template_id)
    ends = or_(SubscriptionMove.seq == seq, SubscriptionMove.move.in_([Move.REFUSED, Move.USED_UP]))
    newest = select(SubscriptionMove).where(of(credit), ends).order_by(SubscriptionMove.id.desc()).limit(1)
    last = uow.session.scalars(newest).first()
    if last is None or (last.move, last.seq) != (Move.TAKEN, seq) or credit.credits >= MOST:
        return
    line = write(uow, credit, Move.BACK, SEND, at=uow.now, seq=seq)
    if line is not None:
        credit.credits, line.change = credit.credits + 1, 1


def used_up(uow: UnitOfWork, account_id: str, openid: str, template_id: str, seq: int) -> None:
    """The platform says that there is no consent (43101): it counts, we only keep up."""
    credit = held(uow, account_id, openid, template_id)
    if line := write(uow, credit, Move.USED_UP, SEND, at=uow.now, seq=seq):
        empty(credit, line)


def hold(uow: UnitOfWork, account_id: str, openid: str) -> Mapping[str, int]:
    """Lock the person's consents until the commit: template id → how many are left."""
    rows = select(SubscriptionCredit).filter_by(account_id=account_id, openid=openid)
    rows = rows.order_by(SubscriptionCredit.template_id).with_for_update().execution_options(populate_existing=True)
    return {row.template_id: row.credits for row in uow.session.scalars(rows)}


def is_on_its_way(uow: UnitOfWork, account_id: str, openid: str) -> bool:
    """Whether a subscription message to this person is being sent: two at once are refused (43108)."""
    sending = exists().where(
        OutgoingMessage.to_account_id == account_id, OutgoingMessage.to_openid == openid,
        OutgoingMessage.channel == Channel.SUBSCRIPTION, OutgoingMessage.state == MessageState.SENDING,
        OutgoingMessage.sending_at > uow.now - CRASHED_AFTER,
    )  # fmt: skip
    return bool(uow.session.scalar(select(sending)))


def held(uow: UnitOfWork, account_id: str, openid: str, template_id: str) -> SubscriptionCredit:
    """The person's row for the template, locked; made if there is none."""
    whose = {"account_id": account_id, "openid": openid, "template_id": template_id}
    put = insert(SubscriptionCredit).values(**whose, credits=0, changed_at=uow.now).on_conflict_do_nothing()
    uow.session.execute(put)
    found = select(SubscriptionCredit).filter_by(**whose).with_for_update()
    return uow.session.scalars(found.execution_options(populate_existing=True)).one()


def write(
    uow: UnitOfWork,
    credit: SubscriptionCredit,
    move: Move,
    source: str,
    *,
    at: datetime,
    key: str = "",
    seq: int | None = None,
) -> SubscriptionMove | None:
    """A line that changes nothing yet; None when its key was written before."""
    if key and uow.session.scalar(select(SubscriptionMove.id).filter_by(key=key)):
        return None
    line = SubscriptionMove(
        account_id=credit.account_id, openid=credit.openid, template_id=credit.template_id, at=at, move=str(move),
        source=source, change=0, key=key or None, seq=seq,
    )  # fmt: skip
    credit.changed_at = uow.now
    uow.session.add(line)
    uow.session.flush()
    return line


def empty(credit: SubscriptionCredit, line: SubscriptionMove) -> None:
    credit.credits, line.change = 0, -credit.credits


def of(credit: SubscriptionCredit) -> ColumnElement[bool]:
    """Lines about this person and template."""
    return (
        (SubscriptionMove.account_id == credit.account_id)
        & (SubscriptionMove.openid == credit.openid)
        & (SubscriptionMove.template_id == credit.template_id)
    )
