"""The demo's parts: every part that a diagnosis may end at can be picked for every model."""

from __future__ import annotations

from sqlalchemy import select

from adapters.demo.parts import LETTERS, put_parts
from domain.catalog.bills import bills_of, look
from domain.catalog.model import Model
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime
from domain.knowledge.diagnosis.trees import trees
from tests.brand import brand_in


def test_whatever_a_diagnosis_names_is_on_the_bill_and_found_by_its_code_alone(runtime: Runtime) -> None:
    assert set(LETTERS) == set(trees())
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        models = list(uow.session.scalars(select(Model)))
        put_parts(uow, brand.voice.brand_id, models, by=system("tests"))
        bills = bills_of(uow, [model.id for model in models], uow.today)
        for model in models:
            bill = bills[model.id]
            named = {part for cause in trees()[model.category_code].causes.values() for part in cause.parts}
            assert {line.name for line in bill} == named
            for line in bill:
                assert look(bill, line.code).exact == line
