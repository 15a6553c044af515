"""Divisions are found by any name people use, and an unknown or shared name is never settled by guessing."""

import pytest

from domain.regions import Level, divisions

KNOWN = divisions()


def test_a_code_leads_to_the_names_above_it() -> None:
    assert KNOWN.path("440606001") == ("广东省", "佛山市", "顺德区", "容桂街道")
    assert KNOWN.path("110105") == ("北京市", "朝阳区")
    assert KNOWN.path("429004") == ("湖北省", "仙桃市")


@pytest.mark.parametrize("code", ["", "999999", "440606999", "44", "not a code"])
def test_an_unknown_code_is_nothing(code: str) -> None:
    assert KNOWN.get(code) is None
    assert KNOWN.path(code) == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("广西", "450000"),
        ("内蒙古", "150000"),
        ("香港", "810000"),
        ("顺德", "440606"),
        ("浦东", "310115"),
        ("浦东区", "310115"),
        ("石柱县", "500240"),
        ("恭城", "450332"),
        ("大理州", "532900"),
        ("东莞", "441900"),
        ("昆山", "320583"),
    ],
)
def test_short_and_popular_names_are_known(name: str, code: str) -> None:
    assert [found.code for found in KNOWN.find(name)][:1] == [code]


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("郫县", "郫都区"),
        ("即墨市", "即墨区"),
        ("崇明县", "崇明区"),
        ("襄樊", "襄阳市"),
        ("宣武区", "西城区"),
        ("渝北区", "两江新区"),
    ],
)
def test_old_names_lead_to_what_the_place_is_called_today(old: str, today: str) -> None:
    assert [found.name for found in KNOWN.find(old)] == [today]


def test_a_district_that_was_split_offers_both_parts() -> None:
    assert {found.name for found in KNOWN.find("江干区")} == {"上城区", "钱塘区"}


def test_an_abolished_code_leads_to_its_successor() -> None:
    today = KNOWN.today("510124")
    assert today is not None
    assert today.name == "郫都区"


def test_a_shared_name_gives_every_place_and_a_city_narrows_it() -> None:
    assert {found.code for found in KNOWN.find("鼓楼区")} == {"320106", "320302", "350102", "410204"}
    assert [found.code for found in KNOWN.find("鼓楼区", within="350100")] == ["350102"]
    assert KNOWN.find("鼓楼区", within="440000") == ()


def test_cities_without_districts_have_streets_below_them() -> None:
    below = KNOWN.children("441900")
    assert {d.level for d in below} == {Level.STREET}
    assert "长安镇" in {d.name for d in below}


def test_streets_are_found_with_and_without_their_ending() -> None:
    assert [d.code for d in KNOWN.find_streets("容桂", within="440600")] == ["440606001"]
    assert len(KNOWN.find_streets("城关镇")) > 50


def test_every_division_hangs_from_one_that_exists() -> None:
    for province in KNOWN.children():
        for below in KNOWN.children(province.code):
            assert below.parent == province.code
            assert KNOWN.contains(province.code, below.code)
    assert len(KNOWN.children()) == 34
