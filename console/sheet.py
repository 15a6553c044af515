"""The dispatch sheet 派工单: what an engineer takes along on paper, as PDF (decision 0043).

A further line is a field of `Sheet` and a row of `rows_of`; the checks come from `domain.inspections`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from console.board_order import look_at_dispatch
from console.board_rows import local
from console.showing import mask_words
from console.work_orders import symptom_titles
from domain.access import trail
from domain.access.roles import Permission, may
from domain.access.sessions import SignedIn
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Model
from domain.inspections.checks import Check, CheckKind
from domain.inspections.library import checks_for, prompts_for
from domain.kit.errors import Forbidden
from domain.kit.paper import Paper
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand, Provider, Station
from domain.products.model import Product
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken


@dataclass(frozen=True)
class Sheet:
    """What is printed; of the customer only what whoever prints it may see."""

    brand: str
    hotline: str
    number: str
    customer: str
    phone: str
    address: str
    product: str
    serial: str
    purchased_on: date | None
    service: str
    fault: str
    window: str
    engineers: str
    station: str
    repeat: bool
    prompts: Sequence[str]
    checks: Sequence[Check]
    printed_at: datetime
    printed_by: str


def sheet_of(uow: UnitOfWork, order_id: str, who: SignedIn, *, full: bool) -> Sheet:
    """What is printed for an order; printing is on record, ``full`` as a look at personal data.

    :raises Forbidden: ``full``, by somebody who may not see personal data; :raises NotFound: no such order
    """
    if full and not may(who.staff.role, Permission.PERSONAL_REVEAL):
        raise Forbidden("您没有权限打印客户的完整资料")
    order = uow.get(WorkOrder, order_id, called="这张工单")
    seen = look_at_dispatch(uow, order_id)
    trail.record(uow, who.actor, "order.sheet", "work_order", order.id, full=full)
    brand = uow.session.get_one(Brand, order.brand_id)
    model = uow.session.get(Model, order.model_id) if order.model_id else None
    product = uow.session.get(Product, order.product_id) if order.product_id else None
    station = uow.session.get(Station, order.station_id) if order.station_id else None
    provider = uow.session.get(Provider, order.provider_id) if order.provider_id else None
    names = [one.name for one in seen.coming.engineers] if seen.coming else []
    name = order.contact_name or ""
    fault = "，".join([order.words if full else mask_words(order.words), *symptom_titles(order.symptoms)])
    prompts = prompts_for(order.category_code, order.service_type, uow.today)
    return Sheet(
        brand=brand.name,
        hotline=brand.hotline,
        number=order.number,
        customer=name if full else mask_name(name),
        phone=order.phone if full else mask_phone(order.phone),
        address=order.address if full else mask_address(order.address),
        product=" ".join((CATEGORIES.get(order.category_code, ""), *((model.name, model.code) if model else ()))),
        serial=(product.serial if product else None) or "",
        purchased_on=product.purchased_on if product else None,
        service=SERVICES[order.service_type],
        fault=f"{fault}（故障码 {order.error_code}）" if order.error_code else fault,
        window=seen.promised.words if seen.promised else "未约定",
        engineers="、".join(names),
        station=" ".join(one.name for one in (provider, station) if one),
        repeat=order.repair_of_id is not None,
        prompts=[prompt.words for prompt in prompts],
        checks=checks_for(order.category_code, order.service_type, uow.today),
        printed_at=local(uow.now),
        printed_by=who.staff.display_name,
    )


def draw(sheet: Sheet) -> bytes:
    """The sheet as PDF: A4, text that can be selected, a QR code with the order's number."""
    spoken_number = spoken(sheet.number)
    paper = Paper(f"派工单 {spoken_number}", sheet.printed_at)
    paper.head(f"{sheet.brand} 派工单", f"工单号 {spoken_number}", f"服务热线 {sheet.hotline}", sheet.number)
    paper.rows(rows_of(sheet))
    if sheet.prompts:
        paper.title("开工前确认")
        for words in sheet.prompts:
            paper.box(words)
    if sheet.checks:
        paper.title("现场检查")
        for check in sheet.checks:
            paper.box(f"{check.title}　{blank_for(check)}")
    paper.title("服务记录")
    paper.rows([("故障原因", ""), ("处理经过", ""), ("更换配件", ""), ("收费（元）", ""), ("备注", "")], tall=True)
    sign_here(paper, sheet)
    return paper.content()


def rows_of(sheet: Sheet) -> list[tuple[str, str]]:
    bought = sheet.purchased_on.isoformat() if sheet.purchased_on else ""
    return [
        ("上门时间", sheet.window),
        ("工程师", sheet.engineers or "未派"),
        ("服务网点", sheet.station),
        ("客户", "　".join(part for part in (sheet.customer, sheet.phone) if part)),
        ("地址", sheet.address),
        ("服务类型", sheet.service + ("（二次维修）" if sheet.repeat else "")),
        ("产品", sheet.product),
        ("机身编号", "　".join(part for part in (sheet.serial, bought and f"购于 {bought}") if part)),
        ("客户描述", sheet.fault),
    ]


def blank_for(check: Check) -> str:
    """Room for what is found, with what is fine."""
    if check.kind is CheckKind.NUMBER:
        limits = "～".join(str(one) if one is not None else "" for one in (check.least, check.most))
        return f"______ {check.unit}（{limits}）"
    if check.kind is CheckKind.CHOICE:
        return " / ".join(option.words for option in check.options)
    return "是 / 否"


def sign_here(paper: Paper, sheet: Sheet) -> None:
    pdf = paper.pdf
    paper.room(24)
    pdf.ln(5)
    paper.size(11)
    for words in ("工程师签字：________________", "客户签字：________________", "日期：____________"):
        pdf.cell(pdf.epw / 3, 8, words)
    pdf.ln(9)
    paper.line(8, 5, f"{sheet.printed_at:%Y-%m-%d %H:%M} 由 {sheet.printed_by} 打印，含客户资料，用后请收好。")
