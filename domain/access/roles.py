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
    DEAD_LETTERS = "dead_letters"
    STAFF_KEEP = "staff.keep"
    TRAIL_SEE = "trail.see"


class StaffRole(StrEnum):
    ADMINISTRATOR = "administrator"
    AGENT = "agent"


TITLES = {StaffRole.ADMINISTRATOR: "管理员", StaffRole.AGENT: "客服坐席"}

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
    }
)

MAY: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.ADMINISTRATOR: frozenset(Permission),
    StaffRole.AGENT: AGENT_MAY,
}

AUDIT_MOVES = frozenset({"audit", "send_back", "settle"})
"""Moves of a work order that decide about money: they need `Permission.ORDERS_AUDIT`, all others `ORDERS_MOVE`."""


def may(role: str, permission: Permission) -> bool:
    """Whether somebody with this role may do that; a role that is no longer known may do nothing."""
    return role in MAY and permission in MAY[StaffRole(role)]


def needed_for(move: str) -> Permission:
    """The permission a move of a work order needs."""
    return Permission.ORDERS_AUDIT if move in AUDIT_MOVES else Permission.ORDERS_MOVE
