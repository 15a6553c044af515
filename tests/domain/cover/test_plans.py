"""Plans are ended and begun anew, never edited; what was sold keeps the row it was sold by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.cover.model import CoverPlan
from domain.cover.offering import plans_for, plans_on_sale
from domain.cover.plans import BadPlan, Terms, changes, end_plan, in_words, put_plan, said, sold, versions
from domain.cover.rules import Eligibility
from domain.kit.money import Money
from domain.kit.unit_of_work import Runtime
from tests.domain.cover.world import CARD, WHOLE, World, bought, make_world, order
from tests.domain.payments.world import LI
from tests.runtime import NOW, Clock

TODAY = NOW.date()
DEARER = replace(WHOLE, price=Money(39_900), terms="第二版条款。")


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


def test_a_change_ends_one_version_and_begins_the_next(world: World, clock: Clock) -> None:
    brand = world.brand.voice.brand_id
    with world.runtime.transaction() as uow:
        cover = order(world, uow)
        new = put_plan(uow, brand, "whole", DEARER, TODAY + timedelta(days=1), by=LI)
        old = uow.session.get_one(CoverPlan, world.plans["whole"])
        assert (old.until, new.version, new.until) == (TODAY + timedelta(days=1), 2, None)
        assert "whole" in {one.code for one in plans_on_sale(uow, brand, TODAY)}
    clock.advance(days=1)
    with world.runtime.transaction() as uow:
        offers = {one.plan.code: one.price for one in plans_for(uow, world.product_id, world.wang)}
        assert offers["whole"] == Money(39_900)
        assert uow.session.get_one(type(cover), cover.id).price_fen == Money(36_500), (
            "what was ordered is not dearer now"
        )


def test_the_same_again_changes_nothing(world: World) -> None:
    brand = world.brand.voice.brand_id
    with world.runtime.transaction() as uow:
        assert put_plan(uow, brand, "whole", WHOLE, TODAY, by=LI).id == world.plans["whole"]
        assert len(versions(uow, brand, "whole")) == 1
        assert said(versions(uow, brand, "whole")[0]) == WHOLE


def test_the_preview_tells_what_changes_and_nothing_else(world: World) -> None:
    brand = world.brand.voice.brand_id
    with world.runtime.transaction() as uow:
        assert changes(uow, brand, "whole", DEARER, TODAY) == [
            ("价格", "¥365.00", "¥399.00"), ("条款", "保障整机和人工。", "第二版条款。")
        ]  # fmt: skip
        assert changes(uow, brand, "whole", WHOLE, TODAY) == []
        assert ("价格", "", "¥100.00") in changes(uow, brand, "new", CARD, TODAY)
        assert "3 次" in in_words(CARD)["次数"]


def test_the_past_is_not_edited_and_nothing_planned_is_overtaken(world: World) -> None:
    brand = world.brand.voice.brand_id
    with world.runtime.transaction() as uow:
        with pytest.raises(BadPlan, match="过去"):
            put_plan(uow, brand, "whole", DEARER, TODAY - timedelta(days=1), by=LI)
        later = put_plan(uow, brand, "whole", DEARER, TODAY + timedelta(days=30), by=LI)
        with pytest.raises(BadPlan, match="另一个版本"):
            put_plan(uow, brand, "whole", replace(DEARER, months=24), TODAY + timedelta(days=9), by=LI)
        end_plan(uow, later.id, later.since, by=LI)
        assert put_plan(uow, brand, "whole", replace(DEARER, months=24), TODAY + timedelta(days=30), by=LI).version == 3


def test_what_is_sold_no_more_is_not_offered(world: World) -> None:
    with world.runtime.transaction() as uow:
        bought(world, uow, "card")
        assert sold(uow, world.plans["card"]) == 1
        with pytest.raises(BadPlan, match="停售日"):
            end_plan(uow, world.plans["card"], TODAY - timedelta(days=1), by=LI)
        end_plan(uow, world.plans["card"], TODAY, by=LI)
        assert "card" not in {one.plan.code for one in plans_for(uow, world.product_id, world.wang)}


def test_what_costs_nothing_is_given_not_sold(world: World) -> None:
    with world.runtime.transaction() as uow:
        put_plan(uow, world.brand.voice.brand_id, "free", replace(CARD, price=Money(0)), TODAY, by=LI)
        assert "free" not in {one.plan.code for one in plans_for(uow, None, world.wang)}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (replace(WHOLE, title=" "), "名称和条款"),
        (replace(WHOLE, terms=""), "名称和条款"),
        (replace(WHOLE, months=0), "1–120"),
        (replace(WHOLE, price=Money(-1)), "100 万元"),
        (replace(WHOLE, commission_permille=501), "提成"),
        (replace(WHOLE, components=()), "保障的部件"),
        (replace(WHOLE, uses=3), "没有次数"),
        (replace(WHOLE, components=("whole", "whole")), "重复"),
        (replace(CARD, uses=0), "1–99 次"),
        (replace(CARD, service_type="dance"), "哪种服务"),
        (replace(CARD, pays=("part",)), "没有这种费用"),
        (replace(WHOLE, eligibility=Eligibility(categories=("car",))), "没有这个品类"),
        (replace(WHOLE, eligibility=Eligibility(models=("mo_0",))), "不是这个品牌的"),
        (replace(WHOLE, eligibility=Eligibility(divisions=("广东",))), "行政区划代码"),
        (replace(WHOLE, eligibility=Eligibility(age_months_max=-1)), "机龄"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(world: World, wanted: Terms, words: str) -> None:
    with world.runtime.transaction() as uow, pytest.raises(BadPlan, match=words):
        put_plan(uow, world.brand.voice.brand_id, "bad", wanted, TODAY, by=LI)


def test_a_first_version_may_have_been_sold_before_today(world: World) -> None:
    with world.runtime.transaction() as uow:
        assert put_plan(uow, world.brand.voice.brand_id, "old", CARD, date(2024, 1, 1), by=LI).version == 1
