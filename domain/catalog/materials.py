"""What is used up when appliances are installed 安装辅材: codes with titles and units; a further one is a row.

A row says whose materials they are: those come first on the engineer's phone, the others folded away; one of no category is
everybody's. Quantities are counted in thousandths of the unit: 3.5 metres are 3500. Prices come with pricing, by these codes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Material:
    """``whole``: counted in pieces, so only by thousands. ``categories`` are codes of `domain.catalog.categories`; none: for all."""

    code: str
    title: str
    unit: str
    whole: bool = False
    categories: tuple[str, ...] = ()


AIR, TV, PURIFIER = ("air_conditioner",), ("television",), ("water_purifier",)
GAS = ("water_heater_gas", "gas_stove", "integrated_stove")
EXHAUST = ("water_heater_gas", "range_hood", "integrated_stove")
WATER = ("washing_machine", "dishwasher", "water_heater_gas", "water_heater_electric", "water_purifier")
HUNG = ("air_conditioner", "water_heater_gas", "water_heater_electric", "range_hood", "television")
POWERED = ("air_conditioner", "water_heater_electric", "integrated_stove", "dishwasher")


MATERIALS = (
    Material("copper_pipe_6_10", "铜管 6×10", "米", categories=AIR),
    Material("copper_pipe_6_12", "铜管 6×12", "米", categories=AIR),
    Material("copper_pipe_10_16", "铜管 10×16", "米", categories=AIR),
    Material(
        "drain_hose", "排水管", "米", categories=("air_conditioner", "washing_machine", "dishwasher", "water_purifier")
    ),
    Material("cable", "电源线", "米", categories=POWERED),
    Material("gas_hose", "燃气金属软管", "根", True, GAS),
    Material("water_hose", "进水软管", "根", True, WATER),
    Material("angle_valve", "角阀", "个", True, WATER),
    Material("exhaust_pipe", "排烟管", "米", categories=EXHAUST),
    Material("exhaust_elbow", "排烟管弯头", "个", True, EXHAUST),
    Material("check_valve", "止回阀", "个", True, ("range_hood", "integrated_stove", "water_heater_electric")),
    Material("bracket", "支架", "副", True, ("air_conditioner", "microwave")),
    Material("wall_bracket_tv", "电视挂架", "副", True, TV),
    Material("expansion_bolt", "膨胀螺栓", "个", True, HUNG),
    Material("wall_hole", "打孔", "个", True, HUNG),
    Material("air_switch", "空气开关", "个", True, ("air_conditioner", "water_heater_electric")),
    Material("socket", "插座", "个", True),
    Material("refrigerant", "制冷剂", "千克", categories=("air_conditioner", "refrigerator")),
    Material("filter", "滤芯", "支", True, PURIFIER),
    Material("other", "其他辅材", "件", True),
)
