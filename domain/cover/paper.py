"""The certificate 证书 as PDF: what is covered, from when to when, under which terms, with its number and a code to verify it.

What is on it is gathered by `printed_of` in a transaction; `draw` needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.cover.lifecycle import COVERS, CoverStatus
from domain.cover.links import path_to_verify
from domain.cover.model import PlanKind
from domain.cover.numbers import spoken
from domain.cover.plans import in_words, said
from domain.cover.queries import CoverSeen
from domain.customers.model import Customer
from domain.kit.paper import BLACK, GREY, RED, Paper
from domain.kit.personal import mask_name
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Brand

FRAME = ("保障", "用于", "免付")


@dataclass(frozen=True)
class Printed:
    """What is printed. Of the owner the family name only: a certificate is shown around."""

    brand: str
    hotline: str
    number: str
    title: str
    rows: tuple[tuple[str, str], ...]
    terms: str
    version: int
    standing: str
    """What is to be said first where it does not hold, "" where it does."""
    verify_path: str
    printed_at: datetime


def printed_of(uow: UnitOfWork, seen: CoverSeen) -> Printed:
    """Everything on the certificate."""
    cover, plan = seen.cover, seen.plan
    brand, owner = uow.session.get_one(Brand, cover.brand_id), uow.session.get_one(Customer, cover.customer_id)
    words = in_words(said(plan))
    model = f"{seen.model.name}（{seen.model.code}）" if seen.model else ""
    rows = [
        ("持有人", mask_name(owner.name or "")), ("产品", model),
        ("机身编号", (seen.product.serial or "") if seen.product else ""),
        *((title, words[title]) for title in FRAME),
        ("适用品类", words["品类"] if plan.kind is PlanKind.CARD else ""),
        ("次数", f"{cover.uses} 次，已用 {cover.used} 次" if cover.uses else ""),
        ("期限", f"{cover.since} 至 {cover.until}（含首尾两天）"),
        ("购买日期", f"{cover.bought_at.astimezone(SHANGHAI):%Y-%m-%d}" if cover.bought_at else ""),
        ("价格", str(cover.price_fen) if cover.price_fen.fen else "赠送"),
    ]  # fmt: skip
    return Printed(
        brand.name, brand.hotline, cover.number, plan.title, tuple(row for row in rows if row[1]), plan.terms, plan.version,
        "" if cover.status is CoverStatus.ACTIVE else f"本证书当前状态：{COVERS.titles[cover.status]}",
        path_to_verify(cover), uow.now,
    )  # fmt: skip


def draw(sheet: Printed, verify_url: str) -> bytes:
    """The PDF."""
    at = sheet.printed_at.astimezone(SHANGHAI)
    paper = Paper(f"{sheet.title} {spoken(sheet.number)}", at)
    paper.head(
        f"{sheet.brand} 服务证书", sheet.title, f"证书号 {spoken(sheet.number)}　服务热线 {sheet.hotline}", verify_url
    )
    if sheet.standing:
        paper.colour(RED)
        paper.line(13, 8, sheet.standing)
        paper.colour(BLACK)
    paper.rows(sheet.rows)
    paper.title(f"条款（第 {sheet.version} 版）")
    paper.paragraph(10, 6, sheet.terms)
    paper.pdf.ln(2)
    paper.colour(GREY)
    paper.paragraph(8, 5, f"扫右上角的二维码，或打开 {verify_url} ，可以核对这份证书是不是我们开的、现在是否有效。")
    paper.line(8, 5, f"{at:%Y-%m-%d %H:%M} 生成")
    return paper.content()
