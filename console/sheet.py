"""The dispatch sheet 派工单: what an engineer takes along on paper, as PDF with an embedded Chinese font (decision 0043).

A further line is a field of `Sheet` and a row of `rows_of`; the checks come from `domain.inspections`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import zxingcpp
from fpdf import FPDF
from fpdf.enums import WrapMode
from PIL import Image

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
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand, Provider, Station
from domain.products.model import Product
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

FONT = "NotoSansSC"
MARGIN, LABEL, LINE = 14.0, 24.0, 6.2
"""Millimetres."""


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
    paper = Paper(sheet)
    paper.head()
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
    paper.signatures()
    return bytes(paper.pdf.output())


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


@lru_cache(maxsize=1)
def font_file() -> str:
    """The font comes with the package pylopdf-fonts-zh-cn; nothing of the machine's is used."""
    return str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")


class Paper:
    """The pen on one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.pdf = FPDF(format="A4")
        self.pdf.set_margin(MARGIN)
        self.pdf.set_auto_page_break(True, MARGIN)
        self.pdf.add_font(FONT, "", font_file())
        self.pdf.set_title(f"派工单 {spoken(sheet.number)}")
        self.pdf.set_lang("zh-CN")
        self.pdf.set_creation_date(sheet.printed_at)
        self.pdf.add_page()

    def size(self, points: float) -> None:
        self.pdf.set_font(FONT, size=points)

    def write(self, width: float, height: float, words: str, **options: Any) -> None:
        """A paragraph that breaks between any two characters, as Chinese does."""
        self.pdf.multi_cell(width, height, words, align="L", wrapmode=WrapMode.CHAR, **options)

    def lines(self, words: str, width: float) -> int:
        """How many lines the words take."""
        told = self.pdf.multi_cell(width, LINE, words, dry_run=True, output="LINES", wrapmode=WrapMode.CHAR)
        return len(cast("list[str]", told))

    def head(self) -> None:
        pdf, sheet = self.pdf, self.sheet
        self.size(20)
        pdf.cell(0, 10, f"{sheet.brand} 派工单", new_x="LMARGIN", new_y="NEXT")
        self.size(14)
        pdf.cell(0, 8, f"工单号 {spoken(sheet.number)}", new_x="LMARGIN", new_y="NEXT")
        self.size(9)
        pdf.cell(0, 6, f"服务热线 {sheet.hotline}", new_x="LMARGIN", new_y="NEXT")
        pdf.image(qr_code(sheet.number), x=pdf.w - MARGIN - 26, y=MARGIN - 2, w=26, h=26)
        pdf.set_y(MARGIN + 27)

    def title(self, words: str) -> None:
        self.pdf.ln(2)
        self.size(11)
        self.pdf.cell(0, 7, words, new_x="LMARGIN", new_y="NEXT")

    def rows(self, rows: Sequence[tuple[str, str]], *, tall: bool = False) -> None:
        """Two columns with lines around them."""
        self.size(10)
        for label, words in rows:
            lines = self.lines(words or " ", self.pdf.epw - LABEL - 4)
            height = max(LINE * lines + 1.6, 8.0 if tall else 0)
            if self.pdf.will_page_break(height):
                self.pdf.add_page()
            top = self.pdf.get_y()
            self.pdf.rect(MARGIN, top, LABEL, height)
            self.pdf.rect(MARGIN + LABEL, top, self.pdf.epw - LABEL, height)
            self.pdf.set_xy(MARGIN + 1, top + 0.8)
            self.pdf.cell(LABEL - 2, LINE, label)
            self.pdf.set_xy(MARGIN + LABEL + 1, top + 0.8)
            if words:
                self.write(self.pdf.epw - LABEL - 2, LINE, words)
            self.pdf.set_xy(MARGIN, top + height)

    def box(self, words: str) -> None:
        """A line to be ticked."""
        self.size(9)
        if self.pdf.will_page_break(LINE * 2):
            self.pdf.add_page()
        self.pdf.rect(MARGIN + 0.8, self.pdf.get_y() + 1.3, 3, 3)
        self.pdf.set_x(MARGIN + 5.5)
        self.write(self.pdf.epw - 5.5, 5.4, words, new_x="LMARGIN", new_y="NEXT")

    def signatures(self) -> None:
        pdf = self.pdf
        if pdf.will_page_break(24):
            pdf.add_page()
        pdf.ln(5)
        self.size(11)
        for words in ("工程师签字：________________", "客户签字：________________", "日期：____________"):
            pdf.cell(pdf.epw / 3, 8, words)
        pdf.ln(9)
        self.size(8)
        printed = f"{self.sheet.printed_at:%Y-%m-%d %H:%M} 由 {self.sheet.printed_by} 打印，含客户资料，用后请收好。"
        pdf.cell(0, 5, printed, new_x="LMARGIN", new_y="NEXT")


def qr_code(number: str) -> Image.Image:
    """What the engineer's phone scans: the order's number."""
    code = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(code.to_image(scale=8))
