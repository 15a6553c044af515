"""Signing in on a phone: with a code, or with WeChat; what the app is told of whoever did, and of the phones."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from domain.access.wechat_pages import ONCE
from domain.dispatch.whereabouts import Doing, whereabouts
from domain.engineers import certificates, devices, grades, signing_in
from domain.engineers.devices import SignedInEngineer
from domain.engineers.model import Certificate, Engineer
from domain.engineers.signing_in import Fresh, WrongCode
from domain.engineers.whereabouts import APP, agree_to_positions, note_position
from domain.kit.actors import Actor, Role
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.regions.datums import gcj_from_wgs
from domain.regions.positions import Position, Source
from engineer_app.platform import Limits

PHONE = re.compile(r"1[3-9]\d{9}")
CODES_OF_ADDRESS, TRIES_OF_ADDRESS = (60, 3600), (120, 3600)
"""At most so many in so many seconds: whole depots sit behind one address."""
TICKET_LASTS = 600
"""Seconds between coming back from WeChat and having typed the code."""
AT_HOME = frozenset({Doing.OFF_SHIFT, Doing.ON_LEAVE})


class BadPhone(Refused):
    """No mobile number."""

    code = "bad_phone"


class TooMany(Refused):
    """Too often."""

    code = "too_many_requests"


class BadTicket(Refused):
    """What came back from WeChat is not ours, used, or too old."""

    code = "bad_ticket"


class NotBound(Refused):
    """Nobody works here who is known by this WeChat identity."""

    code = "not_bound"


@dataclass(frozen=True)
class Desk:
    """What signing in runs on."""

    runtime: Runtime
    limits: Limits
    secret_key: str

    def count(self, what: str, who: str, rule: tuple[int, int]) -> None:
        """:raises TooMany: see there"""
        if not self.limits.may(what, who, *rule):
            raise TooMany("操作太频繁了，请过一会儿再试")

    @property
    def tickets(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt="engineer wechat ticket")

    def ticket_for(self, account_id: str, openid: str) -> str:
        """Says for ten minutes whom WeChat named; worth one session."""
        return str(self.tickets.dumps([account_id, openid, secrets.token_urlsafe(9)]))

    def read(self, ticket: str) -> tuple[str, str, str]:
        """(account, openid, the ticket's own name).

        :raises BadTicket: see there
        """
        try:
            account_id, openid, name = self.tickets.loads(ticket, max_age=TICKET_LASTS)
        except (BadSignature, ValueError, TypeError):
            raise BadTicket("微信授权已过期，请重新打开页面") from None
        return account_id, openid, name

    def use(self, name: str) -> None:
        """:raises BadTicket: it was used before"""
        if not self.limits.may("engineer wechat ticket", name, *ONCE):
            raise BadTicket("微信授权已用过，请重新打开页面")


def ask_code(desk: Desk, address: str, phone: str) -> dict[str, Any]:
    """:raises BadPhone, TooMany, TooManyCodes: see there; nothing else depends on who it is"""
    number = plain(phone)
    desk.count("engineer code of address", address, CODES_OF_ADDRESS)
    with desk.runtime.transaction() as uow:
        signing_in.ask_code(uow, number)
    again = min(period.total_seconds() for period, _ in signing_in.PER_PHONE)
    return {"lasts_seconds": int(signing_in.LASTS.total_seconds()), "again_seconds": int(again)}


def plain(phone: str) -> str:
    """:raises BadPhone: it is none"""
    number = re.sub(r"[\s-]", "", phone).removeprefix("+86")
    if not PHONE.fullmatch(number) or not number.isascii():
        raise BadPhone("请输入 11 位手机号")
    return number


def sign_in(desk: Desk, address: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises BadPhone, TooMany, WrongCode, BadTicket: see there"""
    number = plain(given["phone"])
    desk.count("engineer sign-in of address", address, TRIES_OF_ADDRESS)
    device, ticket = given["device"].strip(), given.get("ticket")
    named = desk.read(ticket) if ticket else None
    with desk.runtime.transaction() as uow:  # a wrong code is committed: tries are counted
        made = prove(uow, number, given["code"], named, device)
        if not isinstance(made, WrongCode):
            if named is not None:
                desk.use(named[2])
            return session_json(uow, made)
    raise made


def prove(
    uow: UnitOfWork, number: str, digits: str, named: tuple[str, str, str] | None, device: str
) -> Fresh | WrongCode:
    """With a ticket the WeChat identity it names is bound as well."""
    if named is None:
        return signing_in.sign_in(uow, number, digits, device=device)
    return signing_in.bind(uow, number, digits, account_id=named[0], openid=named[1], device=device)


def sign_in_bound(desk: Desk, address: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises TooMany, BadTicket, NotBound: see there"""
    desk.count("engineer sign-in of address", address, TRIES_OF_ADDRESS)
    account_id, openid, name = desk.read(given["ticket"])
    with desk.runtime.transaction() as uow:
        made = signing_in.sign_in_bound(uow, account_id, openid, device=given["device"].strip())
        if made is None:
            raise NotBound("这个微信还没有绑定工程师，请用手机号和验证码绑定")
        desk.use(name)
        return session_json(uow, made)


def session_json(uow: UnitOfWork, made: Fresh) -> dict[str, Any]:
    engineer = uow.get(Engineer, made.engineer_id, called="这位工程师")
    return {
        "token": made.secret, "device_id": made.device_id, "ends_at": uow.now + devices.LASTS,
        "me": me_json(uow, engineer),
    }  # fmt: skip


def me_json(uow: UnitOfWork, engineer: Engineer) -> dict[str, Any]:
    """The engineer, with the certificates that were seen and are not over long ago."""
    seen = select(Certificate).where(Certificate.engineer_id == engineer.id).order_by(Certificate.until.desc())
    return {
        "id": engineer.id, "code": engineer.code, "name": engineer.name, "grade": grades.TITLES[engineer.grade],
        "certificates": [
            {
                "kind": one.kind, "title": certificates.KINDS.get(one.kind, one.kind), "since": one.since,
                "until": one.until,
            }
            for one in uow.session.scalars(seen)
        ],
        "photo_id": engineer.photo_id,
        "located": engineer.position_agreed_at is not None,
    }  # fmt: skip


def locate(uow: UnitOfWork, engineer: Engineer, agrees: bool) -> dict[str, Any]:
    """The engineer's own yes or no to being located while at work; saying the same again changes nothing."""
    if agrees != (engineer.position_agreed_at is not None):
        agree_to_positions(uow, engineer.id, agrees, by=Actor(Role.ENGINEER, engineer.id))
    return me_json(uow, engineer)


def stand(uow: UnitOfWork, engineer: Engineer, said: dict[str, Any]) -> None:
    """Where the phone is, between departures and check-ins; after work it is nobody's business, and is not kept.

    :raises NotAgreed: the engineer has not agreed to it
    """
    if engineer.position_agreed_at and whereabouts(uow, [engineer.id])[engineer.id].doing in AT_HOME:
        return
    lat, lng = gcj_from_wgs(said["lat"], said["lng"])
    position = Position(lat, lng, Source.PIN, said["radius_m"])
    note_position(uow, engineer.id, position, APP, by=Actor(Role.ENGINEER, engineer.id))


def devices_json(uow: UnitOfWork, who: SignedInEngineer) -> dict[str, Any]:
    return {
        "devices": [
            {
                "id": one.id, "name": one.name, "this": one.id == who.device.id, "how": one.how,
                "created_at": one.created_at, "seen_at": one.seen_at, "ends_at": one.ends_at,
            }
            for one in devices.devices_of(uow, who.engineer.id)
        ]
    }  # fmt: skip


def sign_out(uow: UnitOfWork, who: SignedInEngineer, device_id: str, why: str) -> None:
    """:raises NotFound: the engineer has no such phone"""
    by = Actor(Role.ENGINEER, who.engineer.id)
    devices.revoke(uow, who.engineer.id, device_id, by=by, why=why)
