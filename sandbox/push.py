"""What a push is made of, for every kind of it; the kinds themselves are in sandbox.pushes and sandbox.program_pushes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT
from sandbox.errors import Unsendable
from sandbox.xml import Fields

Given = Mapping[str, Any]
BOTH = (OFFICIAL_ACCOUNT, MINI_PROGRAM)
PROGRAM = (MINI_PROGRAM,)


@dataclass(frozen=True)
class Kind:
    """How a deed becomes a push.

    `opens` names the quota window it opens; a silent one never disturbs the screen; `strangers` need not follow;
    `on` are the kinds of account that know it; `by_platform`: the platform itself speaks, not the person.
    """

    build: Callable[[Given], Fields]
    opens: str | None = None
    event: bool = False
    silent: bool = False
    bubble: bool = False
    strangers: bool = False
    by_platform: bool = False
    on: tuple[str, ...] = (OFFICIAL_ACCOUNT,)


@dataclass(frozen=True)
class Push:
    """A push on its way: `fields` is the whole message, the same in every repeat."""

    app_id: str
    openid: str
    kind: str
    fields: Fields
    event: bool
    silent: bool

    @property
    def title(self) -> str:
        """A short name for the log."""
        return str(self.fields.get("Event") or self.fields.get("MsgType") or self.kind)

    @property
    def gist(self) -> str:
        """What was said, for the log."""
        names = ("Content", "Recognition", "Label", "Title", "EventKey", "Status")
        return next((str(self.fields[name])[:60] for name in names if self.fields.get(name)), "")


def need(given: Given, name: str) -> str:
    """A field that must be there; '' is a value too.

    :raises Unsendable: when it is missing
    """
    value = given.get(name)
    if value is None:
        raise Unsendable(f"{name} is missing")
    return str(value)


def event(name: str, **columns: str) -> Callable[[Given], Fields]:
    """An event whose fields come straight from what is given: XML name → given name."""
    return lambda given: {
        "MsgType": "event",
        "Event": name,
        **{xml_name: need(given, given_name) for xml_name, given_name in columns.items()},
    }
