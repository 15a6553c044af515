"""Materials: whose they are is said by codes that exist, and every appliance that is put up finds its own first."""

from __future__ import annotations

from domain.catalog.categories import TITLES
from domain.catalog.materials import MATERIALS

EVERYBODYS = {"socket", "other"}


def first_for(category: str) -> set[str]:
    return {one.code for one in MATERIALS if not one.categories or category in one.categories}


def test_a_material_belongs_to_categories_there_are() -> None:
    assert {code for one in MATERIALS for code in one.categories} <= set(TITLES)
    assert len({one.code for one in MATERIALS}) == len(MATERIALS)


def test_a_microwave_is_not_offered_copper_pipes_and_an_air_conditioner_is() -> None:
    assert first_for("microwave") == EVERYBODYS | {"bracket"}
    assert {"copper_pipe_6_10", "drain_hose", "bracket", "refrigerant"} <= first_for("air_conditioner")
    assert not {"gas_hose", "filter", "wall_bracket_tv"} & first_for("air_conditioner")
    assert all(len(first_for(category)) < len(MATERIALS) for category in TITLES)
