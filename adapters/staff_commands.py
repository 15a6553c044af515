"""``weixiu staff …``: who works in the console. Thin, as `adapters.cli`, which has this group among its own."""

from __future__ import annotations

import sys

import click


@click.group()
def staff() -> None:
    """Who works in the console."""


@staff.command("add")
@click.argument("name")
@click.option("--role", default="agent", show_default=True, help="A row of domain/access/roles.py.")
@click.option("--display-name", default="", help="What others see; the user name by default.")
@click.option("--password", help="Made up and printed when left out.")
@click.option("--brand", default="", help="Code or id: sees this brand's rows only.")
@click.option("--provider", default="", help="Code or id: sees this provider's rows only.")
@click.option("--station", default="", help="Code or id: sees this station's rows only; names its provider too.")
def staff_add(
    name: str, role: str, display_name: str, password: str | None, brand: str, provider: str, station: str
) -> None:
    """Let somebody sign in."""
    from adapters import embedded
    from adapters import staff as people
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = people.add(settings, name, role, display_name, password, brand=brand, provider=provider, station=station)
    sys.exit(code)


@staff.command("token")
@click.argument("name")
def staff_token(name: str) -> None:
    """Print a bearer token for the APIs, once."""
    from adapters import embedded
    from adapters import staff as people
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = people.token(settings, name)
    sys.exit(code)


@staff.command("disable")
@click.argument("name")
def staff_disable(name: str) -> None:
    """Let somebody in no longer; sessions and tokens end."""
    let_in(name, again=False)


@staff.command("enable")
@click.argument("name")
def staff_enable(name: str) -> None:
    """Let somebody in again."""
    let_in(name, again=True)


def let_in(name: str, *, again: bool) -> None:
    from adapters import embedded
    from adapters import staff as people
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = people.let_in(settings, name, again=again)
    sys.exit(code)


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a person.")
def staff_list(as_json: bool) -> None:
    """Print who works here."""
    from adapters import embedded
    from adapters import staff as people
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = people.everybody(settings, as_json=as_json)
    sys.exit(code)
