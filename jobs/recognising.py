"""Asking the platform who an official account's new contact is elsewhere: a mini-program says it when people sign in."""

from __future__ import annotations

import structlog

from domain.customers.events import ContactMet
from domain.customers.model import Contact
from domain.desk.identities import recognise
from domain.organizations.model import OFFICIAL_ACCOUNT
from domain.organizations.queries import voice
from jobs.channels import NeverAgain, OutcomeUnknown, RetryLater
from jobs.context import Jobs

log = structlog.get_logger()


def learn_unionid(jobs: Jobs, event: ContactMet) -> None:
    """Note the new contact's unionid. Being asked twice, the platform says the same.

    :raises RetryLater: the platform could not answer now
    """
    with jobs.runtime.transaction() as uow:
        account = voice(uow, account_id=event.account_id)
    if account.kind != OFFICIAL_ACCOUNT:
        return
    try:
        unionid = jobs.channel.unionid_of(event.account_id, event.openid)
    except NeverAgain as no:
        log.info("platform does not say who this is", code=no.code)
        return
    except OutcomeUnknown as lost:
        raise RetryLater(str(lost)) from lost
    with jobs.runtime.transaction() as uow:
        contact = uow.session.get_one(Contact, (event.account_id, event.openid))
        recognise(uow, contact, account.brand_id, unionid)
