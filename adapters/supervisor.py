"""Keeps a list of processes running as one: starts in order, restarts what dies, ends all at once and leaves nothing.

What runs is data (`adapters.children.Plan`); `adapters/up.py` has Weixiu's. Everything happens in one thread, because
a parent-death signal is sent when the thread that started the child ends.
"""

from __future__ import annotations

import os
import secrets
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from adapters import descendants
from adapters.children import Child, Plan
from adapters.launch import StartFailed
from adapters.locked import Locked, only_instance

BACKOFF = (0.3, 10.0)
"""Seconds before the first restart and at most; doubled each time, forgotten after a minute of life."""
GRACE = 2.2
"""Seconds that children, and then the servers, get to end by themselves: both together stay under five."""
COLOURS = (36, 32, 35, 33, 34, 96, 92, 95)


class Interrupted(Exception):
    """Somebody asked us to stop while we were starting."""


@dataclass
class Running:
    """A child's present process, or the time it is started again."""

    child: Child
    colour: int
    process: subprocess.Popen[bytes] | None = None
    tail: bytes = b""
    started: float = 0.0
    restart_at: float | None = None
    deaths: int = 0


class Supervisor:
    """Runs a plan until SIGINT or SIGTERM; ``say`` prints a line, ``started`` is called when all is up."""

    def __init__(self, plan: Plan, started: Callable[[], None], out: Callable[[str], None] = print) -> None:
        self.plan, self.started, self.out = plan, started, out
        self.mark = f"{os.getpid()}-{secrets.token_hex(6)}"
        self.selector = selectors.DefaultSelector()
        self.stops = 0
        names = [child.name for child in (*plan.servers, *plan.steps, *plan.children)]
        self.width = max(map(len, names), default=0)
        self.running: dict[str, Running] = {}

    def run(self) -> int:
        """Exit code: 0 after being asked to stop, 1 when something did not start, 3 when another one runs."""
        try:
            with only_instance(self.plan.lock), self._signals(), self._guarded():
                return self._live()
        except Locked as locked:
            self.out(str(locked))
            return 3

    def _live(self) -> int:
        try:
            self._start_all(self.plan.servers)
            for step in self.plan.steps:
                self._once(step)
            self._start_all(self.plan.children)
            self.started()
            while not self.stops:
                self._turn()
            self.out("stopping")
            return 0
        except Interrupted:
            self.out("stopping")
            return 0
        except StartFailed as trouble:
            self.out(str(trouble))
            return 1
        finally:
            self._stop()

    # Starting

    def _start_all(self, children: tuple[Child, ...]) -> None:
        for child in children:
            running = self.running[child.name] = Running(child, COLOURS[len(self.running) % len(COLOURS)])
            self._start(running)
        until = time.monotonic() + self.plan.patience
        for child in children:
            self._await(self.running[child.name], until)

    def _await(self, running: Running, until: float) -> None:
        name, next_look = running.child.name, 0.0
        while True:
            if time.monotonic() >= next_look:  # not once a line of output: a look may cost a request
                if running.process and running.child.ready():
                    return
                next_look = time.monotonic() + 0.05
            if self.stops:
                raise Interrupted
            if running.deaths >= 3:
                raise StartFailed(f"{name} ended three times while starting" + self._last_lines(running.child))
            if time.monotonic() > until:
                slow = f"{name} is not ready after {self.plan.patience:.0f} s"
                raise StartFailed(slow + self._last_lines(running.child))
            self._turn(0.05)

    def _once(self, step: Child) -> None:
        running = Running(step, COLOURS[len(self.running) % len(COLOURS)])
        self._start(running)
        assert running.process
        while running.process.poll() is None:
            if self.stops:
                self.running[step.name] = running
                raise Interrupted
            self._turn(0.05)
        self._drain(running)
        if running.process.returncode:
            raise StartFailed(f"{step.name} failed with exit code {running.process.returncode}")

    def _start(self, running: Running) -> None:
        child = running.child
        child.prepare()
        output: int = subprocess.PIPE
        if child.log:
            child.log.parent.mkdir(parents=True, exist_ok=True)
            output = os.open(child.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            running.process = subprocess.Popen(
                child.command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end the others in their order
                env={**self.plan.environ, descendants.MARK: f"{self.mark}/{child.name}/"},
            )
        finally:
            if child.log:
                os.close(output)
        running.started, running.restart_at = time.monotonic(), None
        if running.process.stdout:
            os.set_blocking(running.process.stdout.fileno(), False)
            self.selector.register(running.process.stdout, selectors.EVENT_READ, running)

    # Living

    def _turn(self, wait: float = 0.2) -> None:
        """Print what was said, notice who died, start again who is due."""
        for key, _ in self.selector.select(wait):
            if isinstance(key.data, Running):
                self._read(key.data)
            else:
                os.read(key.fd, 64)
        for running in self.running.values():
            if running.process and running.process.poll() is not None:
                self._bury(running)
            elif running.restart_at is not None and not self.stops:
                self._perhaps_restart(running)

    def _bury(self, running: Running) -> None:
        """What a dead child's descendants still hold (a port, a job) must be free before it starts again."""
        assert running.process
        self._drain(running)
        descendants.end(f"{self.mark}/{running.child.name}/", signal.SIGKILL)
        code, running.process = running.process.returncode, None
        if self.stops:
            return
        lived = time.monotonic() - running.started
        running.deaths = 1 if lived > 60 else running.deaths + 1
        delay = min(BACKOFF[0] * 2 ** (running.deaths - 1), BACKOFF[1])
        running.restart_at = time.monotonic() + delay
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        self.out(f"{running.child.name} {how} after {lived:.0f} s; starting it again in {delay:.1f} s")

    def _perhaps_restart(self, running: Running) -> None:
        held = self.plan.hold is not None and (self.plan.hold / running.child.name).exists()
        if running.restart_at is None or time.monotonic() < running.restart_at or held:
            return
        try:
            self._start(running)
        except Exception as trouble:  # a full disk, say: said, and tried again
            self.out(f"{running.child.name} does not start: {trouble}")
            running.restart_at = time.monotonic() + BACKOFF[1]

    # Output

    def _read(self, running: Running) -> bool:
        """Print the whole lines that came. False when there is nothing more for now."""
        assert running.process
        assert running.process.stdout
        stream = running.process.stdout
        try:
            got = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return False
        *lines, running.tail = (running.tail + got).split(b"\n")
        if not got:
            lines, running.tail = ([running.tail] if running.tail else []), b""
            self.selector.unregister(stream)
            stream.close()
        for line in lines:
            self.out(self._prefixed(running, line.decode(errors="replace")))
        return bool(got)

    def _drain(self, running: Running) -> None:
        stream = running.process.stdout if running.process else None
        while stream and not stream.closed and self._read(running):
            pass
        if stream and not stream.closed:  # a descendant still holds the other end
            self.selector.unregister(stream)
            stream.close()

    def _prefixed(self, running: Running, line: str) -> str:
        name = running.child.name.ljust(self.width)
        return f"\033[{running.colour}m{name}\033[0m {line}" if sys.stdout.isatty() else f"{name} {line}"

    def _last_lines(self, child: Child) -> str:
        if not child.log or not child.log.exists():
            return ""
        return ":\n" + "\n".join(child.log.read_text(errors="replace").splitlines()[-5:])

    # Ending

    def _stop(self) -> None:
        """Children first, servers last; whoever needs longer than its grace is killed with all that comes from it."""
        servers = {child.name for child in self.plan.servers}
        self.stops = patient = max(self.stops, 1)  # from here on nobody is started again
        for group in (self.running.keys() - servers, servers & self.running.keys()):
            members = [self.running[name] for name in group if self.running[name].process]
            for running in members:
                assert running.process
                running.process.send_signal(running.child.stop_signal)
            until = time.monotonic() + GRACE
            while any(running.process for running in members) and time.monotonic() < until and self.stops == patient:
                self._turn(0.05)
            for name in group:
                descendants.end(f"{self.mark}/{name}/", signal.SIGKILL)
            for running in members:
                if running.process:
                    running.process.kill()
                    running.process.wait()
        descendants.end(f"{self.mark}/", signal.SIGKILL)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGINT, SIGTERM and SIGHUP are counted and wake the selector; a second one cuts the grace short."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)

        def count(number: int, frame: FrameType | None) -> None:
            self.stops += 1

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(number, count) for number in numbers]
        woken = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self.selector.register(reading, selectors.EVENT_READ)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)
            self.selector.close()
            os.close(reading)
            os.close(writing)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        pipe = descendants.guard(f"{self.mark}/", GRACE)
        try:
            yield
        finally:
            with suppress(BrokenPipeError):  # somebody killed the guard: nothing is left for it to do
                os.write(pipe, b".")
            os.close(pipe)
            with suppress(ChildProcessError):
                os.wait()
