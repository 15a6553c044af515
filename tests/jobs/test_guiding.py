"""Asking how self-help went: everybody whose time has come, whatever becomes of the others."""

from __future__ import annotations

import threading
import time

from redis import Redis
from sqlalchemy import select

from bot import engine
from bot.heard import Heard, HeardKind
from domain.customers.operations import by_contact
from domain.kit.unit_of_work import Runtime
from domain.knowledge import operations as knowledge
from domain.knowledge.model import GuidedCase
from domain.notices.model import OutgoingMessage
from jobs.schedule import call_back
from tests.brand import Brand, brand_in
from tests.jobs.doing import jobs_with
from tests.runtime import Clock


def say(runtime: Runtime, brand: Brand, person: str, *said: str) -> None:
    for words in said:
        with runtime.transaction() as uow:
            talk = engine.listen(uow, brand.voice.account_id, person)
            engine.take_turn(uow, brand.voice, *talk, Heard(person, HeardKind.TEXT, text=words))


def watching(runtime: Runtime, brand: Brand, *people: str) -> None:
    for person in people:
        say(runtime, brand, person, "空调不制冷", "自助", "2")


def asked(runtime: Runtime) -> set[str]:
    with runtime.transaction() as uow:
        return set(uow.session.scalars(select(OutgoingMessage.recipient)))


def test_one_who_cannot_be_asked_holds_nobody_up(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    brand = brand_in(fresh_runtime)
    watching(fresh_runtime, brand, "oFirst", "oSecond")
    with fresh_runtime.transaction() as uow:
        broken = uow.session.scalars(select(GuidedCase).filter_by(openid="oFirst")).one()
        broken.answers = {"product": {"written by": "another version"}}
    clock.advance(minutes=31)
    assert call_back(jobs_with(fresh_runtime, valkey)) == 2
    assert asked(fresh_runtime) == {"oSecond"}
    assert call_back(jobs_with(fresh_runtime, valkey)) == 0, "the broken one is tried again later only"
    clock.advance(minutes=31)
    assert call_back(jobs_with(fresh_runtime, valkey)) == 1


def test_an_answer_given_meanwhile_counts(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    """A turn holds the conversation and then moves the case: whoever asks must not hold the case and wait for the turn."""
    brand = brand_in(fresh_runtime)
    watching(fresh_runtime, brand, "oWang")
    clock.advance(minutes=31)
    with fresh_runtime.transaction() as uow:
        _, contact = engine.listen(uow, brand.voice.account_id, "oWang")
        asking = threading.Thread(target=call_back, args=(jobs_with(fresh_runtime, valkey),))
        asking.start()
        time.sleep(0.3)
        case = uow.session.scalars(select(GuidedCase)).one()
        knowledge.move_guide(uow, case.id, "solve", by=by_contact(contact))
    asking.join(30)
    assert asked(fresh_runtime) == set()
