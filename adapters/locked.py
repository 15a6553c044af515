"""One at a time: a lock file that names its holder and is gone when the holder is."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Locked(Exception):
    """Somebody else holds the lock."""


PATIENCE = 5.0
"""Seconds to wait for what a killed holder left behind to end (`adapters.descendants.guard` sees to it)."""


@contextmanager
def only_instance(path: Path) -> Iterator[None]:
    """Hold ``path`` for the length of the block. The kernel frees it when we are killed: a leftover file is no lock.

    :raises Locked: another process holds it
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _take(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _take(path: Path) -> int:
    until = time.monotonic() + PATIENCE
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.stat(path).st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        except FileNotFoundError:  # its holder removed it between our opening and locking it
            pass
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode().strip()
            if time.monotonic() > until or is_running(holder):
                os.close(descriptor)
                raise Locked(f"Weixiu is already running here (process {holder}, {path})") from None
            time.sleep(0.05)
        os.close(descriptor)


def is_running(pid: str) -> bool:
    """Whether the process is there and more than what its parent has not yet taken note of (a zombie)."""
    if not pid:
        return False  # its holder has not written its number yet
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
