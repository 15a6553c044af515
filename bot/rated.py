"""What rating flows and taps have in common: what is said of a rating that was kept, and of what follows from a low one."""

from __future__ import annotations

from bot.talk import Talk
from domain.feedback.consequences import decide
from domain.feedback.model import Rating
from domain.work_orders.numbers import spoken
from domain.work_orders.rectifying import rectification_of

SORRY = "非常抱歉没有让您满意。"
THANKS = "谢谢您打了 {stars} 星！想多说几句，回复“评价”再说就行。"
TOLD: dict[str, str] = {
    "rectify": "已为您安排另一位师傅免费上门整改，工单 {number}，师傅会与您约时间。不需要上门，回复“取消工单”就行。",
    "complaint": "您的情况已经按投诉处理，客服主管会尽快联系您。",
    "task": "已经转给服务经理，会尽快联系您。",
    "none": "感谢您的评价。有任何没解决的问题，直接在这里说就行。",
}
"""By what was decided."""


def decided_now(talk: Talk, rating: Rating) -> str:
    """Decide what follows from a low rating in this very turn, and say so."""
    rating = decide(talk.uow, rating.id, by=talk.by)
    opened = rectification_of(talk.uow, rating.work_order_id)
    if opened is None:
        return SORRY + TOLD["task" if rating.decided == "rectify" else rating.decided]
    return SORRY + TOLD[rating.decided].format(number=spoken(opened.number))
