"""★ The accounts of the ledger: what each is called, which side it is on, whose money it tells of, and whether it is kept by party.

To add an account, add a row of `CHART`; what is posted names accounts of this table only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """What grows by a debit (assets, expenses) and what by a credit (liabilities, income)."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


class Whose(StrEnum):
    """Whose money an account tells of, so that nobody's is mixed with anybody else's."""

    CUSTOMER = "customer"
    BRAND = "brand"
    PROVIDER = "provider"
    ENGINEER = "engineer"


ASSET, LIABILITY, INCOME, EXPENSE = Side
CUSTOMER, BRAND, PROVIDER, ENGINEER = Whose

SIDES = {ASSET: "资产", LIABILITY: "负债", INCOME: "收入", EXPENSE: "费用"}
OWNERS = {CUSTOMER: "客户的钱", BRAND: "品牌的钱", PROVIDER: "服务商的钱", ENGINEER: "工程师的钱"}


@dataclass(frozen=True)
class Account:
    """One account. ``party`` says what its postings name besides: an id of this kind, or nothing where it is ""."""

    title: str
    side: Side
    whose: Whose
    party: str = ""

    @property
    def grows_by_debit(self) -> bool:
        return self.side in (ASSET, EXPENSE)


CHART: dict[str, Account] = {
    #                          title              side       whose     party
    "wechat":         Account("微信商户号余额",    ASSET,     BRAND,    "merchant"),
    "bank":           Account("银行存款",          ASSET,     BRAND),
    "cash":           Account("工程师手中现金",    ASSET,     BRAND,    "engineer"),
    "receivable":     Account("应收客户",          ASSET,     BRAND,    "payable"),
    "suspense":       Account("差异待查",          ASSET,     BRAND,    "merchant"),
    "overpaid":       Account("客户多付待退",      LIABILITY, CUSTOMER, "payable"),
    "refund_due":     Account("应退客户",          LIABILITY, CUSTOMER, "payable"),
    "deferred_cover": Account("预收延保款",        LIABILITY, CUSTOMER),
    "provider_due":   Account("应付服务商代收款",  LIABILITY, PROVIDER, "provider"),
    "commission_due": Account("应付提成",          LIABILITY, ENGINEER, "engineer"),
    "income_service": Account("服务收入",          INCOME,    BRAND),
    "income_part":    Account("配件收入",          INCOME,    BRAND),
    "income_cover":   Account("延保收入",          INCOME,    BRAND),
    "commission":     Account("提成费用",          EXPENSE,   BRAND),
    "pay_fee":        Account("支付手续费",        EXPENSE,   BRAND),
}  # fmt: skip
"""Name → account. What a warranty pays for is told by the order's bill and not posted: no money moves for it."""

KINDS = {
    "owed": "应收", "written_off": "应收作废", "paid": "收款", "overpaid": "多付", "refund_approved": "批准退款",
    "refunded": "退款成功", "refund_ended": "退款终止", "fee": "支付手续费", "handed_in": "交款", "difference": "差异处理",
    "reversed": "冲回", "commission": "提成", "earned": "确认收入",
    "moved": "资金划转",
}  # fmt: skip
"""What entries are called on screen; a kind that is not here is shown by its own name."""
