"""The engineer's API about money: a code to pay by, cash, cover to sell, cards to use."""

from __future__ import annotations

from typing import Any

from domain.engineers.devices import SignedInEngineer
from domain.kit.unit_of_work import UnitOfWork
from engineer_app import money, money_shapes
from engineer_app.money import Till
from engineer_app.rows import Given, Rows, token


def till(rows: Rows, at: Till) -> None:
    """Money at the door."""

    def pay(given: Given, visit_id: str) -> Any:
        return money.code_to_pay(at, token(), visit_id, given["payable_id"])

    def state(given: Given, visit_id: str, payment_id: str) -> Any:
        return money.state(at, token(), visit_id, payment_id)

    def cash(given: Given, visit_id: str) -> Any:
        return money.take_cash(at, token(), visit_id, given["payable_id"], given["fen"])

    def shop(uow: UnitOfWork, who: SignedInEngineer, given: Given, visit_id: str) -> Any:
        return money.shop(uow, who, visit_id)

    def sell(uow: UnitOfWork, who: SignedInEngineer, given: Given, visit_id: str) -> Any:
        return money.sell(uow, who, visit_id, given["plan_id"])

    def use_card(uow: UnitOfWork, who: SignedInEngineer, given: Given, visit_id: str) -> Any:
        return money.use_card(uow, who, visit_id, given["cover_id"])

    job = "/jobs/<string:visit_id>"
    rows.open("POST", f"{job}/pay", pay, "收款码", money_shapes.CodeToPayOut(), money_shapes.PayIn(), signed_in=True)
    rows.open("GET", f"{job}/payments/<string:payment_id>", state, "付了没有", money_shapes.PaidOut(), signed_in=True)
    rows.open("POST", f"{job}/cash", cash, "收现金", money_shapes.ReceiptOut(), money_shapes.CashIn(), signed_in=True)
    rows.mine("GET", f"{job}/shop", shop, "能卖的延保、能用的卡", money_shapes.ShopOut())
    rows.mine("POST", f"{job}/covers", sell, "卖延保或服务卡", money_shapes.SoldOut(), money_shapes.SellIn())
    rows.mine(
        "POST", f"{job}/cards", use_card, "这张工单用一张服务卡", money_shapes.ShopOut(), money_shapes.UseCardIn()
    )
