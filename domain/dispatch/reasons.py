"""Why orders wait for a dispatcher, why engineers refuse, why visits change hands: codes with their words on screen.

A further reason is a further row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NO_COVERAGE, NOBODY_ABLE, NO_ROOM, ALL_REFUSED = "no_coverage", "nobody_able", "no_room", "all_refused"

WAITING: Mapping[str, str] = {
    NO_COVERAGE: "这个地方没有服务商覆盖",
    NOBODY_ABLE: "没有符合条件的工程师",
    NO_ROOM: "符合条件的工程师都排不开",
    ALL_REFUSED: "问过的工程师都没有接单",
}
"""Why nobody was found."""


@dataclass(frozen=True)
class Refuse:
    """One way to say no. ``lasts`` is how long it counts: ``order``, the ``day`` of the window, or the ``window`` itself;
    or ``hours`` from the answer on."""

    words: str
    lasts: str = "order"
    hours: int = 0


SILENCE = "silence"

REFUSE: Mapping[str, Refuse] = {
    "too_far": Refuse("太远"),
    "not_my_work": Refuse("不会做或没有工具"),
    "no_part": Refuse("没有配件"),
    "time_taken": Refuse("这个时间来不了", "window"),
    "day_off": Refuse("当天有事或请假", "day"),
    "vehicle": Refuse("当天没有车", "day"),
    "knows_customer": Refuse("与这位客户有过不愉快"),
    "other": Refuse("其他"),
    SILENCE: Refuse("没有及时答复", "hours", 12),
}
"""Why an engineer does not take an offer. After silence nobody is asked for the same order for half a day."""

CHOSEN_BY_HAND = "by_hand"

REASSIGN: Mapping[str, Refuse] = {
    "leave": Refuse("工程师请假", "day"),
    "left": Refuse("工程师离职或资质终止"),
    "overrun": Refuse("前一单超时，赶不到", "window"),
    "vehicle": Refuse("车辆故障", "day"),
    "skill": Refuse("到场前确认需要其他技能"),
    "no_part": Refuse("没有配件"),
    "customer_asked": Refuse("客户要求换人"),
    "complaint": Refuse("客户投诉"),
    "hard": Refuse("转为疑难，换自有技术人员"),
    "closer": Refuse("有更近的工程师", "window"),
    "address": Refuse("地址改了，不在服务范围", "window"),
    "rebooked": Refuse("客户改约，时间不合适", "window"),
    CHOSEN_BY_HAND: Refuse("调度员改派", "window"),
    "other": Refuse("其他"),
}
"""Why a visit goes to somebody else after it was accepted."""


def ended(code: str) -> Refuse:
    """Whatever ended it, with how long that counts; an unknown code counts for good."""
    return REFUSE.get(code) or REASSIGN.get(code) or Refuse("其他")
