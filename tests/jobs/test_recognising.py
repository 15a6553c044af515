"""A new contact of an official account is looked up once, and is the customer of the mini-program's contact."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select

from domain.customers import operations as customers
from domain.customers.events import ContactMet
from domain.customers.model import Contact
from domain.desk.identities import recognise
from domain.kit.unit_of_work import Runtime
from domain.organizations.operations import put_account
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater
from jobs.recognising import learn_unionid
from tests.brand import AES_KEY, brand_in
from tests.jobs.doing import Channel, jobs_with, refusing


@pytest.fixture
def met(runtime: Runtime) -> dict[str, ContactMet]:
    """Somebody with a customer at the mini-program, known as u1, is met at the official account."""
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        program = put_account(
            uow, brand_id=brand.voice.brand_id, kind="mini_program", app_id="wxba5fad812f8e6fb9", name="小程序",
            mode="safe", token="AAAAA", aes_key=AES_KEY, secret="secret",
        )  # fmt: skip
        there = customers.contact_heard(uow, program.id, "o_there")
        recognise(uow, there, brand.voice.brand_id, "u1")
        customers.learn(uow, customers.customer_of(uow, there, brand.voice.brand_id), name="王芳")
        customers.contact_heard(uow, brand.voice.account_id, "o_here")
        return {"here": ContactMet(brand.voice.account_id, "o_here"), "there": ContactMet(program.id, "o_there")}


def known(runtime: Runtime, openid: str) -> tuple[Any, bool]:
    with runtime.transaction() as uow:
        here, there = (uow.session.scalars(select(Contact).filter_by(openid=one)).one() for one in (openid, "o_there"))
        return here.unionid, here.customer_id == there.customer_id


def test_the_platform_says_who_it_is(runtime: Runtime, valkey: Redis, met: dict[str, ContactMet]) -> None:
    jobs = jobs_with(runtime, valkey, Channel(unionids={"o_here": "u1"}))
    for _ in range(2):
        learn_unionid(jobs, met["here"])
    assert known(runtime, "o_here") == ("u1", True)


def test_without_a_unionid_they_stay_apart(runtime: Runtime, valkey: Redis, met: dict[str, ContactMet]) -> None:
    learn_unionid(jobs_with(runtime, valkey), met["here"])
    assert known(runtime, "o_here") == (None, False)


def test_a_mini_programs_contact_is_not_asked_about(
    runtime: Runtime, valkey: Redis, met: dict[str, ContactMet]
) -> None:
    learn_unionid(jobs_with(runtime, valkey, Channel(before=refusing(NeverAgain(48001, "没有权限")))), met["there"])


@pytest.mark.parametrize("no", [RetryLater("忙"), OutcomeUnknown("没有回答")])
def test_what_may_work_later_is_tried_again(
    runtime: Runtime, valkey: Redis, met: dict[str, ContactMet], no: ChannelError
) -> None:
    jobs = jobs_with(runtime, valkey, Channel(before=refusing(no), unionids={"o_here": "u1"}))
    with pytest.raises(RetryLater):
        learn_unionid(jobs, met["here"])
    learn_unionid(jobs, met["here"])
    assert known(runtime, "o_here") == ("u1", True)


def test_a_platform_that_does_not_say_it_is_left_alone(
    runtime: Runtime, valkey: Redis, met: dict[str, ContactMet]
) -> None:
    learn_unionid(jobs_with(runtime, valkey, Channel(before=refusing(NeverAgain(40003, "openid 不正确")))), met["here"])
    assert known(runtime, "o_here") == (None, False)
