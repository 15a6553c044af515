"""``weixiu wechat …``: what is set up on the platform. Thin, as `adapters.cli`, which has this group among its own."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group()
def wechat() -> None:
    """What is set up on the platform."""


@wechat.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--account", "app_id", default="", help="The official account's AppID, where there are several.")
@click.option("--show", is_flag=True, help="Only check the file and print what would be sent.")
def menu(file: Path | None, app_id: str, show: bool) -> None:
    """Put the menu of FILE below the chat. [adapters/menu.toml]"""
    from adapters import embedded
    from adapters.cli import read_settings
    from adapters.wechat import menus

    if show:
        sys.exit(menus.show(file))
    settings = read_settings()
    with embedded.available(settings):
        sys.exit(menus.run(settings, file, app_id))


@wechat.command()
@click.argument("scene")
@click.option("--account", "app_id", default="", help="The official account's AppID, where there are several.")
@click.option("--days", default=30, show_default=True, help="How long it lasts.")
@click.option("--permanent", is_flag=True, help="It lasts for ever; the platform allows 100 000 of these.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")
def qr(scene: str, app_id: str, days: int, permanent: bool, as_json: bool) -> None:
    """Make a QR code by which people begin to follow; SCENE says where it hangs, or what it starts."""
    from adapters import embedded
    from adapters.cli import read_settings
    from adapters.wechat import codes

    settings = read_settings()
    with embedded.available(settings):
        sys.exit(codes.run(settings, scene, app_id, days, permanent=permanent, as_json=as_json))
