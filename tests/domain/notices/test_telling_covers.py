"""What customers are told of contracts and cards: once, to whose it is now, with the certificate, and nothing is offered."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.cover import contracts, keeping
from domain.cover.cards import hold_by_itself
from domain.cover.events import CardUsed, CoverEnding, CoverMoved, CoverOrdered, CoverTransferred
from domain.cover.links import cover_behind, path_to_cover, verify
from domain.cover.model import Cover
from domain.customers.operations import contact_heard
from domain.kit.links import BadLink
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices import telling_covers
from domain.notices.model import OutgoingMessage
from tests.domain.cover.world import World, bought, make_world, open_order, order, settle, transfer
from tests.runtime import Clock

TELLERS = {
    CoverOrdered: telling_covers.ask_to_pay, CoverMoved: telling_covers.tell_of_move, CardUsed: telling_covers.tell_of_card,
    CoverTransferred: telling_covers.tell_of_transfer, CoverEnding: telling_covers.remind,
}  # fmt: skip


@pytest.fixture
def world(runtime: Runtime) -> World:
    world = make_world(runtime)
    with runtime.transaction() as uow:
        for openid, customer in (("o_wang", world.wang), ("o_li", world.li)):
            contact_heard(uow, world.brand.voice.account_id, openid).customer_id = customer
    return world


def tell(uow: UnitOfWork) -> None:
    """What the reactions would do, twice: whatever is told again is told once."""
    for _ in range(2):
        for row in uow.session.scalars(select(OutboxRow)).all():
            kind = next((one for one in TELLERS if one.__name__ == row.kind), None)
            if kind:
                TELLERS[kind](uow, kind(**row.body))  # type: ignore[operator]


def told(uow: UnitOfWork, openid: str) -> list[str]:
    mine = select(OutgoingMessage).filter_by(recipient=openid).order_by(OutgoingMessage.seq)
    return [one.text for one in uow.session.scalars(mine) if one.state != "stale"]


def test_the_link_to_pay_and_then_the_certificate(world: World) -> None:
    with world.runtime.transaction() as uow:
        waiting = order(world, uow)
        tell(uow)
        assert len(told(uow, "o_wang")) == 1
        assert "付款后才生效。点这里付款：{link}" in told(uow, "o_wang")[0]
        sent = uow.session.scalars(select(OutgoingMessage)).one()
        assert (sent.forms or {})["path"].startswith("/c/pay/ow_")
        contracts.void(uow, waiting.id, by=world.by(), why="不要了")
        bought(world, uow, "parts")
        tell(uow)
        assert "主要部件延保三年已生效" in told(uow, "o_wang")[-1]


def test_the_new_owner_hears_of_what_came_with_the_product_and_only_that_link_opens(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow)
        before = path_to_cover(uow, cover).rpartition("/")[2]
        assert cover_behind(uow, before).cover.id == cover.id
        transfer(world, uow, world.li)
        tell(uow)
        assert "现在归您了" in told(uow, "o_li")[0]
        with pytest.raises(BadLink):
            cover_behind(uow, before)


def test_its_end_is_said_once_and_nothing_is_offered(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow)
    clock.at = clock.at.replace(year=2027, month=12, day=20)
    with world.runtime.transaction() as uow:
        for cover_id in [*keeping.ending(uow, 9), *keeping.ending(uow, 9)]:
            keeping.remind(uow, cover_id)
        tell(uow)
        said = [one for one in told(uow, "o_wang") if "结束" in one]
        assert len(said) == 1
        assert f"到 {cover.until} 结束" in said[0]
        assert not [word for word in ("购买", "续保", "优惠", "¥") if word in said[0]]


def test_given_up_says_what_went_back_and_a_card_that_is_used_what_is_left(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover, _ = contracts.cancel(uow, bought(world, uow).id, by=world.by())
        settle(world, uow, cover)
        bought(world, uow, "card")
        hold_by_itself(uow, open_order(world, uow).id)
        tell(uow)
        texts = told(uow, "o_wang")
        assert [one for one in texts if "已退订。¥365.00 已按原路退回" in one]
        assert [one for one in texts if "不用再付人工费、上门费，还剩 2 次" in one]


def test_anybody_with_the_number_sees_whether_it_holds_and_nothing_of_whose_it_is(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover, unpaid = bought(world, uow), order(world, uow, "parts")
        spaced = f"{cover.number[:4]} {cover.number[4:8]}-{cover.number[8:]}"
        found = verify(uow, spaced)
        assert found
        assert (found.title, found.what, found.holds) == ("整机延保一年", "空调", True)
        assert verify(uow, unpaid.number) is None
        wrong = str((int(cover.number[0]) + 1) % 10) + cover.number[1:]
        assert verify(uow, wrong) is None
        contracts.cancel(uow, cover.id, by=world.by())
        again = verify(uow, cover.number)
        assert again
        assert not again.holds
        assert uow.session.get_one(Cover, cover.id).customer_id not in str(vars(again))
