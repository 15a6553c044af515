"""The sheets of a network file: which columns each has, how a row is read, put into the database and written out again.

A further sheet is a `Sheet` in `SHEETS`, in the order they are loaded; a row is a tuple of plain values in the order of its
columns, with codes where the database has ids, so that what is there and what a file says can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from adapters.network_rows import EXISTING
from domain.catalog import cells
from domain.catalog.categories import KINDS, category_called
from domain.catalog.categories import TITLES as CATEGORY_TITLES
from domain.catalog.cells import BadCell, Cell, Column
from domain.engineers.certificates import KINDS as CERTIFICATES
from domain.engineers.certificates import SHORT
from domain.engineers.grades import TITLES as GRADES
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.grid import cell_code, is_known, place_words
from domain.organizations.model import Brand, ProviderKind
from domain.work_orders.kinds import TITLES as SERVICES

Row = tuple[Any, ...]
PROVIDER_KINDS = {ProviderKind.CONTRACTED: "签约", ProviderKind.OWN: "自营"}
WEEKDAYS = "一二三四五六日"
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")


@dataclass
class Known:
    """Codes a file may name: those in the database and those of the file's own earlier sheets."""

    codes: dict[str, set[str]]
    today: date
    stations: dict[str, str]
    """Station code → its provider's."""


@dataclass(frozen=True)
class Field:
    """A column with the way its cells are read and written. A reader that gives a list makes a row of each."""

    column: Column
    read: Callable[[Cell], Any]
    write: Callable[[Any], Cell] = lambda value: value
    names: str = ""
    """Kind of thing whose code it is: ``provider``, ``station``, ``engineer``, ``brand``."""


@dataclass(frozen=True)
class Sheet:
    """``key``: how many fields, from the first, say which thing a row is about. ``defines``: what kind of thing it makes."""

    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    defines: str = ""
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(one.column for one in self.fields))

    def place(self, name: str) -> int:
        return next(place for place, column in enumerate(self.columns) if column.field == name)

    def key_of(self, row: Row) -> Row:
        return tuple(row[self.place(name)] for name in self.key)

    def as_dict(self, row: Row) -> dict[str, Any]:
        return {column.field: value for column, value in zip(self.columns, row, strict=True)}

    def written(self, row: Row) -> list[Cell]:
        return [one.write(value) for one, value in zip(self.fields, row, strict=True)]

    def rows(self, uow: UnitOfWork) -> Iterator[Row]:
        """What is in the database."""
        for row in EXISTING[self.title](uow):
            yield tuple(row[column.field] for column in self.columns)


def choice(titles: Mapping[Any, str], what: str, short: Mapping[str, str] | None = None) -> Callable[[Cell], str]:
    """A reader of one of some words, by title, short title or code."""
    called = {word: code for code, word in [*titles.items(), *(short or {}).items()]} | {code: code for code in titles}

    def read(cell: Cell) -> str:
        words = cells.text(cell)
        if words not in called:
            raise BadCell(f"没有“{words}”这种{what}，可用：{'、'.join((short or titles).values())}")
        return str(called[words])

    return read


def many(one: Callable[[Cell], Any]) -> Callable[[Cell], list[Any]]:
    """A reader of several in one cell: 安装、维修."""
    return lambda cell: [one(part) for part in re.split(r"[、,，;；/]", cells.text(cell)) if part.strip()]


def category(cell: Cell) -> str:
    words = cells.text(cell)
    found = category_called(words)
    if found is None:
        raise BadCell(f"没有“{words}”这个品类，可用：{'、'.join(kind.title for kind in KINDS)}")
    return found


def or_all(one: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
    """Empty or 全部 is "", for all."""
    return lambda cell: "" if cells.optional_text(cell) in ("", "全部") else one(cell)


def division(cell: Cell) -> str:
    written = re.sub(r"[^0-9].*", "", cells.text(cell))
    if not written or not is_known(cell_code(written)):
        raise BadCell(f"没有代码为“{cells.text(cell)}”的行政区划")
    return cell_code(written)


def phone(cell: Cell) -> str:
    written = cells.text(cell)
    if not PHONE.fullmatch(written):
        raise BadCell("不是电话号码")
    return re.sub(r"[ -]", "", written)


def degrees(least: float, most: float) -> Callable[[Cell], float | None]:
    def read(cell: Cell) -> float | None:
        if cells.is_empty(cell):
            return None
        try:
            value = round(float(str(cell)), 6)
        except ValueError:
            raise BadCell(f"“{cell}”不是经纬度") from None
        if not least <= value <= most:
            raise BadCell(f"应在 {least} 到 {most} 之间")
        return value

    return read


def clock(cell: Cell) -> int:
    """Minutes after midnight, of 08:30 or a time cell; 24:00 is the end of the day."""
    if isinstance(cell, time | datetime):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, float) and 0 <= cell <= 1:
        return round(cell * 24 * 60)
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})(?::00)?", cells.text(cell))
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minutes <= 24 * 60 or (found and int(found[2]) > 59):
        raise BadCell(f"“{cells.text(cell)}”不是时间，请写成 08:30")
    return minutes


def weekdays(cell: Cell) -> list[int]:
    """一、三、五, 一至五, or 1 … 7."""
    written = re.sub(r"周|星期|[、,，; ]", "", cells.text(cell)).replace("天", "日")
    written = re.sub(r"[1-7]", lambda digit: WEEKDAYS[int(digit[0]) - 1], written)
    if span := re.fullmatch(r"([一二三四五六日])[至到~-]([一二三四五六日])", written):
        first, last = WEEKDAYS.index(span[1]), WEEKDAYS.index(span[2])
        return list(range(first + 1, last + 2)) or _bad_weekday(cell)
    return [WEEKDAYS.index(one) + 1 if one in WEEKDAYS else _bad_weekday(cell) for one in written]


def _bad_weekday(cell: Cell) -> Any:
    raise BadCell(f"“{cells.text(cell)}”不是星期，请写成 一、二 或 一至五")


def of(kind: str, name: str, title: str, *aliases: str, required: bool = True) -> Field:
    """A column that names something by its code."""
    return Field(Column(name, title, aliases, required), cells.text if required else cells.optional_text, names=kind)


def one(
    name: str, title: str, read: Callable[[Cell], Any], *aliases: str, required: bool = True,
    write: Callable[[Any], Cell] = lambda value: value,
) -> Field:  # fmt: skip
    return Field(Column(name, title, aliases, required), read, write)


SINCE = one("since", "起", cells.day, "起始日期", "开始日期", "生效日期")
UNTIL = one("until", "止", cells.optional_day, "终止日期", "结束日期", "失效日期", required=False)
LAT = one("lat", "纬度", degrees(3, 54), "纬度(GCJ-02)", required=False)
LNG = one("lng", "经度", degrees(73, 136), "经度(GCJ-02)", required=False)
CATEGORY = one("category", "品类", many(category), write=lambda code: CATEGORY_TITLES[code])
SERVICE = one("service", "服务类型", many(choice(SERVICES, "服务类型")), write=lambda code: SERVICES[code])
PROVIDER = of("provider", "provider", "服务商", "服务商代码")
ENGINEER = of("engineer", "engineer", "工号", "工程师工号")
BRAND = of("brand", "brand", "品牌", "品牌代码")


def division_written(code: str) -> str:
    return f"{code} {place_words(code)}"


SHEETS = (
    Sheet("服务商", (
        of("", "code", "代码", "服务商代码"), one("name", "名称", cells.text),
        one("kind", "类型", choice(PROVIDER_KINDS, "服务商"), required=True, write=lambda kind: PROVIDER_KINDS[kind]),
        one("contact", "联系人", cells.optional_text, required=False), SINCE, UNTIL,
    ), ("code",), "provider"),
    Sheet("服务商授权", (PROVIDER, BRAND, SINCE, UNTIL), ("provider", "brand", "since")),
    Sheet("网点", (
        of("", "code", "代码", "网点代码"), PROVIDER, one("name", "名称", cells.text),
        one("division", "区划", division, "区划代码", write=division_written), one("address", "地址", cells.text), LAT, LNG,
        one("phone", "电话", cells.optional_text, required=False), SINCE, UNTIL,
    ), ("code",), "station"),
    Sheet("工程师", (
        of("", "code", "工号"), PROVIDER, of("station", "station", "网点", "网点代码"), one("name", "姓名", cells.text),
        one("phone", "电话", phone, "手机"), one("grade", "级别", choice(GRADES, "级别"), write=lambda grade: GRADES[grade]),
        one("most", "每日上限", cells.whole_number(1, 30), "每日最大工单数"), LAT, LNG, SINCE, UNTIL,
    ), ("code",), "engineer"),
    Sheet("技能", (ENGINEER, CATEGORY, SERVICE, SINCE, UNTIL), ("engineer", "category", "service", "since")),
    Sheet("证书", (
        ENGINEER, one("kind", "证书", choice(CERTIFICATES, "证书", SHORT), "证书种类", write=lambda kind: SHORT[kind]),
        one("number", "编号", cells.text, "证书编号"), SINCE, one("until", "止", cells.day, "有效期至", "到期日期"),
    ), ("engineer", "kind", "number")),
    Sheet("工程师授权", (ENGINEER, BRAND, SINCE, UNTIL), ("engineer", "brand", "since")),
    Sheet("服务网格", (
        BRAND, one("division", "区划", division, "区划代码", write=division_written),
        one("category", "品类", or_all(many(category)), required=False, write=lambda c: CATEGORY_TITLES[c] if c else "全部"),
        one("service", "服务类型", or_all(many(choice(SERVICES, "服务类型"))), required=False,
            write=lambda s: SERVICES[s] if s else "全部"),
        one("rank", "顺位", cells.whole_number(1, 99)), PROVIDER,
        of("station", "station", "网点", "网点代码", required=False), SINCE, UNTIL,
    ), ("brand", "division", "category", "service", "provider", "since")),
    Sheet("班次", (
        ENGINEER, one("weekday", "星期", weekdays, write=lambda day: WEEKDAYS[day - 1]),
        one("starts", "上班", clock, write=lambda m: f"{m // 60:02d}:{m % 60:02d}"),
        one("ends", "下班", clock, write=lambda m: f"{m // 60:02d}:{m % 60:02d}"), SINCE, UNTIL,
    ), ("engineer", "weekday", "starts", "since")),
)  # fmt: skip


def known(uow: UnitOfWork) -> Known:
    """What a file may name."""
    by_title = {sheet.title: sheet for sheet in SHEETS}
    codes = {sheet.defines: {row[0] for row in sheet.rows(uow)} for sheet in SHEETS if sheet.defines}
    codes["brand"] = set(uow.session.scalars(select(Brand.code)))
    return Known(codes, uow.today, {row[0]: row[1] for row in by_title["网点"].rows(uow)})
