"""Why appointments are changed or given up: codes with their words on screen. A further reason is a further line."""

from __future__ import annotations

NOT_SAID, OTHER = "not_said", "other"

CUSTOMER = {
    "busy": "临时有事",
    "not_home": "家里没人",
    "sooner": "想早一点",
    "later": "想晚一点",
    OTHER: "其他",
    NOT_SAID: "未说明",
}
"""Why a customer wants another time. Asked lightly: whoever does not say moves it all the same."""

ENGINEER = {
    "overrun": "前一单超时",
    "no_part": "配件未到",
    "leave": "请假",
    "vehicle": "车辆故障",
    "weather": "天气原因",
    "customer_asked": "客户电话要求",
    OTHER: "其他",
}
"""Why we ask for another time."""

GIVEN_UP = {
    "cancelled": "工单取消",
    "guided": "指导后解决",
    "moved_back": "退回待预约",
    OTHER: "其他",
}

WORDS = {**GIVEN_UP, **ENGINEER, **CUSTOMER}
"""Every code in words."""


def code_of(words: str) -> str:
    """The code of what a customer said: one of the titles, `NOT_SAID` for nothing, else `OTHER`."""
    if not words.strip():
        return NOT_SAID
    return next((code for code, title in CUSTOMER.items() if title == words.strip()), OTHER)
