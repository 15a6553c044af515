"""The merchants at the platform that take a brand's money: putting one in, finding the one that takes a payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.gateway import MerchantKeys
from domain.payments.model import Merchant


class NoMerchant(Refused):
    """The brand takes no payments in this app."""

    code = "no_merchant"


def put_merchant(
    uow: UnitOfWork, *, brand_id: str, mch_id: str, cert_serial: str, private_key: str, api_v3_key: str,
    public_key: str, public_key_id: str, app_ids: Sequence[str], by: Actor, other_keys: Mapping[str, str] | None = None,
    cert_until: date | None = None,
) -> Merchant:  # fmt: skip
    """Bring a merchant in, or its keys up to date; on record when something changed.

    ``other_keys`` (id or serial → PEM) verify besides ``public_key``, while the platform changes its keys; left out, they stay.

    ``cert_until`` is when the API certificate ends, where that is known; left out, it stays while the serial does.

    :raises Conflict: it is another brand's
    """
    wanted: dict[str, Any] = {
        "cert_serial": cert_serial, "private_key": private_key, "api_v3_key": api_v3_key, "public_key": public_key,
        "public_key_id": public_key_id, "app_ids": list(app_ids),
    }  # fmt: skip
    if other_keys is not None:
        wanted["other_keys"] = {serial_of(name): pem for name, pem in other_keys.items()}
    merchant = uow.session.scalars(select(Merchant).filter_by(mch_id=mch_id)).first()
    if cert_until is not None or (merchant is not None and merchant.cert_serial != cert_serial):
        wanted["cert_until"] = cert_until
    if merchant is None:
        merchant = Merchant(id=uow.new_id("me"), brand_id=brand_id, mch_id=mch_id, created_at=uow.now, **wanted)
        uow.session.add(merchant)
        changed = ["mch_id"]
    elif merchant.brand_id != brand_id:
        raise Conflict(f"商户号 {mch_id} 属于别的品牌")
    else:
        changed = [name for name, value in wanted.items() if getattr(merchant, name) != value]
        for name in changed:
            setattr(merchant, name, wanted[name])
    uow.session.flush()
    if changed:
        trail.record(uow, by, "merchant.put", "merchant", merchant.id, fields=changed)
    return merchant


def serial_of(name: str) -> str:
    """As the platform writes it in its headers: certificates' serials in capitals."""
    return name if name.startswith("PUB_KEY_ID_") else name.upper()


def merchant_for(uow: UnitOfWork, brand_id: str, app_id: str) -> Merchant:
    """The brand's merchant to which this app is bound.

    :raises NoMerchant: there is none
    """
    for one in uow.session.scalars(select(Merchant).filter_by(brand_id=brand_id).order_by(Merchant.created_at)):
        if app_id in one.app_ids:
            return one
    raise NoMerchant("还没有开通微信支付，请联系客服")


def keys_of(merchant: Merchant) -> MerchantKeys:
    """A merchant as the gateway takes it: usable after the transaction."""
    return MerchantKeys(
        merchant.id, merchant.mch_id, merchant.cert_serial, merchant.private_key, merchant.api_v3_key,
        merchant.public_key, merchant.public_key_id, tuple(merchant.app_ids),
        tuple(sorted(merchant.other_keys.items())),
    )  # fmt: skip


def all_merchants(uow: UnitOfWork) -> Sequence[Merchant]:
    """Every merchant, the oldest first."""
    return uow.session.scalars(select(Merchant).order_by(Merchant.created_at, Merchant.id)).all()
