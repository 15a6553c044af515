"""Batches of operations over HTTP: whole, repeated, at once, badly written, from phones with odd clocks."""

from __future__ import annotations

import pytest

from domain.kit.unit_of_work import Runtime
from domain.service_sheets.model import Register, SheetOperation
from tests.domain.service_sheets.world import World, world_in
from tests.doubles import Folder, WeChatPages
from tests.engineer_app.conftest import app_on
from tests.engineer_app.phone import Phone, content, phone_of, refusal
from tests.runtime import Clock, at_once


def test_a_batch_is_answered_in_its_order_and_tells_what_the_job_is_like_now(phone: Phone, world: World) -> None:
    made = [
        phone.operation(world.visit_id, "visit.move", move="depart"),
        phone.operation(world.visit_id, "field.set", name="remark", value="好"),
    ]
    told = content(phone.sync(*made))
    assert [(one["id"], one["outcome"]) for one in told["answers"]] == [(one["id"], "applied") for one in made]
    assert told["last_seq"] == 2
    assert [(job["visit_id"], job["status"]) for job in told["jobs"]] == [(world.visit_id, "departed")]
    assert told["jobs"][0]["sheet"]["registers"][0]["mine"]
    assert content(phone.sync(*made))["answers"] == told["answers"], "the same batch again"


def test_what_is_badly_written_is_refused_alone_and_nothing_waits_for_it(phone: Phone, world: World) -> None:
    good = [phone.operation(world.visit_id, "field.set", name="remark", value=str(n)) for n in range(4)]
    told = content(phone.sync({**good[0], "at": "gestern"}, {**good[1], "more": 1}, good[2], "nothing", good[3]))
    assert [one["outcome"] for one in told["answers"]] == ["refused", "refused", "applied", "refused", "applied"]
    assert told["last_seq"] == 4


@pytest.mark.parametrize("seq", [0, -1, 2**31, 2**70, "1", True, None, 1.5])
def test_a_number_that_is_none_is_refused(phone: Phone, world: World, seq: object) -> None:
    made = phone.operation(world.visit_id, "field.set", name="remark", value="x")
    assert content(phone.sync({**made, "seq": seq}))["answers"][0]["outcome"] == "refused"


def test_too_many_at_once_and_too_much_are_refused_as_a_whole(phone: Phone, world: World) -> None:
    made = [phone.operation(world.visit_id, "field.set", name="remark", value="x") for _ in range(101)]
    assert refusal(phone.sync(*made)) == (422, "bad_batch")
    big = phone.operation(world.visit_id, "field.set", name="remark", value="x" * 300_000)
    assert refusal(phone.sync(big)) == (413, "too_large")
    assert phone.client.post("/api/engineer/sync", data="[" * 200_000, headers=phone.headers(),
                             content_type="application/json").status_code == 400  # fmt: skip


def test_a_phone_whose_clock_is_years_off_is_corrected(
    phone: Phone, world: World, runtime: Runtime, clock: Clock
) -> None:
    clock.advance(minutes=5)
    made = {**phone.operation(world.visit_id, "field.set", name="remark", value="x"), "at": "2003-01-01T00:00:00+08:00"}
    told = content(phone.sync(made, now="2003-01-01T00:01:00+08:00"))
    assert told["answers"][0]["outcome"] == "applied"
    with runtime.transaction() as uow:
        row = uow.get(SheetOperation, made["id"], called="")
        assert (uow.now - row.at).total_seconds() == 60
    assert refusal(phone.sync(made, now="1999-01-01T00:01:00+08:00")) == (422, "bad_batch")


def test_work_of_a_phone_whose_clock_stood_at_its_beginning_is_taken_as_done_now(
    phone: Phone, world: World, runtime: Runtime
) -> None:
    """Its battery was empty; when there is network again it knows the time, and what it wrote down does not."""
    made = {**phone.operation(world.visit_id, "field.set", name="remark", value="x"), "at": "1970-01-01T08:03:00+08:00"}
    assert content(phone.sync(made))["answers"][0]["outcome"] == "applied"
    with runtime.transaction() as uow:
        assert uow.get(SheetOperation, made["id"], called="").at == uow.now


def test_a_job_of_somebody_else_is_gone_and_says_nothing_more(other: Phone, world: World) -> None:
    told = content(other.sync(other.operation(world.visit_id, "field.set", name="remark", value="x")))
    assert (told["answers"][0]["code"], told["jobs"], told["gone"]) == ("not_found", [], [world.visit_id])


def test_a_revoked_phone_gets_nothing_in_and_is_told_so(phone: Phone, runtime: Runtime, world: World) -> None:
    assert content(phone("POST", "/sign-out")) == {}
    made = phone.operation(world.visit_id, "field.set", name="remark", value="x")
    assert refusal(phone.sync(made)) == (401, "revoked")
    with runtime.transaction() as uow:
        assert uow.session.get(SheetOperation, made["id"]) is None


def test_conflicts_are_shown_until_they_were_looked_at(phone: Phone, world: World, runtime: Runtime) -> None:
    second = phone_of(runtime, phone.client, world.network.an)
    content(second.sync(second.operation(world.visit_id, "field.set", name="remark", value="二")))
    told = content(phone.sync(phone.operation(world.visit_id, "field.set", name="remark", value="一")))
    assert told["answers"][0]["outcome"] == "conflict"
    [shown] = phone.jobs()[0]["conflicts"]
    assert {shown["mine"]["value"], shown["theirs"]["value"]} == {"一", "二"}
    assert content(phone("POST", f"/conflicts/{shown['operation_id']}/seen")) == {}
    assert phone.jobs()[0]["conflicts"] == []


def test_the_same_batch_ten_times_in_parallel_is_the_same_as_once(
    fresh_runtime: Runtime, shelf: Folder, platform: WeChatPages, built
) -> None:
    world = world_in(fresh_runtime)
    app = app_on(fresh_runtime, shelf, platform, built)
    phone = phone_of(fresh_runtime, app.test_client(), world.network.an)
    batch = [phone.operation(world.visit_id, "field.set", name="remark", value=str(n)) for n in range(5)]
    answers = at_once(10, lambda _: Phone(app.test_client(), phone.token).sync(*batch).get_json()["answers"])
    assert all(answer == answers[0] for answer in answers), answers
    with fresh_runtime.transaction() as uow:
        assert uow.session.query(SheetOperation).count() == 5
        assert uow.session.query(Register).one().value == {"name": "remark", "value": "4"}
