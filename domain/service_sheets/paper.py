"""The service sheet 服务单 (of a product taken in: 取件单) as PDF: what the customer keeps, with the signature and a code to verify.

What is on it is gathered by `printed_of` in a transaction; `draw` needs none, only the opened pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select

from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Model
from domain.engineers.model import Engineer
from domain.files.model import FileState, StoredFile
from domain.files.pictures import small
from domain.files.store import FileStore, unseal
from domain.files.uploads_model import Upload
from domain.kit.money import Money
from domain.kit.paper import BLACK, GREY, MARGIN, RED, Paper
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Brand, Station
from domain.products.model import Product
from domain.service_sheets.consequences import ended_at
from domain.service_sheets.links import path_to_verify
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.reading import SheetRead, SignatureRead, masked, read_sheet
from domain.service_sheets.rules import OUTCOMES
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.numbers import spoken

MOST_PHOTOS = 12
VOID = "签名已失效：签名之后单据有改动，需重新签名"
UNSIGNED = "尚未签名"

log = structlog.get_logger()


@dataclass(frozen=True)
class Kept:
    """Where a picture's content lies, and how it opens."""

    file_id: str
    place: str
    key: str


@dataclass(frozen=True)
class Printed:
    """What is printed; of the customer only what whoever prints it may see."""

    receipt: bool
    brand: str
    hotline: str
    number: str
    customer: str
    phone: str
    address: str
    product: str
    serial: str
    service: str
    engineer: str
    visit: int
    arrived_at: datetime | None
    ended_at: datetime
    outcome: str
    station: str
    read: SheetRead
    signature: SignatureRead | None
    signer: str
    pictures: Mapping[str, Kept]
    """By upload."""
    verify_path: str
    printed_at: datetime
    settled: str = ""
    """Whether it is paid, in words; whoever prints it knows: `domain.pricing.queries.settled_words`."""

    @property
    def title(self) -> str:
        return "取件单" if self.receipt else "服务单"

    @property
    def standing(self) -> str:
        """What is to be said of the signature, "" when it holds."""
        return UNSIGNED if self.signature is None else "" if self.signature.holds else VOID


def printed_of(uow: UnitOfWork, sheet: ServiceSheet, *, full: bool) -> Printed:
    """Everything on the paper: ``full`` with the customer's name, phone and address, else masked as the customer sees them."""
    visit, order = uow.session.get_one(Visit, sheet.visit_id), uow.session.get_one(WorkOrder, sheet.work_order_id)
    read = read_sheet(uow, sheet, visit, order)
    read = read if full else masked(read)
    brand = uow.session.get_one(Brand, order.brand_id)
    model = uow.session.get(Model, order.model_id) if order.model_id else None
    product = uow.session.get(Product, order.product_id) if order.product_id else None
    came = uow.session.get(Engineer, visit.engineer_id) if visit.engineer_id else None
    station = uow.session.get(Station, sheet.taken_to) if sheet.taken_to else None
    receipt = sheet.outcome == "taken_in"
    signature = read.signature("receipt" if receipt else "sheet")
    name, signer = order.contact_name or "", signature.name if signature else ""
    return Printed(
        receipt=receipt, brand=brand.name, hotline=brand.hotline, number=order.number,
        customer=name if full else mask_name(name), phone=order.phone if full else mask_phone(order.phone),
        address=order.address if full else mask_address(order.address),
        product=" ".join((CATEGORIES.get(order.category_code, ""), *((model.name, model.code) if model else ()))),
        serial=read.fields.get("serial") or (product.serial if product else None) or "",
        service=SERVICES[order.service_type], engineer=f"{came.name}（工号 {came.code}）" if came else "",
        visit=visit.seq, arrived_at=read.checked_in_at, ended_at=ended_at(uow, sheet),
        outcome=OUTCOMES[sheet.outcome].title if sheet.outcome else "服务中", station=station.name if station else "",
        read=read, signature=signature, signer=signer if full else mask_name(signer),
        pictures=kept_of(uow, visit.id, [*(one.upload_id for one in read.photos), *((signature.upload_id,) if signature else ())]),
        verify_path=path_to_verify(sheet), printed_at=uow.now,
    )  # fmt: skip


def kept_of(uow: UnitOfWork, visit_id: str, uploads: Sequence[str]) -> dict[str, Kept]:
    """The visit's pictures that are here already; others are still on their way from the phone."""
    found = (
        select(Upload.id, StoredFile)
        .join(StoredFile, StoredFile.id == Upload.file_id)
        .where(Upload.id.in_(uploads), Upload.visit_id == visit_id, StoredFile.state == FileState.KEPT)
    )
    return {
        upload_id: Kept(file.id, file.place, file.key)
        for upload_id, file in uow.session.execute(found)
        if file.place and file.key
    }


def opened(store: FileStore, printed: Printed) -> dict[str, bytes]:
    """The small pictures, by upload. One that cannot be opened now is left out, and counted as missing on the paper."""
    found = {}
    for upload_id, kept in printed.pictures.items():
        try:
            found[upload_id] = small(unseal(kept.key, kept.file_id, store.get(kept.place)))
        except OSError as error:
            log.warning("picture not on paper", file=kept.file_id, error=type(error).__name__)
    return found


def here(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def draw(sheet: Printed, pictures: Mapping[str, bytes], verify_url: str) -> bytes:
    """The PDF. ``pictures`` are small ones by upload, the signature's among them; what is missing is said to be so."""
    paper = Paper(f"{sheet.title} {spoken(sheet.number)}", sheet.printed_at.astimezone(SHANGHAI))
    code = sheet.read.sheet.verify_code
    paper.head(
        f"{sheet.brand} {sheet.title}",
        f"工单号 {spoken(sheet.number)}",
        f"服务热线 {sheet.hotline}　验证码 {code}",
        verify_url,
    )
    if sheet.standing:
        paper.colour(RED)
        paper.line(13, 8, sheet.standing)
        paper.colour(BLACK)
    paper.rows(rows_of(sheet))
    for section in (draw_checks, draw_lines):
        section(paper, sheet)
    draw_photos(paper, sheet, pictures)
    draw_signature(paper, sheet, pictures)
    paper.pdf.ln(2)
    paper.colour(GREY)
    paper.paragraph(8, 5, f"扫右上角的二维码，或打开 {verify_url} ，可以核对这张单是不是我们开的、有没有改动过。")
    paper.line(8, 5, f"单据指纹 {sheet.read.sheet.hash[:16]}　{here(sheet.printed_at)} 生成")
    return paper.content()


def rows_of(sheet: Printed) -> list[tuple[str, str]]:
    fields, found = sheet.read.fields, sheet.read.diagnosis
    cause = "　".join(part for part in (found.cause, found.remedy, found.said) if part) if found else ""
    times = " 至 ".join(part for part in (here(sheet.arrived_at), here(sheet.ended_at)) if part)
    rows = [
        ("上门", f"第 {sheet.visit} 次　{times}　{sheet.outcome}"),
        ("工程师", sheet.engineer),
        ("客户", "　".join(part for part in (sheet.customer, sheet.phone) if part)),
        ("地址", sheet.address),
        ("服务类型", sheet.service),
        ("产品", sheet.product),
        ("机身编号", "　".join(part for part in (sheet.serial, fields.get("second_serial", "")) if part)),
        ("故障情况", fields.get("fault_found", "")),
        ("故障原因", cause),
        ("处理经过", fields.get("done", "")),  # the remark is written for ourselves only
    ]
    if sheet.receipt:
        rows.insert(2, ("机器存放", sheet.station))
    return [row for row in rows if row[1]]


def draw_checks(paper: Paper, sheet: Printed) -> None:
    made = [one for one in sheet.read.checks if one.verdict is not None]
    if made:
        paper.title("现场检查")
        rows = [
            (one.title, one.reading, one.verdict_title, "" if one.verdict == "fine" else one.put_right) for one in made
        ]
        paper.table((4, 3, 2, 7), ("项目", "结果", "判定", "要处理的"), rows)


def draw_lines(paper: Paper, sheet: Printed) -> None:
    read = sheet.read
    if read.parts:
        paper.title("更换配件")
        rows = [
            (f"{one.code} {one.name}".strip(), str(one.quantity), one.new_serial, one.old_serial or ("客户留存" if one.old_kept else ""))
            for one in read.parts
        ]  # fmt: skip
        paper.table((12, 3, 8, 8), ("配件", "数量", "新件序列号", "旧件"), rows)
    if read.materials:
        paper.title("安装辅材")
        paper.table((6, 3), ("辅材", "用量"), [(one.title, one.quantity) for one in read.materials])
    if read.fees or not sheet.receipt:
        paper.title("费用")
        fees = [(one.title, f"{Money(one.fen)}", one.payer) for one in read.fees]
        paper.table(
            (6, 3, 3), ("项目", "金额", "谁付"), [*fees, ("客户应付合计", f"{Money(read.total_fen)}", sheet.settled)]
        )


def draw_photos(paper: Paper, sheet: Printed, pictures: Mapping[str, bytes]) -> None:
    shown = [(one.title, pictures[one.upload_id]) for one in sheet.read.photos if one.upload_id in pictures]
    if sheet.read.photos:
        paper.title(f"照片（{len(sheet.read.photos)} 张）")
        paper.pictures(shown[:MOST_PHOTOS], across=6)
    if len(shown) < len(sheet.read.photos):
        paper.line(8, 5, f"另有 {len(sheet.read.photos) - len(shown)} 张还没有传完。")


def draw_signature(paper: Paper, sheet: Printed, pictures: Mapping[str, bytes]) -> None:
    paper.room(48)  # the title stays with it
    paper.title("客户签名")
    one = sheet.signature
    if one is None:
        paper.line(10, 7, UNSIGNED)
        return
    top = paper.pdf.get_y() + 1
    if one.strokes:
        paper.drawn(one.strokes, MARGIN + 2, top, 60, 24)
    elif one.upload_id in pictures:
        paper.pictures([("", pictures[one.upload_id])], across=3)
    paper.pdf.set_xy(MARGIN, top + 26)
    paper.line(9, 6, f"签名人 {sheet.signer or '客户'}　{here(one.at)}")
    if not one.holds:
        paper.colour(RED)
        paper.pdf.line(MARGIN, top, MARGIN + 64, top + 24)
        paper.line(10, 6, VOID)
        paper.colour(BLACK)
