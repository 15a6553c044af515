"""The customer's own pin with a report: by WGS-84 or GCJ-02, with a known address or a new one; and when it is no place to go by."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.customers.model import CustomerAddress
from domain.kit.unit_of_work import Runtime
from domain.regions.datums import gcj_from_wgs
from domain.regions.positions import Position, Source, metres
from domain.work_orders.model import WorkOrder
from tests.consumer_app.conftest import Street
from tests.consumer_app.pages import Browser
from tests.consumer_app.test_own_pages import LINE, known, report

THERE = (22.7680, 113.2700)


def pinned(runtime: Runtime, street: Street, there: str) -> Position | None:
    with runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder).filter_by(number=there.split("/")[3])).one()
        assert order.number != street.chen.number
        return Position.from_json(order.position) if order.position else None


@pytest.mark.parametrize(("datum", "wanted"), [("wgs84", gcj_from_wgs(*THERE)), ("gcj02", THERE), ("", THERE)])
def test_a_pin_goes_with_the_order_and_stays_with_the_address(
    runtime: Runtime, chen: Browser, street: Street, datum: str, wanted: tuple[float, float]
) -> None:
    pin = {"lat": str(THERE[0]), "lng": str(THERE[1]), "datum": datum, "radius_m": "35"}
    status, there = report(chen, category="refrigerator", **pin, **known(runtime, street))
    assert status == 303, there
    kept = pinned(runtime, street, there)
    assert kept is not None
    assert (kept.source, kept.radius_m) == (Source.PIN, 50)
    assert metres(kept, Position(*wanted)) < 1
    with runtime.transaction() as uow:
        address = uow.session.scalars(select(CustomerAddress).filter_by(customer_id=street.chen.customer_id)).one()
        assert address.position == kept.to_json(), "the next order has it as well"


def test_of_a_new_address_it_is_kept_while_the_address_is_read_back(
    runtime: Runtime, chen: Browser, street: Street
) -> None:
    pin = {"lat": str(THERE[0]), "lng": str(THERE[1]), "datum": "gcj02", "radius_m": "120"}
    form = {"category": "refrigerator", "phone": "13812345678", "address": LINE.replace("18号", "20号"), **pin}
    _, page = report(chen, **form)
    assert "请核对地址" in page
    for name, value in pin.items():
        assert f'name="{name}" value="{value}"' in page
    read = page.split('name="address_read" value="')[1].split('"')[0]
    _, there = report(chen, **{**form, "address": read, "address_read": read})
    kept = pinned(runtime, street, there)
    assert (kept and (kept.lat, kept.lng, kept.radius_m)) == (*THERE, 120)


@pytest.mark.parametrize(
    "pin",
    [
        {}, {"lat": "22.768"}, {"lat": "22.768", "lng": "113.27", "radius_m": "3000"},
        {"lat": "39.9087", "lng": "116.3975", "radius_m": "30"},
    ],
    ids=["none", "half of one", "too rough", "another city"],
)  # fmt: skip
def test_what_is_no_place_of_the_address_is_left_out_without_a_word(
    runtime: Runtime, chen: Browser, street: Street, pin: dict[str, str]
) -> None:
    status, there = report(chen, category="refrigerator", **pin, **known(runtime, street))
    assert status == 303, there
    assert pinned(runtime, street, there) is None


@pytest.mark.parametrize(
    "pin", [{"lat": "91", "lng": "0"}, {"lat": "x", "lng": "y"}, {"lat": "1", "lng": "1", "datum": "bd09"}]
)
def test_what_is_no_place_at_all_opens_nothing(
    runtime: Runtime, chen: Browser, street: Street, pin: dict[str, str]
) -> None:
    status, text = report(chen, category="refrigerator", **pin, **known(runtime, street))
    assert (status, "请核对" in text) == (409, True)
    with runtime.transaction() as uow:
        assert len(uow.session.scalars(select(WorkOrder)).all()) == 2


def test_the_page_says_what_it_is_for(chen: Browser) -> None:
    page = chen.get("/c/report").text
    assert "可以不点。只给上门的师傅找您家用" in page
    assert "data-pin hidden" in page, "without a script there is no button that does nothing"
