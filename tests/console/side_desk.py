"""A side's talks, and what was said of its work."""

from __future__ import annotations

from bot.conversation import Conversation
from domain.customers.model import ContactSession
from domain.customers.scenes import ContactScene, QrCode
from domain.desk.model import CannedAnswer, DeskNote, DeskTask, DutyHours
from domain.feedback.model import Callback, CallbackRound, Complaint, ComplaintStep, Rating
from domain.incidents.model import IncidentPage, OnCall, SafetyIncident
from domain.kit.inbox import Received
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.model import MessageTemplate, OutgoingMessage
from domain.reports.model import SavedSearch
from tests.console.side import SINCE, Side


def desk(uow: UnitOfWork, side: Side) -> None:
    """What is about a chat."""
    now, account, openid = uow.now, f"ac_{side.brand}", side.id("op")
    chat = {"account_id": account, "openid": openid}
    side.put(
        SafetyIncident(
            id=side.id("in"), brand_id=side.brand, dangers=["gas_smell"], status="open", words=side.word, opened_at=now,
            work_order_id=side.id("wo"), next_page_at=now, **chat,
        )
    )  # fmt: skip
    uow.session.add(side.rows[SafetyIncident])
    uow.session.flush()
    for row in (
        DeskTask(
            id=side.id("dt"), brand_id=side.brand, kind="complaint", status="waiting", words=side.word, asked_at=now, **chat
        ),
        DeskNote(author=f"staff:{side.id('st')}", words=side.word, at=now, **chat),
        CannedAnswer(
            id=side.id("ca"), brand_id=side.brand, name=side.key, words=side.word, changed_by="x", changed_at=now
        ),
        DutyHours(id=side.id("du"), brand_id=side.brand, weekday=0, opens=480, closes=1200, since=SINCE),
        Conversation(state={}, heard_at=now, **chat),
        ContactSession(secret_hash=side.key, created_at=now, ends_at=now, **chat),
        ContactScene(id=side.id("sc"), scene=side.key, at=now, is_new=True, **chat),
        QrCode(url=f"https://{side.key}", account_id=account, scene=side.key, ticket="t", made_at=now),
        Received(
            account_id=account, key=side.key, sent_on=now.date(), sender=openid, received_at=now, trigger="message",
            content={"raw": "", "said": {"kind": "text", "text": side.word}}, answer=side.word, state="answered",
        ),
        OutgoingMessage(
            at=now, account_id=account, recipient=openid, why="reminder", subject_id=side.id("wo"), author="system:notices",
            text=side.word, not_before=now,
        ),
        MessageTemplate(
            account_id=account, purpose=side.key, template_id=side.key, fields={}, changed_by="x", changed_at=now
        ),
        IncidentPage(incident_id=side.id("in"), at=now),
        SavedSearch(
            id=side.id("ss"), staff_id=side.id("st"), name=side.key, query={}, shared=True, kept_at=now, **vars(side.scope)
        ),
        OnCall(brand_id=side.brand, staff_id=side.id("st"), position=side.count),
    ):  # fmt: skip
        side.put(row)


def feedback(uow: UnitOfWork, side: Side) -> None:
    """What was said of the work, and what became of it."""
    now, work_order, customer = uow.now, side.id("wo"), side.id("cu")
    of_order = {"work_order_id": work_order, "brand_id": side.brand, "customer_id": customer}
    side.put(
        Rating(
            id=side.id("ra"), stars=1, tags=["late"], words=side.word, via="chat", by=f"customer:{customer}", at=now,
            provider_id=side.id("pr"), decided="task", **of_order,
        )
    )  # fmt: skip
    side.put(
        Callback(
            id=side.id("cb"), status="claimed", claimed_by=side.id("st"), claimed_at=now, reason="low", planned_at=now,
            due_at=now, next_at=now, **of_order,
        )
    )  # fmt: skip
    side.put(
        Complaint(
            id=side.id("ts"), kind="late", words=side.word, source="chat", status="opened", opened_by="x", opened_at=now,
            due_at=now, next_at=now, **of_order,
        )
    )  # fmt: skip
    for row in (Rating, Callback, Complaint):
        uow.session.add(side.rows[row])
    uow.session.flush()
    side.put(CallbackRound(callback_id=side.id("cb"), seq=1, result="no_answer", by="x", at=now, words=side.word))
    side.put(ComplaintStep(complaint_id=side.id("ts"), move="open", frm="opened", to="opened", by="x", at=now))
