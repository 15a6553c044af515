"""Proof of a phone (B5): a code by text message. It opens a session for whoever has no WeChat here, or verifies a number.

What is told never depends on whether a number is known: the code is sent to whatever number is typed.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select

from domain.access import trail
from domain.access.sessions import hash_of
from domain.customers.calling import customer_of_caller
from domain.customers.events import PhoneCodeAsked
from domain.customers.model import Customer
from domain.customers.operations import learn
from domain.customers.phones_model import PhoneCode, PhoneSession
from domain.customers.sessions import AT_ONCE, LASTS
from domain.kit.actors import Actor, Role
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork

CODE_LASTS = timedelta(minutes=5)
TRIES = 5
PER_PHONE = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
"""How many codes one phone is sent in how long, whatever they are for."""
SIGN_IN, PROVE = "sign_in", "prove"
WORDS = "【{brand}】验证码 {code}，5 分钟内有效，用于核对您的手机号。请勿告诉他人。"


class TooManyCodes(Refused):
    """Codes were asked for too often."""

    code = "too_many_requests"


class WrongCode(Refused):
    """The code is not the one that was sent, was used, or is over."""

    code = "wrong_code"


def ask_code(uow: UnitOfWork, brand_id: str, brand: str, number: str, purpose: str) -> None:
    """Have a code sent to a phone.

    :raises TooManyCodes: too often for this phone
    """
    whole, _ = uow.keyring.phone_prints(number)
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"customer code {whole}", 0))
    uow.session.execute(select(lock))
    for period, most in PER_PHONE:
        sent = select(func.count()).where(PhoneCode.phone_print == whole, PhoneCode.sent_at > uow.now - period)
        if (uow.session.scalar(sent) or 0) >= most:
            raise TooManyCodes("验证码发送太频繁，请过一会儿再试")
    digits = f"{secrets.randbelow(1_000_000):06d}"
    row = PhoneCode(
        id=uow.new_id("pc"), brand_id=brand_id, purpose=purpose, phone_print=whole, phone=number, code_print="",
        letter=WORDS.format(brand=brand, code=digits), sent_at=uow.now, ends_at=uow.now + CODE_LASTS, tries=0,
    )  # fmt: skip
    row.code_print = print_of(uow, row.id, digits)
    uow.session.add(row)
    uow.session.flush()
    uow.emit(PhoneCodeAsked(row.id))


def print_of(uow: UnitOfWork, code_id: str, digits: str) -> str:
    return uow.keyring.fingerprint("customer_code", f"{code_id} {digits}")


def take_letter(uow: UnitOfWork, code_id: str) -> tuple[str, str] | None:
    """(phone, words) of a code that is still worth sending; None when it is not, or was handed out before."""
    row = uow.session.get(PhoneCode, code_id, with_for_update=True, populate_existing=True)
    if row is None or row.letter is None or row.phone is None or row.ends_at <= uow.now:
        return None
    letter = row.phone, row.letter
    row.phone = row.letter = None
    return letter


def proved(uow: UnitOfWork, brand_id: str, number: str, digits: str, purpose: str) -> bool:
    """Whether these are the digits of the newest code. Every try counts, the code is used once: commit also a no."""
    whole, _ = uow.keyring.phone_prints(number)
    newest = select(PhoneCode).filter_by(phone_print=whole, brand_id=brand_id, purpose=purpose)
    row = uow.session.scalars(newest.order_by(PhoneCode.sent_at.desc()).limit(1).with_for_update()).first()
    if row is None or row.used_at or row.ends_at <= uow.now or row.tries >= TRIES:
        return False
    row.tries += 1
    if not secrets.compare_digest(row.code_print, print_of(uow, row.id, digits)):
        return False
    row.used_at, row.phone, row.letter = uow.now, None, None
    return True


def wrong() -> WrongCode:
    return WrongCode("验证码不对或已过期，请重新获取")


def sign_in(uow: UnitOfWork, brand_id: str, number: str, digits: str) -> str | WrongCode:
    """A session's secret for whoever has the phone; the refusal is returned, because a wrong try must be committed.

    Only a customer who proved this number before, or who has no chat, is opened by it: else it is a new one (0076).
    """
    if not proved(uow, brand_id, number, digits, SIGN_IN):
        return wrong()
    customer = customer_of_caller(uow, brand_id, number)
    by = Actor(Role.CUSTOMER, customer.id)
    learn(uow, customer, phone=number, verified=True)
    trail.record(uow, by, "customer.sign_in", "customer", customer.id, how="code")
    return open_session(uow, customer)


def verify_number(uow: UnitOfWork, customer: Customer, number: str, digits: str) -> WrongCode | None:
    """The number is this customer's from now on; the refusal is returned, as above."""
    if not proved(uow, customer.brand_id, number, digits, PROVE):
        return wrong()
    learn(uow, customer, phone=number, verified=True)
    trail.record(uow, Actor(Role.CUSTOMER, customer.id), "customer.phone", "customer", customer.id, verified=True)
    return None


def open_session(uow: UnitOfWork, customer: Customer) -> str:
    """Make a session and return its secret, which nobody can read again."""
    secret = secrets.token_urlsafe(32)
    uow.session.add(
        PhoneSession(secret_hash=hash_of(secret), customer_id=customer.id, created_at=uow.now, ends_at=uow.now + LASTS)
    )
    uow.session.flush()
    newest = select(PhoneSession.secret_hash).filter_by(customer_id=customer.id)
    older = uow.session.scalars(newest.order_by(PhoneSession.created_at.desc()).offset(AT_ONCE)).all()
    uow.session.execute(delete(PhoneSession).where(PhoneSession.secret_hash.in_(older)))
    return secret


def who_is(uow: UnitOfWork, secret: str) -> tuple[Customer, PhoneSession] | None:
    """The customer who holds this secret, with the session; None: unknown or over."""
    row = uow.session.execute(
        select(Customer, PhoneSession)
        .join(PhoneSession, PhoneSession.customer_id == Customer.id)
        .where(PhoneSession.secret_hash == hash_of(secret), PhoneSession.ends_at > uow.now)
    ).first()
    return (row[0], row[1]) if row else None


def consent(uow: UnitOfWork, session: PhoneSession, version: str) -> None:
    """The person saw the notice of this version in this browser and went on."""
    session.consent_version = version
    by = Actor(Role.CUSTOMER, session.customer_id)
    trail.record(uow, by, "privacy.consent", "customer", session.customer_id, version=version)


def close_session(uow: UnitOfWork, secret: str) -> None:
    uow.session.execute(delete(PhoneSession).where(PhoneSession.secret_hash == hash_of(secret)))


def end_sessions_of(uow: UnitOfWork, customer_id: str) -> None:
    uow.session.execute(delete(PhoneSession).where(PhoneSession.customer_id == customer_id))


def forget_old(uow: UnitOfWork) -> None:
    """Delete sessions and codes that open nothing any more; codes are counted for a day. Run by the schedule."""
    longest = max(period for period, _ in PER_PHONE)
    uow.session.execute(delete(PhoneSession).where(PhoneSession.ends_at <= uow.now))
    uow.session.execute(delete(PhoneCode).where(PhoneCode.ends_at <= uow.now - longest))
