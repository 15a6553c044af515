"""The signed link to pay one thing: whoever has it sees what is owed and may pay it, and nothing else."""

from __future__ import annotations

from domain.kit.links import SignedLink
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.model import Payable

PAGE = "/c/pay/"
PAY = SignedLink("pay what is owed", PAGE, Payable, lambda _, payable: (payable.id, payable.customer_id), "这笔款")


def path_to_pay(uow: UnitOfWork, payable: Payable) -> str:
    """Where the customer pays it."""
    return PAY.path_to(uow, payable)


def payable_behind(uow: UnitOfWork, token: str) -> Payable:
    """:raises BadLink: it is no link of ours"""
    return PAY.behind(uow, token)
