"""The ledger of consents: one tap is one consent however often and by whomever it is told of, and none is ever below none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from domain.access.model import TrailEntry
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices import subscriptions
from domain.notices.asking import ASKED, LEFT_ALONE, Moment, NoSuchMoment, templates_to_ask
from domain.notices.channels import Purpose
from domain.notices.operations import BadTemplate
from domain.notices.subscriptions import BadChoices, report_choices
from domain.notices.subscriptions_model import MOST, Move, SubscriptionCredit, SubscriptionMove
from domain.notices.templates import put_subscription_template
from tests.brand import put_brand
from tests.runtime import NOW, Clock, at_once

PERSON = "oPerson"
BY = Actor(Role.CUSTOMER, "cu_1")
STAFF = Actor(Role.STAFF, "st_1")


def account_in(runtime: Runtime) -> str:
    with runtime.transaction() as uow:
        account = put_brand(uow).voice.account_id
        for purpose in Purpose:
            put_subscription_template(uow, account, purpose, f"t-{purpose}", {"thing1": "tip"}, "", by=STAFF)
        return account


@pytest.fixture
def account(runtime: Runtime) -> str:
    return account_in(runtime)


def left(uow: UnitOfWork, account: str, template: str = "t-progress") -> int:
    found = uow.session.get(SubscriptionCredit, (account, PERSON, template))
    return found.credits if found else 0


def popup(uow: UnitOfWork, account: str, said: str = "accept", key: str = "p1", after: float = 0.0) -> None:
    subscriptions.note_choices(
        uow, account, PERSON, [("t-progress", Move(said))], source="popup", key=key, at=uow.now + timedelta(seconds=after)
    )  # fmt: skip


def report(uow: UnitOfWork, account: str, said: str = "accept", key: str = "c1") -> list[str]:
    return report_choices(uow, account, PERSON, {"t-progress": said}, key, by=BY)


@pytest.mark.parametrize("order", [(popup, report), (report, popup)])
def test_a_tap_told_of_by_both_is_one_consent_whoever_comes_first(runtime: Runtime, account: str, order: tuple) -> None:  # type: ignore[type-arg]
    with runtime.transaction() as uow:
        for tell in order:
            tell(uow, account)
        assert left(uow, account) == 1


def test_two_taps_told_of_by_both_are_two(runtime: Runtime, account: str) -> None:
    with runtime.transaction() as uow:
        popup(uow, account, key="p1")
        report(uow, account, key="c1")
        report(uow, account, key="c2")
        popup(uow, account, key="p2", after=3)
        assert left(uow, account) == 2


def test_hours_apart_are_two_taps(runtime: Runtime, clock: Clock, account: str) -> None:
    with runtime.transaction() as uow:
        popup(uow, account)
    clock.advance(hours=1)
    with runtime.transaction() as uow:
        report(uow, account)
        assert left(uow, account) == 2


def test_the_same_key_is_told_once_also_by_many_at_once(fresh_runtime: Runtime) -> None:
    account = account_in(fresh_runtime)

    def tell(number: int) -> None:
        with fresh_runtime.transaction() as uow:
            report(uow, account, key="same")

    assert at_once(6, tell) == [None] * 6
    with fresh_runtime.transaction() as uow:
        assert left(uow, account) == 1
        assert (
            uow.session.scalar(select(func.count()).select_from(TrailEntry).filter_by(action="subscription.report"))
            == 1
        )


def test_taking_at_once_never_takes_more_than_there_is(fresh_runtime: Runtime) -> None:
    account = account_in(fresh_runtime)

    with fresh_runtime.transaction() as uow:
        popup(uow, account)
        popup(uow, account, key="p2")

    def take(number: int) -> bool:
        with fresh_runtime.transaction() as uow:
            return subscriptions.take(uow, account, PERSON, "t-progress", number)

    assert sorted(map(bool, at_once(6, take))) == [False] * 4 + [True] * 2


def test_the_database_keeps_it_from_going_below_none(runtime: Runtime, account: str) -> None:
    with pytest.raises(IntegrityError), runtime.transaction() as uow:
        subscriptions.held(uow, account, PERSON, "t-progress").credits = -1


def test_no_and_filtered_and_banned_give_nothing(runtime: Runtime, account: str) -> None:
    with runtime.transaction() as uow:
        for number, said in enumerate(("reject", "filter", "ban")):
            report(uow, account, said, key=f"c{number}")
        assert left(uow, account) == 0


def test_switching_off_takes_all_and_nothing_comes_back(runtime: Runtime, account: str) -> None:
    with runtime.transaction() as uow:
        popup(uow, account)
        popup(uow, account, key="p2")
        assert subscriptions.take(uow, account, PERSON, "t-progress", 7)
        subscriptions.note_switched_off(uow, account, PERSON, "t-progress", "k")
        subscriptions.give_back(uow, account, PERSON, "t-progress", 7)
        assert left(uow, account) == 0


def test_what_is_given_back_is_given_back_once(runtime: Runtime, account: str) -> None:
    with runtime.transaction() as uow:
        popup(uow, account)
        subscriptions.take(uow, account, PERSON, "t-progress", 7)
        for _ in range(2):
            subscriptions.give_back(uow, account, PERSON, "t-progress", 7)
        subscriptions.give_back(uow, account, PERSON, "t-progress", 8)
        assert left(uow, account) == 1


@pytest.mark.parametrize(
    ("choices", "key"),
    [
        ({}, "k"), ({"t": "yes"}, "k"), ({"t-progress": "accept"}, ""), ({"t-progress": "taken"}, "k"),
        ({f"t{number}": "accept" for number in range(6)}, "k"),
    ],
)  # fmt: skip
def test_what_no_client_reports_is_refused(runtime: Runtime, account: str, choices: dict[str, str], key: str) -> None:
    with runtime.transaction() as uow, pytest.raises(BadChoices):
        report_choices(uow, account, PERSON, choices, key, by=BY)


def test_a_client_counts_only_what_is_in_the_library_and_never_without_end(runtime: Runtime, account: str) -> None:
    with runtime.transaction() as uow:
        assert report_choices(uow, account, PERSON, {"t-other": "accept"}, "k", by=BY) == []
        for number in range(MOST + 5):
            report(uow, account, key=f"c{number}")
        assert (left(uow, account), left(uow, account, "t-other")) == (MOST, 0)


STEPS = st.sampled_from(["popup", "client", "both", "no", "off", "take", "back", "used up", "later"])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_the_lines_add_up_and_no_more_is_sent_than_agreed_to(
    runtime: Runtime, clock: Clock, account: str, steps: list[str]
) -> None:
    clock.at, taps, out = NOW, 0, list[int]()
    with runtime.transaction() as uow:
        uow.session.execute(delete(SubscriptionMove))
        uow.session.execute(delete(SubscriptionCredit))
    for number, step in enumerate(steps):
        with runtime.transaction() as uow:
            before = left(uow, account)
            if step in ("popup", "both"):
                popup(uow, account, key=f"p{number}")
            if step in ("client", "both"):
                report(uow, account, key=f"c{number}")
            taps += step in ("popup", "client", "both")
            if step == "no":
                popup(uow, account, "reject", key=f"p{number}")
            elif step == "off":
                subscriptions.note_switched_off(uow, account, PERSON, "t-progress", str(number))
            elif step == "take" and subscriptions.take(uow, account, PERSON, "t-progress", number):
                out.append(number)
            elif step == "take":
                assert before == 0
            elif step == "back" and out:
                subscriptions.give_back(uow, account, PERSON, "t-progress", out.pop())
            elif step == "used up":
                subscriptions.used_up(uow, account, PERSON, "t-progress", number)
            elif step == "later":
                clock.advance(minutes=20)
            now = left(uow, account)
            assert now >= 0
            assert now == (uow.session.scalar(select(func.sum(SubscriptionMove.change))) or 0)
            assert now + len(out) <= taps, "a consent is of one tap"
            if step in ("off", "used up"):
                assert now == 0


def test_at_each_step_a_few_are_asked_for_that_the_account_has(runtime: Runtime, clock: Clock, account: str) -> None:
    assert set(ASKED) == set(Moment)
    with runtime.transaction() as uow:
        for moment in Moment:
            assert 1 <= len(templates_to_ask(uow, account, moment)) <= 5
        assert templates_to_ask(uow, account, "booking") == ["t-appointment", "t-question", "t-progress", "t-quote"]
        put_subscription_template(uow, account, Purpose.QUESTION, "t-progress", {"thing1": "tip"}, "", by=STAFF)
        put_subscription_template(uow, account, Purpose.QUOTE, "", {}, "", by=STAFF)
        assert templates_to_ask(uow, account, "booking") == ["t-appointment", "t-progress"], "an id is asked for once"
        for number in range(3):
            report(uow, account, key=str(number))
        report_choices(uow, account, PERSON, {"t-appointment": "reject"}, "n", by=BY)
        assert templates_to_ask(uow, account, "booking", PERSON) == []
    clock.advance(days=LEFT_ALONE.days, seconds=1)
    with runtime.transaction() as uow:
        assert templates_to_ask(uow, account, "booking", PERSON) == ["t-appointment"]
        with pytest.raises(NoSuchMoment):
            templates_to_ask(uow, account, "birthday")


@pytest.mark.parametrize(
    ("fields", "page", "words"),
    [
        ({"time1": "tip"}, "", "放不下"),
        ({"amount1": "number"}, "", "放不下"),
        ({"thing1": "tip"}, "https://example.com", "页面"),
        ({}, "", "字段"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(
    runtime: Runtime, account: str, fields: dict[str, str], page: str, words: str
) -> None:
    with runtime.transaction() as uow, pytest.raises(BadTemplate, match=words):
        put_subscription_template(uow, account, Purpose.BILL, "t", fields, page, by=STAFF)
