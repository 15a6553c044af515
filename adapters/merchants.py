"""The merchant of the settings (``WEIXIU_PAY_…``) brought into the database, sealed: after the migrations, and with each brand.

Further merchants are added with ``weixiu merchant``, which reads the same files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from cryptography import x509
from sqlalchemy import select

from adapters import runtime
from adapters.files import Files
from adapters.settings import Settings
from adapters.wechat_pay import WeChatPayGateway
from domain.kit.actors import system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Account, Brand
from domain.payments import reconciling
from domain.payments.merchants import all_merchants, keys_of, put_merchant
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
        app_ids=apps_of(uow, of), by=BY, other_keys=other_keys_of(settings),
    )  # fmt: skip
    return ""


def other_keys_of(settings: Settings) -> dict[str, str]:
    """The platform's other key, while it changes it: named in the settings it verifies, too; not named any more, no longer."""
    if not settings.pay_other_key_id:
        return {}
    return {settings.pay_other_key_id: Path(settings.pay_other_key_file).read_text()}


def only_brand(uow: UnitOfWork) -> str:
    """The one brand there is; "" where there are none or several."""
    found = uow.session.scalars(select(Brand.id).limit(2)).all()
    return found[0] if len(found) == 1 else ""


def reconcile(settings: Settings, day: date, mch_id: str) -> int:
    """Compare a day's bills of every merchant (or one) with our books, saying what is done. 1 when something differs."""
    made, found = runtime.build(settings, connections=2), 0
    gateway, files = WeChatPayGateway(settings.pay_api_url, settings.public_url), Files(settings.files_url)
    with made.transaction() as uow:
        merchants = [(one.id, one.mch_id) for one in all_merchants(uow) if mch_id in ("", one.mch_id)]
        if day >= uow.today:
            click.echo("the platform has a day's bills after ten o'clock of the next", err=True)
            return 2
    if not merchants:
        click.echo(f"there is no merchant {mch_id}".strip(), err=True)
        return 2
    for id_, number in merchants:
        click.echo(f"{number} {day}")
        outcome = reconciling.reconcile(made, gateway, files, id_, day, tell=lambda words: click.echo(f"  {words}"))
        found += outcome.found
        late = [kind for kind, state in outcome.states.items() if state == reconciling.LATE]
        if late:
            click.echo(f"  not there yet: {', '.join(late)}; it is asked for again every hour")
    return 1 if found else 0


def put_from_files(
    settings: Settings, mch_id: str, brand: str, serial: str, private: Path, public: Path, public_id: str, v3_key: str,
    others: Sequence[tuple[str, Path]] = (), certificate: Path | None = None,
) -> int:  # fmt: skip
    """Make a merchant, or bring its keys up to date; bound to all of the brand's accounts. Returns the exit code."""
    try:
        until = ends_on(certificate.read_bytes(), serial) if certificate else None
        with runtime.build(settings, connections=1).transaction() as uow:
            of = uow.session.scalars(select(Brand).filter_by(code=brand)).first()
            if of is None:
                raise Refused(f"there is no brand {brand}: weixiu brand")
            merchant = put_merchant(
                uow, brand_id=of.id, mch_id=mch_id, cert_serial=serial, private_key=private.read_text(), api_v3_key=v3_key,
                public_key=public.read_text(), public_key_id=public_id, app_ids=apps_of(uow, of.id), by=BY,
                other_keys={name: file.read_text() for name, file in others}, cert_until=until,
            )  # fmt: skip
            WeChatPayGateway(settings.pay_api_url, settings.public_url).client(
                keys_of(merchant)
            )  # keys that do not open stop it
    except (Refused, ValueError) as error:
        click.echo(str(error), err=True)
        return 1
    click.echo(f"{mch_id}: its notices go to {settings.public_url}/webhooks/wechat-pay")
    return 0


def ends_on(pem: bytes, serial: str) -> date:
    """The day the merchant's API certificate ends.

    :raises Refused: it is another one; :raises ValueError: it is none
    """
    certificate = x509.load_pem_x509_certificate(pem)
    if certificate.serial_number != int(serial, 16):
        raise Refused(f"the certificate's serial is {certificate.serial_number:X}, not {serial}")
    return certificate.not_valid_after_utc.astimezone(SHANGHAI).date()


def apps_of(uow: UnitOfWork, brand_id: str) -> list[str]:
    """The app ids of a brand's accounts."""
    return list(uow.session.scalars(select(Account.app_id).filter_by(brand_id=brand_id).order_by(Account.app_id)))
