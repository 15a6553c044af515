"""The demo: loads once, and is worth looking at."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters import settings
from adapters.demo import SERVED, catalogue, load_into, sign_ins
from adapters.settings import Settings
from domain.access import passwords
from domain.access.model import Staff
from domain.catalog.categories import TITLES
from domain.catalog.codes import LONGEST, code_key, look_alike
from domain.catalog.model import Model
from domain.catalog.queries import models_of, warranty_terms
from domain.customers.model import CustomerAddress, CustomerPhone
from domain.kit.tables import Table
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import Account, Brand
from domain.organizations.queries import is_served
from domain.products.model import Product
from domain.regions import divisions
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import WorkOrder, WorkOrderMove


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    return settings.load(None, data_dir=tmp_path)


@pytest.fixture
def demo(runtime: Runtime, told: Settings) -> Iterator[UnitOfWork]:
    load_into(runtime, told)
    with runtime.transaction() as uow:
        yield uow


def counts(runtime: Runtime) -> dict[str, int]:
    with runtime.transaction() as uow:
        return {
            table.name: uow.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
        }


def test_the_catalogue_has_three_hundred_models_of_all_categories_and_no_code_twice() -> None:
    models = catalogue.models()
    assert len(models) >= 300
    assert {model.category_code for model in models} == set(TITLES)
    assert len({code_key(model.code) for model in models}) == len(models)
    assert len({model.name for model in models}) > 200
    assert max(len(model.code) for model in models) <= LONGEST
    assert catalogue.models() == models


def test_codes_are_in_the_trade_s_style() -> None:
    beginnings = Counter(match[0] for model in catalogue.models() if (match := re.match("[A-Za-z]+", model.code)))
    wanted = {"KFR", "KFRd", "BCD", "XQG", "XQB", "JSQ", "ES", "CXW", "JZT", "JZY", "JJZT", "WQP", "MB"}
    assert wanted <= set(beginnings)


def test_some_codes_are_twins_that_must_be_asked_about() -> None:
    alike = Counter(look_alike(model.code) for model in catalogue.models())
    assert sum(count > 1 for count in alike.values()) >= 3


def test_loading_twice_changes_nothing(runtime: Runtime, told: Settings) -> None:
    assert load_into(runtime, told)
    before = counts(runtime)
    assert not load_into(runtime, told)
    assert counts(runtime) == before


def test_the_account_follows_the_settings_even_when_the_demo_is_there(runtime: Runtime, told: Settings) -> None:
    load_into(runtime, told)
    load_into(runtime, told.model_copy(update={"oa_token": "rotated1"}))
    with runtime.transaction() as uow:
        account = uow.session.scalars(select(Account).filter_by(kind="official_account")).one()
        assert (account.app_id, account.token, account.mode) == (told.oa_app_id, "rotated1", "safe")
        program = uow.session.scalars(select(Account).filter_by(kind="mini_program")).one()
        assert (program.app_id, program.token, program.brand_id) == (told.mp_app_id, told.mp_token, account.brand_id)


def test_staff_sign_in_with_the_passwords_that_are_shown(demo: UnitOfWork, told: Settings) -> None:
    shown = sign_ins(told)
    kept = json.loads((told.data_dir / "secrets.json").read_text())
    staff = demo.session.scalars(select(Staff).order_by(Staff.username)).all()
    assert [(person.username, person.role) for person in staff] == [("admin", "administrator"), ("agent", "agent")]
    for person in staff:
        assert passwords.fits(person.password_hash, shown[person.username])
        assert kept[f"demo_{person.username}_password"] == shown[person.username]


def test_there_is_a_month_of_orders_in_every_state_but_none_later_than_now(demo: UnitOfWork) -> None:
    orders = demo.session.scalars(select(WorkOrder)).all()
    assert len(orders) >= 60
    assert {order.status for order in orders} == set(OrderStatus)
    assert min(order.opened_at for order in orders) > demo.now - timedelta(days=31)
    assert max(demo.session.scalars(select(WorkOrderMove.at))) < demo.now
    assert any(order.repair_of_id for order in orders)
    assert all(order.opened_at > demo.now - timedelta(days=12) for order in orders if order.status in OPEN)


def test_everybody_is_invented_and_lives_where_the_brand_serves(demo: UnitOfWork) -> None:
    brand = demo.session.scalars(select(Brand)).one()
    assert all(re.fullmatch(r"1[3-9]\d0000\d{4}", row.number) for row in demo.session.scalars(select(CustomerPhone)))
    for home in demo.session.scalars(select(CustomerAddress)):
        assert is_served(demo, brand.id, home.division_code)
        assert home.line.startswith("".join(divisions().path(home.division_code)))
    assert all(not division.endswith("00") for division in SERVED)


def test_nothing_was_bought_before_it_was_sold(demo: UnitOfWork) -> None:
    for product in demo.session.scalars(select(Product)):
        model = demo.session.get_one(Model, product.model_id)
        assert product.purchased_on
        assert model.sold_since
        assert model.sold_since <= product.purchased_on <= (model.sold_until or demo.today)


def test_every_model_sold_today_has_a_term_for_the_whole_and_for_labour(demo: UnitOfWork) -> None:
    brand = demo.session.scalars(select(Brand)).one()
    for line in models_of(demo, brand.id):
        terms = warranty_terms(demo, demo.session.get_one(Model, line.id), demo.today)
        assert {"whole", "labour"} <= {term.component for term in terms}, line.code
