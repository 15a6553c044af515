"""Reading and playing the lines of tests/cases/service_levels.toml.

A line is ``时间 动作 → 期望，期望``. The watcher runs before every line, as it does every few seconds in life.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.access.roles import TITLES as ROLES
from domain.customers.address import AddressLine
from domain.customers.calling import customer_of_caller
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.service_levels import operations, queries
from domain.service_levels.keeping import Wanted, put_defaults, put_policy
from domain.service_levels.lifecycle import CLOCKS as LIFE
from domain.service_levels.model import Clock
from domain.service_levels.policies import CLOCKS, PAUSES
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.operations import open_work_order
from tests.brand import put_brand
from tests.runtime import Clock as Time

BY, STAFF = system("test"), Actor(Role.STAFF, "st_1")
HAPPENINGS = {
    "已联系客户": "contacted", "约好上门": "appointment.booked", "工程师接单": "visit.accept", "工程师出发": "visit.depart",
    "工程师签到": "visit.check_in", "开始服务": "order.start", "待件": "order.wait_part", "到件": "order.resume",
    "完工": "order.finish", "指导解决": "order.guide", "取消": "order.cancel", "退回补正": "order.send_back",
    "催单": "urged", "工程师申请改约": "change.asked", "客户没有确认改约": "change.unconfirmed", "客户同意改约": "change.agreed",
    "客户不同意改约": "change.declined", "没有可派的工程师": "nobody_fits", "换工程师": "visit.reassign", "客户要求延后": "customer.later",
}  # fmt: skip
REASONS = {reason.title: code for code, reason in PAUSES.items()}
LEVELS = {"普通": "", "VIP": "vip"}
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?"


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@dataclass
class Played:
    """One case being played: ``key`` is the clock that is looked at."""

    runtime: Runtime
    time: Time
    case: dict[str, Any]
    order_id: str = ""
    refused: str = ""
    wrong: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return next(key for key, promise in CLOCKS.items() if promise.title == self.case["时钟"])

    def play(self) -> list[str]:
        """Everything that was not as the case says."""
        lines = self.case["经过"]
        self.time.at = moment(re.match(MOMENT, lines[0])[0])  # type: ignore[index]
        with self.runtime.transaction() as uow:
            self.brand = put_brand(uow).voice.brand_id
            put_defaults(uow)
            for one in self.case.get("标准", []):
                put_policy(uow, self.wanted(one), by=BY)
        for line in lines:
            done, _, expected = line.partition(" → ")
            at, action = re.fullmatch(rf"({MOMENT}) (.+)", done.strip()).groups()  # type: ignore[union-attr]
            self.time.at = moment(at)
            self.watch()
            self.act(action)
            for wish in filter(None, expected.split("，")):
                if (found := self.found(wish.strip())) != wish.strip():
                    self.wrong.append(f"{line}：实际 {found}")
        return self.wrong

    def wanted(self, one: dict[str, Any]) -> Wanted:
        names = {
            "分钟": "minutes",
            "预警": "warn_minutes",
            "工作时间": "working",
            "客户": "customer_level",
            "地区": "division_code",
        }
        said = {names[name]: value for name, value in one.items() if name in names}
        services = {title: str(kind) for kind, title in SERVICES.items()}
        return Wanted(**{
            "clock": self.key, "minutes": 60, "warn_minutes": 10, "since": self.time.at.date(),
            "service_type": services.get(one.get("服务", ""), ""), "brand_id": self.brand if one.get("本品牌") else "",
            "pauses": tuple(REASONS[title] for title in one.get("可暂停", [])), **said,
            "customer_level": LEVELS[one.get("客户", "普通")],
        })  # fmt: skip

    def watch(self) -> None:
        with self.runtime.transaction() as uow:
            operations.watch(uow)

    def act(self, action: str) -> None:
        name, _, rest = action.partition("：")
        self.refused = ""
        with self.runtime.transaction() as uow:
            if name in ("报修", "受理"):
                self.open(rest)
            elif name.startswith("暂停"):
                self.by_hand(rest)
            elif name == "继续":
                operations.resume(uow, self.clock().id, by=STAFF)
            elif name in HAPPENINGS:
                until = moment(rest) if re.fullmatch(MOMENT, rest) else None
                operations.happened(uow, self.order_id, HAPPENINGS[name], uow.now, by=BY, until=until)
            elif name.startswith("迟到的消息"):
                at, what = re.fullmatch(rf"({MOMENT}) (.+)", rest).groups()  # type: ignore[union-attr]
                operations.happened(uow, self.order_id, HAPPENINGS[what], moment(at), by=BY)
            elif name == "改标准":
                put_policy(uow, self.wanted({"分钟": int(rest)}), by=BY)
            elif name == "回访完成":
                operations.meet(uow, self.clock().id, by=STAFF)
            else:
                assert name == "看", f"不认识的动作：{name}"

    def by_hand(self, title: str) -> None:
        try:
            with self.runtime.transaction() as uow:
                operations.pause(uow, self.clock().id, REASONS[title], by=STAFF, why="打过三次电话")
        except Refused:
            self.refused = "不允许"

    def open(self, service: str) -> None:
        kind = next((kind for kind, title in SERVICES.items() if title == (service or "维修")))
        with self.runtime.transaction() as uow:
            customer = customer_of_caller(uow, self.brand, "13800000001")
            customer.level = LEVELS[self.case.get("客户", "普通")]
            order = open_work_order(
                uow, by=BY, brand_id=self.brand, service_type=kind, customer_id=customer.id,
                category_code="air_conditioner", words="不制冷", phone="13800000001", via="chat",
                address=AddressLine(self.case.get("地区", "440606004"), "某街道"),
            ).order  # fmt: skip
            self.order_id = order.id
            operations.happened(uow, order.id, "opened", order.opened_at, by=BY)

    def clock(self) -> Clock:
        with self.runtime.transaction() as uow:
            return [one for one in queries.clocks_of(uow, self.order_id) if one.clock == self.key][-1]

    def found(self, wish: str) -> str:
        """What is there, written the way the wish is."""
        with self.runtime.transaction() as uow:
            clocks = [one for one in queries.clocks_of(uow, self.order_id) if one.clock == self.key]
            if not clocks:
                return "没有时钟"
            clock = clocks[-1]
            lines = queries.history(uow, [clock.id])[clock.id]
            if wish == "不允许":
                return self.refused or "允许"
            head = wish.split()[0]
            if head in ("应于", "预警于", "跳闸于"):
                shown = {"应于": clock.due_at, "预警于": clock.warn_at, "跳闸于": clock.breached_at}[head]
                seconds = "%Y-%m-%d %H:%M:%S" if wish.count(":") == 2 else "%Y-%m-%d %H:%M"
                return f"{head} {shown.astimezone(SHANGHAI):{seconds}}" if shown else f"没有{head[:2]}"
            if head == "没有跳闸":
                return "没有跳闸" if clock.breached_at is None else "跳闸过"
            if head == "升级给":
                return "升级给 " + "、".join(ROLES[line.role] for line in lines if line.kind == "escalated")  # type: ignore[index]
            if head == "剩":
                return f"剩 {(clock.remaining or timedelta()) // timedelta(minutes=1)} 分钟"
            if head == "记下":
                return "记下 " + "、".join(PAUSES[line.reason].title for line in lines if line.kind == "ran_on")
            if head == "第":
                return f"第 {clock.round} 次"
            return LIFE.titles[clock.status]
