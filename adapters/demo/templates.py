"""Which of the sandbox's template messages say what for the demo's official account: as staff would set them in the console.

The ids are those of the pretend platform's library; a real account has its own.
"""

from __future__ import annotations

from sqlalchemy import select

from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Purpose
from domain.notices.model import MessageTemplate
from domain.notices.operations import put_template
from domain.organizations.model import OFFICIAL_ACCOUNT, Account

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


def put_templates(uow: UnitOfWork, brand_id: str, *, by: Actor) -> None:
    """For every official account of the brand; what somebody has set stays."""
    accounts = select(Account.id).filter_by(brand_id=brand_id, kind=OFFICIAL_ACCOUNT)
    for account_id in uow.session.scalars(accounts).all():
        for purpose, (template_id, fields) in TEMPLATES.items():
            if uow.session.get(MessageTemplate, (account_id, str(purpose))) is None:
                put_template(uow, account_id, purpose, template_id, fields, by=by)
