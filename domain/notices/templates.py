"""Which subscription templates an account uses: set by staff, as `operations.put_template` does for template messages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Purpose
from domain.notices.operations import BadTemplate, check_fields
from domain.notices.subscriptions_model import SubscriptionTemplate

PAGE = re.compile(r"[\w\-/]+(\?[!-~]*)?", re.ASCII)


def put_subscription_template(
    uow: UnitOfWork,
    account_id: str,
    purpose: Purpose,
    template_id: str,
    fields: Mapping[str, str],
    page: str,
    *,
    by: Actor,
) -> None:
    """Say which subscription template is used for what, and which page of the mini-program it opens; without a template id
    there is none any more. Consents to a template that is given up are kept: it may come back.

    :raises BadTemplate: a field that is none, or does not take its value; a page that is none
    """
    kept = uow.session.get(SubscriptionTemplate, (account_id, str(purpose)))
    if not template_id.strip():
        if kept:
            uow.session.delete(kept)
    else:
        check_fields(fields)
        if page and not PAGE.fullmatch(page):
            raise BadTemplate("页面应当像 pages/orders/index，不带网址")
        kept = kept or SubscriptionTemplate(account_id=account_id, purpose=str(purpose))
        kept.template_id, kept.fields, kept.page = template_id.strip(), dict(fields), page
        kept.changed_by, kept.changed_at = str(by), uow.now
        uow.session.add(kept)
    uow.session.flush()
    trail.record(uow, by, "template.put", "account", account_id, purpose=str(purpose), kind="subscription")
