"""The articles and code tables we ship keep to every rule, are as many as promised, and fit into a message."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.understanding.lexicon import lexicon
from domain.knowledge.article import ARTICLE_BYTES, CLOSING, MESSAGE_BYTES, Article
from domain.knowledge.error_codes import CodeMeaning
from domain.knowledge.library import find_articles, loaded
from domain.knowledge.symptoms import BURNS_GAS, SAFETY, TITLES

ARTICLES = loaded().articles
CODES = loaded().codes


def each_of(which: Callable[[Article], object]) -> pytest.MarkDecorator:
    """The articles of some sort, which there must be."""
    some = {name: one for name, one in ARTICLES.items() if which(one)}
    assert some
    return pytest.mark.parametrize("one", some.values(), ids=list(some))


each_article = each_of(lambda one: True)
each_code = pytest.mark.parametrize("row", CODES.values(), ids=lambda row: row.name)

COMMON = {
    "air_conditioner": "not_cooling not_heating water_leak noise smell ice_buildup weak_airflow remote_fault "
    "trips_breaker no_power error_code",
    "refrigerator": "not_cooling ice_buildup water_leak noise smell door_fault no_power overheating",
    "washing_machine": "not_draining not_filling not_spinning vibration noise water_leak door_fault no_power error_code",
    "water_heater_gas": "not_igniting flame_out not_heating low_pressure water_leak error_code",
    "water_heater_electric": "not_heating trips_breaker water_leak no_power low_pressure",
    "range_hood": "weak_airflow noise water_leak no_power",
    "gas_stove": "not_igniting flame_out",
    "integrated_stove": "weak_airflow not_igniting flame_out",
    "dishwasher": "not_draining not_filling water_leak error_code not_responding",
    "television": "no_power display_fault remote_fault",
    "microwave": "not_heating not_spinning door_fault",
    "water_purifier": "not_dispensing low_pressure water_leak smell",
    "rice_cooker": "not_heating no_power",
}
"""The commonest things that go wrong, by category: each has an article of its own."""


@each_article
def test_an_article_fits_into_one_message_with_a_sentence_before_it(one: Article) -> None:
    words = one.words()
    assert len(words.encode()) <= ARTICLE_BYTES < MESSAGE_BYTES
    assert words.startswith(f"【{one.title}】")
    assert words.endswith(CLOSING)
    assert f"⚠️ {one.stop}" in words
    assert all(f"\n{number}. {step.words}\n" in words for number, step in enumerate(one.steps, 1))


@each_article
def test_an_article_can_be_taken_up_at_any_step(one: Article) -> None:
    for first in range(1, len(one.steps)):
        words = one.words(first)
        assert f"\n{first + 1}. {one.steps[first].words}\n" in words
        assert f"\n{first}. " not in words
        assert one.stop in words, "the danger is said again each time"
    for beyond in (-1, len(one.steps)):
        with pytest.raises(ValueError, match="steps"):
            one.words(beyond)


@each_of(lambda one: {"not_igniting", "flame_out"} & set(one.symptoms))
def test_gas_is_smelled_for_before_anything_is_lit(one: Article) -> None:
    assert set(one.categories) <= BURNS_GAS
    first = "".join(step.words for step in one.steps[:2])
    assert "没有燃气味" in first
    assert "通风" in first


@each_of(lambda one: "trips_breaker" in one.symptoms)
def test_a_fallen_breaker_is_never_put_back(one: Article) -> None:
    text = "".join(step.words for step in one.steps)
    assert "插头拔下" in text
    assert not re.search("推上|再插上试一次|重新通电|再开机", text)


@each_code
def test_a_code_and_the_article_it_leads_to_fit_into_one_message(row: CodeMeaning) -> None:
    told = row.words if row.article is None else f"{row.words}\n{ARTICLES[row.article].words()}"
    assert len(told.encode()) <= MESSAGE_BYTES
    if row.article:
        assert row.name in ARTICLES[row.article].codes


@each_code
def test_general_meanings_say_that_brands_differ(row: CodeMeaning) -> None:
    assert row.is_general == (row.table == "general") == ("不同品牌含义可能不同" in row.words)
    assert row.self_help != ("需要工程师" in row.words)


def test_the_commonest_faults_have_an_article_about_them() -> None:
    pairs = [(category, symptom) for category, symptoms in COMMON.items() for symptom in symptoms.split()]
    assert len(pairs) >= 40
    assert len(COMMON) >= 10
    for category, symptom in pairs:
        found = find_articles(category, [symptom])
        assert found, f"nothing about {symptom} of {category}"
        assert symptom in found[0].symptoms, f"{category} {symptom} gets only {found[0].id}"


def test_every_appliance_has_something_to_try_when_nobody_knows_what_is_wrong() -> None:
    for category in COMMON:
        assert find_articles(category, []), category


def test_labels_are_those_of_the_understanding() -> None:
    symptoms = lexicon().symptoms
    assert {label: row.title for label, row in symptoms.items()} == TITLES
    assert {label for label, row in symptoms.items() if row.safety} == SAFETY
