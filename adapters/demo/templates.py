"""Which of the sandbox's template and subscription messages say what for the demo's accounts: as staff would set them in the
console.

The ids are those of the pretend platform's library; a real account has its own.
"""

from __future__ import annotations

from sqlalchemy import select

from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Purpose
from domain.notices.model import MessageTemplate
from domain.notices.operations import put_template
from domain.notices.subscriptions_model import SubscriptionTemplate
from domain.notices.templates import put_subscription_template
from domain.organizations.model import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account

TEMPLATES = {
    Purpose.PROGRESS: (
        "sandbox-template-progress-0000000000000000",
        {"character_string1": "number", "thing2": "service", "phrase3": "state", "thing4": "tip"},
    ),
    Purpose.APPOINTMENT: (
        "sandbox-template-appointment-0000000000000",
        {"thing1": "service", "time2": "time", "thing3": "engineer", "thing4": "tip"},
    ),
    Purpose.QUESTION: (
        "sandbox-template-question-0000000000000000",
        {"character_string1": "number", "time2": "time", "time3": "new_time", "thing4": "tip"},
    ),
}


ORDERS, CARDS = "pages/orders/index", "pages/cover/index"
SUBSCRIPTIONS = {
    Purpose.APPOINTMENT: (
        "visit",
        {"thing1": "service", "time2": "time", "name3": "master", "phone_number4": "hotline", "thing5": "tip"},
        ORDERS,
    ),
    Purpose.PROGRESS: (
        "progress", {"character_string1": "number", "thing2": "service", "phrase3": "state", "thing4": "tip"}, ORDERS,
    ),
    Purpose.QUOTE: (
        "quote", {"character_string1": "number", "amount2": "amount", "thing3": "service", "thing4": "tip"}, ORDERS,
    ),
    Purpose.BILL: (
        "payment", {"character_string1": "number", "amount2": "amount", "thing3": "service", "thing4": "tip"}, ORDERS,
    ),
    Purpose.REFUND: (
        "refund", {"character_string1": "paper", "amount2": "amount", "date3": "when", "thing4": "tip"}, ORDERS,
    ),
    Purpose.RATING: (
        "finished", {"character_string1": "number", "thing2": "service", "time3": "when", "thing4": "tip"}, ORDERS,
    ),
    Purpose.COVER: ("cover", {"thing1": "product", "date2": "until", "number3": "days", "thing4": "tip"}, CARDS),
}  # fmt: skip
"""Purpose → the sandbox's name for it, its fields, and the mini-program's page."""


def subscription_id(kind: str, name: str) -> str:
    """The same thing has another id on each kind of account."""
    return f"sandbox-{'mp' if kind == MINI_PROGRAM else 'oa'}-subscribe-{name}".ljust(43, "0")


def put_templates(uow: UnitOfWork, brand_id: str, *, by: Actor) -> None:
    """For every account of the brand; what somebody has set stays."""
    for account in uow.session.scalars(select(Account).filter_by(brand_id=brand_id)).all():
        for purpose, (template_id, fields) in TEMPLATES.items() if account.kind == OFFICIAL_ACCOUNT else ():
            if uow.session.get(MessageTemplate, (account.id, str(purpose))) is None:
                put_template(uow, account.id, purpose, template_id, fields, by=by)
        for purpose, (name, fields, page) in SUBSCRIPTIONS.items():
            if uow.session.get(SubscriptionTemplate, (account.id, str(purpose))) is None:
                chosen, page = subscription_id(account.kind, name), page if account.kind == MINI_PROGRAM else ""
                put_subscription_template(uow, account.id, purpose, chosen, fields, page, by=by)
