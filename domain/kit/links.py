"""The signed link that a message carries: whoever has it sees this one thing of this one customer for this one purpose, signed in or not.

A link holds the thing's key and a keyed print; nothing of it is kept, nothing of it can be made up. To add one, make a `SignedLink`
with a purpose of its own in the subject's ``links.py``. Whether a link of its is over is the subject's to say.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork

T = TypeVar("T")
AGAIN = "请回到公众号里重新打开。"


class BadLink(NotFound):
    """It is no link of ours, or it is over."""

    code = "bad_link"


@dataclass(frozen=True)
class SignedLink(Generic[T]):
    """One kind of link. ``called`` finishes the sentence 没有找到…"""

    purpose: str
    """What the print is for: a print made for anything else opens nothing here."""
    page: str
    """Where such links lead, to the token: ``/c/pay/``."""
    kind: type[T]
    signed: Callable[[UnitOfWork, T], tuple[str, ...]]
    """What a print vouches for: the thing's key, then whose it is. When that changes, links made before open nothing."""
    called: str

    def path_to(self, uow: UnitOfWork, thing: T) -> str:
        return self.page + self.token(uow, thing)

    def token(self, uow: UnitOfWork, thing: T) -> str:
        return f"{self.signed(uow, thing)[0]}.{self.print_of(uow, thing)}"

    def print_of(self, uow: UnitOfWork, thing: T) -> str:
        return uow.keyring.fingerprint(self.purpose, " ".join(self.signed(uow, thing)))

    def behind(self, uow: UnitOfWork, token: str) -> T:
        """:raises BadLink: it is no link of ours"""
        key, _, given = token.partition(".")
        return self.opened(uow, key, given)

    def opened(self, uow: UnitOfWork, key: str, given: str) -> T:
        """The thing with this key, for whoever has its print.

        :raises BadLink: it is no print of ours
        """
        thing = uow.session.get(self.kind, key)
        if thing is None or not hmac.compare_digest(given.encode(), self.print_of(uow, thing).encode()):
            raise BadLink(f"没有找到{self.called}，{AGAIN}")
        return thing
