"""商户号 as the administrators see it: which account is paid through which, its serials and when they end, when it last worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cryptography import x509
from sqlalchemy import func, select

from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Account, Brand
from domain.payments.merchant_tests import OUTCOMES, Outcome
from domain.payments.merchants import all_merchants
from domain.payments.model import Merchant
from domain.payments.statements_model import PaymentNotice, Statement

SOON = 60
"""Days before the end of a certificate in which it is shown in red."""


@dataclass(frozen=True)
class Serial:
    """One key or certificate by the name it has at the platform; ``until`` where that is known."""

    title: str
    serial: str
    until: date | None
    days: int | None

    @property
    def is_ending(self) -> bool:
        return self.days is not None and self.days < SOON


@dataclass(frozen=True)
class MerchantSeen:
    """One merchant without anything secret."""

    id: str
    mch_id: str
    brand: str
    accounts: Sequence[str]
    serials: Sequence[Serial]
    noticed_at: datetime | None
    billed: date | None
    tested_at: datetime | None
    tested: Outcome | None


@dataclass(frozen=True)
class Unpaid:
    """An account in which nobody can pay: it is bound to no merchant."""

    brand: str
    account: str


def room(uow: UnitOfWork) -> tuple[list[MerchantSeen], list[Unpaid]]:
    """Every merchant, and the accounts without one."""
    brands = {one.id: one.name for one in uow.session.scalars(select(Brand))}
    accounts = uow.session.scalars(select(Account).order_by(Account.name, Account.id)).all()
    merchants = all_merchants(uow)
    bound = {(one.brand_id, app_id) for one in merchants for app_id in one.app_ids}
    seen = [merchant_seen(uow, one, brands.get(one.brand_id, ""), accounts) for one in merchants]
    return seen, [
        Unpaid(brands.get(one.brand_id, ""), one.name) for one in accounts if (one.brand_id, one.app_id) not in bound
    ]


def merchant_seen(uow: UnitOfWork, one: Merchant, brand: str, accounts: Sequence[Account]) -> MerchantSeen:
    noticed = select(func.max(PaymentNotice.at)).filter_by(merchant_id=one.id, outcome="done")
    billed = select(func.max(Statement.day)).where(Statement.merchant_id == one.id, Statement.state == "compared")
    return MerchantSeen(
        one.id, one.mch_id, brand,
        [each.name for each in accounts if each.brand_id == one.brand_id and each.app_id in one.app_ids],
        serials_of(one, uow.today), uow.session.scalar(noticed), uow.session.scalar(billed), one.tested_at,
        OUTCOMES.get(one.tested),
    )  # fmt: skip


def serials_of(one: Merchant, today: date) -> list[Serial]:
    """The merchant's own certificate first, then the platform's keys."""
    found = [("商户 API 证书", one.cert_serial, one.cert_until), ("微信支付公钥", one.public_key_id, None)]
    found += [("微信支付公钥（更换期间）", name, ends(pem)) for name, pem in sorted(one.other_keys.items())]
    return [Serial(title, name, until, (until - today).days if until else None) for title, name, until in found]


def ends(pem: str) -> date | None:
    """The day a certificate ends; a bare public key has none."""
    if "BEGIN CERTIFICATE" not in pem:
        return None
    return x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc.astimezone(SHANGHAI).date()
