"""方案 and 赠品: plans as dated rows with a preview of what a change means, and batches of gift codes."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from console import cover_sheets
from console.asked import BadFilter, day_asked, yuan_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.pages.covers import sheet
from console.security import PATH
from console.shelves import brands
from domain.access.roles import Permission
from domain.catalog.categories import TITLES as CATEGORIES
from domain.cover import plans
from domain.cover.model import CoverPlan, PlanKind, Starts
from domain.cover.plans import Terms
from domain.cover.rules import Eligibility
from domain.kit.errors import Refused
from domain.products.warranty_facts import COMPONENTS
from domain.work_orders.kinds import TITLES as SERVICES

ROOM = f"{PATH}/cover-plans"
CODES = {title: code for code, title in COMPONENTS.items()}


def room(ask: Ask) -> Answer:
    """The plans of one brand that are sold or will be, with ``all`` every version; with ``new`` or ``from`` the form as well."""
    filled = ask.uow.get(CoverPlan, ask.query["from"], called="这个方案") if ask.query.get("from") else None
    known = brands(ask.uow)
    brand = filled.brand_id if filled else ask.query.get("brand") or (known[0].id if known else "")
    rows = [
        one
        for one in plans.all_plans(ask.uow)
        if one.brand_id == brand and ("all" in ask.query or one.until is None or one.until > ask.uow.today)
    ]
    values = {
        "rows": [(one, plans.in_words(plans.said(one)), plans.sold(ask.uow, one.id)) for one in rows],
        "brands": known, "brand": brand, "kinds": plans.KINDS, "categories": CATEGORIES, "components": COMPONENTS,
        "services": SERVICES, "pays": plans.PAYS, "starts": plans.STARTS, "today": ask.uow.today, "tab": "plans",
        "filled": filled, "new": "new" in ask.query, "all": "all" in ask.query,
    }  # fmt: skip
    return Page("cover_plans.html", values)


def number(form: MultiDict[str, str], name: str, title: str) -> int:
    said = form.get(name, "").strip() or "0"
    if not said.isdecimal() or len(said) > 6:
        raise BadFilter(f"{title}要填数字")
    return int(said)


def wanted_from(form: MultiDict[str, str]) -> tuple[str, str, Terms, date]:
    """(brand, code, what it says, from when)

    :raises BadFilter: a field that is no number, amount or day
    """
    since = day_asked(form.get("since", "").strip())
    if since is None:
        raise BadFilter("请选择生效日期")
    if form.get("kind") not in plans.KINDS:
        raise BadFilter("请选择类型")
    card = form["kind"] == PlanKind.CARD
    terms = Terms(
        kind=PlanKind(form["kind"]), title=form.get("title", ""), components=named(form.get("components", "")),
        months=number(form, "months", "期限"), price=yuan_asked(form.get("price", "")), terms=form.get("terms", ""),
        service_type=form.get("service_type", "") if card else "", pays=tuple(form.getlist("pays")) if card else (),
        uses=number(form, "uses", "次数") if card else 0, eligibility=asked(form),
        starts=Starts.NOW if card or form.get("starts") == Starts.NOW else Starts.AFTER_PRESENT,
        cooling_days=number(form, "cooling_days", "犹豫期"), commission_permille=number(form, "permille", "提成"),
    )  # fmt: skip
    return form.get("brand_id", ""), form.get("code", "").strip(), terms, since


def named(words: str) -> tuple[str, ...]:
    """整机、人工 as codes; a part nobody lists is its own name."""
    parts = [part.strip() for part in words.replace("，", "、").replace(",", "、").split("、")]
    return tuple(CODES.get(part, part) for part in parts if part)


def asked(form: MultiDict[str, str]) -> Eligibility:
    return Eligibility(
        categories=tuple(form.getlist("categories")), age_months_max=number(form, "age_months_max", "机龄上限"),
        needs_warranty="needs_warranty" in form, needs_check="needs_check" in form,
        divisions=tuple(form.get("divisions", "").replace("，", " ").replace(",", " ").split()),
    )  # fmt: skip


def preview(ask: Ask) -> Answer:
    """What the form would change, while it is filled in; what is wrong with it is said there too."""
    if not (ask.query.get("code") and ask.query.get("price") and ask.query.get("brand_id")):
        return Part("cover_plan_preview.html")
    try:
        brand_id, code, terms, since = wanted_from(ask.query)
        plans.check(ask.uow, brand_id, terms)
        found = plans.changes(ask.uow, brand_id, code, terms, since)
        rows = plans.versions(ask.uow, brand_id, code)
        kept = sum(plans.sold(ask.uow, one.id) for one in rows)
        return Part("cover_plan_preview.html", {"changes": found, "since": since, "new": not rows, "sold": kept})
    except Refused as wrong:
        return Part("cover_plan_preview.html", {"wrong": str(wrong)})


def put(ask: Ask) -> Answer:
    brand_id, code, terms, since = wanted_from(ask.form)
    plan = plans.put_plan(ask.uow, brand_id, code, terms, since, by=ask.by)
    return Go(ROOM, f"{plan.title} 第 {plan.version} 版，{plan.since} 起销售；已卖出的不变")


def end(ask: Ask, cover_plan_id: str) -> Answer:
    until = day_asked(ask.said("until"))
    if until is None:
        raise BadFilter("请选择停售日期")
    plan = plans.end_plan(ask.uow, cover_plan_id, until, by=ask.by)
    return Go(ROOM, f"{plan.title} 到 {plan.until} 停售，已卖出的不变")


def gifts(ask: Ask) -> Answer:
    values = {"batches": cover_sheets.batches(ask.uow), "plans": plans.all_plans(ask.uow), "today": ask.uow.today, "tab": "gifts"}  # fmt: skip
    return Page("cover_gifts.html", values)


def make_gifts(ask: Ask) -> Answer:
    """The codes as a spreadsheet: they are not seen again."""
    until = day_asked(ask.said("valid_until"))
    if until is None:
        raise BadFilter("请选择兑换截止日")
    count = number(ask.form, "count", "个数")
    batch_id, content = cover_sheets.make_gifts(
        ask.uow, ask.said("cover_plan_id"), ask.said("title"), count, until, ask.me
    )
    return sheet(content, f"gifts-{batch_id}")


def withdraw_gifts(ask: Ask, batch_id: str) -> Answer:
    left = cover_sheets.withdraw_gifts(ask.uow, batch_id, ask.me)
    return Go(f"{PATH}/gifts", f"剩下的 {left} 个兑换码已作废")


def open_doors(door: PageDoor) -> None:
    see, keep = Permission.COVER_SEE, Permission.COVER_KEEP
    door.route("GET", "/cover-plans", room, permission=see)
    door.route("GET", "/cover-plans/preview", preview, permission=keep)
    door.route("POST", "/cover-plans", put, permission=keep)
    door.route("POST", "/cover-plans/<cover_plan_id>/end", end, permission=keep)
    door.route("GET", "/gifts", gifts, permission=see)
    door.route("POST", "/gifts", make_gifts, permission=keep)
    door.route("POST", "/gifts/<batch_id>/withdraw", withdraw_gifts, permission=keep)
