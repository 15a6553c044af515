"""The dispatch board: what it shows and at what price, and that whoever acts hears the rules first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from apiflask import APIFlask
from redis import Redis
from sqlalchemy import Engine, event, select

from console.board import Asked, look_at_board
from domain.access.model import TrailEntry
from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.desk.events import AgentTyping
from domain.dispatch import operations as dispatch
from domain.dispatch import plans
from domain.dispatch.model import Decision, Offer, WaitingOrder
from domain.dispatch.standing import version_of
from domain.kit.actors import Actor, Role
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime
from domain.work_orders.events import VisitMoved
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import standing_visit
from jobs.outbox import relay
from tests.brand import Brand
from tests.console.board_day import BoardDay, at, put_board_day, put_order, put_visit, put_waiting
from tests.console.conftest import BY, PASSWORD, Api, Browser
from tests.jobs.doing import jobs_with

AT_14 = "2026-05-12T14:00:00+08:00"
AT_22 = "2026-05-12T22:00:00+08:00"


@pytest.fixture
def day(runtime: Runtime, brand: Brand) -> BoardDay:
    with runtime.transaction() as uow:
        return put_board_day(uow, brand)


@pytest.fixture
def dispatcher(app: APIFlask, runtime: Runtime) -> Browser:
    return signed_in(app, runtime, "dora", StaffRole.DISPATCHER)


def signed_in(app: APIFlask, runtime: Runtime, name: str, role: StaffRole, provider_id: str | None = None) -> Browser:
    scope = Scope(provider_id=provider_id)
    with runtime.transaction() as uow:
        add_staff(uow, by=BY, username=name, role=role, password=PASSWORD, display_name=name.title(), scope=scope)
    browser = Browser(app.test_client())
    assert browser.sign_in(name).status_code == 303
    return browser


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(*args: object) -> None:
        said.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def page(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def test_a_day_shows_engineers_visits_and_who_waits_with_the_reason(dispatcher: Browser, day: BoardDay) -> None:
    shown = dispatcher.get("/console/board/day?day=2026-05-12").get_json()
    assert [one["name"] for one in shown["engineers"]] == ["范师傅", "安师傅", "薄师傅", "曹师傅", "丁师傅"]
    assert {one["order_id"] for one in shown["visits"]} == set(day.kept)
    first = next(one for one in shown["visits"] if one["order_id"] == day.kept[0])
    assert (first["engineer_id"], first["status"], first["promised"]) == (day.network.an, "accepted", True)
    assert first["leaves_at"] < first["starts_at"] < first["ends_at"]
    assert [one["words"] for one in shown["waiting"] if "没有接单" in one["words"]] == ["问过的工程师都没有接单"]
    assert [one["urged"] for one in shown["waiting"]] == [1, 0, 0], "who was urged comes first"


def test_nothing_on_the_board_tells_a_customers_name_door_or_phone(dispatcher: Browser, day: BoardDay) -> None:
    told = page(dispatcher, "/console/board/day") + page(dispatcher, f"/console/board/orders/{day.waiting[0]}")
    for personal in ("王小明", "陈晓琳", "1390000", "栋502"):
        assert personal not in told


def test_the_day_costs_the_same_queries_however_full_it_is(
    runtime: Runtime, shared_engine: Engine, brand: Brand
) -> None:
    with runtime.transaction() as uow:
        day = put_board_day(uow, brand, visits=2, waiting=1)
        uow.session.expire_all()
        with counted(shared_engine) as few:
            look_at_board(uow, Asked(uow.today))
        more = put_board_day_more(runtime, day)
        uow.session.expire_all()
        with counted(shared_engine) as many:
            board = look_at_board(uow, Asked(uow.today))
    assert len(board.visits) >= more
    assert len(many) == len(few) <= 18


def put_board_day_more(runtime: Runtime, day: BoardDay) -> int:
    with runtime.transaction() as uow:
        for number in range(100, 103):
            put_visit(uow, put_order(uow, day.brand, number), day.network.bo, at(uow.today, 14 + 2 * (number - 100)))
            put_waiting(uow, put_order(uow, day.brand, number + 50), None, "no_coverage", "这个地方没有服务商覆盖")
    return 3


def test_the_rules_are_asked_before_anything_is_done(dispatcher: Browser, runtime: Runtime, day: BoardDay) -> None:
    order = day.waiting[0]
    fits = page(
        dispatcher, f"/console/board/orders/{order}/ask?engineer={day.network.bo}&at={AT_14.replace('+', '%2B')}"
    )
    assert "规则都满足" in fits
    assert "14:00–16:00" in fits
    refused = page(dispatcher, f"/console/board/orders/{order}/ask?engineer={day.network.fan}&at=")
    assert "规则不允许" in refused
    with runtime.transaction() as uow:
        assert standing_visit(uow, order) is None
        assert uow.session.get(WaitingOrder, order) is not None


def test_an_assignment_that_fits_is_made_and_leaves_the_queue(
    dispatcher: Browser, runtime: Runtime, day: BoardDay
) -> None:
    order = day.waiting[0]
    with runtime.transaction() as uow:
        version = version_of(uow, order)
    form = {"engineer": day.network.bo, "version": str(version), "how": "assign", "at": AT_14}
    answer = dispatcher.post(f"/console/board/orders/{order}/assign", form, htmx=True)
    assert "data-done" in answer.get_data(as_text=True)
    with runtime.transaction() as uow:
        visit = standing_visit(uow, order)
        assert visit is not None
        assert (visit.engineer_id, visit.status) == (day.network.bo, VisitStatus.ACCEPTED)
        assert uow.session.get(WaitingOrder, order) is None
    again = dispatcher.post(f"/console/board/orders/{order}/assign", form | {"engineer": day.network.an}, htmx=True)
    assert "Dora 11:30 已把这单派给薄师傅" in again.get_data(as_text=True), "the second is told who was first"


def test_against_a_rule_only_with_a_reason_and_the_right(
    app: APIFlask, dispatcher: Browser, runtime: Runtime, day: BoardDay
) -> None:
    order = day.waiting[0]
    with runtime.transaction() as uow:
        uow.session.get_one(WorkOrder, order).category_code = "water_heater_gas"
        uow.session.flush()
        version = version_of(uow, order)
    form = {"engineer": day.network.ding, "version": str(version), "how": "assign", "at": AT_14}
    path = f"/console/board/orders/{order}/assign"
    refused = dispatcher.post(path, form, htmx=True).get_data(as_text=True)
    assert "规则不允许" in refused
    assert "证" in refused
    theirs = signed_in(app, runtime, "pia", StaffRole.PROVIDER_DISPATCHER, provider_id=day.network.second)
    with runtime.transaction() as uow:
        uow.session.get_one(WorkOrder, order).provider_id = day.network.second
        uow.session.get_one(WaitingOrder, order).provider_id = day.network.second
    may_not = theirs.post(path, form | {"override": "客户等不及"}, htmx=True)
    assert "没有权限违反规则派单" in may_not.get_data(as_text=True)
    done = dispatcher.post(path, form | {"override": "客户等不及，曹师傅陪同"}, htmx=True)
    assert "data-done" in done.get_data(as_text=True), done.get_data(as_text=True)
    with runtime.transaction() as uow:
        decision = uow.session.scalars(select(Decision).filter_by(work_order_id=order)).one()
        assert decision.override == "客户等不及，曹师傅陪同"


def test_a_refusal_by_phone_is_kept_with_its_reason(dispatcher: Browser, runtime: Runtime, day: BoardDay) -> None:
    order = day.waiting[0]
    with runtime.transaction() as uow:
        dispatch.dispatch(uow, order, "again")
        offer = uow.session.scalars(select(Offer).filter_by(work_order_id=order)).one().id
    asked = page(dispatcher, f"/console/board/offers/{offer}/ask?answer=refuse")
    assert "太远" in asked
    no_reason = dispatcher.post(f"/console/board/offers/{offer}?answer=refuse", htmx=True)
    assert "data-done" not in no_reason.get_data(as_text=True)
    dispatcher.post(f"/console/board/offers/{offer}?answer=refuse", {"code": "too_far", "why": "在北滘"}, htmx=True)
    assert "太远：在北滘" in page(dispatcher, f"/console/board/orders/{order}/card")


def test_a_refusal_without_further_words_says_its_reason_once(
    dispatcher: Browser, runtime: Runtime, day: BoardDay
) -> None:
    order = day.waiting[0]
    with runtime.transaction() as uow:
        dispatch.dispatch(uow, order, "again")
        offer = uow.session.scalars(select(Offer).filter_by(work_order_id=order)).one().id
    dispatcher.post(f"/console/board/offers/{offer}?answer=refuse", {"code": "too_far"}, htmx=True)
    assert '<p class="sub">太远</p>' in page(dispatcher, f"/console/board/orders/{order}/card")


PHONED = Actor(Role.STAFF, "st_dispatcher")


def test_whoever_accepted_and_was_taken_off_again_is_shown_with_the_reason(
    dispatcher: Browser, runtime: Runtime, day: BoardDay
) -> None:
    order = day.waiting[0]
    with runtime.transaction() as uow:
        dispatch.dispatch(uow, order, "again")
        offer = uow.session.scalars(select(Offer).filter_by(work_order_id=order)).one()
        dispatch.answer_offer(uow, offer.id, "accept", by=PHONED)
        dispatch.reassign(uow, offer.visit_id, by=PHONED, code="leave")
    assert '<p class="sub">后来改派：工程师请假</p>' in page(dispatcher, f"/console/board/orders/{order}/card")


def test_windows_are_offered_booked_and_changed(dispatcher: Browser, runtime: Runtime, day: BoardDay) -> None:
    order = day.waiting[0]
    offered = page(dispatcher, f"/console/board/orders/{order}/windows")
    assert "周三" in offered
    book = f"/console/board/orders/{order}/book"
    assert "data-done" in dispatcher.post(book, {"since": "2026-05-13T10:00:00+08:00"}, htmx=True).get_data(
        as_text=True
    )
    assert "5月13日 周三 10:00–12:00" in page(dispatcher, f"/console/board/orders/{order}/card")
    asked = {"since": "2026-05-14T14:00:00+08:00", "whose": "engineer", "code": "no_part"}
    assert "同意后才会改" in dispatcher.post(book, asked, htmx=True).get_data(as_text=True)
    card = page(dispatcher, f"/console/board/orders/{order}/card")
    assert "已问客户能否改到 5月14日 周四 14:00–16:00" in card
    assert "5月13日 周三 10:00–12:00" in card, "the promise stands until the customer says yes"


def test_several_engineers_share_a_visit(dispatcher: Browser, runtime: Runtime, day: BoardDay) -> None:
    with runtime.transaction() as uow:
        visit = uow.session.scalars(select(Visit).filter_by(work_order_id=day.kept[0])).one().id
    path = f"/console/board/visits/{visit}/shares"
    assert "薄师傅" in page(dispatcher, path)
    wrong = dispatcher.post(path, {f"share-{day.network.an}": "60", f"share-{day.network.bo}": "60"}, htmx=True)
    assert "100%" in wrong.get_data(as_text=True)


def test_a_provider_sees_only_its_own_engineers_and_orders(app: APIFlask, runtime: Runtime, day: BoardDay) -> None:
    theirs = signed_in(app, runtime, "pia", StaffRole.PROVIDER_DISPATCHER, provider_id=day.network.second)
    shown = theirs.get("/console/board/day?day=2026-05-12").get_json()
    assert {one["id"] for one in shown["engineers"]} == {day.network.cao, day.network.ding}
    assert {one["engineer_id"] for one in shown["visits"]} <= {day.network.cao, day.network.ding}
    assert shown["waiting"] == [], "they wait for the first provider of the grid"
    assert theirs.get(f"/console/board/orders/{day.waiting[0]}").status_code == 404


def test_a_provider_dispatches_what_is_its_own(app: APIFlask, runtime: Runtime, day: BoardDay) -> None:
    order = day.waiting[0]
    with runtime.transaction() as uow:
        uow.session.get_one(WorkOrder, order).provider_id = day.network.near
        uow.session.flush()
        version = version_of(uow, order)
    theirs = signed_in(app, runtime, "nina", StaffRole.PROVIDER_DISPATCHER, provider_id=day.network.near)
    assert [one["order_id"] for one in theirs.get("/console/board/day").get_json()["waiting"]].count(order) == 1
    assert "薄师傅" in page(theirs, f"/console/board/orders/{order}")
    form = {"engineer": day.network.bo, "version": str(version), "how": "assign", "at": AT_14}
    path = f"/console/board/orders/{order}/assign"
    strangers = theirs.post(path, form | {"engineer": day.network.cao}, htmx=True)
    assert "data-done" not in strangers.get_data(as_text=True)
    done = theirs.post(path, form, htmx=True).get_data(as_text=True)
    assert "data-done" in done, done


def test_the_api_tells_and_does_the_same(api: Callable[[str], Api], runtime: Runtime, day: BoardDay) -> None:
    boss, order = api("boss"), day.waiting[0]
    shown = boss("GET", "/dispatch/board", day="2026-05-12").get_json()
    version = next(one["version"] for one in shown["waiting"] if one["order_id"] == order)
    rules = boss("GET", f"/dispatch/orders/{order}/rules", engineer_id=day.network.bo, since=AT_14).get_json()
    assert (rules["fits"], rules["version"]) == (True, version)
    best = boss("GET", f"/dispatch/orders/{order}/candidates").get_json()["best"]
    assert best
    body = {"engineer_id": day.network.bo, "version": version, "since": AT_14}
    done = boss("POST", f"/dispatch/orders/{order}/assign", body)
    assert done.status_code == 200, done.get_json()
    assert done.get_json()["decisions"][0]["engineer"] == "薄师傅"
    late = boss("POST", f"/dispatch/orders/{order}/assign", body | {"engineer_id": day.network.an})
    assert (late.status_code, late.get_json()["error"]) == (409, "first_was")
    assert api("anna")("POST", f"/dispatch/orders/{order}/assign", body).status_code == 403


def test_the_sheet_prints_chinese_that_can_be_read_and_a_code_that_can_be_scanned(
    dispatcher: Browser, runtime: Runtime, day: BoardDay
) -> None:
    order = day.kept[0]
    masked = printed(dispatcher, f"/console/orders/{order}/sheet")
    assert "派工单" in masked
    assert "安师傅" in masked
    assert "王小明" not in masked
    full = dispatcher.client.get(f"/console/orders/{order}/sheet?full=1")
    document = pypdfium2.PdfDocument(full.get_data())
    text = document[0].get_textpage().get_text_range()
    assert "王小明" in text
    assert "13900000000" in text
    codes = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    with runtime.transaction() as uow:
        assert [code.text for code in codes] == [uow.session.get_one(WorkOrder, order).number]
        looks = uow.session.scalars(select(TrailEntry).filter_by(action="order.sheet")).all()
        assert sorted(look.detail["full"] for look in looks) == [False, True]


def printed(browser: Browser, path: str) -> str:
    answer = browser.client.get(path)
    assert answer.mimetype == "application/pdf"
    text: str = pypdfium2.PdfDocument(answer.get_data())[0].get_textpage().get_text_range()
    return text


def test_a_full_board_is_small_enough_to_be_asked_for_often(dispatcher: Browser, day: BoardDay) -> None:
    shown = dispatcher.get("/console/board/day?day=2026-05-12").get_json()
    sizes = {kind: longest(shown[kind]) for kind in ("engineers", "visits", "waiting")}
    assert 60 * sizes["engineers"] + 300 * sizes["visits"] + 60 * sizes["waiting"] < 300_000, sizes


def longest(rows: list[object]) -> int:
    return max(len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) for row in rows)


def test_an_order_that_lies_outside_working_windows_is_refused_in_words(dispatcher: Browser, day: BoardDay) -> None:
    path = f"/console/board/orders/{day.waiting[0]}/ask?engineer={day.network.bo}&at={AT_22.replace('+', '%2B')}"
    assert dispatcher.get(path).status_code == 422


def test_yesterday_is_shown_but_not_planned(dispatcher: Browser, runtime: Runtime, day: BoardDay) -> None:
    with runtime.transaction() as uow:
        past = (uow.today - timedelta(days=1)).isoformat()
    assert dispatcher.get(f"/console/board/day?day={past}").get_json()["visits"] == []
    form = {"provider": day.network.near, "day": past}
    query = "&".join(f"{name}={value}" for name, value in form.items())
    assert "只能给今天和以后的日子排程" in dispatcher.post(f"/console/board/plans?{query}", htmx=True).get_data(
        as_text=True
    )


def test_a_plan_is_seen_before_and_after_and_accepted_together_with_who_it_takes_from(
    dispatcher: Browser, runtime: Runtime, day: BoardDay
) -> None:
    with runtime.transaction() as uow:
        plan = plans.propose(uow, day.network.near, uow.today, by=BY, seconds=1).id
    shown = page(dispatcher, f"/console/board/plans/{plan}")
    assert "安师傅" in shown
    assert "答应客户的时间都不变" in shown
    path = f"/console/board/plans/{plan}"
    alone = dispatcher.post(path, {"engineer": day.network.an}, htmx=True).get_data(as_text=True)
    assert "请把两位的安排一起采纳" in alone, "one visit goes from one of them to the other"
    whole = dispatcher.post(path, {"whole": "1"}, htmx=True).get_data(as_text=True)
    assert "data-done" in whole, whole
    assert "✓" in page(dispatcher, path)


def test_a_plan_of_a_day_that_has_changed_is_refused_in_words(
    dispatcher: Browser, runtime: Runtime, day: BoardDay
) -> None:
    with runtime.transaction() as uow:
        plan = plans.propose(uow, day.network.near, uow.today, by=BY, seconds=1).id
        put_visit(uow, put_order(uow, day.brand, 77), day.network.bo, at(uow.today, 18))
    late = dispatcher.post(f"/console/board/plans/{plan}", {"whole": "1"}, htmx=True).get_data(as_text=True)
    assert "请重新排程" in late


def test_the_relay_tells_open_boards_once_a_batch(fresh_runtime: Runtime, valkey: Redis) -> None:
    jobs = jobs_with(fresh_runtime, valkey)
    with fresh_runtime.transaction() as uow:
        for visit in ("vi_1", "vi_2"):
            uow.emit(VisitMoved(visit, "wo_1", "accept", "accepted"))
    with counted(fresh_runtime.sessions.kw["bind"]) as said:
        relay(jobs)
    assert len([statement for statement in said if "pg_notify" in statement]) == 1
    with fresh_runtime.transaction() as uow:
        uow.emit(AgentTyping("ta_1", "2026-05-12T03:30:00+00:00"))
    with counted(fresh_runtime.sessions.kw["bind"]) as said:
        relay(jobs)
    assert [statement for statement in said if "pg_notify" in statement] == [], "what no board shows is not told"
