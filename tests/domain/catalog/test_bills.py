"""Bills of materials: one missing letter in a part's code is offered its neighbours and never put right silently."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.bills import BadPart, Needed, bill_of, look, part_by_code, put_bill_line, put_part
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in

BY = system("tests")
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "parts.json").read_text(encoding="utf-8"))
BILL = [Needed(code, code, "件", 1, "", False, False, None) for code in VECTORS["bill"]]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["typed"] or "nothing")
def test_a_typed_code_is_the_part_or_is_offered_its_neighbours(case: dict[str, Any]) -> None:
    looked = look(BILL, case["typed"])
    assert (looked.exact and looked.exact.code) == case["exact"]
    assert [line.code for line in looked.near] == case["near"]


def test_a_bill_holds_for_its_days_and_names_what_takes_a_parts_place(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    model = brand.models["KFR-35GW/N8A1"]
    with runtime.transaction() as uow:
        new = put_part(uow, brand.voice.brand_id, "CAP-36", "压缩机电容", by=BY)
        old = put_part(uow, brand.voice.brand_id, "CAP-35", "压缩机电容", by=BY, superseded_by="cap 36")
        put_bill_line(uow, model, old.id, date(2024, 1, 1), by=BY, until=date(2025, 1, 1))
        put_bill_line(uow, model, new.id, date(2025, 1, 1), by=BY, quantity=2)
        put_bill_line(uow, model, new.id, date(2025, 1, 1), by=BY, quantity=2)
    with runtime.transaction() as uow:
        assert [(line.code, line.superseded_by) for line in bill_of(uow, model, date(2024, 6, 1))] == [
            ("CAP-35", "CAP-36")
        ]
        assert [(line.code, line.quantity) for line in bill_of(uow, model, date(2026, 1, 1))] == [("CAP-36", 2)]
        assert bill_of(uow, None, date(2026, 1, 1)) == []


def test_a_part_that_replaces_itself_or_is_unknown_is_refused(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        for code, instead in (("", None), ("A-1", "A-1"), ("A-1", "B-2")):
            with pytest.raises(BadPart):
                put_part(uow, brand.voice.brand_id, code, "件", by=BY, superseded_by=instead)
        with pytest.raises(BadPart):
            part_by_code(uow, brand.voice.brand_id, "Z-9")
