"""The demo brand's spare parts and bills of materials: the parts that the diagnosis trees name, for every model of their category.

A part that a tree newly names is here by itself; what is special about one is a line of `SPECIAL`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import insert

from domain.access.trail import record
from domain.catalog.codes import code_key
from domain.catalog.model import BillLine, Model, Part
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.diagnosis.trees import Tree, trees

SINCE = date(2016, 1, 1)
LETTERS = {
    "air_conditioner": "AC", "refrigerator": "RF", "washing_machine": "WM", "water_heater_gas": "GH",
    "water_heater_electric": "EH", "range_hood": "RH", "gas_stove": "GS", "integrated_stove": "IS", "dishwasher": "DW",
    "television": "TV", "microwave": "MW", "water_purifier": "WP", "rice_cooker": "RC",
}  # fmt: skip
"""What codes begin with, after the brand's letters."""
MAIN = ("压缩机", "电机", "主板", "电控板", "控制器", "控制板", "电源板", "屏", "磁控管", "内胆", "热交换器")
"""Main parts: they have a serial, and the old one goes back."""
SPECIAL = {"制冷剂": 1, "灯条": 4, "喷嘴": 2, "密封圈": 2, "火盖": 2, "轴承": 2}
"""How many an appliance has, where it is not one."""


def names_of(tree: Tree) -> list[str]:
    """In the order in which the tree first names them."""
    return list(dict.fromkeys(part for cause in tree.causes.values() for part in cause.parts))


def parts_of(uow: UnitOfWork, brand_id: str, category: str, names: Iterable[str]) -> list[Part]:
    """Codes are a category's letters and a number in steps of seven, so that few are a slip of the finger apart."""
    made = []
    for number, name in enumerate(names):
        code = f"YF-{LETTERS[category]}-{1000 + 7 * number}"
        main = name.endswith(MAIN)
        made.append(
            Part(
                id=uow.new_id("pa"),
                brand_id=brand_id,
                code=code,
                code_key=code_key(code),
                name=name,
                component="main_parts" if main else "whole",
                serial_kept=main,
                old_returned=main,
                superseded_by_id=None,
            )
        )
    return made


def put_parts(uow: UnitOfWork, brand_id: str, models: Sequence[Model], *, by: Actor) -> int:
    """Put all parts and bills into the database; returns how many lines the bills have."""
    parts = {
        category: parts_of(uow, brand_id, category, names_of(tree))
        for category, tree in trees().items()
        if category in LETTERS
    }
    uow.session.add_all(part for made in parts.values() for part in made)
    uow.session.flush()
    lines = [
        {
            "id": uow.new_id("bl"), "model_id": model.id, "part_id": part.id, "quantity": SPECIAL.get(part.name, 1),
            "since": SINCE, "until": None,
        }
        for model in models
        for part in parts.get(model.category_code, ())
    ]  # fmt: skip
    if lines:
        uow.session.execute(insert(BillLine), lines)
    record(uow, by, "parts.load", "brand", brand_id, parts=sum(map(len, parts.values())), lines=len(lines))
    return len(lines)
