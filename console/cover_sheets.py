"""Spreadsheets of 延保与服务卡, and gifts, whose codes are in one spreadsheet once and nowhere else."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from xlsxwriter import Workbook

from console.covers import Row, rows_seen
from console.showing import moment
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.cover import figures, gifts
from domain.cover.figures import BatchSeen, Wanted
from domain.cover.model import CoverPlan
from domain.cover.numbers import spoken
from domain.kit.unit_of_work import UnitOfWork

MOST_ROWS = 5000
COLUMNS = (
    "证书号",
    "方案",
    "类型",
    "型号",
    "状态",
    "价格",
    "已退",
    "下单",
    "生效",
    "开始",
    "结束",
    "次数",
    "已用",
    "途径",
    "卖出人",
)


def spreadsheet(uow: UnitOfWork, wanted: Wanted, who: SignedIn) -> bytes:
    """What the list shows, at most `MOST_ROWS`; that it was taken out is on record."""
    rows: list[Sequence[str]] = []
    after = None
    while len(rows) < MOST_ROWS:
        found, after = figures.covers(uow, wanted, after=after, limit=min(500, MOST_ROWS - len(rows)))
        rows += [cells(one) for one in rows_seen(uow, found)]
        if after is None:
            break
    trail.record(uow, who.actor, "cover.export", "covers", "", rows=len(rows))
    return written("延保与服务卡", COLUMNS, rows)


def cells(row: Row) -> Sequence[str]:
    return (
        spoken(row.number), row.title, row.kind, row.model, row.status_title, str(row.price), str(row.back),
        moment(row.ordered_at), moment(row.bought_at), row.since.isoformat(), row.until.isoformat(), str(row.uses or ""),
        str(row.used or ""), row.via, row.seller,
    )  # fmt: skip


def written(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet of words."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, options) as book:
        sheet, bold = book.add_worksheet(title), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(columns):
            sheet.write_string(0, column, words, bold)
        for line, row in enumerate(rows, 1):
            for column, words in enumerate(row):
                sheet.write_string(line, column, words)
    return content.getvalue()


def make_gifts(
    uow: UnitOfWork, plan_id: str, title: str, count: int, valid_until: date, who: SignedIn
) -> tuple[str, bytes]:
    """A batch of codes as a spreadsheet: the only time they are seen. (id of the batch, the file)

    :raises BadBatch: the words say why not
    """
    batch, codes = gifts.make_batch(uow, plan_id, title=title, count=count, valid_until=valid_until, by=who.actor)
    plan = uow.session.get_one(CoverPlan, plan_id)
    rows = [(code, plan.title, batch.title, valid_until.isoformat()) for code in codes]
    return batch.id, written("兑换码", ("兑换码", "方案", "批次", "有效期至"), rows)


def batches(uow: UnitOfWork) -> list[BatchSeen]:
    return figures.batches_seen(uow)


def withdraw_gifts(uow: UnitOfWork, batch_id: str, who: SignedIn) -> int:
    return gifts.withdraw_batch(uow, batch_id, by=who.actor)
