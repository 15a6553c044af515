"""Calling the platform from the command line: the account meant, the client, and words for a no."""

from __future__ import annotations

from collections.abc import Callable

import click
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import select

from adapters import runtime
from adapters.settings import Settings
from adapters.wechat.client import WeChat
from adapters.wechat.credentials import credentials_from
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import OFFICIAL_ACCOUNT, Account
from jobs.channels import ChannelError


def client(settings: Settings, made: Runtime) -> WeChat:
    """A client for one command: without Valkey the token is fetched for this call alone."""
    valkey = Redis.from_url(settings.redis_url, socket_connect_timeout=1, socket_timeout=5, retry=Retry(NoBackoff(), 0))
    return WeChat(settings.wechat_api_url, credentials_from(made), valkey, made.clock)


def account_meant(uow: UnitOfWork, app_id: str) -> Account:
    """The official account with this app id, or the only one.

    :raises NotFound: there is none, or several and none was named
    """
    found = select(Account).where(Account.kind == OFFICIAL_ACCOUNT)
    accounts = uow.session.scalars(found.filter_by(app_id=app_id) if app_id else found.limit(2)).all()
    if len(accounts) != 1:
        why = "there is no such official account" if app_id else "say which: --account APP_ID" if accounts else ""
        raise NotFound(why or "there is no official account yet: weixiu account …")
    return accounts[0]


def on_account(settings: Settings, app_id: str, do: Callable[[WeChat, Account], None]) -> int:
    """Do something on the platform as an account. Returns the exit code; a no is printed."""
    made = runtime.build(settings, connections=1)
    try:
        with made.transaction() as uow:
            account = account_meant(uow, app_id)
        do(client(settings, made), account)
    except (Refused, ChannelError) as error:
        click.echo(str(error), err=True)
        return 1
    return 0
