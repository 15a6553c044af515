"""价目: the fee table and part prices as dated rows, with a preview of what a change means for open orders; in and out as a spreadsheet."""

from __future__ import annotations

from datetime import date

from flask import Response, request
from werkzeug.datastructures import MultiDict

from console import prices
from console.asked import BadFilter, day_asked, yuan_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from console.shelves import brands
from domain.access import trail
from domain.access.roles import Permission
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Part as SparePart
from domain.kit.errors import Refused
from domain.pricing import fee_table
from domain.pricing.fee_facts import KINDS, PART
from domain.pricing.fee_table import OWNERS, FeeDraft
from domain.pricing.model import FeeRow
from domain.work_orders.kinds import TITLES as SERVICES

ROOM, PARTS_ROOM = f"{PATH}/prices", f"{PATH}/part-prices"
LARGEST = 10 * 2**20


def room(ask: Ask) -> Answer:
    every = brands(ask.uow)
    brand_id = ask.query.get("brand_id") or (every[0].id if every else "")
    category = ask.query.get("category", "")
    values = {
        "rows": prices.fee_rows(ask.uow, brand_id, category), "brands": every, "brand_id": brand_id, "category": category,
        "categories": CATEGORIES, "kinds": {code: title for code, title in KINDS.items() if code != PART}, "services": SERVICES,
        "owners": OWNERS, "today": ask.uow.today, "tab": "fees",
        "filled": ask.uow.get(FeeRow, ask.query["from"], called="这条价目") if ask.query.get("from") else None,
    }  # fmt: skip
    return Page("prices.html", values)


def fen(words: str) -> int:
    return yuan_asked(words.strip() or "0").fen


def draft_from(form: MultiDict[str, str]) -> tuple[str, FeeDraft, date]:
    """(brand, what it says, from when)

    :raises BadFilter: a field that is no number, amount or day
    """
    since = day_asked(form.get("since", "").strip())
    numbers = {name: form.get(name, "").strip() or "0" for name in ("km_from", "percent")}
    if since is None or any(not one.isdecimal() or len(one) > 4 for one in numbers.values()):
        raise BadFilter("请选择生效日期，公里和百分比填整数")
    draft = FeeDraft(
        form.get("kind", ""), form.get("code", ""), form.get("title", ""), form.get("category", ""), form.get("service", ""),
        int(numbers["km_from"]), fen(form.get("price", "")), 10 * int(numbers["percent"]), form.get("unit", "").strip()[:8],
        form.get("owner", "brand"), form.get("source", "").strip()[:100],
    )  # fmt: skip
    return form.get("brand_id", ""), fee_table.checked(draft), since


def preview(ask: Ask) -> Answer:
    try:
        brand_id, draft, since = draft_from(ask.query)
        values = {
            "effects": fee_table.preview_fee(ask.uow, brand_id, draft),
            "since": since,
            **prices.before(ask.uow, brand_id, draft, since),
        }
        return Part("price_preview.html", values)
    except Refused as wrong:
        return Part("price_preview.html", {"wrong": str(wrong)})


def put(ask: Ask) -> Answer:
    brand_id, draft, since = draft_from(ask.form)
    row = fee_table.put_fee(ask.uow, brand_id, draft, since, by=ask.by)
    return Go(
        f"{ROOM}?brand_id={brand_id}&category={row.category_code}", f"{row.title} 从 {row.since} 起生效；已报的价不变"
    )


def end(ask: Ask, fee_id: str) -> Answer:
    until = day_asked(ask.said("until"))
    if until is None:
        raise BadFilter("请选择停用日期")
    row = fee_table.end_fee(ask.uow, fee_id, until, by=ask.by)
    return Go(f"{ROOM}?brand_id={row.brand_id}&category={row.category_code}", f"{row.title} 从 {until} 起停用")


def parts_room(ask: Ask) -> Answer:
    every = brands(ask.uow)
    brand_id = ask.query.get("brand_id") or (every[0].id if every else "")
    rows, after = prices.part_rows(ask.uow, brand_id, ask.query.get("q", "")[:60], ask.query.get("after", ""))
    values = {
        "rows": rows, "after": after, "brands": every, "brand_id": brand_id, "q": ask.query.get("q", ""), "tab": "parts",
        "today": ask.uow.today, "labours": prices.labours(ask.uow, brand_id),
    }  # fmt: skip
    return Page("part_prices.html", values)


def put_part(ask: Ask, part_id: str) -> Answer:
    since = day_asked(ask.said("since"))
    if since is None:
        raise BadFilter("请选择生效日期")
    part = ask.uow.get(SparePart, part_id, called="这个配件")
    amount = fen(ask.said("price"))
    effects = fee_table.preview_price(ask.uow, part, amount)
    fee_table.put_price(ask.uow, part_id, amount, ask.said("labour"), since, by=ask.by)
    said = f"{part.name} 从 {since} 起生效；已报的价不变"
    return Go(
        f"{PARTS_ROOM}?brand_id={part.brand_id}&q={part.code}",
        said + (f"，{len(effects)} 张未完工单重新报价会变" if effects else ""),
    )


def files(ask: Ask) -> Answer:
    return Page(
        "price_files.html", {"loaded": None, "problem": str(ask.error or ""), "tab": "files", "brands": brands(ask.uow)}
    )


def open_doors(door: PageDoor) -> None:
    see, keep = Permission.PRICES_SEE, Permission.PRICES_KEEP

    def upload(ask: Ask) -> Answer:
        """All of it or nothing: with a single problem the transaction writes nothing."""
        sent = request.files.get("file")
        content = sent.stream.read(LARGEST + 1) if sent and sent.filename else b""
        if not sent or not sent.filename or not content or len(content) > LARGEST:
            raise Refused("请选择一个 10 MB 以内的 .xlsx 文件")
        loaded = door.price_files.load(ask.uow, ask.said("brand_id"), sent.filename, content, ask.by)
        values = {"loaded": loaded, "name": sent.filename, "problem": "", "tab": "files", "brands": brands(ask.uow)}
        return Page("price_files.html", values, 422 if loaded.problems else 200)

    def download(ask: Ask) -> Answer:
        brand_id = ask.query.get("brand_id", "")
        content = door.price_files.save(ask.uow, brand_id)
        trail.record(ask.uow, ask.by, "fees.export", "brand", brand_id)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return Response(content, mimetype=kind, headers={"Content-Disposition": "attachment; filename=prices.xlsx"})

    door.route("GET", "/prices", room, permission=see)
    door.route("GET", "/prices/preview", preview, permission=keep)
    door.route("POST", "/prices", put, permission=keep)
    door.route("POST", "/prices/<fee_id>/end", end, permission=keep)
    door.route("GET", "/part-prices", parts_room, permission=see)
    door.route("POST", "/part-prices/<part_id>", put_part, permission=keep)
    door.route("GET", "/price-files", files, permission=keep)
    door.route("POST", "/price-files", upload, permission=keep, again=files)
    door.route("GET", "/price-files/prices.xlsx", download, permission=keep)
