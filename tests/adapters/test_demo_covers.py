"""The demo's warranties and cards: every brand sells them, some were sold, and the books of them are right."""

from __future__ import annotations

from sqlalchemy import select

from adapters.demo import covers
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, CoverPlan
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.queries import balance
from tests.adapters.test_demo import demo as demo  # the demo is loaded once for all that look at it
from tests.adapters.test_demo import kept as kept
from tests.adapters.test_demo import loaded as loaded


def test_every_brand_sells_warranties_of_four_kinds_of_appliance_and_two_cards(demo: UnitOfWork) -> None:
    plans = demo.session.scalars(select(CoverPlan)).all()
    assert len({one.brand_id for one in plans}) == 3
    for brand_id in {one.brand_id for one in plans}:
        mine = [one for one in plans if one.brand_id == brand_id]
        assert {one.uses for one in mine if one.kind == "card"} == {1, 3}
        assert {"air_conditioner", "refrigerator", "washing_machine", "water_heater_gas"} <= {
            one.code.split("-")[0] for one in mine
        }
        assert {one.months for one in mine if one.kind == "warranty"} == {12, 24, 36}


def test_some_were_sold_one_was_given_up_and_the_books_are_right(demo: UnitOfWork) -> None:
    sold = demo.session.scalars(select(Cover).where(Cover.bought_at.is_not(None))).all()
    assert len(sold) == covers.MOST
    assert {one.status for one in sold} >= {CoverStatus.ACTIVE, CoverStatus.REFUNDING}
    assert {one.sold_by.split(":")[0] for one in sold} == {"engineer", "staff"}
    unpaid = demo.session.scalars(select(Cover).where(Cover.status == CoverStatus.ORDERED)).all()
    kept = sum((one.price_fen - one.earned_fen).fen for one in [*sold, *unpaid])
    refunding = [one for one in sold if one.status is CoverStatus.REFUNDING]
    assert balance(demo, "deferred_cover") in (kept, kept - sum(one.refunded_fen.fen for one in refunding))
