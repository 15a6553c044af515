"""Warranty on the pages of a product and of an order: what holds and why, a proof written down, a finding and its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.catalog.operations import TermRow, put_warranty_term
from domain.desk.lifecycle import TaskStatus
from domain.desk.model import DeskTask
from domain.desk.operations import put_task
from domain.files.sent import Content, keep_sent
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime
from domain.products.model import Product
from domain.products.operations import register_product
from domain.products.warranty_queries import answers_for, findings_for
from domain.work_orders.events import WorkOrderOpened
from domain.work_orders.model import WorkOrder
from jobs.warranties import answer_opened, keep
from tests.brand import Brand
from tests.console.conftest import BY, Browser

FILE = "fi_01"


@pytest.fixture
def order(runtime: Runtime, brand: Brand, open_order: Callable[..., str]) -> tuple[str, str]:
    """An order and its product, bought a year and a half ago, with a promise of three years for the whole machine."""
    order_id = open_order()
    with runtime.transaction() as uow:
        since = uow.today - timedelta(days=3000)
        row = TermRow("whole", 36, "整机承诺", since, category_code="air_conditioner")
        put_warranty_term(uow, brand.voice.brand_id, row, by=BY)
        found = uow.session.get_one(WorkOrder, order_id)
        product = register_product(
            uow, by=BY, brand_id=found.brand_id, customer_id=found.customer_id, serial="AB123456789012X",
            model_id=brand.models["KFR-35GW/N8A1"], purchased_on=uow.today - timedelta(days=550), via="console",
        ).product  # fmt: skip
        found.product_id, found.model_id = product.id, product.model_id
        uow.session.flush()
        answer_opened(uow, WorkOrderOpened(order_id))
        return order_id, product.id


def test_a_products_page_says_what_holds_and_why(administrator: Browser, order: tuple[str, str]) -> None:
    page = administrator.get(f"/console/products/{order[1]}/warranty").get_data(as_text=True)
    for words in ("整机", "主要部件", "人工", "保内", "已过保", "整机承诺", "未见发票"):
        assert words in page


def test_each_component_is_named_once_beside_what_holds_for_it(
    administrator: Browser, runtime: Runtime, order: tuple[str, str]
) -> None:
    with runtime.transaction() as uow:
        uow.session.get_one(Product, order[1]).purchased_on = None
        keep(uow, order[0])
    for room in (f"/console/orders/{order[0]}/warranty", f"/console/products/{order[1]}/warranty"):
        page = administrator.get(room).get_data(as_text=True).split("<details><summary>购买凭证")[0]
        newest = page.split("受理时")[0]
        assert "没有登记购买日期，请准备好发票" in newest
        assert newest.count("整机") == newest.count("主要部件") == newest.count("人工") == 1
        assert "待核：" not in newest


def test_a_proof_changes_what_is_said_and_not_what_was_answered(
    administrator: Browser, runtime: Runtime, order: tuple[str, str]
) -> None:
    order_id, product_id = order
    room = f"/console/products/{product_id}/warranty"
    administrator.get(room)
    refused = administrator.post(room, {"invoice": "seen", "purchased_on": "2999-01-01"}, htmx=True)
    assert "不能晚于今天" in refused.get_data(as_text=True)
    assert administrator.post(room, {"invoice": "forged"}, htmx=True).status_code == 422
    administrator.post(room, {"invoice": "none", "days_in_repair": "3"})
    page = administrator.get(room).get_data(as_text=True)
    assert "没有有效发票" in page
    with runtime.transaction() as uow:
        assert {one.round for one in answers_for(uow, order_id)} == {1}


def test_a_finding_is_kept_with_a_new_answer_and_taken_back(
    administrator: Browser, runtime: Runtime, order: tuple[str, str]
) -> None:
    room = f"/console/orders/{order[0]}/warranty"
    assert "受理时" in administrator.get(room).get_data(as_text=True)
    assert "请选择情况，并写明依据" in administrator.post(room, {"code": "misuse"}, htmx=True).get_data(as_text=True)
    administrator.post(room, {"code": "misuse", "why": "室外机进水"})
    page = administrator.get(room).get_data(as_text=True)
    for words in ("第 2 次核定", "不保", "第十七条", "室外机进水", "撤回认定", "受理时"):
        assert words in page
    with runtime.transaction() as uow:
        finding = findings_for(uow, order[0])[0].id
    administrator.post(f"{room}/findings/{finding}/withdraw")
    page = administrator.get(room).get_data(as_text=True)
    assert "第 3 次核定" in page
    assert "室外机进水" not in page


def test_an_invoices_photo_of_the_customers_is_looked_at_and_the_wish_is_done_with(
    runtime: Runtime, administrator: Browser, order: tuple[str, str]
) -> None:
    product_id = order[1]
    with runtime.transaction() as uow:
        product = uow.get(Product, product_id, called="")
        by = Actor(Role.CUSTOMER, product.customer_id)
        kept = keep_sent(uow, Content(FILE, f"2026/05/{FILE}", "k" * 44, b"x"), brand_id=product.brand_id, by=by)
        kept.product_id = product.id
        task = put_task(
            uow, by=by, brand_id=product.brand_id, kind="proof", words="核对购买凭证", subject_id=product.id
        )
    page = administrator.get(f"/console/products/{product_id}/warranty").get_data(as_text=True)
    assert f"/console/files/{FILE}" in page
    administrator.post(f"/console/products/{product_id}/warranty", {"invoice": "seen", "purchased_on": "2026-01-10"})
    with runtime.transaction() as uow:
        assert uow.get(DeskTask, task.id, called="").status is TaskStatus.DONE
