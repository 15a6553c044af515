"""★ Is it still under warranty: each component's start, terms and exclusions, as rules over frozen facts.

`decide` is the only judge: chat, console, the phone and what is stored with an order all ask it. Where a term begins is a function
below `starts`, in order of belief; what grants a term is one below `grants`; what ends all claims is one below `exclusions`.
The last day of a term is covered (民法典 202 条). What each rule rests on is docs/decisions/0060-warranty.md.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from domain.kit.rulebook import Rulebook
from domain.products.warranty_facts import (
    COMPONENTS,
    LABOUR,
    MAIN_PARTS,
    RESULTS,
    WHOLE,
    Answer,
    Decision,
    Facts,
    Grant,
    Invoice,
    Result,
    Start,
    Term,
)  # fmt: skip
from domain.products.warranty_law import CIVIL_CODE, CONSUMER_LAW, LAW, statute_for

FIRST = date(1995, 8, 25)

starts: Rulebook[[Facts, date], Start | None] = Rulebook()
grants: Rulebook[[Facts, Start], list[Grant]] = Rulebook()
exclusions: Rulebook[[Facts], str | None] = Rulebook()


def after_months(day: date, months: int) -> date:
    """The day that answers to it so many months on, the last of the month where there is none (民法典 202 条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after_rest(day: date, rest_days: frozenset[date]) -> date:
    """A lawful term that would end on a rest day ends on the first day after it (民法典 203 条)."""
    while day in rest_days:
        day += timedelta(days=1)
    return day


def doubts_of(facts: Facts, day: date) -> tuple[str, ...]:
    """What is not believed."""
    found = []
    if facts.purchased_on and facts.purchased_on > day:
        found.append(f"购买日期 {facts.purchased_on} 晚于今天，不采信")
    if facts.made_on and facts.made_on > day:
        found.append(f"编号读出的生产日期 {facts.made_on} 晚于今天，不采信")
    if facts.replaced_on and facts.replaced_on > day:
        found.append(f"换机日期 {facts.replaced_on} 晚于今天，不采信")
    if bought_before_made(facts, day):
        found.append(f"购买日期 {facts.purchased_on} 早于生产日期 {facts.made_on}，不采信")
    return tuple(found)


def bought_before_made(facts: Facts, day: date) -> bool:
    made = facts.made_on
    return bool(facts.purchased_on and made and made <= day and facts.purchased_on < made)


@starts.rule("replaced", "换机后从换机之日起重新计算", source=f"{LAW}第十六条", since=FIRST)
def replaced(facts: Facts, day: date) -> Start | None:
    if facts.replaced_on is None or facts.replaced_on > day:
        return None
    return Start(
        facts.replaced_on, facts.replaced_on, "replaced", f"{LAW}第十六条", f"{facts.replaced_on} 换机，重新计算"
    )


@starts.rule("purchase", "从购买（开发票）之日起计算", source=f"{LAW}第八条", since=FIRST)
def purchase(facts: Facts, day: date) -> Start | None:
    bought = facts.purchased_on
    if bought is None or bought > day or bought_before_made(facts, day):
        return None
    seen = "凭发票" if facts.invoice is Invoice.SEEN else "按登记的购买日期（未见发票）"
    return Start(bought, bought, "purchase", f"{LAW}第八条", f"{bought} 购买，{seen}")


@starts.rule("production", "没有购买日期的，从生产日期加品牌宽限期起计算", source="品牌编号规则", since=FIRST)
def production(facts: Facts, day: date) -> Start | None:
    if facts.made_on is None or facts.made_on > day:
        return None
    on = after_months(facts.made_on, facts.allowance_months)
    words = f"编号读出 {facts.made_on} 生产，宽限 {facts.allowance_months} 个月，从 {on} 起算"
    return Start(on, facts.made_on, "production", facts.made_by or "品牌编号规则", words)


@grants.rule("statutory", "三包：修理", source=f"{LAW}第八条及附件", since=FIRST)
def statutory(facts: Facts, start: Start) -> list[Grant]:
    row = statute_for(facts.category, start.on)
    if row is None or facts.invoice is Invoice.NONE or "no_invoice" in facts.findings:
        return []  # without an invoice the law grants nothing: third case of article 17
    months = {WHOLE: row.whole, MAIN_PARTS: row.main_parts, LABOUR: row.whole}
    return [
        Grant(component, start.since, lawful_end(facts, after_months(start.on, term)), "statutory", f"{LAW}附件",
              f"{row.since}起施行", lawful=True)
        for component, term in months.items()
    ]  # fmt: skip


def lawful_end(facts: Facts, last: date) -> date:
    return after_rest(last + timedelta(days=facts.days_in_repair), facts.rest_days)


@grants.rule("brand", "品牌承诺", source="品牌保修条款（按购买日适用的版本）", since=FIRST)
def brand(facts: Facts, start: Start) -> list[Grant]:
    """Of the day it was bought; a model's own term goes before its category's of the same component and source."""
    return [
        Grant(one.component, start.since, after_months(start.on, one.months), "brand", one.source, f"{one.since}起版本")
        for one in terms_on(facts.terms, start.on)
    ]


def terms_on(terms: Iterable[Term], day: date) -> list[Term]:
    held = [one for one in terms if one.since <= day and (one.until is None or day < one.until)]
    own = {(one.component, one.source) for one in held if one.of_model}
    return [one for one in held if one.of_model or (one.component, one.source) not in own]


def extra_grants(facts: Facts) -> list[Grant]:
    """What was bought beside has days of its own, whatever is known of the purchase."""
    return [Grant(one.component, one.since, one.until, one.kind, one.source, one.id) for one in facts.extras]


@exclusions.rule("misuse", "使用、维护、保管不当造成的损坏", source=f"{LAW}第十七条（一）", since=FIRST)
def misuse(facts: Facts) -> str | None:
    return found(facts, "misuse", "使用、维护或保管不当造成的损坏不在保修范围，可以收费维修")


@exclusions.rule("foreign_repair", "非授权人员拆动造成的损坏", source=f"{LAW}第十七条（二）", since=FIRST)
def foreign_repair(facts: Facts) -> str | None:
    return found(facts, "foreign_repair", "非授权维修人员拆动造成的损坏不在保修范围，可以收费维修")


@exclusions.rule("mismatch", "凭证型号与产品不符或被涂改", source=f"{LAW}第十七条（四）", since=FIRST)
def mismatch(facts: Facts) -> str | None:
    return found(facts, "mismatch", "凭证与产品的型号不符或被涂改，不能按保修办理，可以收费维修")


@exclusions.rule("force_majeure", "不可抗力造成的损坏", source=f"{LAW}第十七条（五）", since=FIRST)
def force_majeure(facts: Facts) -> str | None:
    return found(facts, "force_majeure", "雷击、水淹等不可抗力造成的损坏不在保修范围，可以收费维修")


@exclusions.rule("non_domestic", "非家庭使用", source="品牌保修条款（限家庭使用）", since=FIRST)
def non_domestic(facts: Facts) -> str | None:
    return found(facts, "non_domestic", "用于经营或公共场所的产品不按家用保修办理，可以收费维修")


def found(facts: Facts, code: str, words: str) -> str | None:
    return words if code in facts.findings else None


NO_INVOICE = "no_invoice"
"""A finding that takes away what the law grants (article 17, third case), and leaves the brand's promise."""


def begin(facts: Facts, day: date) -> Start | None:
    """Where the terms begin: the first rule that knows."""
    return next((start for rule in starts.on(day) if (start := rule.run(facts, day))), None)


def decide(facts: Facts, day: date) -> Decision:
    """What holds for this product on this day."""
    start = begin(facts, day)
    given = extra_grants(facts)
    if start:
        given += [grant for rule in grants.on(start.on) for grant in rule.run(facts, start)]
    evidence = (*([start.words] if start else []), *doubts_of(facts, day), *about(facts))
    excluded = next(
        ((rule.code, rule.source, words) for rule in exclusions.on(day) if (words := rule.run(facts))), None
    )  # fmt: skip
    answers = [
        judged(component, given, start, excluded, evidence, day) for component in components(facts, start, given, day)
    ]
    rights = () if excluded or start is None else tuple(rights_of(facts, start, evidence, day))
    return Decision(day, start, tuple(answers), rights, doubts_of(facts, day))


def about(facts: Facts) -> Iterator[str]:
    if facts.owners > 1:
        yield "产品过户，保修随产品，不重新计算"
    if facts.invoice is Invoice.NONE or NO_INVOICE in facts.findings:
        yield f"没有有效发票，不适用三包（{LAW}第十七条（三）），只按品牌承诺"
    if facts.days_in_repair:
        yield f"扣除修理占用和待件 {facts.days_in_repair} 天"


def components(facts: Facts, start: Start | None, given: Iterable[Grant], day: date) -> list[str]:
    """What there is to say something about: the three everybody asks for, then named parts.

    While nobody knows where the terms begin, the parts are those of today's terms.
    """
    named = {grant.component for grant in given}
    if start is None:
        named |= {term.component for term in terms_on(facts.terms, day)}
    return [*COMPONENTS, *sorted(named - set(COMPONENTS))]


def holds_for(grant: Grant, component: str) -> bool:
    """The whole machine's term holds for its parts too, the main parts' for each that is named; labour has its own."""
    if component == LABOUR or grant.component == LABOUR:
        return grant.component == component
    return grant.component in (component, WHOLE) or (grant.component == MAIN_PARTS and component != WHOLE)


def judged(
    component: str, given: Iterable[Grant], start: Start | None, excluded: tuple[str, str, str] | None,
    evidence: tuple[str, ...], day: date,
) -> Answer:  # fmt: skip
    """One component: of all that holds for it, what reaches furthest."""
    title = COMPONENTS.get(component, component)
    mine = [grant for grant in given if holds_for(grant, component)]
    if excluded:
        code, source, why = excluded
        return Answer(component, Result.EXCLUDED, None, None, code, source, "", evidence, f"{title} 不保：{why}")
    if not mine and start is None:
        words = f"{title} 待核：没有登记购买日期，请准备好发票"
        return Answer(component, Result.UNKNOWN, None, None, "asked", "", "", evidence, words)
    if not mine and start:
        words = f"{title} 没有查到对应的保修条款"
        return Answer(component, Result.UNKNOWN, start.on, None, "no_term", "", "", evidence, words)
    best = max(mine, key=lambda it: (it.since <= day <= it.until, it.since <= day, it.until, it.lawful))
    result = Result.COVERED if best.since <= day <= best.until else Result.OVER
    words = f"{title} {RESULTS[result]}（到 {best.until}，依据：{best.source}）"
    return Answer(
        component, result, best.since, best.until, best.rule, best.source, best.version, evidence, words
    )  # fmt: skip


def rights_of(facts: Facts, start: Start, evidence: tuple[str, ...], day: date) -> Iterator[Answer]:
    """Return within seven days and exchange within fifteen, of a purchase with proof; the general law knows the seven only."""
    if start.rule == "production" or facts.invoice is Invoice.NONE or NO_INVOICE in facts.findings:
        return
    listed = statute_for(facts.category, start.on) is not None
    offers = [("return", 7, f"{LAW}第九条" if listed else f"{CONSUMER_LAW}第二十四条", "可以选择退货、换货或修理")]
    if listed:
        offers.append(("exchange", 15, f"{LAW}第十条", "可以选择换货或修理"))
    for code, days, source, words in offers:
        last = after_rest(start.on + timedelta(days=days), facts.rest_days)
        if start.on <= day <= last:
            said = f"出现性能故障，{last} 前（含当日）{words}（依据：{source}、{CIVIL_CODE}第二百零三条）"
            yield Answer(code, Result.COVERED, start.on, last, code, source, "", evidence, said)
