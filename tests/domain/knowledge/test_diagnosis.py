"""The diagnosis trees lead from every symptom to a cause, and a path that was not walked is no path."""

from __future__ import annotations

from domain.catalog.categories import TITLES as CATEGORIES
from domain.knowledge.diagnosis import trees
from domain.knowledge.diagnosis.trees import Tree
from domain.knowledge.symptoms import TITLES


def paths(tree: Tree, code: str) -> list[tuple[list[tuple[str, str]], str]]:
    """Every way from a step to a cause."""
    found: list[tuple[list[tuple[str, str]], str]] = []
    for finding in tree.steps[code].findings:
        if finding.cause:
            found.append(([(code, finding.code)], finding.cause))
        elif finding.step:
            found += [([(code, finding.code), *rest], cause) for rest, cause in paths(tree, finding.step)]
    return found


def test_nothing_is_wrong_with_the_trees() -> None:
    assert list(trees.problems()) == []


def test_at_least_ten_categories_have_a_tree_and_all_are_ours() -> None:
    assert len(trees.trees()) >= 10
    assert set(trees.trees()) <= set(CATEGORIES)


def test_entries_name_symptoms_the_bot_knows() -> None:
    named = {symptom for tree in trees.trees().values() for entry in tree.entries for symptom in entry.symptoms}
    assert named <= set(TITLES)


def test_every_path_of_every_tree_is_one_and_ends_at_its_cause() -> None:
    for tree in trees.trees().values():
        for code in tree.steps:
            for path, cause in paths(tree, code):
                assert tree.is_path(path, cause)
                assert not tree.is_path(path[:-1], cause)
                assert not tree.is_path([*path, path[-1]], cause)


def test_a_path_with_another_cause_or_a_jump_is_none() -> None:
    tree = trees.trees()["air_conditioner"]
    assert tree.is_path([("airflow", "air_ok"), ("temperature", "enough")], "load")
    assert not tree.is_path([("airflow", "air_ok"), ("temperature", "enough")], "compressor")
    assert not tree.is_path([("airflow", "dirty"), ("temperature", "enough")], "load")
    assert not tree.is_path([], "load")


def test_it_begins_where_the_error_code_says_else_the_symptom_else_at_the_start() -> None:
    tree = trees.trees()["air_conditioner"]
    assert tree.begin(["water_leak"], "E1") == "link"
    assert tree.begin(["water_leak"], None) == "drain"
    assert tree.begin(["appearance_damage"], None) == tree.start
