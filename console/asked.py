"""Reading what was asked for in a query or a form: filters of the order list, days, places in a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from domain.kit.errors import Refused
from domain.kit.money import Money, yuan
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.search import Place, Search

YEARS = range(1970, 2200)
"""Of days and moments; with others one cannot even reckon a day further."""
AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?")


class BadFilter(Refused):
    """A filter that cannot be read: an old bookmark, or an address typed by hand."""

    code = "bad_filter"


def search_asked(fields: Mapping[str, str], brand_id: str) -> Search:
    """:raises BadFilter: a status, service type or day that does not exist"""
    status = fields.get("status", "")
    service = fields.get("service_type", "")
    if status not in {"", "open", *OrderStatus} or service not in {"", *ServiceType}:
        raise BadFilter("没有这个筛选条件")
    return Search(
        text=fields.get("q", "")[:100],
        brand_id=brand_id,
        status=OrderStatus(status) if status not in ("", "open") else None,
        only_open=status == "open",
        service_type=ServiceType(service) if service else None,
        category_code=fields.get("category", ""),
        since=day_asked(fields.get("since", "")),
        until=day_asked(fields.get("until", "")),
        only_re_repairs=fields.get("re_repair", "") == "1",
    )


def day_asked(text: str) -> date | None:
    """:raises BadFilter: it is no day, or none that anybody lives to see"""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.min
    if day is not None and day.year not in YEARS:
        raise BadFilter("日期要写成 2026-01-31")
    return day


def yuan_asked(text: str) -> Money:
    """An amount as people write it.

    :raises BadFilter: it is none, below nothing, or more than anything costs
    """
    plain = text.strip().removeprefix("¥").replace(",", "").replace("，", "")
    if not AMOUNT.fullmatch(plain):
        raise BadFilter("金额写成元，最多两位小数，如 128 或 128.50")
    return yuan(plain)


def place_asked(text: str) -> Place | None:
    """Where the next page begins, as `place_written` wrote it.

    :raises BadFilter: nobody wrote that
    """
    if not text:
        return None
    at, _, id_ = text.partition("~")
    return moment_asked(at), id_


def place_written(place: tuple[datetime, object] | None) -> str:
    return f"{place[0].isoformat()}~{place[1]}" if place else ""


def moment_asked(text: str) -> datetime:
    """A moment a page of ours wrote, with its zone.

    :raises BadFilter: nobody wrote that
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadFilter("时间不对") from None
    if at.tzinfo is None or at.year not in YEARS:
        raise BadFilter("时间不对")
    return at


def whole_asked(text: str, words: str, *, most: int = 999_999) -> int:
    """A whole number out of a form, not more than ``most``.

    :raises BadFilter: in these ``words``: it is none
    """
    if not text.isdecimal() or len(text) > 9 or int(text) > most:
        raise BadFilter(words)
    return int(text)


def number_asked(text: str) -> int:
    """A record's number, as the database has it.

    :raises BadFilter: it is none
    """
    if not text.isdecimal() or len(text) > 18:
        raise BadFilter("编号不对")
    return int(text)
