"""Erasing a person: nothing of them is left that names them, what the law keeps stays, twice is once, and not while something is owed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from adapters.invariants import breaches
from bot.conversation import Conversation
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, CoverPlan
from domain.customers.address import AddressLine
from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.customers.operations import by_contact, consent, contact_heard, customer_of, learn
from domain.customers.proving import open_session
from domain.customers.sessions import open_session as open_chat_session
from domain.desk import operations as desk
from domain.feedback import callbacks
from domain.feedback.complaints import Reported, open_complaint
from domain.feedback.lifecycle import CallbackStatus
from domain.feedback.model import Callback
from domain.files.events import PicturesForgotten
from domain.files.model import FileState, StoredFile
from domain.files.sent import Content, keep_sent
from domain.incidents import operations as incidents
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict
from domain.kit.inbox import Received
from domain.kit.money import Money
from domain.kit.outbox import OutboxRow
from domain.kit.tables import Sealed, SealedJson, Table
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices.model import OutgoingMessage
from domain.payments.operations import owe
from domain.payments.shares import Share
from domain.privacy.erasing import StillNeeded, erase
from domain.privacy.events import ChatForgotten
from domain.privacy.kept import export
from domain.privacy.treatment import KEPT
from domain.products.model import Product
from domain.products.operations import register_product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order, open_work_order, report_again, urge_order
from jobs.forgetting import empty_places, forget_talk
from tests.brand import Brand, put_brand
from tests.doubles import Folder
from tests.jobs.doing import jobs_with
from tests.runtime import at_once

NAME, PHONE, LINE = "欧阳秋月", "13977665544", "广东省佛山市顺德区大良街道凤山中路18号3栋502"
WORDS = "我家住凤山中路，电话13977665544"
SECRETS = (NAME, PHONE, LINE, WORDS)


class Life:
    """Everything one customer leaves behind, the order over."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        with runtime.transaction() as uow:
            self.brand = put_brand(uow)
            self.live(uow, self.brand)

    def live(self, uow: UnitOfWork, brand: Brand) -> None:
        account_id, brand_id = brand.voice.account_id, brand.voice.brand_id
        contact = contact_heard(uow, account_id, "oQiu")
        consent(uow, contact, "2026-01")
        contact.unionid = "u_qiu"
        customer = customer_of(uow, contact, brand_id)
        self.customer_id, self.account_id, self.by = customer.id, account_id, by_contact(contact)
        address = AddressLine("440606004", LINE)
        learn(uow, customer, name=NAME, phone=PHONE, address=address)
        uow.session.flush()
        open_chat_session(uow, contact)
        open_session(uow, customer)
        product = register_product(
            uow, by=self.by, brand_id=brand_id, customer_id=customer.id, model_id=brand.models["BCD-216TMPR"],
            serial="SN20250101Q", purchased_on=None, via="chat",
        ).product  # fmt: skip
        order = open_work_order(
            uow, by=self.by, brand_id=brand_id, service_type=ServiceType.REPAIR, customer_id=customer.id,
            category_code="refrigerator", words="不制冷", phone=PHONE, address=address, contact_name=NAME,
            product_id=product.id, account_id=account_id, openid="oQiu", via="chat", wanted_time=WORDS,
        ).order  # fmt: skip
        self.product_id, self.order_id, self.number = product.id, order.id, order.number
        move_order(uow, order.id, "guide", by=self.by, why="自己弄好了")
        self.say(uow)
        self.picture = keep_sent(uow, Content("fi_1", "2026/05/fi_1", "a" * 44, b"x"), brand_id=brand_id, by=self.by).id
        task = desk.ask_for_callback(
            uow, by=self.by, brand_id=brand_id, phone=PHONE, account_id=account_id, openid="oQiu", words=WORDS
        )
        desk.move_task(uow, task.id, "finish", by=Actor(Role.STAFF, "st_1"), why="办完了")
        desk.note(uow, account_id, "oQiu", WORDS, by=Actor(Role.STAFF, "st_1"))

    def say(self, uow: UnitOfWork) -> None:
        uow.session.add(
            Received(
                account_id=self.account_id, key="m1", sent_on=uow.today, sender="oQiu", received_at=uow.now,
                trigger="message", content={"said": {"text": WORDS}}, answer=f"好的，{NAME}", state="answered",
            )
        )  # fmt: skip
        uow.session.add(
            Conversation(account_id=self.account_id, openid="oQiu", state={"words": WORDS}, heard_at=uow.now)
        )
        for account_id, recipient in ((self.account_id, "oQiu"), ("sms", self.customer_id)):
            uow.session.add(
                OutgoingMessage(
                    at=uow.now, account_id=account_id, recipient=recipient, why="reply", author="system:bot",
                    text=f"{NAME}您好", forms={"phone": PHONE}, state="sent", not_before=uow.now,
                )
            )  # fmt: skip
        call = desk.put_task(
            uow, by=self.by, brand_id=self.brand.voice.brand_id, kind="reschedule", words=WORDS, phone=PHONE,
            subject_id=self.order_id,
        )  # fmt: skip
        desk.move_task(uow, call.id, "finish", by=Actor(Role.STAFF, "st_1"), why="办完了")

    def erase(self, **options: Any) -> Customer:
        with self.runtime.transaction() as uow:
            return erase(uow, self.customer_id, by=self.by, **options)


@pytest.fixture
def life(runtime: Runtime) -> Life:
    return Life(runtime)


def found_in(uow: UnitOfWork) -> dict[str, set[str]]:
    """Table → which of the secrets stand in it, sealed or not."""
    found: dict[str, set[str]] = {}
    for table in Table.metadata.sorted_tables:
        columns = [one for one in table.columns if isinstance(one.type, (Sealed, SealedJson))]
        for row in uow.session.execute(select(*columns)) if columns else ():
            seen = {word for word in SECRETS if word in repr(row)}
            if seen:
                found.setdefault(table.name, set()).update(seen)
        plain = uow.session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        seen = {word for word in (*SECRETS, "oQiu", "u_qiu") if word in repr(plain)}
        if seen:
            found.setdefault(table.name, set()).update(seen)
    return found


def test_nothing_that_names_the_person_is_left_but_what_the_law_keeps(life: Life, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        assert {"customers", "work_orders", "received", "desk_notes", "outgoing_messages"} <= found_in(uow).keys()
    life.erase()
    for event in events(runtime, ChatForgotten):
        with runtime.transaction() as uow:
            forget_talk(uow, ChatForgotten(**event.body))
    with runtime.transaction() as uow:
        left = {name: seen - {"oQiu"} for name, seen in found_in(uow).items()}
        assert {name for name, seen in left.items() if seen} <= set(KEPT)
        assert not any(PHONE in seen or NAME in seen for seen in left.values())
        order = uow.get(WorkOrder, life.order_id, called="")
        assert (order.number, order.words, order.status, order.openid) == (life.number, "不制冷", "finished", None)
        assert (order.phone, order.address, order.division_code) == ("", "已注销", "440606")
        broken = breaches(uow.session.connection())
        assert not [words for words in broken if "erased" in words or "history" in words or "owner" in words]


@pytest.mark.parametrize("via", ["page", "mini_program", "api"])
def test_what_was_written_on_a_page_goes_with_the_person(life: Life, runtime: Runtime, via: str) -> None:
    """In reports, additions and urges; the chat has taken numbers and places out of its orders."""
    with runtime.transaction() as uow:
        order = open_work_order(
            uow, by=life.by, brand_id=life.brand.voice.brand_id, service_type=ServiceType.REPAIR,
            customer_id=life.customer_id, category_code="refrigerator", words=WORDS, phone=PHONE,
            address=AddressLine("440606004", LINE), another=True, via=via,
        ).order  # fmt: skip
        report_again(uow, order, WORDS, by=life.by)
        urge_order(uow, order.id, WORDS, by=life.by)
        move_order(uow, order.id, "guide", by=life.by, why=WORDS)
        order_id = order.id
    life.erase()
    with runtime.transaction() as uow:
        assert uow.get(WorkOrder, order_id, called="").words == "已注销"
        assert not {"work_orders", "work_order_moves"} & found_in(uow).keys()


def events(runtime: Runtime, kind: type) -> list[OutboxRow]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(OutboxRow).filter_by(kind=kind.__name__)))


def test_the_chat_is_a_strangers_afterwards_and_nobody_is_signed_in(life: Life, runtime: Runtime) -> None:
    customer = life.erase()
    assert (customer.name, customer.erased_at is not None) == (None, True)
    with runtime.transaction() as uow:
        contact = uow.session.get_one(Contact, (life.account_id, "oQiu"))
        assert (contact.customer_id, contact.unionid, contact.consent_version) == (None, None, None)
        assert (contact.marketing_agreed_at, contact.marketing_stopped_at is not None) == (None, True)
        for table in ("contact_sessions", "phone_sessions"):
            assert uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        fresh = customer_of(uow, contact, life.brand.voice.brand_id)
        assert fresh.id != life.customer_id


def test_erasing_twice_changes_nothing(life: Life, runtime: Runtime) -> None:
    first = life.erase().erased_at
    with runtime.transaction() as uow:
        before = uow.get(WorkOrder, life.order_id, called="").version
    assert life.erase().erased_at == first
    with runtime.transaction() as uow:
        assert uow.get(WorkOrder, life.order_id, called="").version == before


def test_nobody_is_sent_to_call_somebody_who_is_gone(life: Life, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = uow.session.get_one(WorkOrder, life.order_id)
        call = callbacks.put(uow, order, "sample", uow.now, by=life.by).id
    life.erase()
    with runtime.transaction() as uow:
        assert uow.session.get_one(Callback, call).status is CallbackStatus.DROPPED


def test_a_pictures_key_goes_with_the_commit_and_its_place_is_emptied_after(
    life: Life, runtime: Runtime, valkey: Any
) -> None:
    life.erase()
    with runtime.transaction() as uow:
        file = uow.get(StoredFile, life.picture, called="")
        assert (file.state, file.key, file.place) == (FileState.DELETED, None, None)
    [told] = events(runtime, PicturesForgotten)
    folder = Folder({"2026/05/fi_1": b"sealed", "2026/05/fi_2": b"another's"})
    for _ in range(2):
        empty_places(jobs_with(runtime, valkey, files=folder), PicturesForgotten(**told.body))
    assert list(folder.files) == ["2026/05/fi_2"]


def test_whoever_has_the_appliance_next_may_register_it_and_its_history_stays(life: Life, runtime: Runtime) -> None:
    life.erase()
    with runtime.transaction() as uow:
        contact = contact_heard(uow, life.account_id, "oNext")
        customer = customer_of(uow, contact, life.brand.voice.brand_id)
        made = register_product(
            uow, by=by_contact(contact), brand_id=life.brand.voice.brand_id, customer_id=customer.id,
            model_id=life.brand.models["BCD-216TMPR"], serial="SN20250101Q", purchased_on=None, via="page",
        )  # fmt: skip
        assert made.product.id == life.product_id
        assert uow.get(Product, life.product_id, called="").customer_id == customer.id
        assert uow.get(WorkOrder, life.order_id, called="").product_id == life.product_id


# Not yet


def an_order(life: Life, uow: UnitOfWork) -> str:
    order = open_work_order(
        uow, by=life.by, brand_id=life.brand.voice.brand_id, service_type=ServiceType.REPAIR,
        customer_id=life.customer_id, category_code="refrigerator", words="又坏了", phone=PHONE,
        address=AddressLine("440606004", LINE), via="chat",
    ).order  # fmt: skip
    return f"工单 {order.number[:3]}"


def owed(life: Life, uow: UnitOfWork) -> str:
    owe(
        uow, brand_id=life.brand.voice.brand_id, kind="bill", of_id="bi_1", customer_id=life.customer_id,
        title="空调维修费用", split=[Share("income_service", 100)], by=life.by,
    )  # fmt: skip
    return "还没有付款"


def a_complaint(life: Life, uow: UnitOfWork) -> str:
    said = Reported(brand_id=life.brand.voice.brand_id, words="不满意", source="chat", customer_id=life.customer_id)
    open_complaint(uow, by=life.by, reported=said)
    return "投诉"


def a_danger(life: Life, uow: UnitOfWork) -> str:
    incidents.open_incident(
        uow, by=life.by, brand_id=life.brand.voice.brand_id, dangers=["gas_smell"], words="煤气味",
        account_id=life.account_id, openid="oQiu", customer_id=life.customer_id,
    )  # fmt: skip
    return "安全"


def a_wish(life: Life, uow: UnitOfWork) -> str:
    desk.put_task(
        uow, by=life.by, brand_id=life.brand.voice.brand_id, kind="callback", words="请回电",
        account_id=life.account_id, openid="oQiu",
    )  # fmt: skip
    return "客服办的事"


@pytest.mark.parametrize("open_thing", [an_order, owed, a_complaint, a_danger, a_wish])
def test_while_something_is_open_nothing_is_erased_and_the_words_say_what(
    life: Life, runtime: Runtime, open_thing: Callable[[Life, UnitOfWork], str]
) -> None:
    with runtime.transaction() as uow:
        words = open_thing(life, uow)
    with pytest.raises(StillNeeded, match=re.escape(words)):
        life.erase()
    with runtime.transaction() as uow:
        assert uow.get(Customer, life.customer_id, called="").name == NAME
        assert uow.session.scalars(select(CustomerPhone)).one().number == PHONE
        assert uow.session.scalars(select(CustomerAddress)).one().line == LINE


def test_a_cover_that_holds_is_lost_only_knowingly(life: Life, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        put_cover(life, uow)
    with pytest.raises(StillNeeded, match="延保"):
        life.erase()
    assert life.erase(gives_up_cover=True).erased_at is not None


def put_cover(life: Life, uow: UnitOfWork) -> None:
    brand_id, day = life.brand.voice.brand_id, uow.today
    plan = CoverPlan(
        id="cp_1", brand_id=brand_id, code="c", version=1, kind="card", title="清洁卡", components=[], months=12, uses=3,
        price_fen=Money(100), eligibility={}, starts="now", cooling_days=7, commission_permille=0, terms="x", since=day,
        service_type="maintenance", pays=[],
    )  # fmt: skip
    uow.session.add(plan)
    uow.session.flush()
    uow.session.add(
        Cover(
            id="co_1", number="1", brand_id=brand_id, plan_id="cp_1", kind="card", component="",
            customer_id=life.customer_id, bought_by=life.customer_id, price_fen=Money(100),
            status=CoverStatus.ACTIVE, since=day, until=day.replace(year=day.year + 1), uses=3, used=0, via="page",
            ordered_at=uow.now, lapses_at=uow.now, earned_fen=Money(0), refunded_fen=Money(0),
        )
    )  # fmt: skip
    uow.session.flush()


def test_an_order_that_comes_in_the_same_moment_is_refused_or_keeps_the_person(fresh_runtime: Runtime) -> None:
    life = Life(fresh_runtime)

    def do(index: int) -> str:
        if index:
            life.erase()
            return "erased"
        with fresh_runtime.transaction() as uow:
            an_order(life, uow)
        return "opened"

    results = at_once(2, do)
    with fresh_runtime.transaction() as uow:
        customer = uow.get(Customer, life.customer_id, called="")
        still_open = uow.session.scalars(select(WorkOrder).filter_by(status="reported")).all()
    refusals = [one for one in results if isinstance(one, Exception)]
    assert len(refusals) == 1
    assert isinstance(refusals[0], (Conflict, StillNeeded)), refusals
    assert bool(still_open) is (customer.erased_at is None)


def test_what_is_taken_along_has_everything_and_nobody_elses(life: Life, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        file = export(uow, life.customer_id)
    assert (file["customer"]["name"], file["phones"][0]["number"]) == (NAME, PHONE)
    assert [one["said"] for one in file["said"]] == [WORDS]
    assert [one["words"] for one in file["told"]] == [f"{NAME}您好"]
    assert file["consents"][0]["version"] == "2026-01"
    assert [one["serial"] for one in file["products"]] == ["SN20250101Q"]
