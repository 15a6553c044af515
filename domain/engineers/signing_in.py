"""Engineers sign in with a code sent to their phone, or with a WeChat identity that such a code was bound to once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select

from domain.access import trail
from domain.engineers import devices
from domain.engineers.devices_model import EngineerIdentity, OneTimeCode
from domain.engineers.events import CodeAsked
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork

LASTS = timedelta(minutes=5)
TRIES = 5
PER_PHONE = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
"""How many codes one phone is sent in how long."""
SIGN_IN = "engineer_sign_in"
WORDS = "登录验证码 {code}，5 分钟内有效。请勿告诉他人。"
BY = system("sign_in")


class TooManyCodes(Refused):
    """Codes were asked for too often."""

    code = "too_many_requests"


class WrongCode(Refused):
    """The code is not the one that was sent, was used, or is over. The same words for an unknown phone."""

    code = "wrong_code"


@dataclass(frozen=True)
class Fresh:
    """A new session: the device's id and the secret, which nobody can read again."""

    device_id: str
    secret: str
    engineer_id: str


def ask_code(uow: UnitOfWork, phone: str) -> None:
    """Have a code sent to an engineer's phone. Nothing told to the caller depends on whether there is such an engineer.

    :raises TooManyCodes: too often for this phone
    """
    whole, _ = uow.keyring.phone_prints(phone)
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"code {whole}", 0))
    uow.session.execute(select(lock))
    for period, most in PER_PHONE:
        sent = select(func.count()).where(
            OneTimeCode.phone_print == whole, OneTimeCode.sent_at > uow.now - period, OneTimeCode.purpose == SIGN_IN
        )
        if (uow.session.scalar(sent) or 0) >= most:
            raise TooManyCodes("验证码发送太频繁，请过一会儿再试")
    engineer, digits = engineer_of_phone(uow, phone), f"{secrets.randbelow(1_000_000):06d}"
    row = OneTimeCode(
        id=uow.new_id("oc"), phone_print=whole, purpose=SIGN_IN, code_print="", sent_at=uow.now,
        ends_at=uow.now + LASTS, tries=0, engineer_id=engineer.id if engineer else None,
        letter=WORDS.format(code=digits) if engineer else None,
    )  # fmt: skip
    row.code_print = print_of(uow, row.id, digits)
    uow.session.add(row)
    uow.session.flush()
    if engineer:
        uow.emit(CodeAsked(row.id))


def print_of(uow: UnitOfWork, code_id: str, digits: str) -> str:
    return uow.keyring.fingerprint("one_time_code", f"{code_id} {digits}")


def engineer_of_phone(uow: UnitOfWork, phone: str) -> Engineer | None:
    """The engineer who works here today and has this number."""
    whole, _ = uow.keyring.phone_prints(phone)
    found = select(Engineer).where(
        Engineer.phone_print == whole,
        Engineer.since <= uow.today,
        or_(Engineer.until.is_(None), Engineer.until > uow.today),
    )
    return uow.session.scalars(found.order_by(Engineer.since.desc()).limit(1)).first()


def sign_in(uow: UnitOfWork, phone: str, digits: str, *, device: str) -> Fresh | WrongCode:
    """A session for whoever has the phone. The refusal is returned, not raised: a wrong try must be committed to count.

    ``device`` is what the browser calls itself.
    """
    engineer = proved(uow, phone, digits)
    return engineer if isinstance(engineer, WrongCode) else begin(uow, engineer, device=device, how="code")


def bind(uow: UnitOfWork, phone: str, digits: str, *, account_id: str, openid: str, device: str) -> Fresh | WrongCode:
    """Sign in with a code and let this WeChat identity be the engineer's from now on; another engineer's it was ends."""
    engineer = proved(uow, phone, digits)
    if isinstance(engineer, WrongCode):
        return engineer
    row = uow.session.get(EngineerIdentity, (account_id, openid), with_for_update=True, populate_existing=True)
    if row is None:
        row = EngineerIdentity(account_id=account_id, openid=openid)
        uow.session.add(row)
    row.engineer_id, row.bound_at = engineer.id, uow.now
    trail.record(uow, Actor(Role.ENGINEER, engineer.id), "engineer.bind", "engineer", engineer.id, account=account_id)
    return begin(uow, engineer, device=device, how="wechat")


def sign_in_bound(uow: UnitOfWork, account_id: str, openid: str, *, device: str) -> Fresh | None:
    """A session for a WeChat identity that is bound already; None when it is not, or the engineer works here no longer."""
    row = uow.session.get(EngineerIdentity, (account_id, openid))
    engineer = uow.session.get(Engineer, row.engineer_id) if row else None
    if engineer is None or not devices.works(engineer, uow.today):
        return None
    return begin(uow, engineer, device=device, how="wechat")


def proved(uow: UnitOfWork, phone: str, digits: str) -> Engineer | WrongCode:
    """The engineer whose phone the newest code was sent to, if these are its digits. Every try counts, the code is used once."""
    whole, _ = uow.keyring.phone_prints(phone)
    newest = select(OneTimeCode).where(OneTimeCode.phone_print == whole, OneTimeCode.purpose == SIGN_IN)
    row = uow.session.scalars(newest.order_by(OneTimeCode.sent_at.desc()).limit(1).with_for_update()).first()
    wrong = WrongCode("验证码不对或已过期，请重新获取")
    if row is None or row.used_at or row.ends_at <= uow.now or row.tries >= TRIES:
        return wrong
    row.tries += 1
    if not secrets.compare_digest(row.code_print, print_of(uow, row.id, digits)) or row.engineer_id is None:
        return wrong
    row.used_at, row.letter = uow.now, None
    engineer = uow.session.get(Engineer, row.engineer_id)
    return engineer if engineer and devices.works(engineer, uow.today) else wrong


def begin(uow: UnitOfWork, engineer: Engineer, *, device: str, how: str) -> Fresh:
    made, secret = devices.open_session(uow, engineer, name=device, how=how)
    trail.record(
        uow, Actor(Role.ENGINEER, engineer.id), "engineer.sign_in", "engineer", engineer.id, device=made.id, how=how
    )
    return Fresh(made.id, secret, engineer.id)


def take_letter(uow: UnitOfWork, code_id: str) -> tuple[str, str] | None:
    """(phone, words) of a code that is still worth sending; None when it is not, or was handed out before."""
    row = uow.session.get(OneTimeCode, code_id, with_for_update=True, populate_existing=True)
    if row is None or row.letter is None or row.ends_at <= uow.now or row.engineer_id is None:
        return None
    engineer, words = uow.get(Engineer, row.engineer_id, called="这位工程师"), row.letter
    row.letter = None
    return engineer.phone, words
