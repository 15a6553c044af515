"""``weixiu wechat menu``: the menu below the chat, out of a TOML file, checked before the platform sees it.

What bad input gets: one line for every wrong button, nothing sent, exit code 1.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from adapters.settings import Settings
from adapters.wechat.using import on_account
from bot.beyond_text import COMMANDS
from bot.flows import FLOWS
from domain.kit.errors import Refused

DEFAULT = Path(__file__).parent.parent / "menu.toml"
MOST_BUTTONS, MOST_BELOW = 3, 5
NAME_BYTES, NAME_BELOW_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
KEYED = {"click", "scancode_waitmsg", "scancode_push", "location_select", "pic_photo_or_album", "pic_sysphoto"}
FIELDS = {"name", "type", "key", "url", "page", "sub_button"}
PAGES = "/c/"


class BadMenu(Refused):
    """The file is no menu; the words say why, a line each."""

    code = "bad_menu"


def read(file: Path, public_url: str = "https://service.example.com") -> list[dict[str, Any]]:
    """The buttons as the platform takes them; ``public_url`` is where our own pages are.

    :raises BadMenu: saying everything that is wrong
    """
    try:
        buttons = tomllib.loads(file.read_text("utf-8")).get("button", [])
    except (OSError, UnicodeDecodeError) as error:
        raise BadMenu(f"{file} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise BadMenu(f"{file} is no TOML: {error}") from error
    if wrong := list(problems(buttons)):
        raise BadMenu("\n".join(wrong))
    return [made(button, public_url.rstrip("/")) for button in buttons]


def problems(buttons: Any) -> Iterator[str]:
    """Everything that is wrong, in the order of the file."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_BUTTONS:
        yield f"a menu has 1 to {MOST_BUTTONS} [[button]]"
        return
    for place, button in enumerate(buttons, 1):
        yield from wrong_button(button, f"button {place}", NAME_BYTES, below=False)


def wrong_button(button: Any, where: str, name_bytes: int, *, below: bool) -> Iterator[str]:
    if not isinstance(button, dict):
        yield f"{where} is no button"
        return
    if unknown := sorted(set(button) - FIELDS):
        yield f"{where} has {', '.join(unknown)}, which no button has"
    if not 1 <= size(button.get("name")) <= name_bytes:
        yield f"{where} needs a name of 1 to {name_bytes} bytes, which is {name_bytes // 3} Chinese characters"
    under = button.get("sub_button")
    if under is None:
        yield from wrong_deed(button, where)
    elif below or not isinstance(under, list) or not 1 <= len(under) <= MOST_BELOW:
        yield f"{where} may have 1 to {MOST_BELOW} [[button.sub_button]], and those none"
    elif {"key", "url", "page", "type"} & set(button):
        yield f"{where} opens its sub_buttons, so it can have no key, url, page or type"
    else:
        for place, one in enumerate(under, 1):
            yield from wrong_button(one, f"{where}, sub_button {place}", NAME_BELOW_BYTES, below=True)


def wrong_deed(button: dict[str, Any], where: str) -> Iterator[str]:
    """What is wrong with what a button does."""
    key, url, page = button.get("key"), button.get("url"), button.get("page")
    kind = button.get("type", "click" if key is not None else "view")
    if sum(one is not None for one in (key, url, page)) != 1:
        yield f"{where} needs a key, a url or a page, and only one of them"
    elif page is not None:
        if kind != "view" or not str(page).startswith(PAGES) or size(page) > URL_BYTES // 2:
            yield f"{where} needs a page of ours, which begins with {PAGES}, and no other type than view"
    elif url is not None:
        if kind != "view" or not str(url).startswith(("https://", "http://")) or size(url) > URL_BYTES:
            yield f"{where} needs an http(s) address of at most {URL_BYTES} bytes, and no other type than view"
    elif kind not in KEYED:
        yield f"{where} has type {kind}; there are {', '.join(sorted(KEYED))}"
    elif key not in FLOWS and key not in COMMANDS:
        yield f"{where} has key {key}; there are {', '.join([*FLOWS, *COMMANDS])}"


def size(words: object) -> int:
    return len(words.encode()) if isinstance(words, str) else 0


def made(button: dict[str, Any], public_url: str) -> dict[str, Any]:
    """One button in the platform's form."""
    if "sub_button" in button:
        return {"name": button["name"], "sub_button": [made(one, public_url) for one in button["sub_button"]]}
    if "page" in button:
        return {"type": "view", "name": button["name"], "url": public_url + button["page"]}
    kind = "view" if "url" in button else "click"
    return {"type": kind, **button}


def show(file: Path | None) -> int:
    """Print the menu as it would be sent. Returns the exit code."""
    try:
        click.echo(json.dumps({"button": read(file or DEFAULT)}, ensure_ascii=False, indent=2))
    except BadMenu as error:
        click.echo(str(error), err=True)
        return 1
    return 0


def run(settings: Settings, file: Path | None, app_id: str) -> int:
    """Put the menu on the platform. Returns the exit code."""
    try:
        buttons = read(file or DEFAULT, settings.public_url)
    except BadMenu as error:
        click.echo(str(error), err=True)
        return 1
    code = on_account(settings, app_id, lambda wechat, account: wechat.create_menu(account.id, buttons))
    if code == 0:
        click.echo("the menu is there; phones show it within five minutes")
    return code
