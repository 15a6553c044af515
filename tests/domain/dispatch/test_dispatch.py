"""An opened order finds its engineer by itself; what was considered is kept; who refuses is not asked again."""

from __future__ import annotations

from tests.domain.dispatch.asking import ELSEWHERE, World, follow


def test_an_order_is_offered_right_after_it_was_opened(world: World) -> None:
    order_id = world.dispatched()
    assert world.asked(order_id) in ("an", "bo"), "the nearest provider comes first in the grid"
    offer, [time] = world.offer(order_id), world.times(order_id)
    assert offer and time.engineer_id == offer.engineer_id
    assert not time.promised
    assert time.visit_id == offer.visit_id
    assert world.row(order_id).provider_id == world.network.near
    assert world.waits(order_id) is None


def test_nobody_covers_the_place(world: World) -> None:
    order_id = world.dispatched(address=ELSEWHERE)
    waiting = world.waits(order_id)
    assert waiting and (waiting.reason, waiting.words) == ("no_coverage", "这个地方没有服务商覆盖")
    follow(world)
    assert len(world.events("NobodyFits")) == 1
