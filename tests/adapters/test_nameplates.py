"""Reading real pictures: print by RapidOCR, bar codes by zxing-cpp, with no network."""

from __future__ import annotations

import pytest

from adapters.nameplates import Nameplates
from bot.understanding.nameplates import read_plate
from bot.understanding.products import CodeIndex
from domain.files.pictures import cleaned
from tests.brand import MODELS
from tests.drawn import nameplate, photo

SERIAL = "LH2605A00123456"
INDEX = CodeIndex((code, code) for code, _, _ in MODELS)
LINES = (
    "岚禾 分体挂壁式房间空调器", "产品型号 KFR-35GW/N8A1", "额定电压 220V~  额定频率 50Hz", "制冷量 3500W  制冷剂 R32/0.65kg",
    f"机身编号 {SERIAL}",
)  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Nameplates:
    return Nameplates()


def test_a_photographed_nameplate_gives_model_and_serial(reader: Nameplates) -> None:
    found = reader.read(cleaned(nameplate(*LINES, bar_code=SERIAL, tilt=3)))
    plate = read_plate(found, INDEX)
    assert [hit.code for hit in plate.models] == ["KFR-35GW/N8A1"]
    assert plate.serials[0] == SERIAL


def test_print_alone_is_enough(reader: Nameplates) -> None:
    plate = read_plate(reader.read(cleaned(nameplate(*LINES))), INDEX)
    assert ([hit.code for hit in plate.models], plate.serials) == (["KFR-35GW/N8A1"], (SERIAL,))


def test_a_bar_code_alone_is_enough(reader: Nameplates) -> None:
    found = reader.read(cleaned(nameplate("岚禾电器", bar_code=SERIAL)))
    assert SERIAL in found.bar_codes


def test_a_picture_of_nothing_says_nothing(reader: Nameplates) -> None:
    found = reader.read(cleaned(photo()))
    assert (found.lines, found.bar_codes) == ((), ())
