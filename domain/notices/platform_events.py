"""What the platform tells of subscriptions by itself: choices in its popup, switching off, and messages it could not deliver.

The door has made one list of the event's templates, whatever form they came in (wechat-protocol §3.4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.kit.unit_of_work import UnitOfWork
from domain.notices import subscriptions
from domain.notices.subscriptions_model import Move
from domain.notices.undelivered import heard_of_failure

Items = Sequence[Mapping[str, str]]
BELIEVED = timedelta(days=1)
"""A moment of the platform's is taken for the tap's when it is no further off than this."""
SUCCESS = "0"


def heard_of_subscriptions(uow: UnitOfWork, account_id: str, openid: str, event: str, told: str) -> None:
    """Note what an event says; ``told`` is the door's ``{"at": …, "items": […]}``. An event heard twice counts once."""
    body: dict[str, Any] = json.loads(told)
    key = hashlib.sha256(told.encode()).hexdigest()[:32]
    if handle := EVENTS.get(event):
        handle(uow, account_id, openid, body["items"], moment(uow, str(body["at"])), key)


def moment(uow: UnitOfWork, created: str) -> datetime:
    at = datetime.fromtimestamp(int(created), UTC) if created.isdigit() and len(created) < 12 else uow.now
    return at if abs(at - uow.now) < BELIEVED else uow.now


def popup(uow: UnitOfWork, account_id: str, openid: str, items: Items, at: datetime, key: str) -> None:
    said = {item.get("TemplateId", ""): item.get("SubscribeStatusString", "").lower() for item in items}
    told = [
        (template_id, Move(word)) for template_id, word in said.items() if template_id and word in subscriptions.CHOICES
    ]
    subscriptions.note_choices(uow, account_id, openid, told, source=subscriptions.POPUP, key=key, at=at)


def change(uow: UnitOfWork, account_id: str, openid: str, items: Items, at: datetime, key: str) -> None:
    """Only a refusal is told of; agreeing in the settings gives no consent to anything."""
    for template_id in sorted({item.get("TemplateId", "") for item in items if is_refusal(item)} - {""}):
        subscriptions.note_switched_off(uow, account_id, openid, template_id, key)


def is_refusal(item: Mapping[str, str]) -> bool:
    return item.get("SubscribeStatusString", "").lower() == Move.REJECT


def sent(uow: UnitOfWork, account_id: str, openid: str, items: Items, at: datetime, key: str) -> None:
    """Failures only: the message goes on to its next channel. The consent is not given back: nobody says it was not used."""
    for item in items:
        if item.get("ErrorCode", SUCCESS) != SUCCESS:
            status, msg_id = item.get("ErrorStatus", "")[:60], item.get("MsgID", "")[:64]
            heard_of_failure(uow, account_id, openid, msg_id, status, item.get("TemplateId", ""))


EVENTS: Mapping[str, Callable[[UnitOfWork, str, str, Items, datetime, str], None]] = {
    "subscribe_msg_popup_event": popup,
    "subscribe_msg_change_event": change,
    "subscribe_msg_sent_event": sent,
}
