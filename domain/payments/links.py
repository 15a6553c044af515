"""The signed link to pay one thing: whoever has it sees what is owed and may pay it, and nothing else.

Nothing of a link is kept and nothing of it can be made up, as in `domain.pricing.links`.
"""

from __future__ import annotations

import hmac

from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.model import Payable

PAGE = "/c/pay/"
KIND = "pay what is owed"
"""What the print is for: a print made for anything else opens nothing here."""


class BadLink(Refused):
    """It is no link of ours."""

    code = "bad_link"


def path_to_pay(uow: UnitOfWork, payable: Payable) -> str:
    """Where the customer pays it."""
    return f"{PAGE}{payable.id}.{print_of(uow, payable)}"


def print_of(uow: UnitOfWork, payable: Payable) -> str:
    return uow.keyring.fingerprint(KIND, f"{payable.id} {payable.customer_id}")


def payable_behind(uow: UnitOfWork, token: str) -> Payable:
    """:raises BadLink: it is no link of ours"""
    payable_id, _, given = token.partition(".")
    payable = uow.session.get(Payable, payable_id)
    if payable is None or not hmac.compare_digest(given.encode(), print_of(uow, payable).encode()):
        raise BadLink("没有找到这笔款，请回到公众号里重新打开。")
    return payable
