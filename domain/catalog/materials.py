"""What is used up when appliances are installed 安装辅材: codes with titles and units; a further one is a row.

Quantities are counted in thousandths of the unit: 3.5 metres are 3500. Prices come with pricing, by these codes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Material:
    """``whole``: counted in pieces, so only by thousands."""

    code: str
    title: str
    unit: str
    whole: bool = False


MATERIALS = (
    Material("copper_pipe_6_10", "铜管 6×10", "米"),
    Material("copper_pipe_6_12", "铜管 6×12", "米"),
    Material("copper_pipe_10_16", "铜管 10×16", "米"),
    Material("drain_hose", "排水管", "米"),
    Material("cable", "电源线", "米"),
    Material("gas_hose", "燃气金属软管", "根", True),
    Material("water_hose", "进水软管", "根", True),
    Material("angle_valve", "角阀", "个", True),
    Material("exhaust_pipe", "排烟管", "米"),
    Material("exhaust_elbow", "排烟管弯头", "个", True),
    Material("check_valve", "止回阀", "个", True),
    Material("bracket", "支架", "副", True),
    Material("wall_bracket_tv", "电视挂架", "副", True),
    Material("expansion_bolt", "膨胀螺栓", "个", True),
    Material("wall_hole", "打孔", "个", True),
    Material("air_switch", "空气开关", "个", True),
    Material("socket", "插座", "个", True),
    Material("refrigerant", "制冷剂", "千克"),
    Material("filter", "滤芯", "支", True),
    Material("other", "其他辅材", "件", True),
)
