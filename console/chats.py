"""A chat as the staff see it, phone numbers in it masked unless somebody asked to see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.files import FileSeen, file_seen
from console.showing import HEARD, mask_words
from domain.access.queries import names_of
from domain.files.queries import by_media
from domain.kit.scope import scope_of
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.chat import bubbles
from domain.notices.notices import TITLES as NAMES


@dataclass(frozen=True)
class Line:
    """One bubble. ``side`` is ``customer``, ``bot`` or ``staff``; ``label`` names what is not text (图片 …)."""

    at: datetime
    side: str
    who: str
    label: str
    words: str
    state: str
    file: FileSeen | None = None


def chat_lines(uow: UnitOfWork, account_id: str, openid: str, *, plain: bool = False) -> Sequence[Line]:
    """The last sixty things said, oldest first. Whoever asks for ``plain`` words writes that on record. A provider's people
    see of what the program told only what about: the words may name engineers of whoever had the order before."""
    said = bubbles(uow, account_id, openid)
    names = names_of(uow, [bubble.author for bubble in said if bubble.author])
    files = by_media(uow, account_id, [bubble.media_id for bubble in said])
    lines, of_provider = [], scope_of(uow.session).provider_id is not None
    for bubble in said:
        words = bubble.words if plain else mask_words(bubble.words)
        if bubble.author is None:
            label = HEARD.get(bubble.kind, "")
            if label or words:
                file = file_seen(files[bubble.media_id]) if bubble.media_id in files else None
                lines.append(Line(bubble.at, "customer", "", label, words, bubble.state, file))
            continue
        if of_provider and bubble.author.startswith("system:"):
            words = f"（通知：{NAMES.get(bubble.kind, '其他')}）"
        side = "staff" if bubble.author.startswith("staff:") else "bot"
        lines.append(Line(bubble.at, side, names.get(bubble.author, ""), "", words, bubble.state))
    return lines
