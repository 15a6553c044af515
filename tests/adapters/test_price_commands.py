"""Prices in and out at the server: as the console loads them, dated, all of a file or nothing of it, bad rows by their lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from adapters import runtime, settings, spreadsheets
from adapters.cli import main
from adapters.price_files import FEE_COLUMNS
from adapters.settings import Settings
from domain.access.model import TrailEntry
from domain.kit.unit_of_work import Runtime
from domain.organizations.operations import put_brand
from domain.pricing.model import FeeRow
from tests.brand import put_brand as put_whole_brand


@pytest.fixture
def told(fresh_database: str, tmp_path: Path) -> Settings:
    return settings.load(None, data_dir=tmp_path, database_url=fresh_database, redis_url="redis://127.0.0.1:1/0")


@pytest.fixture
def built(told: Settings) -> Runtime:
    made = runtime.build(told, connections=1)
    with made.transaction() as uow:
        put_whole_brand(uow)
    return made


@pytest.fixture
def weixiu(told: Settings, built: Runtime) -> Callable[..., Result]:
    def run(*words: object) -> Result:
        return CliRunner(env=told.environ()).invoke(main, [str(one) for one in words], catch_exceptions=False)

    return run


def sheet(path: Path, *rows: str) -> Path:
    spreadsheets.write(path, list(FEE_COLUMNS), [row.split(",") for row in rows])
    return path


def fees(built: Runtime) -> list[tuple[str, int, str, str | None]]:
    with built.transaction() as uow:
        rows = uow.session.scalars(select(FeeRow).order_by(FeeRow.code, FeeRow.since))
        return [(one.code, one.fen, str(one.since), str(one.until) if one.until else None) for one in rows]


def row(built: Runtime, code: str, yuan: str, days: int) -> str:
    day = built.clock().date() + timedelta(days=days)
    return f"人工,{code},清洗,空调,保养清洗,,{yuan},,次,服务商,,{day}"


def test_a_price_holds_from_its_day_and_the_one_before_ends(
    weixiu: Callable[..., Result], built: Runtime, tmp_path: Path
) -> None:
    for yuan, days in (("88", 10), ("99.50", 40)):
        told = weixiu("import", "prices", sheet(tmp_path / "prices.csv", row(built, "clean", yuan, days)))
        assert (told.exit_code, told.stdout) == (0, "价目：1 行，新增 1，更新 0，未变 0\n"), told.output
    first, second = fees(built)
    assert (first[1], second[1], second[3]) == (8_800, 9_950, None)
    assert first[3] == second[2], "the one ends when the other begins"
    with built.transaction() as uow:
        assert len(uow.session.scalars(select(TrailEntry.id).filter_by(action="fees.import")).all()) == 2


def test_one_bad_row_is_told_by_its_line_and_nothing_is_loaded(
    weixiu: Callable[..., Result], built: Runtime, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "bad.csv", row(built, "clean", "88", 10), row(built, "other", "十元", 10))
    told = weixiu("import", "prices", path)
    assert (told.exit_code, told.stdout.splitlines()) == (
        1,
        ["价目 第 3 行 元：写成元，最多两位小数", "bad.csv：1 处有错，全部没有导入"],
    )
    assert fees(built) == []
    (problem,) = json.loads(weixiu("import", "prices", path, "--json").stdout)["problems"]
    assert (problem["line"], problem["column"]) == (3, "元")
    assert fees(built) == []


def test_what_is_exported_is_loaded_again_and_changes_nothing(
    weixiu: Callable[..., Result], built: Runtime, tmp_path: Path
) -> None:
    weixiu(
        "import", "prices", sheet(tmp_path / "prices.csv", row(built, "clean", "88", 10), row(built, "wash", "20", 10))
    )
    before = fees(built)
    for name, *more in (("out.xlsx",), ("out.csv", "--sheet", "价目")):
        out = tmp_path / name
        written = weixiu("export", "prices", out, *more)
        assert (written.exit_code, written.stdout) == (0, f"{out}：2 行\n")
        told = weixiu("import", "prices", out)
        assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "价目：2 行，新增 0，更新 0，未变 2")
    assert fees(built) == before
    with built.transaction() as uow:
        assert len(uow.session.scalars(select(TrailEntry.id).filter_by(action="fees.export")).all()) == 2


def test_mistakes_are_one_line_and_an_exit_code(weixiu: Callable[..., Result], built: Runtime, tmp_path: Path) -> None:
    other = tmp_path / "models.csv"
    spreadsheets.write(other, ["品类", "型号"], [["空调", "X"]])
    empty = sheet(tmp_path / "prices.csv")
    with built.transaction() as uow:
        put_brand(
            uow, code="ZZ", name="另一个", hotline="1", desk_hours="8:00–20:00", privacy_version="1",
            privacy_url="https://example.com",
        )  # fmt: skip
    for words, said in (
        (("import", "prices", other, "--brand", "ZZ"), "没有“价目”或“配件价”这两张表"),
        (("import", "prices", tmp_path / "none.xlsx", "--brand", "ZZ"), "没有 none.xlsx 这个文件"),
        (("import", "prices", empty), "请用 --brand 写明是哪个"),
        (("import", "prices", empty, "--brand", "nobody"), "没有“nobody”这个品牌"),
        (("export", "prices", tmp_path / "out.csv", "--brand", "LH"), "请写明是哪张"),
        (("export", "prices", tmp_path / "out.xlsx", "--brand", "LH", "--sheet", "表"), "没有“表”这张表"),
        (("export", "prices", tmp_path / "out.pdf", "--brand", "岚禾"), "应以 .xlsx 结尾"),
    ):
        told = weixiu(*words)
        assert (told.exit_code, said in told.stderr, len(told.stderr.splitlines())) == (2, True, 1), told.output
