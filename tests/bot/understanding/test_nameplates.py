"""Models and serials out of what was read on a picture."""

from __future__ import annotations

import pytest

from bot.understanding.nameplates import Print, is_trade_number, read_plate
from bot.understanding.products import CodeIndex

CODES = ["KFR-35GW/N8A1", "KFR-35GW/N8B1", "BCD-216TMPR", "XQG100-B14", "JSQ30-16QH3"]
INDEX = CodeIndex((code, code) for code in CODES)
SERIAL = "LH2605A00123456"


def found(*lines: str, bar_codes: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    plate = read_plate(Print(lines, bar_codes), INDEX)
    return [hit.code for hit in plate.models], list(plate.serials)


def test_a_whole_nameplate() -> None:
    models, serials = found(
        "岚禾分体挂壁式房间空调器", "产品型号 KFR-35GW/N8A1", "额定电压 220V~ 额定频率 50Hz", "制冷量 3500W 制冷剂 R32/0.65kg",
        "执行标准 GB/T 7725-2022", f"机身编号 {SERIAL}", bar_codes=(SERIAL,),
    )  # fmt: skip
    assert (models, serials) == (["KFR-35GW/N8A1"], [SERIAL])


@pytest.mark.parametrize(
    ("lines", "serials"),
    [
        (["S/N: AB12345678"], ["AB12345678"]),
        (["Serial No. AB12345678"], ["AB12345678"]),
        (["机号：260512A0077"], ["260512A0077"]),
        (["出厂编号", "260512A0077"], ["260512A0077"]),
        (["生产许可证编号 XK06-014-00123"], []),
        (["专利号 ZL201630123456"], []),
        (["编号"], []),
        (["客服电话 4000000000"], []),
    ],
)
def test_serials_stand_behind_a_label(lines: list[str], serials: list[str]) -> None:
    assert found(*lines)[1] == serials


def test_print_that_is_nearly_a_model_is_offered_with_what_is_close() -> None:
    assert found("型号 KFR-35GW/N8Al")[0][0] == "KFR-35GW/N8A1"
    assert found("型号 BCD-216TMFR")[0] == ["BCD-216TMPR"]


def test_a_model_read_exactly_leaves_no_room_for_guesses() -> None:
    assert found("型号 KFR-35GW/N8A1", "KFR-35GW/N8B0")[0] == ["KFR-35GW/N8A1"]


def test_a_qr_code_with_an_address_gives_its_parameters() -> None:
    address = f"https://example.com/p?m=KFR-35GW%2FN8A1&sn={SERIAL}"
    assert found(bar_codes=(address,)) == (["KFR-35GW/N8A1"], [SERIAL])


def test_the_number_of_a_kind_of_goods_is_no_serial() -> None:
    assert found(bar_codes=("6901234567892",)) == ([], [])
    assert is_trade_number("6901234567892")
    assert not is_trade_number("6901234567890")


@pytest.mark.parametrize("lines", [[], ["今天天气不错"], ["220V~ 50Hz", "IPX4", "2026-05"]])
def test_nothing_is_made_up(lines: list[str]) -> None:
    assert found(*lines) == ([], [])
