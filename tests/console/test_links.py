"""A link to another room is a link for whoever may open it, and plain words for everybody else.

That no page leads anybody to what turns them away is walked in `tests.console.test_access_matrix`.
"""

from __future__ import annotations

import pytest
from flask import g

from console.links import link, opens, row_link
from domain.access.roles import Permission
from tests.console.house import House


class Looker:
    """As much of `console.page_door.Shown` as a link asks for."""

    def __init__(self, *permissions: Permission) -> None:
        self.permissions = frozenset(permissions)


@pytest.mark.parametrize(
    ("name", "products", "customers"),
    [("administrator", True, True), ("settlement", False, True), ("p_dispatcher", True, False)],
)
def test_an_order_leads_to_its_product_and_its_customer_whoever_may_see_them(
    house: House, name: str, products: bool, customers: bool
) -> None:
    person, order = next(one for one in house.people if one.name == name), house.sides[0].id("wo")
    page = house.client(person).get(f"/console/orders/{order}").text
    assert ('href="/console/products/pd_mine"' in page, "<dd>空调" in page) == (products, not products)
    assert ('href="/console/customers/cu_mine"' in page, "<dd>柏*</dd>" in page) == (customers, not customers)


def test_words_and_addresses_are_escaped_and_nobody_is_led_nowhere(house: House) -> None:
    with house.app.test_request_context("/console/"):
        g.shown = Looker(Permission.ORDERS_SEE)
        assert link('/console/orders/"x', "<b>", class_='"') == (
            '<a href="/console/orders/&#34;x" class="&#34;">&lt;b&gt;</a>'
        )
        assert link("/console/products/pd_1", "<b>") == "&lt;b&gt;"
        assert link("/console/products/pd_1", "产品", instead="") == ""
        assert row_link("/console/orders/wo_1?x=1#y") == ' data-href="/console/orders/wo_1?x=1#y"'
        assert row_link("/console/products/pd_1") == ""
        assert not opens("/console/no-such-room")
        assert not opens("/console/orders/wo_1", "DELETE")
        g.shown = None
        assert not opens("/console/orders")
        assert opens("/console/sign-in")
