"""A merchant's money at the platform, movement by movement (protocol sheet 7.6); a new business is a call of `Book.note`."""

from dataclasses import dataclass

OPENING = 1_000_000  # fen a merchant starts with
FEE = 60  # of 10 000: 0.60 %


@dataclass(frozen=True)
class Flow:
    """One movement: `sign` is 收入 or 支出; amount and the balance after it are fen."""

    at: float
    business_no: str
    flow_no: str
    business: str
    sign: str
    amount: int
    balance: int
    note: str
    voucher: str


class Book:
    """The basic account of one merchant. Guarded by the till's lock."""

    def __init__(self) -> None:
        self.balance = OPENING
        self.flows: list[Flow] = []

    def note(
        self, at: float, business: str, amount: int, *, business_no: str, flow_no: str, voucher: str, note: str = ""
    ) -> None:  # fmt: skip
        """Move fen in (or, negative, out); nothing is written for 0."""
        if amount:
            self.balance += amount
            sign = "收入" if amount > 0 else "支出"
            self.flows.append(
                Flow(at, business_no, flow_no, business, sign, abs(amount), self.balance, note, voucher)
            )  # fmt: skip


def fee_of(fen: int) -> int:
    """0.6 %, rounded half up to a fen."""
    return (fen * FEE + 5_000) // 10_000
