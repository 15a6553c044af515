"""The demo's price list: every part a diagnosis may end at has a price, and every price names labour that there is."""

from __future__ import annotations

from sqlalchemy import select

from adapters.demo.catalogue import table
from adapters.demo.parts import put_parts
from adapters.demo.prices import put_prices
from domain.catalog.bills import bills_of
from domain.catalog.model import Model
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime
from domain.knowledge.diagnosis.trees import trees
from domain.pricing.gathering import prices_of, rows_for
from domain.pricing.reading import price_list
from tests.brand import brand_in

BY = system("tests")


def test_every_part_of_every_diagnosis_has_a_price_and_its_labour_one_too(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        models = list(uow.session.scalars(select(Model)))
        put_parts(uow, brand.voice.brand_id, models, by=BY)
        put_prices(uow, {"YF": brand.voice.brand_id}, by=BY)
        bills = bills_of(uow, [model.id for model in models], uow.today)
        for model in models:
            prices = prices_of(uow, [line.part_id for line in bills[model.id]], uow.today)
            rows = rows_for(uow, brand.voice.brand_id, [model.category_code], uow.today)
            assert len(prices) == len(bills[model.id]) > 0
            assert {price.labour for price in prices.values()} <= {
                "",
                *(row.code for row in rows if row.kind == "labour"),
            }
        listed = {one.code for one in price_list(uow, brand.voice.brand_id)}
    assert {"air_conditioner", "rice_cooker", ""} <= listed


def test_the_list_names_every_category_and_part_of_the_trees() -> None:
    data = table("prices.toml")["category"]
    for category, tree in trees().items():
        named = {part for cause in tree.causes.values() for part in cause.parts}
        assert named <= set(data[category]["parts"]), category
