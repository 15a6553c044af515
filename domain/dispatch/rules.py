"""★ Who may do a job, and who had better: the rules of dispatch, over frozen facts.

A rule that must hold is a function below `must`: it gets the job, the candidate and one day of theirs, and returns the words
of its objection, or None. A preference is a function below `prefer`: it returns 0 … 1 with words, and has a line in `WEIGHTS`.
What makes a job hard is a function below `hard`. Nothing else has to be touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.dispatch.facts import Candidate, Chance, Job, Merit, Objection, Refusal, Today, holds
from domain.dispatch.reasons import ended
from domain.engineers.certificates import KINDS, needed
from domain.engineers.grades import TITLES as GRADES
from domain.engineers.grades import Grade
from domain.kit.rulebook import Rule, Rulebook
from domain.work_orders.kinds import TITLES

FIRST = date(2020, 1, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")

must: Rulebook[[Job, Candidate, Today], str | None] = Rulebook()
prefer: Rulebook[[Job, Candidate, Chance], Merit] = Rulebook()
hard: Rulebook[[Job], str | None] = Rulebook()


@must.rule("employed", "当天在职", source="requirements C2", since=FIRST)
def employed(job: Job, who: Candidate, on: Today) -> str | None:
    return None if holds(who.employed, on.day) else "当天不在职"


@must.rule("covered", "服务商的网格覆盖这个地方", source="requirements C1", since=FIRST)
def covered(job: Job, who: Candidate, on: Today) -> str | None:
    return None if holds(who.covered, on.day) else "所属服务商当天不覆盖这个地方"


@must.rule("provider_brand", "服务商有品牌授权", source="requirements C2", since=FIRST)
def provider_brand(job: Job, who: Candidate, on: Today) -> str | None:
    return None if holds(who.provider_authorized, on.day) else "所属服务商没有这个品牌的授权"


@must.rule("engineer_brand", "工程师有品牌授权", source="requirements C2", since=FIRST)
def engineer_brand(job: Job, who: Candidate, on: Today) -> str | None:
    return None if holds(who.authorized, on.day) else "没有这个品牌的授权"


@must.rule("skill", "会做这类服务", source="requirements C2", since=FIRST)
def skill(job: Job, who: Candidate, on: Today) -> str | None:
    return None if holds(who.skills, on.day) else f"不会{job.category}的{TITLES[job.service_type]}"


@must.rule("certificate", "证书当天有效", source="domain/engineers/certificates.py", since=FIRST)
def certificate(job: Job, who: Candidate, on: Today) -> str | None:
    missing = []
    for kind in needed(job.category_code, job.service_type, on.day):
        theirs = [period for held, period in who.certificates if held == kind]
        if not holds(tuple(theirs), on.day):
            missing.append(f"{KINDS[kind]}{'当天已过期或未生效' if theirs else ''}")
    return f"没有{'、'.join(missing)}" if missing else None


@must.rule("asked_before", "没有为同样的原因拒绝过", source="requirements C3", since=FIRST)
def asked_before(job: Job, who: Candidate, on: Today) -> str | None:
    for refusal in who.refusals:
        if still_counts(refusal, on):
            return f"这张工单问过了：{ended(refusal.code).words}"
    return None


@must.rule("came_before", "整改换一位工程师", source="requirements H3", since=FIRST)
def came_before(job: Job, who: Candidate, on: Today) -> str | None:
    return "整改单不能再派原来的工程师" if who.engineer_id in job.came_before else None


@must.rule("works", "当天上班", source="requirements C2", since=FIRST)
def works(job: Job, who: Candidate, on: Today) -> str | None:
    if on.works is None or on.works:
        return None
    return "当天请假" if on.on_leave else "当天没有排班"


@must.rule("capacity", "当天没有排满", source="requirements C2", since=FIRST)
def capacity(job: Job, who: Candidate, on: Today) -> str | None:
    if on.works is None or who.holds or on.taken < on.most:
        return None
    return f"当天已排 {on.taken} 单，上限 {on.most} 单"


@must.rule("room", "时间排得开，路上来得及", source="requirements C2, C7; 最快车程，位置不准时按最近算", since=FIRST)
def room(job: Job, who: Candidate, on: Today) -> str | None:
    return on.no_room or None


@prefer.rule("held", "时间已经为这单留着", source="0040", since=FIRST)
def held(job: Job, who: Candidate, chance: Chance) -> Merit:
    return Merit(1.0, "时间已留好") if who.holds else Merit(0.0, "")


@prefer.rule("turn", "网格里的顺位", source="requirements C1", since=FIRST)
def turn(job: Job, who: Candidate, chance: Chance) -> Merit:
    return Merit(1 / (1 + who.turn), f"服务商第 {who.turn + 1} 顺位")


@prefer.rule("soon", "来得早", source="requirements C4", since=FIRST)
def soon(job: Job, who: Candidate, chance: Chance) -> Merit:
    at = chance.starts_at.astimezone(SHANGHAI)
    return Merit(max(0.0, 1 - chance.later_minutes / (24 * 60)), f"{at.month}月{at.day}日 {at:%H:%M} 能到")


@prefer.rule("slack", "赶得上时效", source="requirements C4, E1", since=FIRST)
def slack(job: Job, who: Candidate, chance: Chance) -> Merit:
    if job.due_at is None:
        return Merit(0.0, "")
    left = (job.due_at - chance.starts_at) / timedelta(minutes=1)
    if left < 0:
        return Merit(0.0, "会超过时效")
    return Merit(min(1.0, 0.5 + left / (8 * 60)), f"离时效还有 {left / 60:.0f} 小时")


@prefer.rule("distance", "路上花的时间少", source="requirements C4", since=FIRST)
def distance(job: Job, who: Candidate, chance: Chance) -> Merit:
    return Merit(max(0.0, 1 - chance.extra_minutes / 60), f"路上多花 {chance.extra_minutes} 分钟")


@prefer.rule("load", "当天手上的单少", source="requirements C4", since=FIRST)
def load(job: Job, who: Candidate, chance: Chance) -> Merit:
    return Merit(1 - chance.taken / chance.most if chance.most else 0.0, f"当天 {chance.taken}/{chance.most} 单")


@prefer.rule("fairness", "这几天派得少", source="requirements C4", since=FIRST)
def fairness(job: Job, who: Candidate, chance: Chance) -> Merit:
    return Merit(max(0.0, 1 - who.recent / 40), f"前后三天共 {who.recent} 单")


@prefer.rule("same_engineer", "上次就是这位", source="requirements C4", since=FIRST)
def same_engineer(job: Job, who: Candidate, chance: Chance) -> Merit:
    if who.knows == "product":
        return Merit(1.0, "修过这台机器")
    return Merit(0.5, "去过这位客户家") if who.knows == "customer" else Merit(0.0, "")


@prefer.rule("rating", "评分高", source="requirements C4", since=FIRST)
def rating(job: Job, who: Candidate, chance: Chance) -> Merit:
    return Merit(min(1.0, max(0.0, (who.rating - 300) / 200)), f"评分 {who.rating / 100:.1f}")


@prefer.rule("for_hard_cases", "疑难先派自有技术人员和高级工程师", source="requirements C3", since=FIRST)
def for_hard_cases(job: Job, who: Candidate, chance: Chance) -> Merit:
    if not hard_because(job, chance.starts_at.astimezone(SHANGHAI).date()):
        return Merit(0.0, "")
    part = (0.5 if who.own else 0.0) + 0.5 * who.grade.rank / (len(Grade) - 1)
    return Merit(part, f"疑难：{'自有，' if who.own else ''}{GRADES[who.grade]}")


@dataclass(frozen=True)
class Weights:
    """Points a preference is worth at most, for decisions taken ``[since, until)``."""

    since: date
    until: date | None
    points: Mapping[str, int]


WEIGHTS = (
    Weights(FIRST, None, {
        "held": 200, "turn": 30, "soon": 30, "slack": 20, "distance": 25, "load": 10, "fairness": 10,
        "same_engineer": 15, "rating": 10, "for_hard_cases": 80,
    }),
)  # fmt: skip
"""A change is a further row and an end to the last one: what was decided can then still be explained."""

REFUSED_BY_MANY = 3
URGED_OFTEN = 2


@hard.rule("re_repair", "二次维修", source="requirements A7", since=FIRST)
def repaired_again(job: Job) -> str | None:
    return "二次维修" if job.re_repair else None


@hard.rule("urged", "多次催单", source="requirements C3", since=FIRST)
def urged(job: Job) -> str | None:
    return f"催单 {job.urged} 次" if job.urged >= URGED_OFTEN else None


@hard.rule("refused", "多人拒单", source="requirements C3", since=FIRST)
def refused(job: Job) -> str | None:
    return f"{job.refused} 位工程师没有接" if job.refused >= REFUSED_BY_MANY else None


@hard.rule("danger", "安全事件", source="requirements L3", since=FIRST)
def danger(job: Job) -> str | None:
    return "有安全隐患" if job.danger else None


def still_counts(refusal: Refusal, on: Today) -> bool:
    """Whether what ended the last asking also speaks against this day, or this moment."""
    reason = ended(refusal.code)
    if reason.lasts == "hours":
        return on.now < refusal.at + timedelta(hours=reason.hours)
    if reason.lasts == "day":
        return refusal.window_since.astimezone(SHANGHAI).date() == on.day
    if reason.lasts == "window":
        return on.window is not None and on.window[0] < refusal.window_until and refusal.window_since < on.window[1]
    return True


def objections(job: Job, who: Candidate, on: Today) -> tuple[Objection, ...]:
    """Everything that speaks against it, in the order of the rules."""
    rules = in_force(on.day, len(must.rules))
    return tuple([Objection(rule.code, words) for rule in rules if (words := rule.run(job, who, on)) is not None])


@lru_cache(maxsize=100)
def in_force(day: date, _written: int) -> tuple[Rule[[Job, Candidate, Today], str | None], ...]:
    """The rules of a day, found once and not for each of thousands of candidates."""
    return tuple(must.on(day))


@dataclass(frozen=True)
class Point:
    """What one preference was worth."""

    code: str
    points: float
    words: str


def points(job: Job, who: Candidate, chance: Chance, day: date) -> tuple[Point, ...]:
    """What speaks for it, in the order of the preferences; those without anything to say are left out.

    ``day`` is the day of the decision: its weights count.
    """
    weights = next(row for row in WEIGHTS if row.since <= day and (row.until is None or day < row.until)).points
    found = []
    for rule in prefer.on(day):
        merit = rule.run(job, who, chance)
        if merit.words:
            found.append(Point(rule.code, round(weights[rule.code] * merit.part, 1), merit.words))
    return tuple(found)


def hard_because(job: Job, day: date) -> str:
    """Why the job is a hard case 疑难, in words; "" when it is none."""
    return "、".join(words for rule in hard.on(day) if (words := rule.run(job)))
