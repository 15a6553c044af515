"""Tells open pages that something changed; `note` after every change worth drawing."""

import threading


class Changes:
    """A counter one can wait on. Thread-safe."""

    def __init__(self) -> None:
        self._version = 0
        self._more = threading.Condition()

    @property
    def version(self) -> int:
        """Goes up with every change."""
        with self._more:
            return self._version

    def note(self) -> None:
        """Something changed."""
        with self._more:
            self._version += 1
            self._more.notify_all()

    def wait(self, since: int, timeout: float) -> int:
        """The version, as soon as it is above `since` or after `timeout` seconds."""
        with self._more:
            self._more.wait_for(lambda: self._version > since, timeout)
            return self._version
