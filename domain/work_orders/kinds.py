"""What kinds of service a work order can ask for (requirements A6)."""

from __future__ import annotations

from enum import StrEnum


class ServiceType(StrEnum):
    INSTALL = "install"
    REPAIR = "repair"
    EXCHANGE = "exchange"
    MAINTENANCE = "maintenance"
    COMPLAINT = "complaint"
    CONSULTATION = "consultation"


TITLES = {
    ServiceType.INSTALL: "安装",
    ServiceType.REPAIR: "维修",
    ServiceType.EXCHANGE: "退换",
    ServiceType.MAINTENANCE: "保养清洗",
    ServiceType.COMPLAINT: "投诉",
    ServiceType.CONSULTATION: "咨询",
}
