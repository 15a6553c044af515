"""Erasing a person (O5): one transaction, under the customer's lock, after nothing is owed any more; twice is once.

`treatment.py` says of every table what becomes of it. What lies outside the database is emptied afterwards by a reaction;
before that its key is gone, so that nothing of it can be opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from domain.access import trail
from domain.cover.model import GiftGuesses
from domain.customers.erasing import forget_customer
from domain.customers.model import Customer
from domain.desk.lifecycle import TaskStatus
from domain.desk.model import DeskNote, DeskTask
from domain.feedback import callbacks
from domain.feedback.model import Callback, CallbackRound, Complaint, Rating, Survey
from domain.files.events import PicturesForgotten
from domain.files.model import FileState, StoredFile
from domain.files.operations import forget
from domain.incidents.model import SafetyIncident
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.inbox import Received, ReceivedState
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.model import GuidedCase
from domain.notices.model import MessageState, OutgoingMessage
from domain.notices.saying import NO_CHAT
from domain.notices.subscriptions_model import SubscriptionCredit, SubscriptionMove
from domain.privacy.events import ChatForgotten
from domain.privacy.objections import objections
from domain.products.model import ProductTransfer
from domain.work_orders.model import WorkOrder, WorkOrderMove

GONE = "已注销"
PROGRAM = system("privacy")
CHAT = "chat"
"""How an order was opened whose words the bot has taken numbers and places out of."""
Chats = Sequence[tuple[str, str]]


class StillNeeded(Refused):
    """Something is open; ``reasons`` say what."""

    code = "still_needed"

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("现在还不能注销：" + "；".join(reasons))
        self.reasons = list(reasons)


def erase(uow: UnitOfWork, customer_id: str, *, by: Actor, gives_up_cover: bool = False) -> Customer:
    """Forget who this customer is. What the law keeps stays with nobody's name on it.

    :raises StillNeeded: an order is open, money is owed …
    """
    customer = uow.get(Customer, customer_id, called="您的资料", lock=True)
    if customer.erased_at is not None:
        return customer
    if reasons := objections(uow, customer.id, gives_up_cover=gives_up_cover):
        raise StillNeeded(reasons)
    chats = forget_customer(uow, customer)
    forget_pictures(uow, customer.id, chats)
    forget_orders(uow, customer.id)
    forget_said(uow, customer.id)
    forget_messages(uow, customer.id)
    if chats:
        forget_chats(uow, chats)
    trail.record(uow, by, "customer.erase", "customer", customer.id, chats=len(chats))
    return customer


def forget_pictures(uow: UnitOfWork, customer_id: str, chats: Chats) -> None:
    """Those of no order are thrown away; those of orders stay with the order, and are nobody's."""
    theirs = StoredFile.author == f"{Role.CUSTOMER}:{customer_id}"
    mine = or_(theirs, of_chats(StoredFile.account_id, StoredFile.openid, chats)) if chats else theirs
    found = select(StoredFile).where(mine).order_by(StoredFile.id).with_for_update()
    places = []
    for file in uow.session.scalars(found):
        if file.work_order_id is None and file.state in (FileState.KEPT, FileState.AWAITED):
            place = forget(uow, file)
            places += [place] if place else []
        file.account_id, file.openid, file.media_id = None, "", ""
    if places:
        uow.emit(PicturesForgotten(places))


def forget_orders(uow: UnitOfWork, customer_id: str) -> None:
    """What was done, to what and when stays; who, where and by which phone goes. The prints too: nobody is found by them.

    What was written freely may hold a number or where they live: the chat has cut that out of its orders, nobody has elsewhere, nor
    out of what the customer said while it went on.
    """
    orders = select(WorkOrder).where(WorkOrder.customer_id == customer_id).order_by(WorkOrder.id).with_for_update()
    whole, last4 = uow.keyring.phone_prints(uow.new_id("gone"))
    for order in uow.session.scalars(orders):
        order.contact_name = order.name_print = order.wanted_time = order.position = None
        order.phone, order.phone_print, order.phone4_print = "", whole, last4
        order.address, order.division_code = GONE, order.division_code[:6]
        order.account_id = order.openid = None
        order.version += 1
        if order.opened_via != CHAT:
            order.words = GONE
        callbacks.drop(uow, order.id, "客户已注销", by=PROGRAM)  # nobody is there to be called
    theirs = WorkOrderMove.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.customer_id == customer_id))
    own = theirs & WorkOrderMove.by.startswith(f"{Role.CUSTOMER}:")
    put(uow, WorkOrderMove, own, why="")


def forget_said(uow: UnitOfWork, customer_id: str) -> None:
    """Words about the work: stars and outcomes stay."""
    put(uow, Rating, Rating.customer_id == customer_id, words="")
    put(uow, Survey, Survey.customer_id == customer_id, words="")
    put(uow, Complaint, Complaint.customer_id == customer_id, phone=None, account_id=None, openid=None)
    called = select(Callback.id).where(Callback.customer_id == customer_id)
    put(uow, CallbackRound, CallbackRound.callback_id.in_(called), words="")
    mine = SafetyIncident.customer_id == customer_id
    put(uow, SafetyIncident, mine, phone=None, address=None, openid=None, words=GONE)
    put(uow, ProductTransfer, ProductTransfer.customer_id == customer_id, why="")
    uow.session.execute(delete(GiftGuesses).where(GiftGuesses.customer_id == customer_id))


def forget_messages(uow: UnitOfWork, customer_id: str) -> None:
    """What was sent to, or is to be done for, whoever has no chat: text messages, and calls about their orders."""
    over = OutgoingMessage.state.not_in((MessageState.WAITING, MessageState.SENDING))
    by_phone = (OutgoingMessage.account_id == NO_CHAT) & (OutgoingMessage.recipient == customer_id)
    put(uow, OutgoingMessage, by_phone & over, text=GONE, forms=None)
    theirs = select(WorkOrder.id).where(WorkOrder.customer_id == customer_id)
    done = DeskTask.subject_id.in_(theirs) & (DeskTask.status == TaskStatus.DONE)
    put(uow, DeskTask, done, words=GONE, phone=None, wanted_time=None)


def forget_chats(uow: UnitOfWork, chats: Chats) -> None:
    """What was said in them, by whom ever. A message that waits for its turn is let be: its turn finds a stranger."""
    heard = of_chats(Received.account_id, Received.sender, chats)
    uow.session.execute(delete(Received).where(heard, Received.state != ReceivedState.DEFERRED))
    told = of_chats(OutgoingMessage.account_id, OutgoingMessage.recipient, chats)
    over = OutgoingMessage.state.not_in((MessageState.WAITING, MessageState.SENDING))
    put(uow, OutgoingMessage, told & over, text=GONE, forms=None)
    uow.session.execute(delete(DeskNote).where(of_chats(DeskNote.account_id, DeskNote.openid, chats)))
    asked = of_chats(DeskTask.account_id, DeskTask.openid, chats)
    put(uow, DeskTask, asked, words=GONE, phone=None, wanted_time=None)
    guided = of_chats(GuidedCase.account_id, GuidedCase.openid, chats)
    put(uow, GuidedCase, guided, answers={}, customer_id=None)
    for kind in (SubscriptionCredit, SubscriptionMove):
        uow.session.execute(delete(kind).where(of_chats(kind.account_id, kind.openid, chats)))
    for account_id, openid in chats:
        uow.emit(ChatForgotten(account_id, openid))


def of_chats(account: Any, openid: Any, chats: Chats) -> ColumnElement[bool]:
    return or_(*(and_(account == one, openid == other) for one, other in chats))


def put(uow: UnitOfWork, kind: type[Any], which: ColumnElement[bool], **values: object) -> None:
    uow.session.flush()
    uow.session.execute(update(kind).where(which).values(**values), execution_options={"synchronize_session": "fetch"})
