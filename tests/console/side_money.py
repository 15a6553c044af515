"""A side's cover and prices."""

from __future__ import annotations

from datetime import date

from domain.cover.model import Cover, CoverCommission, Gift, GiftBatch, Redemption
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.fee_facts import Facts
from domain.pricing.model import Bill, FeeRow, PartPrice, Quote
from tests.console.side import SINCE, Side


def cover(uow: UnitOfWork, side: Side) -> None:
    """A card that was sold, used for the order, and a gift."""
    side.put(
        Cover(
            id=side.id("co"), number=f"{side.count}", brand_id=side.brand, plan_id=f"cp_{side.brand}", kind="card", component="",
            customer_id=side.id("cu"), bought_by=side.id("cu"), price_fen=Money(900), status="active", since=SINCE,
            until=date(2030, 1, 1), uses=2, used=1, via="chat", ordered_at=uow.now, lapses_at=uow.now, bought_at=uow.now,
            earned_fen=Money(0), refunded_fen=Money(0),
        )
    )  # fmt: skip
    side.put(
        Redemption(
            id=side.id("rd"), cover_id=side.id("co"), n=1, work_order_id=side.id("wo"), status="held", held_at=uow.now,
            held_by="x",
        )
    )  # fmt: skip
    side.put(
        GiftBatch(
            id=side.id("gb"), brand_id=side.brand, plan_id=f"cp_{side.brand}", title=side.word, count=1, made_by="x",
            valid_until=date(2030, 1, 1), made_at=uow.now,
        )
    )  # fmt: skip
    for row in (Cover, Redemption, GiftBatch):
        uow.session.add(side.rows[row])
        uow.session.flush()
    side.put(Gift(id=side.id("gf"), batch_id=side.id("gb"), code_print=side.key, status="issued"))
    side.put(CoverCommission(
        cover_id=side.id("co"), brand_id=side.brand, sold_by="x", fen=Money(9), reversed_fen=Money(0), due_at=uow.now,
    ))  # fmt: skip


def prices(uow: UnitOfWork, side: Side) -> None:
    """A confirmed quote with its bill; the price list is the brand's."""
    for kind, id_ in ((FeeRow, f"fe_{side.brand}"), (PartPrice, f"pp_{side.brand}")):
        side.rows[kind] = uow.session.get_one(kind, id_)
    side.put(
        Quote(
            id=side.id("qt"), work_order_id=side.id("wo"), version=1, status="confirmed", lines=[],
            facts=Facts("2026-05-12", "air_conditioner", "repair").to_json(), customer_fen=100,
            declined_fen=0, hash="h", by="x", asked_at=uow.now, expires_at=uow.now,
        )
    )  # fmt: skip
    uow.session.add(side.rows[Quote])
    uow.session.flush()
    side.put(
        Bill(
            id=side.id("bi"), work_order_id=side.id("wo"), visit_id=side.id("vi"), version=1, kind="work",
            quote_id=side.id("qt"), confirmed_fen=100, declined_fen=0, status="issued", lines=[], total_fen=100, before_fen=0,
            due_fen=100, issued_at=uow.now,
        )
    )  # fmt: skip
