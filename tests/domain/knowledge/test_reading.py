"""A file with a mistake is turned down with its name and words for whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.knowledge.checks import forbidden_in
from domain.knowledge.library import read_library
from domain.knowledge.reading import BadKnowledge

GOOD = {
    "title": '"电饭煲试一试"',
    "categories": '["rice_cooker"]',
    "symptoms": '["not_heating"]',
    "who": '"家用电饭煲"',
    "minutes": "5",
    "steps": '["插好电源线。", "再试一次。"]',
    "stop": '"闻到烧焦味就断电。"',
    "source": '"编写"',
    "checked": "2026-11-21",
}
CODES = 'source = "手册"\nchecked = 2026-11-21\n'


def write(folder: Path, name: str = "rice_cooker/try", **changes: str) -> Path:
    """One good article, changed; an empty change leaves the key out."""
    file = folder / "articles" / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = {**GOOD, **changes}
    file.write_text("\n".join(f"{key} = {value}" for key, value in rows.items() if value), encoding="utf-8")
    return folder


def write_codes(folder: Path, rows: str, name: str = "XX") -> Path:
    (folder / "codes").mkdir(exist_ok=True)
    (folder / "codes" / f"{name}.toml").write_text(CODES + rows, encoding="utf-8")
    return folder


def test_a_good_article_is_read_as_written(tmp_path: Path) -> None:
    write(tmp_path, steps='["插好。", { words = "再试。", picture = "plug.png" }]')
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "plug.png").write_bytes(b"")
    write_codes(tmp_path, '[rice_cooker]\nE1 = { means = "没放好", self_help = true, article = "rice_cooker/try" }')
    one = read_library(tmp_path).articles["rice_cooker/try"]
    assert [(step.words, step.picture) for step in one.steps] == [("插好。", None), ("再试。", "plug.png")]
    assert one.codes == ("XX:rice_cooker:E1",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "缺少 title"),
        ({"colour": '"红"'}, "不认识 colour"),
        ({"categories": '["toaster"]'}, "没有这个品类：toaster"),
        ({"categories": '["microwave"]'}, "文件夹 rice_cooker 应在 categories 里"),
        ({"symptoms": '["sad"]'}, "没有这个症状：sad"),
        ({"symptoms": '["gas_smell"]'}, "危险情况不能写自助步骤"),
        ({"symptoms": '["other"]'}, "要在 said 里写明"),
        ({"steps": '["只有一步。"]'}, "应有 2–8 步，现在 1 步"),
        ({"steps": f'["好。", "{"很" * 121}"]'}, "第 2 步应为 1–120 个字"),
        ({"steps": '["1. 好。", "再试。"]'}, "第 1 步只写一行，不用写序号"),
        ({"steps": '["好。", "拧下螺丝。"]'}, "第 2 步不能让客户碰“螺丝”"),
        ({"steps": '["好。", { words = "再试。", picture = "no.png" }]'}, "图片 no.png 不在 pictures 里"),
        ({"stop": '""'}, "要写明什么时候停下来"),
        ({"stop": '"不行就联系我们。"'}, "要写糊味、冒烟、麻手等危险信号"),
        ({"categories": '["rice_cooker", "gas_stove"]'}, "要写闻到燃气味怎么办"),
        ({"minutes": "90"}, "minutes 应为 1–60"),
        ({"checked": '"昨天"'}, "核对日期"),
        ({"title": '"没写完'}, "读不出来"),
        ({"steps": "[" + f'"{"很" * 120}", ' * 8 + "]"}, "字节，请写短些"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, change: dict[str, str], words: str) -> None:
    with pytest.raises(BadKnowledge) as refused:
        read_library(write(tmp_path, **change))
    assert words in str(refused.value)
    assert "rice_cooker/try：" in str(refused.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, minutes="0", symptoms='["sad"]')
    write(tmp_path, name="rice_cooker/twin")
    write_codes(tmp_path, '[rice_cooker]\n"E-1" = { means = "没放好", self_help = true }')
    with pytest.raises(BadKnowledge) as refused:
        read_library(tmp_path)
    told = str(refused.value).splitlines()
    assert len(told) == 4, told
    assert any("2 篇文章同名" in line for line in told)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('[toaster]\nE1 = { means = "坏", self_help = false }', "XX:toaster:E1：没有这个品类"),
        ('[rice_cooker]\ne1 = { means = "坏", self_help = false }', "代码只写大写字母和数字"),
        ('[rice_cooker]\nE1 = { means = "坏" }', "缺少 self_help"),
        ('[rice_cooker]\nE1 = { means = "坏", self_help = "是" }', "self_help = true 或 false"),
        ('[rice_cooker]\nE1 = { means = "坏", self_help = true, article = "rice_cooker/no" }', "没有这个品类的文章"),
        ('[microwave]\nE1 = { means = "坏", self_help = true, article = "rice_cooker/try" }', "没有这个品类的文章"),
        ('[rice_cooker]\nE1 = { means = "坏", self_help = false, article = "rice_cooker/try" }', "不能指向文章"),
    ],
)
def test_a_mistake_in_a_table_is_named(tmp_path: Path, rows: str, words: str) -> None:
    write(tmp_path)
    with pytest.raises(BadKnowledge) as refused:
        read_library(write_codes(tmp_path, rows))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("step", "named"),
    [
        ("打开机壳看看主板", ["机壳", "主板"]),
        ("不要拆开，也不要碰主板。", []),
        ("不要急，拧下螺丝。", ["螺丝"]),
        ("擦干手拔下插头。", []),
        ("检查燃气管接头。", ["燃气管"]),
    ],
)
def test_dangerous_advice_is_found_unless_it_is_forbidden(step: str, named: list[str]) -> None:
    assert forbidden_in(step) == named
