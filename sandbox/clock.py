"""The platform's own time, which tests and the page may push forward; everything that asks for the time asks here."""

import threading
import time
from collections.abc import Callable


class Clock:
    """Wall time plus an offset. Thread-safe."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._offset = 0.0
        self.moved: list[Callable[[], None]] = []  # told after each push

    @property
    def offset(self) -> float:
        """How many seconds the platform is ahead of the real clock."""
        with self._lock:
            return self._offset

    def now(self) -> float:
        """Seconds since the epoch, as the platform believes it."""
        return self._source() + self.offset

    def wall(self) -> float:
        """Without the offset: the time everybody else lives in, which signatures are dated by."""
        return self._source()

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> float:
        """Push the clock forward and return the new time."""
        with self._lock:
            self._offset += days * 86_400 + hours * 3_600 + minutes * 60 + seconds
        self._tell()
        return self.now()

    def reset(self) -> None:
        """Back to real time."""
        with self._lock:
            self._offset = 0.0
        self._tell()

    def _tell(self) -> None:
        for told in self.moved:
            told()
