"""A flood from one person: slowed with one notice, so that it costs little and nobody else notices.

What was said is written down all the same, and read by whoever opens the chat.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation import State
from bot.heard import HeardKind

COUNTED = frozenset(HeardKind) - {
    HeardKind.FOLLOW, HeardKind.UNFOLLOW, HeardKind.REVOKED, HeardKind.UNDELIVERED, HeardKind.CONSENT, HeardKind.NOTHING,
}  # fmt: skip
MOST = 20
"""Messages of one person in `WINDOW`: people who type fast reach half of it."""
WINDOW = timedelta(minutes=1)
NOTICE = "您发得有点快，我先缓一分钟再接着看。内容都已收到，请稍后把最重要的一句再发一次。"


def slowed(state: State, now: datetime) -> list[str] | None:
    """What to say to somebody who floods: the notice once, then nothing until the minute is over. None: go on."""
    since = datetime.fromisoformat(state.counted_since) if state.counted_since else None
    if since is None or now - since >= WINDOW:
        state.counted_since, state.counted = now.isoformat(), 1
        return None
    state.counted += 1
    if state.counted <= MOST:
        return None
    return [NOTICE] if state.counted == MOST + 1 else [""]
