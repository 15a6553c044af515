"""Who on the staff may do what. A new role is a row of `MAY`; a new kind of act is a `Permission` and a place in rows.

Every route of the console names the permission it needs, and a test walks them all.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a route can ask for."""

    ANYONE = "anyone"
    """No sign-in needed: the sign-in page itself."""
    OWN_ACCOUNT = "own_account"
    ORDERS_SEE = "orders.see"
    ORDERS_OPEN = "orders.open"
    ORDERS_CHANGE = "orders.change"
    ORDERS_MOVE = "orders.move"
    ORDERS_AUDIT = "orders.audit"
    CUSTOMERS_SEE = "customers.see"
    PERSONAL_REVEAL = "personal.reveal"
    PRODUCTS_SEE = "products.see"
    DESK_WORK = "desk.work"
    DESK_KEEP = "desk.keep"
    """Canned answers and the hours of duty."""
    INCIDENTS_WORK = "incidents.work"
    INCIDENTS_KEEP = "incidents.keep"
    """Who is called."""
    DISPATCH_SEE = "dispatch.see"
    """The board, the queue, decisions, plans, whereabouts."""
    DISPATCH_ASSIGN = "dispatch.assign"
    DISPATCH_OVERRIDE = "dispatch.override"
    """Assign against a rule, with a reason."""
    PLANS_ACCEPT = "plans.accept"
    APPOINTMENTS_CHANGE = "appointments.change"
    ENGINEERS_SEE = "engineers.see"
    ENGINEERS_KEEP = "engineers.keep"
    """Engineers, their skills and certificates, shifts and leave."""
    NETWORK_SEE = "network.see"
    NETWORK_KEEP = "network.keep"
    """Brands, providers, stations, authorizations and the grid."""
    SERVICE_LEVELS_SEE = "service_levels.see"
    SERVICE_LEVELS_KEEP = "service_levels.keep"
    FEEDBACK_SEE = "feedback.see"
    """Ratings and the figures made of them."""
    CALLBACKS_WORK = "callbacks.work"
    COMPLAINTS_WORK = "complaints.work"
    PAYMENTS_SEE = "payments.see"
    """What is owed and paid."""
    REFUNDS_ASK = "refunds.ask"
    REFUNDS_APPROVE = "refunds.approve"
    """What somebody else asked for, and what the platform cannot pay."""
    REFUNDS_LIMIT = "refunds.limit"
    CASH_KEEP = "cash.keep"
    """Take in what engineers hand in."""
    INVOICES_KEEP = "invoices.keep"
    RECONCILE = "reconcile"
    """Compare with the platform's bills, settle differences, void what is owed."""
    LEDGER_SEE = "ledger.see"
    COVER_SEE = "cover.see"
    """Extended warranties, cards, plans and gifts."""
    COVER_WORK = "cover.work"
    """Sell, give up and use them for customers."""
    COVER_KEEP = "cover.keep"
    """Plans and gifts."""
    QUOTES_SEE = "quotes.see"
    QUOTES_MAKE = "quotes.make"
    """Quote for an order, and write down what a customer said of it by phone."""
    PRICES_SEE = "prices.see"
    PRICES_KEEP = "prices.keep"
    """The fee table and part prices."""
    REPORTS_SEE = "reports.see"
    DEAD_LETTERS = "dead_letters"
    STAFF_KEEP = "staff.keep"
    TRAIL_SEE = "trail.see"


class StaffRole(StrEnum):
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    DISPATCHER = "dispatcher"
    AGENT = "agent"
    AUDITOR = "auditor"
    MARKETER = "marketer"
    SETTLEMENT = "settlement"
    PROVIDER_DISPATCHER = "provider_dispatcher"
    STATION = "station"


TITLES = {
    StaffRole.ADMINISTRATOR: "管理员",
    StaffRole.MANAGER: "服务经理",
    StaffRole.DISPATCHER: "调度",
    StaffRole.AGENT: "客服坐席",
    StaffRole.AUDITOR: "审核",
    StaffRole.MARKETER: "运营",
    StaffRole.SETTLEMENT: "结算",
    StaffRole.PROVIDER_DISPATCHER: "服务商调度",
    StaffRole.STATION: "网点",
}

OF_PROVIDER = frozenset({StaffRole.PROVIDER_DISPATCHER, StaffRole.STATION})
"""Roles of a provider's people: they always have a scope, and never reach what is the brand's own."""

EVERYBODY = frozenset({Permission.ANYONE, Permission.OWN_ACCOUNT})

AGENT_MAY = frozenset(
    {
        Permission.ANYONE,
        Permission.OWN_ACCOUNT,
        Permission.ORDERS_SEE,
        Permission.ORDERS_OPEN,
        Permission.ORDERS_CHANGE,
        Permission.ORDERS_MOVE,
        Permission.CUSTOMERS_SEE,
        Permission.PERSONAL_REVEAL,
        Permission.PRODUCTS_SEE,
        Permission.DESK_WORK,
        Permission.INCIDENTS_WORK,
        Permission.FEEDBACK_SEE,
        Permission.CALLBACKS_WORK,
        Permission.COMPLAINTS_WORK,
    }
)

STATION_MAY = EVERYBODY | {
    Permission.QUOTES_SEE,
    Permission.PRICES_SEE,
    Permission.ORDERS_SEE,
    Permission.PERSONAL_REVEAL,
    Permission.PRODUCTS_SEE,
    Permission.DISPATCH_SEE,
    Permission.ENGINEERS_SEE,
    Permission.APPOINTMENTS_CHANGE,
    Permission.SERVICE_LEVELS_SEE,
    Permission.FEEDBACK_SEE,
}

PROVIDER_DISPATCHER_MAY = STATION_MAY | {
    Permission.DISPATCH_ASSIGN,
    Permission.PLANS_ACCEPT,
    Permission.ENGINEERS_KEEP,
    Permission.NETWORK_SEE,
    Permission.REPORTS_SEE,
}

DISPATCHER_MAY = PROVIDER_DISPATCHER_MAY | {
    Permission.QUOTES_MAKE,
    Permission.ORDERS_OPEN,
    Permission.ORDERS_CHANGE,
    Permission.ORDERS_MOVE,
    Permission.CUSTOMERS_SEE,
    Permission.DISPATCH_OVERRIDE,
    Permission.DESK_WORK,
}

MAY: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.ADMINISTRATOR: frozenset(Permission),
    StaffRole.MANAGER: frozenset(Permission) - {Permission.STAFF_KEEP, Permission.DEAD_LETTERS},
    StaffRole.DISPATCHER: DISPATCHER_MAY,
    StaffRole.AGENT: AGENT_MAY
    | {Permission.DISPATCH_SEE, Permission.APPOINTMENTS_CHANGE, Permission.SERVICE_LEVELS_SEE}
    | {Permission.PAYMENTS_SEE, Permission.REFUNDS_ASK, Permission.COVER_SEE, Permission.COVER_WORK}
    | {Permission.QUOTES_SEE, Permission.QUOTES_MAKE, Permission.PRICES_SEE},
    StaffRole.AUDITOR: EVERYBODY
    | {
        Permission.QUOTES_SEE,
        Permission.PRICES_SEE,
        Permission.ORDERS_SEE,
        Permission.ORDERS_AUDIT,
        Permission.PAYMENTS_SEE,
        Permission.LEDGER_SEE,
        Permission.COVER_SEE,
        Permission.CUSTOMERS_SEE,
        Permission.PRODUCTS_SEE,
        Permission.SERVICE_LEVELS_SEE,
        Permission.FEEDBACK_SEE,
        Permission.REPORTS_SEE,
        Permission.TRAIL_SEE,
    },
    StaffRole.MARKETER: EVERYBODY
    | {Permission.PRODUCTS_SEE, Permission.REPORTS_SEE, Permission.COVER_SEE, Permission.COVER_KEEP},
    StaffRole.SETTLEMENT: EVERYBODY
    | {
        Permission.ORDERS_SEE,
        Permission.CUSTOMERS_SEE,
        Permission.PAYMENTS_SEE,
        Permission.REFUNDS_ASK,
        Permission.REFUNDS_APPROVE,
        Permission.CASH_KEEP,
        Permission.INVOICES_KEEP,
        Permission.RECONCILE,
        Permission.LEDGER_SEE,
        Permission.COVER_SEE,
        Permission.REPORTS_SEE,
    },
    StaffRole.PROVIDER_DISPATCHER: PROVIDER_DISPATCHER_MAY,
    StaffRole.STATION: STATION_MAY,
}

GROUPS: dict[str, dict[Permission, str]] = {
    "工单": {
        Permission.ORDERS_SEE: "查看", Permission.ORDERS_OPEN: "开单", Permission.ORDERS_CHANGE: "修改",
        Permission.ORDERS_MOVE: "流转", Permission.ORDERS_AUDIT: "审核结算", Permission.PERSONAL_REVEAL: "显示隐私信息",
    },
    "派工": {
        Permission.DISPATCH_SEE: "查看", Permission.DISPATCH_ASSIGN: "派工", Permission.DISPATCH_OVERRIDE: "破例派工",
        Permission.PLANS_ACCEPT: "采纳排程", Permission.APPOINTMENTS_CHANGE: "预约改约",
    },
    "网络": {
        Permission.ENGINEERS_SEE: "看工程师", Permission.ENGINEERS_KEEP: "管工程师",
        Permission.NETWORK_SEE: "看服务网络", Permission.NETWORK_KEEP: "管服务网络",
        Permission.SERVICE_LEVELS_SEE: "看时效", Permission.SERVICE_LEVELS_KEEP: "管时效",
    },
    "客户": {
        Permission.CUSTOMERS_SEE: "看客户", Permission.PRODUCTS_SEE: "看产品", Permission.DESK_WORK: "会话待办",
        Permission.DESK_KEEP: "会话设置", Permission.INCIDENTS_WORK: "安全事件", Permission.INCIDENTS_KEEP: "值班名单",
    },
    "评价": {
        Permission.FEEDBACK_SEE: "看评价", Permission.CALLBACKS_WORK: "回访", Permission.COMPLAINTS_WORK: "处理投诉",
    },
    "财务": {
        Permission.PAYMENTS_SEE: "看收款", Permission.REFUNDS_ASK: "申请退款", Permission.REFUNDS_APPROVE: "审批退款",
        Permission.REFUNDS_LIMIT: "退款限额", Permission.CASH_KEEP: "收交款", Permission.INVOICES_KEEP: "开票",
        Permission.RECONCILE: "对账", Permission.LEDGER_SEE: "看分类账",
    },
    "价格": {
        Permission.QUOTES_SEE: "看报价", Permission.QUOTES_MAKE: "报价", Permission.PRICES_SEE: "看价目",
        Permission.PRICES_KEEP: "管价目",
    },
    "延保": {
        Permission.COVER_SEE: "看延保与卡", Permission.COVER_WORK: "办理延保", Permission.COVER_KEEP: "管方案和赠品",
    },
    "系统": {
        Permission.REPORTS_SEE: "报表", Permission.TRAIL_SEE: "审计", Permission.DEAD_LETTERS: "死信",
        Permission.STAFF_KEEP: "员工",
    },
}  # fmt: skip
"""What permissions are called on the page of roles; a test sees to it that none is missing but those everybody has."""

AUDIT_MOVES = frozenset({"audit", "send_back", "settle"})
"""Moves of a work order that decide about money: they need `Permission.ORDERS_AUDIT`, all others `ORDERS_MOVE`."""


def may(role: str, permission: Permission) -> bool:
    """Whether somebody with this role may do that; a role that is no longer known may do nothing."""
    return role in MAY and permission in MAY[StaffRole(role)]


def needed_for(move: str) -> Permission:
    """The permission a move of a work order needs."""
    return Permission.ORDERS_AUDIT if move in AUDIT_MOVES else Permission.ORDERS_MOVE
