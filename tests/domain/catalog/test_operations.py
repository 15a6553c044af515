"""Models and warranty terms in the database: one row a code, terms that are followed and never rewritten."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from domain.catalog.model import Model, WarrantyTerm
from domain.catalog.operations import (
    BadModel,
    Counts,
    ModelRow,
    TermRow,
    TermTaken,
    put_categories,
    put_model,
    put_models,
    put_warranty_term,
)
from domain.catalog.queries import catalogue_version, categories, model_called, models_of, warranty_terms
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import Brand
from domain.organizations.operations import put_brand

BY = system("test")
AC = ModelRow("air_conditioner", "KFR-35GW/YA8A1", "云枫 1.5匹挂机", date(2019, 3, 1))


def a_brand(uow: UnitOfWork, code: str = "YF") -> Brand:
    put_categories(uow)
    return put_brand(uow, code=code, name=code, hotline="", desk_hours="", privacy_version="1", privacy_url="")


def term(months: int, since: date, until: date | None = None, **other: str) -> TermRow:
    about = other if "model_id" in other else {"category_code": "air_conditioner", **other}
    return TermRow(**{"component": "whole", "months": months, "source": "承诺", "since": since, "until": until} | about)  # type: ignore[arg-type]


def spans(uow: UnitOfWork) -> list[tuple[int, date, date | None]]:
    rows = uow.session.execute(
        select(WarrantyTerm.months, WarrantyTerm.since, WarrantyTerm.until).order_by(WarrantyTerm.since)
    )
    return [(months, since, until) for months, since, until in rows]


def test_a_code_written_another_way_corrects_the_model_instead_of_making_a_second(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = a_brand(uow)
        first = put_model(uow, brand.id, AC, by=BY)
        again = put_model(uow, brand.id, ModelRow("air_conditioner", "kfr35gw ya8a1", "改了名"), by=BY)
        assert (again.id, again.name, again.code) == (first.id, "改了名", "kfr35gw ya8a1")
        assert uow.session.scalar(select(func.count()).select_from(Model)) == 1


def test_every_change_of_the_models_counts_the_catalogue_up_and_nothing_else_does(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand, other = a_brand(uow), a_brand(uow, "LH")
        put_model(uow, brand.id, AC, by=BY)
        assert catalogue_version(uow, brand.id) == 1
        put_model(uow, brand.id, AC, by=BY)
        assert catalogue_version(uow, brand.id) == 1
        put_models(uow, brand.id, [ModelRow("refrigerator", "BCD-405", "冰箱"), AC])
        assert catalogue_version(uow, brand.id) == brand.catalogue_version == 2
        assert catalogue_version(uow, other.id) == 0


def test_putting_many_counts_the_new_and_the_changed_and_can_keep_fields(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = a_brand(uow)
        put_models(uow, brand.id, [AC])
        renamed = ModelRow("air_conditioner", AC.code, "新名")
        counts = put_models(
            uow, brand.id, [renamed, ModelRow("other", "X-1", "别的")], keep=["sold_since", "sold_until"]
        )
        assert counts == Counts(new=1, changed=1)
        found = model_called(uow, brand.id, AC.code)
        assert found is not None
        assert (found.name, found.sold_since) == ("新名", AC.sold_since)


@pytest.mark.parametrize(
    "row",
    [
        ModelRow("other", "—", "没有字母"),
        ModelRow("other", "K" * 41, "太长"),
        ModelRow("other", "K-1", "  "),
        ModelRow("other", "K-1", "早停", date(2024, 3, 1), date(2024, 2, 1)),
    ],
)
def test_a_model_that_cannot_be_is_refused(runtime: Runtime, row: ModelRow) -> None:
    with runtime.transaction() as uow, pytest.raises(BadModel):
        put_model(uow, a_brand(uow).id, row, by=BY)


def test_a_brand_s_models_are_its_own(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        one, other = a_brand(uow), a_brand(uow, "LH")
        mine, theirs = put_model(uow, one.id, AC, by=BY), put_model(uow, other.id, AC, by=BY)
        assert [line.id for line in models_of(uow, one.id)] == [mine.id]
        found = model_called(uow, other.id, "KFR 35GW YA8A1")
        assert found is not None
        assert found.id == theirs.id
        assert model_called(uow, one.id, "KFR-35GW/YA8AI") is None


def test_categories_can_be_put_again(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        put_categories(uow)
        put_categories(uow)
        found = categories(uow)
        assert [kind.title for kind in found][:2] == ["空调", "冰箱"]
        assert len(found) == 14


def test_a_later_term_follows_the_open_one(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = a_brand(uow)
        put_warranty_term(uow, brand.id, term(36, date(2016, 1, 1)), by=BY)
        put_warranty_term(uow, brand.id, term(72, date(2021, 3, 1)), by=BY)
        assert spans(uow) == [(36, date(2016, 1, 1), date(2021, 3, 1)), (72, date(2021, 3, 1), None)]


def test_putting_the_same_terms_again_changes_nothing(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = a_brand(uow)
        rows = [term(36, date(2016, 1, 1)), term(72, date(2021, 3, 1))]
        for row in rows:
            put_warranty_term(uow, brand.id, row, by=BY)
        before = spans(uow)
        assert [put_warranty_term(uow, brand.id, row, by=BY).counts for row in rows] == [Counts(), Counts()]
        assert spans(uow) == before


def test_an_open_term_can_be_given_its_end(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = a_brand(uow)
        put_warranty_term(uow, brand.id, term(36, date(2016, 1, 1)), by=BY)
        ended = put_warranty_term(uow, brand.id, term(36, date(2016, 1, 1), date(2020, 1, 1)), by=BY)
        assert ended.counts == Counts(changed=1)
        assert spans(uow) == [(36, date(2016, 1, 1), date(2020, 1, 1))]


@pytest.mark.parametrize(
    "clash",
    [
        term(48, date(2016, 1, 1)),
        term(48, date(2015, 1, 1)),
        term(48, date(2018, 1, 1), date(2019, 1, 1)),
        term(36, date(2016, 1, 1), date(2019, 1, 1)),
    ],
)
def test_a_term_is_never_rewritten(runtime: Runtime, clash: TermRow) -> None:
    with runtime.transaction() as uow:
        brand = a_brand(uow)
        put_warranty_term(uow, brand.id, term(36, date(2016, 1, 1), date(2020, 1, 1)), by=BY)
        before = spans(uow)
        with pytest.raises(TermTaken):
            put_warranty_term(uow, brand.id, clash, by=BY)
        assert spans(uow) == before


def test_terms_hold_by_the_day_of_purchase_and_the_model_s_own_come_first(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = a_brand(uow)
        model, sibling = (put_model(uow, brand.id, ModelRow("air_conditioner", c, c), by=BY) for c in ("K-1", "K-2"))
        law = term(12, date(1995, 8, 25), source="三包")
        for row in (
            law,
            term(36, date(2016, 1, 1)),
            term(72, date(2021, 3, 1)),
            term(120, date(2021, 3, 1), model_id=model.id),
        ):
            put_warranty_term(uow, brand.id, row, by=BY)

        def months(of: Model, on: date) -> list[int]:
            return [found.months for found in warranty_terms(uow, of, on)]

        assert months(model, date(2021, 2, 28)) == [36, 12]
        assert months(model, date(2021, 3, 1)) == [120, 12]
        assert months(sibling, date(2021, 3, 1)) == [72, 12]
        assert months(sibling, date(1995, 8, 24)) == []
