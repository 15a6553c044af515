"""The table: every move is decided, every row fills in and fits its channels, long texts are cut where people would."""

from __future__ import annotations

import ast
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.roles import StaffRole
from domain.kit.lifecycle import Lifecycle
from domain.notices import of_orders
from domain.notices.channels import PURPOSES, Channel, Purpose
from domain.notices.notices import NOTICES, TITLES
from domain.notices.operations import MAX_BYTES, Why, pieces
from domain.notices.rows import MATTERS, NotAMatter, Notice, To
from domain.notices.values import FIELD, LONGEST, VALUES, fitting
from domain.work_orders.lifecycle import ORDERS, VISITS

ROWS = [*NOTICES.values(), of_orders.SOMEBODY_COMES]
CUSTOMERS = [row for row in ROWS if row.to is To.CUSTOMER]
LONGEST_WORDS = {
    "number": "100 000 019 2", "service": "洗衣机保养清洗", "hotline": "400-000-0918", "brand": "云枫",
    "engineer": "欧阳师傅（工号 102400）", "window": "12月31日 周四 18:00–20:00", "wanted": "12月31日 周四 18:00–20:00",
    "link": "https://service.example.com/c/answer/cr_01jdabcdefghjkmnpqrstvwxyz." + "0" * 32,
    "fields": "、".join(of_orders.FIELDS.values()), "place": "佛山市顺德区容桂街道", "until": "12月31日18:00",
    "station": "0757-22220000", "reason": "符合条件的工程师都排不开", "product": "1.5匹变频空调（KFR-35GW/N8A1）",
    "clock": "安装保养完成", "parts": "、".join(["内机控制板（2 件）"] * 4),
    "put_right": "\n".join(["燃气接口漏气，已关闭阀门。请联系燃气公司处理好后再约我们上门，期间不要开阀。"] * 6),
    "finding": "现场判定不了，取件检测", "paper": "TS20260512000019", "answer": "已核实。" * 60, "amount": "¥12345.00",
    "menu": "\n".join(f"<a href='weixin://bizmsgmenu?msgmenucontent={n}&msgmenuid=r100000019-{n}'>{n} 星</a>" for n in range(11)),
    "since": "2026年12月13日", "uses": "，共 12 次，还剩 10 次", "left": "10", "back": "¥12345.00 已按原路退回。",
    "cooling": "2026年12月31日前（含当日）可以无理由全额退。", "pays": "人工费、上门费、检测费、辅材",
    "item": "变频空调整机延保两年", "what": "清洗", "days": "30", "payer": "客户", "declined": "", "version": "12",
    "why": "客户改了主意，东西还没有装", "lines": "\n".join(["换压缩机 ¥1280.00"] * 12),
}  # fmt: skip
"""Every placeholder there is, as long as it gets."""
NAMES_IT = {"number", "paper", "product", "item", "brand"}
"""One of these says which of their things it is about."""


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize(
    ("life", "told", "silent"),
    [
        (ORDERS, of_orders.ORDER_MOVES, of_orders.SILENT["order"]),
        (VISITS, of_orders.VISIT_MOVES, of_orders.SILENT["visit"]),
    ],
)
def test_every_move_is_told_or_left_out_on_purpose(
    life: Lifecycle[Any], told: dict[str, Notice], silent: set[str]
) -> None:
    assert set(told) | silent == set(life.moves)
    assert not set(told) & silent


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_uses_only_what_it_is_given(row: Notice) -> None:
    assert placeholders(row.words) | placeholders(row.sms) <= set(LONGEST_WORDS)
    assert placeholders(row.words) & NAMES_IT
    assert placeholders(row.key), "a key tells one telling from the next"
    assert row.name in TITLES
    if row.sms and "link" in placeholders(row.words):
        assert "link" in placeholders(row.sms), "who reads it on a phone without WeChat needs the page as well"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_has_what_its_channels_need(row: Notice) -> None:
    assert bool(row.sms) == (Channel.SMS in row.by)
    assert row.purpose is None or Channel.TEMPLATE in row.by
    assert (row.role is not None) == (row.to is To.STAFF)
    assert (Channel.STAFF in row.by) == (row.to is To.STAFF)
    assert list(row.by) == sorted(row.by, key=list(Channel).index), "the chat first, text messages last"
    assert row.role is None or row.role in set(StaffRole)


@pytest.mark.parametrize("row", [row for row in CUSTOMERS if row.purpose], ids=lambda row: row.name)
def test_what_a_template_says_of_a_row_fits(row: Notice) -> None:
    assert 1 <= len(row.state) <= 5
    assert all("一" <= letter <= "鿿" for letter in row.state), "a phrase is Chinese characters"
    assert 1 <= len(row.tip) <= 20
    assert fitting("thing1", row.tip) == row.tip
    assert fitting("phrase1", row.state) == row.state


@pytest.mark.parametrize("row", [row for row in ROWS if row.sms], ids=lambda row: row.name)
def test_a_text_message_is_one_or_two_long_and_three_with_its_link(row: Notice) -> None:
    words = f"【云枫】{row.sms.format_map(LONGEST_WORDS)}"
    assert len(words) <= (67 * 4 if "link" in placeholders(row.sms) else 67 * 2)
    assert "\n" not in words


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_words_are_one_message_without_marketing(row: Notice) -> None:
    assert len(row.words.format_map(LONGEST_WORDS).encode()) <= MAX_BYTES
    for lure in LURES:
        assert lure not in row.words + row.sms + row.tip, "wechat-protocol §9.1"


ROOT = Path(__file__).parents[3]
LURES = ("优惠", "活动", "红包", "折", "抽奖", "购买", "赠", "促销", "特价", "领取", "秒杀")


def test_a_notice_of_anything_but_a_matter_of_service_cannot_be_written() -> None:
    for name in ("marketing.sale", "promotion.spring", "campaign", "news.monthly", "coupon.gift"):
        with pytest.raises(NotAMatter):
            Notice(name, "推广", "全场八折", "sale:{order}")
    assert not [title for title in (*MATTERS.values(), *PURPOSES.values()) if any(lure in title for lure in LURES)]
    assert set(PURPOSES) == set(Purpose)


def callers_of(*names: str) -> set[str]:
    """Files of the product in which one of these is called."""
    found = set()
    for folder in ("domain", "bot", "webhooks", "consumer_app", "engineer_app", "console", "jobs", "adapters"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                called = node.func if isinstance(node, ast.Call) else None
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in names:
                    found.add(str(path.relative_to(ROOT)))
    return found


def test_nothing_reaches_a_service_channel_but_notices_of_the_table_answers_and_codes() -> None:
    assert callers_of("OutgoingMessage") == {"domain/notices/saying.py", "domain/notices/operations.py"}
    assert callers_of("send_template", "send_subscription", "send_text") == {"jobs/deliver.py"}
    assert callers_of("TextForm") == {"jobs/deliver.py", "jobs/sign_in_codes.py"}
    assert set(Why) == {"reply", "agent"}, "what is no notice answers somebody"


def test_a_change_names_the_fields_not_their_values() -> None:
    assert of_orders.corrected(["address", "phone"]) == "联系电话、上门地址"
    assert of_orders.corrected(["symptoms"]) == ""


@given(st.sampled_from(sorted(LONGEST)), st.text(max_size=80))
def test_any_value_fits_any_field(kind: str, value: str) -> None:
    shown = fitting(f"{kind}1", value)
    assert 1 <= len(shown) <= LONGEST[kind]
    assert "\n" not in shown
    assert not any(ord(letter) > 0xFFFF for letter in shown)
    assert FIELD.fullmatch(f"{kind}1")
    assert {kind for _, kinds in VALUES.values() for kind in kinds} <= set(LONGEST)


def test_long_texts_are_cut_after_a_line() -> None:
    line = "制冷效果差，" * 50
    assert pieces(f"{line}\n{line}\n{line}") == [f"{line}\n{line}", line]


@given(st.text(st.sampled_from("修a\n😀 ，"), max_size=3000), st.integers(8, MAX_BYTES))
def test_pieces_fit_and_lose_no_word(text: str, limit: int) -> None:
    parts = pieces(text, limit)
    assert all(part.strip() and len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
