"""★ How a visit can end, from the strongest to the weakest, and what each end needs: pure, and the same on the phone.

``engineer_app/web/src/rules/outcomes.ts`` is its twin; both run ``tests/vectors/outcomes.json``. A new need is a `Wanted` in
`WANTED` and its code in the rows that want it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

REPAIRING = frozenset({"repair", "exchange"})
NAMEPLATED = frozenset({"install", "repair", "exchange"})


@dataclass(frozen=True)
class Facts:
    """What of a sheet decides how the visit may end. Lists are codes."""

    service_type: str
    checked_in: bool
    prompts_open: Sequence[str]
    """Prompts that are not confirmed yet."""
    checks_open: Sequence[str]
    """Checks without a reading."""
    checks_blocking: Sequence[str]
    """Checks whose reading blocks the work."""
    photos: frozenset[str]
    """Purposes there is at least one photo of."""
    has_finding: bool
    """What was found and done is written down, or diagnosed."""
    parts_unfinished: Sequence[str]
    """Part lines that lack a serial or the old part's."""
    sheet_signed: bool
    """A signature stands under the sheet as it is now."""
    receipt_signed: bool
    parts_wanted: bool
    """The parts waited for are named."""
    why: bool
    """A reason was given."""
    to_pay_fen: int = 0
    """What the lines of the sheet come to for the customer."""
    agreed_fen: int = 0
    """What the customer has agreed to pay, at most."""


@dataclass(frozen=True)
class Wanted:
    """One need: ``words`` finish the sentence 请先…."""

    code: str
    words: str
    missing: Callable[[Facts], bool]


WANTED: Mapping[str, Wanted] = {
    wanted.code: wanted
    for wanted in (
        Wanted("check_in", "签到", lambda f: not f.checked_in),
        Wanted("prompts", "确认全部安全提示", lambda f: bool(f.prompts_open)),
        Wanted("checks", "完成环境检查", lambda f: bool(f.checks_open)),
        Wanted("not_blocked", "处理好不合格的环境检查", lambda f: bool(f.checks_blocking)),
        Wanted("blocked", "记录不合格的环境检查", lambda f: not f.checks_blocking),
        Wanted("finding", "填写检查结果和处理情况", lambda f: f.service_type in REPAIRING and not f.has_finding),
        Wanted("photo_before", "拍服务前照片", lambda f: "before" not in f.photos),
        Wanted("photo_after", "拍服务后照片", lambda f: "after" not in f.photos),
        Wanted("photo_nameplate", "拍机身铭牌", lambda f: f.service_type in NAMEPLATED and "nameplate" not in f.photos),
        Wanted("photo_receipt", "拍取走的机器", lambda f: "receipt" not in f.photos),
        Wanted("parts", "补全配件和旧件序列号", lambda f: bool(f.parts_unfinished)),
        Wanted("quote", "让客户确认报价", lambda f: f.to_pay_fen > f.agreed_fen),
        Wanted("signature", "让客户签名", lambda f: not f.sheet_signed),
        Wanted("receipt", "让客户在取件单上签名", lambda f: not f.receipt_signed),
        Wanted("parts_wanted", "选择要等的配件", lambda f: not f.parts_wanted),
        Wanted("why", "写明原因", lambda f: not f.why),
    )
}


@dataclass(frozen=True)
class Outcome:
    """One way a visit ends: the moves it makes of the visit and of the order ("" for none), and what it needs."""

    code: str
    title: str
    visit_move: str
    order_move: str
    needs: Sequence[str]


DONE_NEEDS = (
    "check_in", "prompts", "checks", "not_blocked", "finding", "photo_before", "photo_after", "photo_nameplate", "parts",
    "quote", "signature",
)  # fmt: skip

OUTCOMES: Mapping[str, Outcome] = {
    outcome.code: outcome
    for outcome in (
        #       code            title         visit     order        needs
        Outcome("finished",     "完工",      "finish", "finish",    DONE_NEEDS),
        Outcome("waiting_part", "待件",      "finish", "wait_part", ("check_in", "prompts", "parts_wanted")),
        Outcome("taken_in",     "取件维修",   "finish", "",          ("check_in", "prompts", "photo_receipt", "receipt")),
        Outcome("revisit",      "再次上门",   "finish", "revisit",   ("check_in", "why")),
        Outcome("blocked",      "环境不合格", "fail",   "revisit",   ("check_in", "blocked")),
        Outcome("absent",       "客户不在",   "fail",   "revisit",   ("check_in", "why")),
    )
}  # fmt: skip
"""In order of strength: a stronger end that comes later takes over from a weaker one."""


ORDER = {code: place for place, code in enumerate(OUTCOMES)}


def rank(outcome: str) -> int:
    """0 is the strongest.

    :raises KeyError: there is no such outcome
    """
    return ORDER[outcome]


def missing(outcome: str, facts: Facts) -> list[Wanted]:
    """What has to be done first, in the order of the table."""
    return [WANTED[code] for code in OUTCOMES[outcome].needs if WANTED[code].missing(facts)]


def strongest(wanted: Sequence[str], facts: Facts) -> str:
    """Of the ends somebody asked for, the strongest that lacks nothing; "" when there is none."""
    for outcome in OUTCOMES:
        if outcome in wanted and not missing(outcome, facts):
            return outcome
    return ""
