"""What happens by itself at a time of the platform's clock: refunds that end, notifications that come again."""

import heapq
import itertools
import threading
from collections.abc import Callable

from sandbox.clock import Clock

PAUSE = 30.0  # real seconds between looks at a clock nobody pushes


class Timeline:
    """Deeds and when they are due; each runs in a thread of its own. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._change = threading.Condition()
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._ids = itertools.count()
        self._under_way = 0
        self._runner: threading.Thread | None = None
        clock.moved.append(self.look)

    def at(self, due: float, deed: Callable[[], None]) -> None:
        """Do it as soon as the platform's time is `due`."""
        with self._change:
            heapq.heappush(self._waiting, (due, next(self._ids), deed))
            if self._runner is None:
                self._runner = threading.Thread(target=self._run, daemon=True)
                self._runner.start()
            self._change.notify_all()

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is due and nothing under way; False when it took too long."""
        self.look()
        with self._change:
            return self._change.wait_for(self._at_rest, timeout)

    def look(self) -> None:
        """The clock may have moved without saying so."""
        with self._change:
            self._change.notify_all()

    def clear(self) -> None:
        """Forget what waits."""
        with self._change:
            self._waiting.clear()
            self._change.notify_all()

    def _at_rest(self) -> bool:
        return not self._under_way and not (self._waiting and self._waiting[0][0] <= self._clock.now())

    def _run(self) -> None:
        with self._change:
            while self._waiting:
                left = self._waiting[0][0] - self._clock.now()
                if left > 0:
                    self._change.wait(min(left, PAUSE))
                    continue
                _, _, deed = heapq.heappop(self._waiting)
                self._under_way += 1
                threading.Thread(target=self._do, args=(deed,), daemon=True).start()
            self._runner = None

    def _do(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        finally:
            with self._change:
                self._under_way -= 1
                self._change.notify_all()
