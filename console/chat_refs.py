"""Naming a chat in an address: by its task, or by a sealed reference, because addresses are logged and openids are people's."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from domain.customers.model import Contact
from domain.desk.model import DeskTask
from domain.kit.errors import NotFound
from domain.kit.personal import WrongKey
from domain.kit.unit_of_work import UnitOfWork

PLACE = "console.chat"


@dataclass(frozen=True)
class Chat:
    """One person on one account."""

    account_id: str
    openid: str


def ref_of(uow: UnitOfWork, chat: Chat) -> str:
    """A reference that only we can read; another one every time."""
    sealed = uow.keyring.seal(f"{chat.account_id}\n{chat.openid}".encode(), PLACE)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def chat_meant(uow: UnitOfWork, ref: str) -> Chat:
    """The chat a task is about (``dt_…``), or a reference names.

    :raises NotFound: there is none
    """
    if ref.startswith("dt_"):
        task = uow.get(DeskTask, ref, called="这个会话")
        if not task.account_id or not task.openid:
            raise NotFound("这条待办没有会话")
        return Chat(task.account_id, task.openid)
    try:
        sealed = base64.urlsafe_b64decode(ref + "=" * (-len(ref) % 4))
        account_id, _, openid = uow.keyring.open(sealed, PLACE).decode().partition("\n")
    except (binascii.Error, ValueError, IndexError, WrongKey):
        raise NotFound("没有找到这个会话") from None
    uow.get(Contact, (account_id, openid), called="这个会话")  # a reference opens nothing that is not one's own
    return Chat(account_id, openid)


def print_of(uow: UnitOfWork, chat: Chat) -> str:
    """What the audit trail calls a chat."""
    return uow.keyring.fingerprint("chat", f"{chat.account_id} {chat.openid}")
