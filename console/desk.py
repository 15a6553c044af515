"""The desk as the staff see it, and what they do there: take a task, answer the customer, decide a transfer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.answering import claim, give_back
from console.chats import Line, chat_lines
from console.showing import mask_words
from console.work_orders import MoveSeen
from domain.access import queries as access
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.catalog.model import Model
from domain.customers.model import Contact, Customer
from domain.desk import board, operations
from domain.desk.lifecycle import CLAIMED, TASKS, TaskStatus
from domain.desk.model import DeskTask
from domain.kit.actors import Role
from domain.kit.errors import Conflict, Refused
from domain.kit.personal import mask_name, mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.queries import window_of
from domain.products.lifecycle import TRANSFERS, TransferStatus
from domain.products.model import Product, ProductTransfer
from domain.products.operations import decide_transfer
from domain.work_orders.model import WorkOrder


@dataclass(frozen=True)
class TaskRow:
    """One line of the desk; phone numbers in the words are masked."""

    id: str
    kind: str
    status: TaskStatus
    words: str
    asked_at: datetime
    due_at: datetime | None
    phone: str
    """The number to call back, masked."""
    wanted_time: str
    claimed_by: str | None
    """The name of whoever took it."""
    mine: bool


@dataclass(frozen=True)
class TransferSeen:
    """A request to take a product over, with both sides masked."""

    id: str
    status: TransferStatus
    product_id: str
    code: str
    name: str
    serial: str | None
    owner: str
    owner_id: str
    asker: str
    asker_id: str
    asked_at: datetime


@dataclass(frozen=True)
class OrderLink:
    """The order a task is about."""

    id: str
    number: str


@dataclass(frozen=True)
class TaskSeen:
    """``replies_left`` is how many messages the platform lets us send now; ``closed_why`` says why there are none."""

    task: TaskRow
    moves: Sequence[MoveSeen]
    customer_id: str | None
    chat: Sequence[Line]
    replies_left: int
    closed_why: str
    transfer: TransferSeen | None
    can_decide: bool
    customers: Sequence[str]
    """Those a ``merge`` is about: one person, as the platform says."""
    order: OrderLink | None = None


def desk_rows(uow: UnitOfWork, who: SignedIn, *, done: bool = False) -> list[TaskRow]:
    """What waits, longest first; or what was done of late."""
    tasks = board.done_tasks(uow) if done else board.open_tasks(uow)
    names = access.names_of(uow, [f"staff:{task.claimed_by}" for task in tasks if task.claimed_by])
    return [task_row(task, names, who) for task in tasks]


def task_row(task: DeskTask, names: dict[str, str], who: SignedIn) -> TaskRow:
    claimed = names.get(f"staff:{task.claimed_by}", task.claimed_by) if task.claimed_by else None
    return TaskRow(
        task.id, task.kind, task.status, mask_words(task.words), task.asked_at, task.due_at,
        mask_phone(task.phone or ""), task.wanted_time or "", claimed, task.claimed_by == who.staff.id,
    )  # fmt: skip


def look_at_task(uow: UnitOfWork, task_id: str, who: SignedIn) -> TaskSeen:
    """One task with its chat or its transfer, and the look itself on record.

    :raises NotFound: there is no such task
    """
    task = uow.get(DeskTask, task_id, called="这条待办")
    trail.record(uow, who.actor, "desk.view", "desk_task", task.id)
    names = access.names_of(uow, [f"staff:{task.claimed_by}"])
    chat: Sequence[Line] = []
    left, why, customer_id = 0, "", None
    if task.account_id and task.openid:
        chat = chat_lines(uow, task.account_id, task.openid)
        window = window_of(uow, task.account_id, task.openid)
        left, why = window.left, window.reason
        contact = uow.session.get(Contact, (task.account_id, task.openid))
        customer_id = contact.customer_id if contact else None
    transfer = transfer_of(uow, task.subject_id) if task.kind == "transfer" and task.subject_id else None
    row = task_row(task, names, who)
    moves = [MoveSeen(name, TASKS.moves[name].title, TASKS.moves[name].reason) for name in moves_now(task, who)]
    customers = task.subject_id.split("+") if task.kind == "merge" and task.subject_id else []
    order = uow.session.get(WorkOrder, task.subject_id) if task.subject_id else None
    about = OrderLink(order.id, order.number) if order else None
    return TaskSeen(row, moves, customer_id, chat, left, why, transfer, can_decide(transfer), customers, about)


def moves_now(task: DeskTask, who: SignedIn) -> list[str]:
    """What may be done with the task now: somebody else's is only put back."""
    names = [move.name for move in TASKS.allowed(task.status, Role.STAFF) if move.name != "pass_on"]
    if task.status == CLAIMED and task.claimed_by != who.staff.id:
        names = [name for name in names if name == "drop"]
    return names


def transfer_of(uow: UnitOfWork, transfer_id: str) -> TransferSeen:
    transfer = uow.get(ProductTransfer, transfer_id, called="这个过户申请")
    product = uow.get(Product, transfer.product_id, called="这台产品")
    model = uow.session.get_one(Model, product.model_id)
    owner = uow.session.get_one(Customer, product.customer_id)
    asker = uow.session.get_one(Customer, transfer.customer_id)
    return TransferSeen(
        transfer.id, transfer.status, product.id, model.code, model.name, product.serial, mask_name(owner.name or ""),
        owner.id, mask_name(asker.name or ""), asker.id, transfer.asked_at,
    )  # fmt: skip


def move_task(uow: UnitOfWork, task_id: str, name: str, why: str, who: SignedIn, *, tell: bool = False) -> DeskTask:
    """Claim, put back or finish a task; ``tell`` says goodbye to the customer whom the bot serves again.

    :raises Conflict: somebody else has it
    """
    if name == "claim":
        return claim(uow, task_id, who)
    task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
    if task.status == CLAIMED and name not in moves_now(task, who):
        raise Conflict(operations.taken_by(uow, task))
    if name == "finish" and task.kind == "chat":
        return give_back(uow, task_id, why, who, tell=tell)
    return operations.move_task(uow, task_id, name, by=who.actor, why=why)


def decide(uow: UnitOfWork, task_id: str, move: str, why: str, who: SignedIn) -> ProductTransfer:
    """Accept or refuse the transfer a task is about; the task is done with it, and the customer hears of it.

    :raises Refused: the task is no transfer, or a refusal without a reason
    """
    task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
    if task.kind != "transfer" or not task.subject_id:
        raise Refused("这条待办不是过户申请")
    if move == "refuse" and not why.strip():
        raise Refused("驳回过户请写明原因")
    if task.status == CLAIMED and task.claimed_by != who.staff.id:
        raise Conflict(operations.taken_by(uow, task))
    transfer = decide_transfer(uow, task.subject_id, move, by=who.actor, why=why)
    operations.move_task(uow, task.id, "finish", by=who.actor, why=why)
    return transfer


def can_decide(transfer: TransferSeen | None) -> bool:
    return transfer is not None and bool(TRANSFERS.allowed(transfer.status, Role.STAFF))
