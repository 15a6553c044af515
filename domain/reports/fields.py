"""What orders can be searched by. ★ A further field is a row of `FIELDS`: its name, title, kind, and how it becomes SQL.

Every condition stands on an index, or names so many rows that the newest are found at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select

from domain.appointments.lifecycle import AppointmentStatus
from domain.appointments.model import Appointment
from domain.catalog.codes import code_key
from domain.catalog.model import Category, Model
from domain.customers.model import Customer, CustomerPhone
from domain.dispatch.model import WaitingOrder
from domain.dispatch.reasons import WAITING
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand, Provider, Station
from domain.products.model import Product
from domain.products.operations import serial_key
from domain.reports.conditions import BadQuery, Field
from domain.service_levels.lifecycle import CLOCKS as CLOCK_LIFE
from domain.service_levels.model import Clock
from domain.service_levels.policies import CLOCKS
from domain.work_orders import kinds
from domain.work_orders.lifecycle import ORDERS, OrderStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder, WorkOrderMove
from domain.work_orders.numbers import read_number
from domain.work_orders.search import as_phone, read_digits

Values = Sequence[Any]
Condition = ColumnElement[bool]

VIAS = {"chat": "微信", "console": "控制台", "api": "接口", "demo": "演示"}
LEVELS = {"vip": "VIP"}


def one_of(column: Any) -> Any:
    return lambda uow, values: column.in_(values)


def within_days(column: Any) -> Any:
    def condition(uow: UnitOfWork, values: Values) -> Condition:
        since, until = values
        return and_(*([column >= since] if since else []), *([column < until] if until else []))

    return condition


def orders_in(ids: Select[Any] | CompoundSelect[Any]) -> Condition:
    return WorkOrder.id.in_(ids)


def by_number(uow: UnitOfWork, values: Values) -> Condition:
    numbers = [read_number(value) for value in values]
    if None in numbers:
        raise BadQuery("工单号不对，请核对末位的校验位")
    return WorkOrder.number.in_(numbers)


def by_model(uow: UnitOfWork, values: Values) -> Condition:
    return WorkOrder.model_id.in_(select(Model.id).where(Model.code_key.in_([code_key(value) for value in values])))


def by_serial(uow: UnitOfWork, values: Values) -> Condition:
    keys = [serial_key(value) for value in values]
    of_product = select(Product.id).where(Product.serial_key.in_(keys))
    return orders_in(
        select(WorkOrder.id).where(WorkOrder.serial_key.in_(keys))
        .union(select(WorkOrder.id).where(WorkOrder.product_id.in_(of_product)))
    )  # fmt: skip


def by_name(uow: UnitOfWork, values: Values) -> Condition:
    prints = [uow.keyring.name_print(value) for value in values]
    customers = select(Customer.id).where(Customer.name_print.in_(prints))
    return orders_in(
        select(WorkOrder.id).where(WorkOrder.name_print.in_(prints))
        .union(select(WorkOrder.id).where(WorkOrder.customer_id.in_(customers)))
    )  # fmt: skip


def by_phone(uow: UnitOfWork, values: Values) -> Condition:
    """Whole numbers, or their last four digits."""
    whole, last4 = [], []
    for value in values:
        digits = read_digits(value)
        if digits is None or (len(digits) != 4 and len(digits) < 7):
            raise BadQuery("电话要写完整，或只写后四位")
        prints = uow.keyring.phone_prints(digits if len(digits) == 4 else as_phone(digits))
        last4.append(prints[1]) if len(digits) == 4 else whole.append(prints[0])
    pairs = (
        (whole, WorkOrder.phone_print, CustomerPhone.number_print),
        (last4, WorkOrder.phone4_print, CustomerPhone.last4_print),
    )
    found = []
    for prints_of, of_order, of_customer in pairs:
        if prints_of:
            customers = select(CustomerPhone.customer_id).where(of_customer.in_(prints_of))
            found += [
                select(WorkOrder.id).where(of_order.in_(prints_of)),
                select(WorkOrder.id).where(WorkOrder.customer_id.in_(customers)),
            ]
    return orders_in(found[0].union(*found[1:]))


def by_division(uow: UnitOfWork, values: Values) -> Condition:
    """The place and everything below it: codes, digits that matter only."""
    codes = [value.rstrip("0") or value for value in values]
    if not all(code.isdecimal() and 2 <= len(code) <= 12 for code in codes):
        raise BadQuery("行政区划要写代码，例如 4406")
    # ~>=~ compares byte by byte, which is what the index is made for; a prefix is a range of such.
    column = WorkOrder.division_code
    return or_(
        *(
            and_(column.op("~>=~", is_comparison=True)(code), column.op("~<~", is_comparison=True)(code + ":"))
            for code in codes
        )
    )


def by_engineer(uow: UnitOfWork, values: Values) -> Condition:
    """By staff number or name; whoever has a share of a visit counts."""
    prints = [uow.keyring.name_print(value) for value in values]
    meant = select(Engineer.id).where(or_(Engineer.code.in_(values), Engineer.name_print.in_(prints)))
    shared = (
        select(Visit.work_order_id)
        .join(VisitEngineer, VisitEngineer.visit_id == Visit.id)
        .where(VisitEngineer.engineer_id.in_(meant))
    )
    return orders_in(select(Visit.work_order_id).where(Visit.engineer_id.in_(meant)).union(shared))


def by_appointment(uow: UnitOfWork, values: Values) -> Condition:
    kept = select(Appointment.work_order_id).where(Appointment.status == AppointmentStatus.BOOKED)
    return orders_in(kept.where(within_days(Appointment.window_since)(uow, values)))


def by_end(uow: UnitOfWork, values: Values) -> Condition:
    """Finished or cancelled on these days, and still is."""
    ended = select(WorkOrderMove.work_order_id).where(
        WorkOrderMove.to.in_([OrderStatus.FINISHED, OrderStatus.CANCELLED])
    )
    return orders_in(ended.where(within_days(WorkOrderMove.at)(uow, values)))


def by_level(uow: UnitOfWork, values: Values) -> Condition:
    return WorkOrder.customer_id.in_(select(Customer.id).where(Customer.level.in_(values)))


def by_clock(uow: UnitOfWork, values: Values) -> Condition:
    return orders_in(select(Clock.work_order_id).where(Clock.status.in_(values)))


def by_breach(uow: UnitOfWork, values: Values) -> Condition:
    """Which promise was broken, still is or was in the end."""
    return orders_in(select(Clock.work_order_id).where(Clock.clock.in_(values), Clock.breached_at.isnot(None)))


def by_waiting(uow: UnitOfWork, values: Values) -> Condition:
    return orders_in(select(WaitingOrder.work_order_id).where(WaitingOrder.reason.in_(values)))


def named(kind: Any, name: Any, key: Any = None) -> Any:
    """Choices out of a table, whatever of it the person sees."""

    def choices(uow: UnitOfWork) -> Mapping[str, str]:
        code = kind.id if key is None else key
        return {row[0]: row[1] for row in uow.session.execute(select(code, name).order_by(name))}

    return choices


def fixed(titles: Mapping[Any, str]) -> Any:
    return lambda uow: {str(code): title for code, title in titles.items()}


ROWS = [
    #     name             title          kind      becomes SQL by                  choices, hint, personal
    Field("number",        "工单号",       "text",   by_number,                      hint="100 000 019"),
    Field("status",        "状态",         "choice", one_of(WorkOrder.status),       fixed(ORDERS.titles)),
    Field("service_type",  "服务类型",     "choice", one_of(WorkOrder.service_type), fixed(kinds.TITLES)),
    Field("brand",         "品牌",         "choice", one_of(WorkOrder.brand_id),     named(Brand, Brand.name)),
    Field("category",      "品类",         "choice", one_of(WorkOrder.category_code), named(Category, Category.title, Category.code)),
    Field("model",         "型号",         "text",   by_model,                       hint="KFR-35GW/N8A1"),
    Field("serial",        "机身编号",     "text",   by_serial),
    Field("error_code",    "故障代码",     "text",   one_of(WorkOrder.error_code),   hint="E4"),
    Field("customer",      "客户姓名",     "text",   by_name,                        personal=True),
    Field("phone",         "客户电话",     "text",   by_phone,                       hint="完整号码或后四位", personal=True),
    Field("level",         "客户等级",     "choice", by_level,                       fixed(LEVELS)),
    Field("division",      "行政区划",     "text",   by_division,                    hint="代码，如 4406 佛山"),
    Field("provider",      "服务商",       "choice", one_of(WorkOrder.provider_id),  named(Provider, Provider.name)),
    Field("station",       "网点",         "choice", one_of(WorkOrder.station_id),   named(Station, Station.name)),
    Field("engineer",      "工程师",       "text",   by_engineer,                    hint="工号或姓名"),
    Field("opened",        "受理日期",     "day",    within_days(WorkOrder.opened_at)),
    Field("appointment",   "预约上门日期", "day",    by_appointment),
    Field("ended",         "完工或取消日期", "day",  by_end),
    Field("wanted",        "期望上门日期", "day",    within_days(WorkOrder.wanted_since)),
    Field("sla",           "时效状态",     "choice", by_clock,                       fixed(CLOCK_LIFE.titles)),
    Field("breach",        "跳闸的时效",   "choice", by_breach,                      fixed({k: v.title for k, v in CLOCKS.items()})),
    Field("waiting",       "待派原因",     "choice", by_waiting,                     fixed(WAITING)),
    Field("urged",         "催单次数",     "number", lambda uow, values: WorkOrder.urged >= max(values[0], 1)),
    Field("re_repair",     "二次维修",     "flag",   lambda uow, values: WorkOrder.repair_of_id.isnot(None)),
    Field("hard",          "疑难",         "flag",   lambda uow, values: WorkOrder.hard != ""),
    Field("unassigned",    "没有服务商",   "flag",   lambda uow, values: WorkOrder.provider_id.is_(None)),
    Field("via",           "受理渠道",     "choice", one_of(WorkOrder.opened_via),   fixed(VIAS)),
]  # fmt: skip
"""In the order the page offers them."""

FIELDS: Mapping[str, Field] = {field.name: field for field in ROWS}
