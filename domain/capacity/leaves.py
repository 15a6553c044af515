"""Why engineers do not work: the kinds of leave, as on screens. To add one, add a line."""

from __future__ import annotations

KINDS = {
    "leave": "事假",
    "sick": "病假",
    "annual": "年假",
    "training": "培训",
    "injury": "工伤",
    "vehicle": "车辆故障",
    "other": "其他",
}
