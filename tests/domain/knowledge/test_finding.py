"""What is offered first, what is never offered, and what a code on the display means."""

from __future__ import annotations

import pytest

from domain.kit.errors import NotFound
from domain.knowledge.library import article, error_meaning, find_articles, is_self_help_allowed
from domain.knowledge.symptoms import SAFETY


def ids(*asked, **more) -> list[str]:
    return [one.id for one in find_articles(*asked, **more)]


def test_what_was_told_comes_before_the_general_checks() -> None:
    assert ids("air_conditioner", ["not_cooling"]) == ["air_conditioner/not-cooling", "air_conditioner/general"]
    assert ids("air_conditioner", []) == ["air_conditioner/general"]


def test_the_brands_code_comes_before_symptoms_and_they_before_the_general_code() -> None:
    told = ("washing_machine", ["error_code", "noise"], "E2")
    assert ids(*told, "YF")[:2] == ["washing_machine/not-draining", "washing_machine/vibration"]
    assert ids(*told)[:2] == ["washing_machine/vibration", "washing_machine/error-code"]
    assert ids("washing_machine", ["noise"], "E21")[:2] == ["washing_machine/vibration", "washing_machine/not-draining"]


def test_an_article_about_more_of_what_was_told_comes_first() -> None:
    assert ids("washing_machine", ["vibration", "noise", "not_spinning"])[:2] == [
        "washing_machine/vibration",
        "washing_machine/not-spinning",
    ]


def test_an_unknown_code_gets_the_advice_for_any_code() -> None:
    assert ids("dishwasher", ["error_code"], "E77", "YF")[0] == "dishwasher/error-code"
    assert ids("dishwasher", [], "E77")[0] == "dishwasher/error-code", "a code is a symptom even if not told as one"


def test_other_faults_are_told_apart_by_the_customers_words() -> None:
    assert ids("gas_stove", ["other"], said="火苗发黄，锅底都熏黑了")[0] == "gas_stove/yellow-flame"
    assert ids("television", ["other"], said="电视ＷＩＦＩ连不上")[0] == "television/network"
    assert ids("gas_stove", ["other"], said="按下去不顺手") == ["gas_stove/general"]


@pytest.mark.parametrize("danger", sorted(SAFETY))
@pytest.mark.parametrize("category", ["gas_stove", "water_heater_gas", "washing_machine", None])
def test_nothing_is_tried_in_danger(danger: str, category: str | None) -> None:
    assert ids(category, ["noise", danger]) == []
    assert not is_self_help_allowed(["noise", danger], category)


def test_a_smell_is_gas_at_a_gas_appliance_and_a_smell_elsewhere() -> None:
    assert ids("gas_stove", ["smell"]) == []
    assert not is_self_help_allowed(["smell"], "gas_stove")
    assert ids("air_conditioner", ["smell"]) == ["air_conditioner/smell"]
    assert is_self_help_allowed(["smell"], "air_conditioner")


def test_codes_for_an_engineer_are_not_tried() -> None:
    assert ids("water_heater_electric", ["error_code", "not_heating"], "E1", "YF") == []
    assert not is_self_help_allowed(["error_code"], "water_heater_electric", "E1", "YF")
    assert is_self_help_allowed(["error_code"], "water_heater_gas", "E1", "YF")


@pytest.mark.parametrize(
    ("category", "symptoms", "code"),
    [
        ("washing_machine", ["trips_breaker", "not_draining"], "E2"),
        ("washing_machine", ["trips_breaker", "water_leak"], None),
        ("air_conditioner", ["not_cooling", "trips_breaker"], None),
    ],
)
def test_with_a_fallen_breaker_only_advice_about_it(category: str, symptoms: list[str], code: str | None) -> None:
    found = find_articles(category, symptoms, code, "YF")
    assert found
    assert all("trips_breaker" in one.symptoms for one in found)


def test_with_water_running_only_advice_about_it() -> None:
    assert ids("washing_machine", ["water_leak", "error_code"], "E1", "YF") == ["washing_machine/water-leak"]
    assert ids("television", ["water_leak"]) == []


def test_nothing_is_tried_with_broken_glass() -> None:
    assert ids("gas_stove", ["appearance_damage"]) == []


def test_nothing_for_an_appliance_that_is_not_known() -> None:
    assert ids(None, ["not_heating"]) == []
    assert ids("spaceship", ["not_heating"]) == []


@pytest.mark.parametrize("written", ["E1", "e1", "Ｅ１", "E-1", " e 1"])
def test_a_code_is_known_however_it_is_written(written: str) -> None:
    meaning = error_meaning("YF", "water_heater_gas", written)
    assert meaning
    assert (meaning.code, meaning.means, meaning.is_general) == ("E1", "点火失败", False)


def test_a_brands_table_goes_before_the_general_one_code_by_code() -> None:
    own, usual = error_meaning("YF", "washing_machine", "E1"), error_meaning("LH", "washing_machine", "E1")
    assert own
    assert usual
    assert (own.means, own.is_general) == ("进水超时", False)
    assert usual.is_general
    beyond = error_meaning("YF", "washing_machine", "UE")
    assert beyond
    assert beyond.is_general
    assert error_meaning("YF", "washing_machine", "E99") is None
    assert error_meaning("YF", "spaceship", "E1") is None


def test_an_article_by_its_name() -> None:
    assert article("air_conditioner/not-cooling").title == "空调不制冷或不够冷"
    with pytest.raises(NotFound):
        article("air_conditioner/nowhere")
