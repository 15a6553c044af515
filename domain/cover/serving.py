"""Whether a contract has served or is serving: nobody has a compressor paid for and then the price of the contract back."""

from __future__ import annotations

from domain.cover.model import Cover
from domain.cover.queries import repairs_on
from domain.kit.actors import Actor, Role
from domain.kit.errors import Forbidden, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.numbers import spoken


class InUse(Refused):
    """An order counts on it: a use of the card is held, or a repair is being done."""

    code = "card_in_use"


def must_not_serve(uow: UnitOfWork, cover: Cover, by: Actor) -> None:
    """:raises InUse: a repair that counts on it is open; :raises Forbidden: one was done, and a customer asks"""
    repairs = repairs_on(uow, cover)
    if going := [one for one in repairs if one.status in OPEN]:
        raise InUse(f"工单 {spoken(going[0].number)} 正按这份延保维修，请等办完或先取消那张工单，再退订")
    if repairs and by.role is Role.CUSTOMER:
        raise Forbidden(f"这份延保已经用于工单 {spoken(repairs[-1].number)} 的维修，退订请联系客服办理")
