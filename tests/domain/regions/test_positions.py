"""Datums, and the middles of divisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.regions import divisions
from domain.regions.centroids import centroid
from domain.regions.datums import gcj_from_bd, gcj_from_wgs, is_shifted, wgs_from_gcj
from domain.regions.positions import Position, Source, metres

INSIDE = st.tuples(st.floats(18.0, 53.5), st.floats(73.6, 135.0))
ANYWHERE = st.tuples(st.floats(-89.0, 89.0), st.floats(-179.0, 179.0))


@given(INSIDE)
def test_there_and_back_is_less_than_a_metre_off(place: tuple[float, float]) -> None:
    assert metres(Position(*place), Position(*wgs_from_gcj(*gcj_from_wgs(*place)))) < 1


@given(INSIDE)
def test_inside_china_the_shift_is_some_hundred_metres(place: tuple[float, float]) -> None:
    assert 5 < metres(Position(*place), Position(*gcj_from_wgs(*place))) < 1_500


@given(ANYWHERE.filter(lambda place: not is_shifted(*place)))
def test_outside_nothing_is_shifted(place: tuple[float, float]) -> None:
    assert gcj_from_wgs(*place) == place
    assert wgs_from_gcj(*place) == place


def test_known_pairs() -> None:
    """天安门, as the three kinds of maps have it."""
    assert gcj_from_wgs(39.907333, 116.391083) == pytest.approx((39.908735, 116.397324), abs=2e-5)
    assert gcj_from_bd(39.915115, 116.403694) == pytest.approx((39.908735, 116.397324), abs=5e-5)


def test_a_district_has_its_middle_and_says_how_far_off_it_may_be() -> None:
    middle = centroid("440606")
    assert middle is not None
    assert (middle.source, middle.radius_m) == (Source.CENTROID, 25_000)
    assert metres(middle, Position(22.805, 113.293)) < 1_000


def test_a_street_falls_back_to_its_district_and_an_unknown_district_to_its_city() -> None:
    assert centroid("440606004") == centroid("440606")
    city = centroid("4406")
    assert city is not None
    assert city.radius_m == 80_000
    assert centroid("440699") == centroid("440600") == city


def test_an_abolished_district_is_where_its_successor_is() -> None:
    """嘉定县 became 嘉定区."""
    assert divisions().get("310222") is None
    assert centroid("310222") == centroid("310114")


def test_a_district_newer_than_the_file_is_where_its_old_code_was() -> None:
    """肥乡县 (130428) became 肥乡区 (130407)."""
    found = centroid("130407")
    assert found is not None
    assert found.radius_m < 80_000


def test_a_wide_district_has_a_wide_radius() -> None:
    """若羌县, twice as large as Portugal."""
    wide = centroid("652824")
    assert wide is not None
    assert wide.radius_m > 100_000


@pytest.mark.parametrize("code", ["", "4", "nowhere", "99"])
def test_no_place_is_nowhere(code: str) -> None:
    assert centroid(code) is None


def test_every_district_of_today_has_a_middle() -> None:
    for province in divisions().children():
        for city in divisions().children(province.code):
            assert centroid(city.code) is not None, city
