"""★ Why money goes back, and up to how much of it needs nobody else's yes. A new reason is a line."""

from __future__ import annotations

REFUND_REASONS = {
    "overpaid": "重复付款，自动退还",
    "cancelled": "服务取消",
    "bill_changed": "账单有调整",
    "not_fixed": "未修好",
    "quality": "服务质量",
    "cover_cancelled": "退订延保或服务卡",
    "goodwill": "协商退款",
    "mistake": "收错款",
}
"""Code → words, which the customer reads beside the refund in WeChat too."""

DEFAULT_LIMIT_FEN = 20_000
"""Where a brand has no limit of its own: 200 yuan, about one visit's bill; above it somebody else says yes."""
