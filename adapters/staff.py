"""``weixiu staff …``: letting people in from the command line, and tokens for the APIs."""

from __future__ import annotations

import json
import secrets

import click

from adapters import runtime
from adapters.settings import Settings
from console.staff import scope_asked
from domain.access import operations, queries
from domain.kit.actors import system
from domain.kit.errors import Refused

BY = system("cli")


def add(
    settings: Settings, username: str, role: str, display_name: str, password: str | None, *, brand: str = "",
    provider: str = "", station: str = "",
) -> int:  # fmt: skip
    """Add somebody; without a password one is made up and printed once. Brand, provider and station, by code or id, are
    whose rows the person sees. Returns the exit code."""
    secret = password or secrets.token_urlsafe(12)
    try:
        with runtime.build(settings, connections=1).transaction() as uow:
            operations.add_staff(
                uow, by=BY, username=username, role=role, password=secret, display_name=display_name,
                scope=scope_asked(uow, brand, provider, station),
            )  # fmt: skip
    except Refused as error:
        click.echo(str(error), err=True)
        return 1
    click.echo(f"{username} may now sign in at {settings.public_url}/console/")
    if password is None:
        click.echo(f"password, shown this once: {secret}")
    return 0


def token(settings: Settings, username: str) -> int:
    """Print a bearer token, alone on its line so that a script can take it. Returns the exit code."""
    try:
        with runtime.build(settings, connections=1).transaction() as uow:
            secret = operations.issue_token(uow, username, by=BY)
    except Refused as error:
        click.echo(str(error), err=True)
        return 1
    click.echo(secret)
    return 0


def let_in(settings: Settings, username: str, *, again: bool) -> int:
    """Let somebody in no longer, or again. Returns the exit code."""
    try:
        with runtime.build(settings, connections=1).transaction() as uow:
            change = operations.enable if again else operations.disable
            change(uow, operations.staff_by_name(uow, username).id, by=BY)
    except Refused as error:
        click.echo(str(error), err=True)
        return 1
    click.echo(f"{username} may sign in again" if again else f"{username} is signed out and may not sign in any more")
    return 0


def everybody(settings: Settings, *, as_json: bool) -> int:
    """Print the staff list. Returns the exit code."""
    with runtime.build(settings, connections=1).transaction() as uow:
        for one in queries.staff_list(uow):
            line = {"username": one.username, "name": one.display_name, "role": one.role, "in": not one.disabled_at}
            click.echo(json.dumps(line, ensure_ascii=False) if as_json else "\t".join(map(str, line.values())))
    return 0
