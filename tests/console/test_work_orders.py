"""Orders in the console: found in every way, masked until revealed on record, moved and changed with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from domain.access.model import TrailEntry
from domain.kit.unit_of_work import Runtime
from domain.products.operations import register_product
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.search import Search, find_orders
from tests.brand import Brand
from tests.console.conftest import ADDRESS, BY, NAME, PHONE, Api, Browser
from tests.runtime import Clock

Opener = Callable[..., str]


def order(runtime: Runtime, order_id: str) -> WorkOrder:
    with runtime.transaction() as uow:
        return uow.session.get_one(WorkOrder, order_id)


def trail(runtime: Runtime, action: str) -> list[TrailEntry]:
    with runtime.transaction() as uow:
        found = select(TrailEntry).where(TrailEntry.action == action).order_by(TrailEntry.id)
        return list(uow.session.scalars(found))


def link(order_id: str) -> str:
    """How a list shows an order: its whole address, since one id may begin with another."""
    return f'"/console/orders/{order_id}"'


def found(browser: Browser, text: str) -> str:
    browser.get("/console/orders")
    return browser.post("/console/orders", {"q": text}, htmx=True).get_data(as_text=True)


@pytest.mark.parametrize(
    "typed",
    [PHONE, "138 1234 5678", "138-1234-5678", "+86 13812345678", "１３８１２３４５６７８", "5678", NAME, "王 小明"],
)
def test_an_order_is_found_by_phone_its_last_four_digits_or_name(
    agent: Browser, open_order: Opener, typed: str
) -> None:
    mine, other = open_order(), open_order(phone="13900000001", name="李雷")
    html = found(agent, typed)
    assert link(mine) in html
    assert link(other) not in html


@pytest.mark.parametrize("write", [str, spoken, lambda number: "-".join(spoken(number).split())])
def test_an_order_number_opens_the_order_at_once(
    agent: Browser, runtime: Runtime, open_order: Opener, write: Callable[[str], str]
) -> None:
    mine = open_order()
    answer = agent.post("/console/orders", {"q": write(order(runtime, mine).number)})
    assert answer.location == f"/console/orders/{mine}"


def test_a_number_with_a_wrong_digit_finds_nothing(agent: Browser, runtime: Runtime, open_order: Opener) -> None:
    number = order(runtime, open_order()).number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "没有找到工单" in found(agent, wrong)


def test_an_order_is_found_by_the_serial_of_its_product_even_when_it_was_told_later(
    agent: Browser, runtime: Runtime, brand: Brand, open_order: Opener
) -> None:
    mine = open_order()
    with runtime.transaction() as uow:
        row = uow.session.get_one(WorkOrder, mine)
        row.product_id = register_product(
            uow, by=BY, brand_id=brand.voice.brand_id, customer_id=row.customer_id,
            model_id=brand.models["KFR-35GW/N8A1"], serial="LH-2206 d905189", purchased_on=None, via="console",
        ).product.id  # fmt: skip
    assert mine in found(agent, "lh2206D905189")


def test_orders_of_all_phones_of_a_customer_are_found(agent: Browser, runtime: Runtime, open_order: Opener) -> None:
    mine = open_order()
    with runtime.transaction() as uow:
        uow.session.get_one(WorkOrder, mine).phone_print = "of another number, given when this order was opened"
    assert mine in found(agent, PHONE)


def test_filters_narrow(agent: Browser, open_order: Opener, clock: Clock) -> None:
    old = open_order()
    clock.advance(days=3)
    new = open_order(phone="13900000001", category="refrigerator")
    agent.sign_in("anna")
    agent.post(f"/console/orders/{new}/moves", {"move": "cancel", "why": "重复"})
    for query, wanted, unwanted in (
        ("status=cancelled", new, old), ("status=open", old, new), ("category=refrigerator", new, old),
        ("since=2026-05-13", new, old), ("until=2026-05-12", old, new),
    ):  # fmt: skip
        html = agent.get(f"/console/orders?{query}").get_data(as_text=True)
        assert link(wanted) in html, query
        assert link(unwanted) not in html, query
    assert link(old) not in agent.get("/console/orders?re_repair=1").get_data(as_text=True)
    assert agent.get("/console/orders?status=nonsense").status_code == 422


def test_days_of_a_filter_are_those_of_shanghai(agent: Browser, open_order: Opener, clock: Clock) -> None:
    clock.advance(hours=13)  # 16:30 UTC: past midnight in Shanghai
    agent.sign_in("anna")
    late = link(open_order())
    assert late in agent.get("/console/orders?since=2026-05-13").get_data(as_text=True)
    assert late not in agent.get("/console/orders?until=2026-05-12").get_data(as_text=True)


def test_pages_follow_each_other_without_a_gap_or_a_repeat(runtime: Runtime, open_order: Opener, clock: Clock) -> None:
    opened = []
    for number in range(7):
        opened.append(open_order(phone=f"1390000000{number}"))
        clock.advance(minutes=number % 2)  # some at the very same moment
    seen, after = [], None
    while True:
        with runtime.transaction() as uow:
            page = find_orders(uow, Search(), after=after, limit=2)
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == sorted(opened)
    assert len(seen) == 7


def test_the_more_button_brings_the_next_page(agent: Browser, open_order: Opener, clock: Clock) -> None:
    opened = []
    for number in range(52):
        opened.append(open_order(phone=f"139000000{number:02}"))
        clock.advance(minutes=1)
    first = agent.get("/console/orders").get_data(as_text=True)
    assert link(opened[51]) in first
    assert link(opened[1]) not in first
    after = re.search(r'"after": "([^"]+)"', first.replace("&#34;", '"'))
    assert after
    rest = agent.post("/console/orders", {"more": "1", "after": after.group(1)}, htmx=True).get_data(as_text=True)
    assert link(opened[1]) in rest
    assert link(opened[0]) in rest
    assert "更多" not in rest


def test_a_list_is_one_query_however_long(runtime: Runtime, open_order: Opener) -> None:
    for number in range(5):
        open_order(phone=f"1390000000{number}")
    statements: list[str] = []
    with runtime.transaction() as uow:
        connection = uow.session.connection()
        event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
        assert len(find_orders(uow, Search(text="13900000001")).rows) == 1
        assert len(find_orders(uow, Search()).rows) == 5
    assert len([one for one in statements if one.startswith("SELECT")]) == 2


def test_no_list_and_no_page_tells_a_phone_an_address_or_a_name_unasked(
    agent: Browser, api: Callable[[str], Api], open_order: Opener, runtime: Runtime
) -> None:
    mine = open_order(words=f"不制冷，打我电话 {PHONE}，顺德区卫红路18号3栋502")
    customer = order(runtime, mine).customer_id
    call = api("anna")
    shown = [
        agent.get("/console/orders").get_data(as_text=True),
        found(agent, PHONE),
        agent.get(f"/console/orders/{mine}").get_data(as_text=True),
        agent.post("/console/customers", {"q": "5678"}).get_data(as_text=True),
        agent.get(f"/console/customers/{customer}").get_data(as_text=True),
        agent.post("/console/orders/new/caller", {"phone": PHONE}, htmx=True).get_data(as_text=True),
        call("GET", "/work-orders").get_data(as_text=True),
        call("POST", "/work-orders/search", {"text": PHONE}).get_data(as_text=True),
        call("GET", f"/work-orders/{mine}").get_data(as_text=True),
        call("POST", "/customers/search", {"text": "5678"}).get_data(as_text=True),
        call("GET", f"/customers/{customer}").get_data(as_text=True),
    ]
    for page in shown:
        assert mine in page or customer in page
        for secret in (PHONE, NAME, ADDRESS.line, "18号", "栋502", NAME.encode("unicode-escape").decode()):
            assert secret not in page


def test_a_phone_is_revealed_on_record(
    agent: Browser, runtime: Runtime, staff: dict[str, str], open_order: Opener
) -> None:
    mine = open_order()
    asked = {"subject": "work_order", "id": mine, "field": "phone", "key": ""}
    assert PHONE in agent.post("/console/reveal", asked, htmx=True).get_data(as_text=True)
    line = trail(runtime, "personal.reveal")[0]
    assert (line.actor, line.subject_id, line.detail) == (f"staff:{staff['anna']}", mine, {"field": "phone"})


def test_nothing_else_can_be_revealed(agent: Browser, open_order: Opener) -> None:
    mine = open_order()
    for asked in (
        {"subject": "work_order", "id": mine, "field": "phone_print"},
        {"subject": "staff", "id": mine, "field": "password_hash"},
        {"subject": "work_order", "id": "nothing", "field": "phone"},
    ):
        assert agent.post("/console/reveal", asked, htmx=True).status_code == 404


def test_every_look_at_an_order_is_on_record(
    agent: Browser, runtime: Runtime, staff: dict[str, str], open_order: Opener
) -> None:
    mine = open_order()
    agent.get(f"/console/orders/{mine}")
    assert [(line.actor, line.subject_id) for line in trail(runtime, "order.view")] == [
        (f"staff:{staff['anna']}", mine)
    ]


def test_cancelling_wants_a_reason_and_keeps_it(agent: Browser, runtime: Runtime, open_order: Opener) -> None:
    mine = open_order()
    agent.get(f"/console/orders/{mine}")
    assert agent.post(f"/console/orders/{mine}/moves", {"move": "cancel", "why": " "}).status_code == 303
    assert order(runtime, mine).status == "reported"
    agent.post(f"/console/orders/{mine}/moves", {"move": "cancel", "why": "客户自己修好了"})
    page = agent.get(f"/console/orders/{mine}").get_data(as_text=True)
    assert "客户自己修好了" in page
    assert "Anna" in page
    assert order(runtime, mine).status == "cancelled"
    assert trail(runtime, "order.cancel")[0].why == "客户自己修好了"


def test_fields_are_changed_with_a_reason_and_only_from_the_version_that_was_seen(
    agent: Browser, runtime: Runtime, open_order: Opener
) -> None:
    mine = open_order()
    url = f"/console/orders/{mine}/change"
    change = {"version": "1", "phone": "139 0000 0009", "why": "客户换号", "address": "佛山市顺德区容桂街道卫红路20号"}
    assert agent.post(url, change).location == f"/console/orders/{mine}"
    now = order(runtime, mine)
    assert (now.phone, now.address, now.version) == ("13900000009", "广东省佛山市顺德区容桂街道卫红路20号", 2)
    late = agent.post(url, {"version": "1", "contact_name": "别人", "why": "迟到"}, htmx=True)
    assert late.status_code == 409
    assert "别人改过" in late.get_data(as_text=True)
    assert order(runtime, mine).contact_name == NAME
    assert agent.post(url, {"version": "2", "phone": "12", "why": "x"}, htmx=True).status_code == 422
    for many in ("9" * 12, "9" * 5000):
        assert agent.post(url, {"version": many, "contact_name": "别人", "why": "x"}, htmx=True).status_code in (
            409,
            422,
        )


def test_what_people_write_is_never_taken_for_html(agent: Browser, runtime: Runtime, open_order: Opener) -> None:
    script = "<script>alert(1)</script>"
    mine = open_order(name=script, words=f"不制冷 {script}")
    agent.post(f"/console/orders/{mine}/moves", {"move": "cancel", "why": script})
    pages = [agent.get(path) for path in ("/console/orders", f"/console/orders/{mine}")]
    pages.append(agent.post("/console/orders", {"q": script}))
    pages.append(
        agent.post("/console/reveal", {"subject": "work_order", "id": mine, "field": "contact_name"}, htmx=True)
    )
    pages.append(agent.get(f"/console/orders/new?next={script}"))
    for page in pages:
        assert "<script>alert" not in page.get_data(as_text=True)
    assert "&lt;script&gt;" in pages[3].get_data(as_text=True)


def test_a_page_that_does_not_exist_says_so(agent: Browser) -> None:
    answer = agent.get("/console/orders/nothing")
    assert answer.status_code == 404
    assert "没有找到这张工单" in answer.get_data(as_text=True)
