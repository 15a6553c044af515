"""Engineers sign in with a code on their phone; nobody learns from it who works here."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.engineers import devices, signing_in
from domain.engineers.devices_model import EngineerDevice, OneTimeCode
from domain.engineers.operations import dismiss
from domain.engineers.signing_in import Fresh, TooManyCodes, WrongCode
from domain.kit.errors import NotFound
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in
from tests.network import BY, Network, network_in
from tests.runtime import Clock

PHONE, NOBODY = "13800000001", "13900000000"


@pytest.fixture
def network(runtime: Runtime) -> Network:
    return network_in(runtime, brand_in(runtime))


def code_for(runtime: Runtime, phone: str = PHONE) -> str:
    """What the text message says."""
    with runtime.transaction() as uow:
        signing_in.ask_code(uow, phone)
    with runtime.transaction() as uow:
        row = uow.session.scalars(select(OneTimeCode).order_by(OneTimeCode.sent_at.desc()).limit(1)).one()
        letter = signing_in.take_letter(uow, row.id)
        assert letter is not None
        assert letter[0] == phone
        return "".join(re.findall(r"\d{6}", letter[1]))


def sign_in(runtime: Runtime, digits: str, phone: str = PHONE) -> Fresh | WrongCode:
    with runtime.transaction() as uow:
        return signing_in.sign_in(uow, phone, digits, device="微信 8 · Android")


def test_the_code_opens_a_session_once(runtime: Runtime, network: Network) -> None:
    digits = code_for(runtime)
    fresh = sign_in(runtime, digits)
    assert isinstance(fresh, Fresh)
    with runtime.transaction() as uow:
        who = devices.who_is(uow, fresh.secret)
        assert who is not None
        assert who.engineer.id == network.an
    assert isinstance(sign_in(runtime, digits), WrongCode)


def test_five_wrong_tries_end_a_code(runtime: Runtime, network: Network) -> None:
    digits = code_for(runtime)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    for _ in range(signing_in.TRIES):
        assert isinstance(sign_in(runtime, wrong), WrongCode)
    assert isinstance(sign_in(runtime, digits), WrongCode)


def test_a_code_is_over_after_five_minutes(runtime: Runtime, network: Network, clock: Clock) -> None:
    digits = code_for(runtime)
    clock.advance(minutes=5)
    assert isinstance(sign_in(runtime, digits), WrongCode)


def test_a_phone_that_is_nobodys_gets_no_message_and_the_same_answer(runtime: Runtime, network: Network) -> None:
    with runtime.transaction() as uow:
        signing_in.ask_code(uow, NOBODY)
        assert uow.session.query(OutboxRow).filter_by(kind="CodeAsked").count() == 0
    unknown, known = sign_in(runtime, "000000", NOBODY), sign_in(runtime, "000000")
    assert isinstance(unknown, WrongCode)
    assert str(unknown) == str(known)
    with runtime.transaction() as uow, pytest.raises(TooManyCodes):
        signing_in.ask_code(uow, NOBODY)


def test_codes_are_sent_once_a_minute_and_five_an_hour(runtime: Runtime, network: Network, clock: Clock) -> None:
    for _ in range(5):
        code_for(runtime)
        with runtime.transaction() as uow, pytest.raises(TooManyCodes):
            signing_in.ask_code(uow, PHONE)
        clock.advance(minutes=1)
    with runtime.transaction() as uow, pytest.raises(TooManyCodes):
        signing_in.ask_code(uow, PHONE)
    clock.advance(hours=1)
    code_for(runtime)


def test_a_letter_is_handed_out_once_and_kept_sealed_no_longer(runtime: Runtime, network: Network) -> None:
    code_for(runtime)
    with runtime.transaction() as uow:
        row = uow.session.query(OneTimeCode).one()
        assert row.letter is None
        assert signing_in.take_letter(uow, row.id) is None


def test_a_wechat_identity_is_bound_by_a_code_and_signs_in_without_one_afterwards(
    runtime: Runtime, network: Network
) -> None:
    account = account_of(runtime)
    with runtime.transaction() as uow:
        assert signing_in.sign_in_bound(uow, account, "oX", device="微信") is None
    digits = code_for(runtime)
    with runtime.transaction() as uow:
        bound = signing_in.bind(uow, PHONE, digits, account_id=account, openid="oX", device="微信")
        assert isinstance(bound, Fresh)
    with runtime.transaction() as uow:
        again = signing_in.sign_in_bound(uow, account, "oX", device="微信")
        assert again is not None
        assert again.engineer_id == network.an


def account_of(runtime: Runtime) -> str:
    from domain.organizations.model import Account

    with runtime.transaction() as uow:
        return uow.session.scalars(select(Account.id).limit(1)).one()


def test_a_revoked_phone_opens_nothing_and_another_engineers_cannot_be_revoked(
    runtime: Runtime, network: Network
) -> None:
    fresh = sign_in(runtime, code_for(runtime))
    assert isinstance(fresh, Fresh)
    with runtime.transaction() as uow:
        with pytest.raises(NotFound):
            devices.revoke(uow, network.bo, fresh.device_id, by=BY)
        devices.revoke(uow, network.an, fresh.device_id, by=BY)
        assert devices.who_is(uow, fresh.secret) is None
        assert devices.devices_of(uow, network.an) == []


def test_whoever_is_dismissed_is_signed_out_that_day(runtime: Runtime, network: Network, clock: Clock) -> None:
    fresh = sign_in(runtime, code_for(runtime))
    assert isinstance(fresh, Fresh)
    with runtime.transaction() as uow:
        dismiss(uow, network.an, uow.today + timedelta(days=1), by=BY, why="离职")
        assert devices.who_is(uow, fresh.secret) is not None
    clock.advance(days=1)
    with runtime.transaction() as uow:
        assert devices.who_is(uow, fresh.secret) is None


def test_the_database_holds_no_secret_that_opens_anything(runtime: Runtime, network: Network) -> None:
    fresh = sign_in(runtime, code_for(runtime))
    assert isinstance(fresh, Fresh)
    with runtime.transaction() as uow:
        device = uow.session.get(EngineerDevice, fresh.device_id)
        assert device is not None
        assert fresh.secret not in vars(device).values()
