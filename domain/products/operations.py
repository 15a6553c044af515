"""What can be done to the appliances in people's homes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.access import trail
from domain.customers.model import Customer
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.products.events import TransferDecided
from domain.products.lifecycle import TRANSFERS, TransferStatus
from domain.products.model import Product, ProductOwner, ProductTransfer


class SerialTaken(Conflict):
    """The serial is registered to somebody else. Nothing about the owner may be told; a transfer can be offered."""

    code = "serial_taken"

    def __init__(self, product_id: str) -> None:
        super().__init__("这个机身编号已经登记过了")
        self.product_id = product_id


class BadDate(Refused):
    """A purchase date that cannot be."""

    code = "bad_date"


@dataclass(frozen=True)
class Registered:
    """``already`` when the same customer had registered the same appliance before."""

    product: Product
    already: bool


def serial_key(serial: str) -> str:
    """What is compared: upper case, letters and digits only."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", serial).upper())


def is_serial(key: str) -> bool:
    """Whether what `serial_key` left may be one: 6 to 24 letters and digits, one of them a digit."""
    return re.fullmatch(r"(?=.*\d)[0-9A-Z]{6,24}", key, re.ASCII) is not None


def register_product(
    uow: UnitOfWork, *, by: Actor, brand_id: str, customer_id: str, model_id: str, serial: str | None,
    purchased_on: date | None, via: str,
) -> Registered:  # fmt: skip
    """Put an appliance into the archive. The database refuses a serial twice; the same customer gets the same product.

    :raises SerialTaken: somebody else has it
    :raises BadDate: bought in the future
    """
    if purchased_on and purchased_on > uow.today:
        raise BadDate("购买日期不能晚于今天")
    key = serial_key(serial) if serial else None
    known = registered(uow, brand_id, customer_id, model_id, key)
    if known:
        known.purchased_on = known.purchased_on or purchased_on
        return Registered(known, already=True)
    product = Product(
        id=uow.new_id("pr"), brand_id=brand_id, customer_id=customer_id, model_id=model_id, serial=serial,
        serial_key=key, purchased_on=purchased_on, registered_at=uow.now, registered_via=via,
    )  # fmt: skip
    uow.session.add(product)
    uow.session.flush()
    uow.session.add(
        ProductOwner(id=uow.new_id("po"), product_id=product.id, customer_id=customer_id, since=uow.now)
    )  # fmt: skip
    trail.record(uow, by, "product.register", "product", product.id, via=via)
    return Registered(product, already=False)


def registered(uow: UnitOfWork, brand_id: str, customer_id: str, model_id: str, key: str | None) -> Product | None:
    """The product this registration would repeat; one known by model only takes the serial that is now told.

    :raises SerialTaken: somebody else has it
    """
    if key:
        name = f"serial {brand_id} {key}"  # two at once: the second waits, and finds it taken
        uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        same = uow.session.scalars(select(Product).filter_by(brand_id=brand_id, serial_key=key)).first()
        if same and same.customer_id != customer_id:
            if uow.get(Customer, same.customer_id, called="客户").erased_at is None:
                raise SerialTaken(same.id)
            take_ownerless(uow, same, customer_id)
        return same
    mine = select(Product).filter_by(customer_id=customer_id, model_id=model_id).order_by(Product.registered_at)
    return uow.session.scalars(mine).first()


def take_ownerless(uow: UnitOfWork, product: Product, customer_id: str) -> None:
    """Whoever owned it had themselves erased: it is whoever's registers it next, and its history goes on."""
    for owner in uow.session.scalars(select(ProductOwner).filter_by(product_id=product.id, until=None)):
        owner.until = uow.now
    product.customer_id = customer_id
    uow.session.add(ProductOwner(id=uow.new_id("po"), product_id=product.id, customer_id=customer_id, since=uow.now))
    uow.session.flush()


def complete_serial(uow: UnitOfWork, product_id: str, serial: str, *, by: Actor) -> Product:
    """Add the serial to a product registered by model only.

    :raises SerialTaken: somebody else has it
    """
    product = uow.get(Product, product_id, called="这台产品", lock=True)
    key = serial_key(serial)
    other = uow.session.scalars(select(Product).filter_by(brand_id=product.brand_id, serial_key=key)).first()
    if other and other.id != product.id:
        raise SerialTaken(other.id)
    product.serial, product.serial_key = serial, key
    trail.record(uow, by, "product.serial", "product", product.id)
    return product


def correct_model(uow: UnitOfWork, product_id: str, model_id: str, *, by: Actor) -> Product:
    """It was registered as another model than it is."""
    product = uow.get(Product, product_id, called="这台产品", lock=True)
    was, product.model_id = product.model_id, model_id
    trail.record(uow, by, "product.model", "product", product.id, was=was, model=model_id)
    return product


def ask_transfer(uow: UnitOfWork, product_id: str, customer_id: str, *, by: Actor) -> tuple[ProductTransfer, bool]:
    """Somebody says the product is now theirs. Returns the request and whether it is new."""
    uow.get(Product, product_id, called="这台产品", lock=True)
    open_one = select(ProductTransfer).filter_by(
        product_id=product_id, customer_id=customer_id, status=TransferStatus.ASKED
    )
    waiting = uow.session.scalars(open_one).first()
    if waiting:
        return waiting, False
    transfer = ProductTransfer(
        id=uow.new_id("pt"), product_id=product_id, customer_id=customer_id, status=TRANSFERS.start, asked_at=uow.now
    )
    uow.session.add(transfer)
    uow.session.flush()
    trail.record(uow, by, "product.ask_transfer", "product", product_id, transfer=transfer.id)
    return transfer, True


def decide_transfer(uow: UnitOfWork, transfer_id: str, move: str, *, by: Actor, why: str) -> ProductTransfer:
    """Staff accept or refuse; accepting makes the asker the owner from now on, the history stays with the product.

    :raises MoveRefused: it was decided before
    """
    transfer = uow.get(ProductTransfer, transfer_id, called="这个过户申请", lock=True)
    TRANSFERS.move(transfer, move, by.role, why=why)
    transfer.decided_at, transfer.decided_by, transfer.why = uow.now, str(by), why
    if transfer.status is TransferStatus.ACCEPTED:
        product = uow.get(Product, transfer.product_id, called="这台产品", lock=True)
        for owner in uow.session.scalars(select(ProductOwner).filter_by(product_id=product.id, until=None)):
            owner.until = uow.now
        product.customer_id = transfer.customer_id
        uow.session.add(
            ProductOwner(id=uow.new_id("po"), product_id=product.id, customer_id=product.customer_id, since=uow.now)
        )
    trail.record(uow, by, f"product.transfer_{move}", "product", transfer.product_id, why=why, transfer=transfer.id)
    uow.emit(TransferDecided(transfer.id, transfer.product_id, str(transfer.status)))
    return transfer
