"""Days of purchase are read as precisely as they were said; impossible days are none."""

from datetime import date

import pytest

from bot.understanding import Precision, find_date

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("昨天买的", date(2026, 11, 21), Precision.DAY),
        ("2025-03-01", date(2025, 3, 1), Precision.DAY),
        ("2025年3月", date(2025, 3, 1), Precision.MONTH),
        ("二零二四年五月八号", date(2024, 5, 8), Precision.DAY),
        ("20250301", date(2025, 3, 1), Precision.DAY),
        ("去年双十一", date(2025, 11, 11), Precision.DAY),
        ("今年618", date(2026, 6, 18), Precision.DAY),
        ("12月25号", date(2025, 12, 25), Precision.DAY),
        ("上个月15号", date(2026, 10, 15), Precision.DAY),
        ("去年5月1号买的", date(2025, 5, 1), Precision.DAY),
        ("三天前", date(2026, 11, 19), Precision.DAY),
        ("去年", date(2025, 1, 1), Precision.YEAR),
        ("2023年买的", date(2023, 1, 1), Precision.YEAR),
    ],
)
def test_day(text: str, day: date, precision: Precision) -> None:
    found = find_date(text, TODAY)
    assert found is not None
    assert (found.value.day, found.value.precision) == (day, precision)


@pytest.mark.parametrize("text", ["2025年2月30日", "2025-13-01", "电话13800138000", "26度", "好的", ""])
def test_no_day(text: str) -> None:
    assert find_date(text, TODAY) is None
