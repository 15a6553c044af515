"""Where a page may lead: to a room that whoever looks may open there is a link, to any other only the words.

Templates call `link`, and `opens` for what is no link: a row, a button, a form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, g, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from domain.access.roles import Permission


def opens(path: str, method: str = "GET") -> bool:
    """Whether whoever is shown the page may go there; nobody may go where nothing is."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a page is rendered for a request"
    try:
        endpoint, _ = adapter.match(path.partition("?")[0].partition("#")[0], method)
    except (HTTPException, RequestRedirect):
        return False
    permission = getattr(current_app.view_functions[endpoint], "permission", Permission.ANYONE)
    shown = g.get("shown")
    return permission is Permission.ANYONE or (shown is not None and permission in shown.permissions)


def link(path: str, words: object, *, instead: object = None, **marks: str) -> Markup:
    """The words as a link, or where they lead nowhere ``instead``: by default the same words.

    ``marks`` are the link's attributes: ``class_="button"``.
    """
    if not opens(path):
        return Markup("{}").format(words if instead is None else instead)
    attributes = Markup("").join(Markup(' {}="{}"').format(name.rstrip("_"), value) for name, value in marks.items())
    return Markup('<a href="{}"{}>{}</a>').format(path, attributes, words)


def row_link(path: str) -> Markup:
    """What makes a row of a table lead there (`web/keys.ts`), where it does."""
    return Markup(' data-href="{}"').format(path) if opens(path) else Markup("")


GLOBALS: dict[str, Callable[..., Any]] = {"opens": opens, "link": link, "row_link": row_link}
