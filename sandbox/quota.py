"""How many customer-service messages a person may be sent (protocol sheet 4.3); a new trigger is a row of WINDOWS."""

import threading
from dataclasses import dataclass

from sandbox.errors import PlatformError


@dataclass(frozen=True)
class Window:
    """What one trigger allows."""

    messages: int
    seconds: float


WINDOWS = {
    "message": Window(5, 48 * 3600),  # a message of the user's own
    "menu": Window(3, 60),  # click, scancode_push, scancode_waitmsg, a tapped msgmenu line
    "follow": Window(3, 60),
    "scan": Window(3, 60),  # a parametric QR code
    "enter": Window(2, 60),  # a mini-program's customer chat
}


@dataclass
class _Open:
    left: int
    until: float


class Quota:
    """Open windows per person. A trigger resets its own window to its maximum; windows do not add up. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, dict[str, _Open]] = {}

    def trigger(self, openid: str, name: str, now: float) -> None:
        """The person did what opens window `name`."""
        window = WINDOWS[name]
        with self._lock:
            self._open.setdefault(openid, {})[name] = _Open(window.messages, now + window.seconds)

    def spend(self, openid: str, now: float) -> None:
        """Take one message from the window that closes first.

        :raises PlatformError: 45015 when no window is open, 45047 when the open ones are used up
        """
        with self._lock:
            alive = [one for one in self._open.get(openid, {}).values() if one.until > now]
            if not alive:
                raise PlatformError(45015)
            usable = [one for one in alive if one.left > 0]
            if not usable:
                raise PlatformError(45047)
            min(usable, key=lambda one: one.until).left -= 1

    def left(self, openid: str, now: float) -> dict[str, dict[str, float]]:
        """The open windows, for the page: name → messages left and seconds until it closes."""
        with self._lock:
            windows = self._open.get(openid, {})
            return {
                name: {"left": one.left, "seconds": round(one.until - now, 1)}
                for name, one in windows.items()
                if one.until > now
            }

    def close(self, openid: str) -> None:
        """The person unfollowed: nothing may be sent any more."""
        with self._lock:
            self._open.pop(openid, None)
