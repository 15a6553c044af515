"""Becomes another program after dropping what it must not have: run as a script, so that it is the child itself.

``wrap`` builds the command line. The new program dies with its parent (a parent-death signal), holds a lock on a
folder for as long as it or a child of it lives, and runs as another user when asked to. Only the standard library
is imported: the script runs isolated, before any virtualenv.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 28, 47, 2
"""Numbers of linux/prctl.h."""
SECBIT_NO_SETUID_FIXUP = 1 << 2
"""Of linux/securebits.h: without it access(2) forgets the kept capability, and initdb asks access(2)."""
CAP_VERSION_3 = 0x20080522  # linux/capability.h
LOCKED = 75
"""Exit code when the folder stays locked by another program (EX_TEMPFAIL of sysexits.h)."""


class StartFailed(Exception):
    """A program does not start; the words say why and what to do."""


@dataclass(frozen=True)
class User:
    """Whom to run as; ``capability`` is kept across the change (a number of linux/capability.h)."""

    uid: int
    gid: int
    capability: int | None = None


def wrap(
    command: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    user: User | None = None,
    lock: str | os.PathLike[str] | None = None,
    directory: str | os.PathLike[str] | None = None,
) -> list[str]:
    """The command line that runs ``command`` as a child of this very process."""
    line = [sys.executable, "-I", "-S", __file__, "--parent", str(os.getpid()), "--signal", str(int(death_signal))]
    if user:
        line += ["--user", f"{user.uid}:{user.gid}"]
        line += [] if user.capability is None else ["--capability", str(user.capability)]
    if lock:
        line += ["--lock", os.fspath(lock)]
    if directory:
        line += ["--directory", os.fspath(directory)]
    return [*line, "--", *command]


def hold(folder: str, patience: float = 5.0) -> None:
    """Lock a folder for the rest of this program's life and that of its children; exits when it stays taken."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.set_inheritable(descriptor, True)
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                sys.stderr.write(f"{folder} is in use by another server\n")
                sys.exit(LOCKED)
            time.sleep(0.05)


def become(libc: ctypes.CDLL, user: User) -> None:
    """Change to ``user`` for good; a kept capability survives exec because it is made ambient."""
    if user.capability is not None:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        if libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0):
            sys.exit(f"cannot set secure bits: {os.strerror(ctypes.get_errno())}")
    os.setgroups([])
    os.setgid(user.gid)
    os.setuid(user.uid)
    if user.capability is None:
        return
    header = (ctypes.c_uint32 * 2)(CAP_VERSION_3, 0)
    bit = 1 << user.capability
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable of capabilities 0-31
    if libc.capset(header, sets) or libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, user.capability, 0, 0):
        sys.exit(f"cannot keep capability {user.capability}: {os.strerror(ctypes.get_errno())}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--user")
    parser.add_argument("--capability", type=int)
    parser.add_argument("--lock")
    parser.add_argument("--directory")
    parser.add_argument("command", nargs="+")
    told = parser.parse_args()
    libc = ctypes.CDLL(None, use_errno=True)
    if told.lock:
        hold(told.lock)
    if told.user:
        uid, gid = told.user.split(":")
        become(libc, User(int(uid), int(gid), told.capability))
    if told.directory:
        os.chdir(told.directory)
    # After the change of user, which clears it. The parent may have died meanwhile: then nothing would tell us.
    libc.prctl(PR_SET_PDEATHSIG, told.signal, 0, 0, 0)
    if os.getppid() != told.parent:
        sys.exit("the parent is gone")
    os.execvp(told.command[0], told.command)


if __name__ == "__main__":
    main()
