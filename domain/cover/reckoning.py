"""★ The arithmetic of a contract: what of its price is earned by a day or by its uses, what comes back when it is given up,
and what its seller is owed. Whole fen; what is earned and what comes back always make the price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kit.money import ZERO, Money


@dataclass(frozen=True)
class Contract:
    """What is reckoned with. A card has ``uses``; both days of a warranty are covered."""

    price: Money
    since: date
    until: date
    uses: int = 0
    used: int = 0
    """Uses that are redeemed: what is only held is not earned."""
    cooling_until: date | None = None
    served: bool = False
    """Of a warranty: a repair was done on it, or is being done."""


@dataclass(frozen=True)
class Refund:
    """What comes back, what the brand keeps, and why in words."""

    back: Money
    kept: Money
    words: str


def days(since: date, until: date) -> int:
    """Both counted; 0 where the one is after the other."""
    return max(0, (until - since).days + 1)


def earned_by(contract: Contract, day: date) -> Money:
    """Of the price, at the end of ``day``. What was not used of a card is earned when the card is over."""
    if contract.uses:
        over = day > contract.until
        return contract.price if over else contract.price.times(Decimal(contract.used) / contract.uses)
    if day >= contract.until:
        return contract.price
    return contract.price.times(Decimal(days(contract.since, day)) / days(contract.since, contract.until))


def refund_on(contract: Contract, day: date) -> Refund:
    """Whole within the cooling-off of what was not used; before the first day of a warranty also; later what is left."""
    price = contract.price
    if price == ZERO:
        return Refund(ZERO, ZERO, "赠送的，没有可退的钱")
    if contract.uses and contract.used:
        kept = earned_by(contract, day)
        said = f"{price} × 剩余 {contract.uses - contract.used}/{contract.uses} 次"
        return Refund(price - kept, kept, f"已用 {contract.used} 次，按剩余次数退：{said} = {price - kept}")
    if contract.cooling_until and day <= contract.cooling_until and not contract.served:
        return Refund(price, ZERO, f"犹豫期内（到 {contract.cooling_until}）全额退：{price}")
    if contract.uses and day <= contract.until:
        return Refund(price, ZERO, f"没有用过，全额退：{price}")
    if not contract.uses and day < contract.since:
        return Refund(price, ZERO, f"还没有开始保障，全额退：{price}")
    kept = earned_by(contract, day)
    if day >= contract.until:
        return Refund(price - kept, kept, f"到 {contract.until} 已到期，没有可退的")
    whole, left = days(contract.since, contract.until), days(contract.since, contract.until) - days(contract.since, day)
    return Refund(
        price - kept,
        kept,
        f"已保障 {whole - left} 天（含今天），按剩余天数退：{price} × {left}/{whole} 天 = {price - kept}",
    )


def commission_of(price: Money, permille: int) -> Money:
    return price.times(Decimal(permille) / 1000)


def commission_back(commission: Money, price: Money, refunded: Money) -> Money:
    """The part of a commission that goes back with a refund: all of it where all of the price does."""
    return commission.times(Decimal(refunded.fen) / price.fen) if price.fen else ZERO
