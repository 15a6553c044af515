"""The merchant of the settings (``WEIXIU_PAY_…``) brought into the database, sealed: after the migrations, and with each brand.

Further merchants are added with ``weixiu merchant``, which reads the same files.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from adapters.settings import Settings
from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account, Brand
from domain.payments.merchants import put_merchant
from domain.payments.model import Merchant

BY = system("cli")


def seed_merchant(uow: UnitOfWork, settings: Settings, brand_id: str = "") -> str:
    """Bring the settings' merchant in, its keys up to date, bound to all of the brand's accounts. What is missing, in words."""
    if not settings.pay_mch_id:
        return ""
    known = uow.session.scalars(select(Merchant).filter_by(mch_id=settings.pay_mch_id)).first()
    of = known.brand_id if known else brand_id or only_brand(uow)
    if not of:
        return f"merchant {settings.pay_mch_id} belongs to no brand yet: weixiu brand …"
    put_merchant(
        uow, brand_id=of, mch_id=settings.pay_mch_id, cert_serial=settings.pay_cert_serial,
        private_key=Path(settings.pay_private_key_file).read_text(), api_v3_key=settings.pay_api_v3_key,
        public_key=Path(settings.pay_public_key_file).read_text(), public_key_id=settings.pay_public_key_id,
        app_ids=uow.session.scalars(select(Account.app_id).filter_by(brand_id=of).order_by(Account.app_id)).all(), by=BY,
    )  # fmt: skip
    return ""


def only_brand(uow: UnitOfWork) -> str:
    """The one brand there is; "" where there are none or several."""
    found = uow.session.scalars(select(Brand.id).limit(2)).all()
    return found[0] if len(found) == 1 else ""
