"""Where an embedded server's files are, and whom it runs as: root may not run PostgreSQL, and sockets need short paths."""

from __future__ import annotations

import hashlib
import os
import pwd
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from adapters import launch
from adapters.launch import StartFailed

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2  # linux/capability.h
SOCKET_PATH = 107
"""Bytes of the longest path of a unix socket (unix(7): sun_path without its final zero)."""


@dataclass(frozen=True)
class Place:
    """The folders below DATA_DIR that servers keep their files and sockets in."""

    data_dir: Path

    @cached_property
    def sockets(self) -> Path:
        """The folder of the unix sockets; a short one when DATA_DIR's path is too long for a socket's."""
        folder = self.data_dir / "run"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH:
            return folder
        return Path(tempfile.gettempdir()) / f"weixiu-{hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]}"

    def user(self, *programs: Path) -> launch.User | None:
        """An unprivileged user when we are root, with the right to pass folders closed to it when there are any."""
        if os.geteuid() != 0:
            return None
        nobody = pwd.getpwnam("nobody")
        shut = any(not above.stat().st_mode & 0o001 for path in (self.data_dir, *programs) for above in path.parents)
        shut = shut or not self.data_dir.stat().st_mode & 0o001
        if not shut and all(program.stat().st_mode & 0o005 == 0o005 for program in programs):
            return launch.User(nobody.pw_uid, nobody.pw_gid)
        return launch.User(nobody.pw_uid, nobody.pw_gid, self._capability())

    def _capability(self) -> int:
        owned = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff"))
        for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
            if int(owned.split()[1], 16) >> capability & 1:
                return capability
        raise StartFailed(
            f"{self.data_dir} lies below a folder that the user nobody, who runs the embedded servers, cannot enter: "
            "set WEIXIU_DATA_DIR to another place, or WEIXIU_DATABASE_URL and WEIXIU_REDIS_URL to servers of your own"
        )

    def folder(self, path: Path, user: launch.User | None) -> Path:
        """Make a private folder of the server's user. :raises StartFailed: somebody else's is in its place"""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if path.is_symlink() or found.st_uid not in {os.geteuid(), user.uid if user else os.geteuid()}:
            raise StartFailed(f"{path} belongs to somebody else; remove it or set WEIXIU_DATA_DIR to another place")
        path.chmod(0o700)
        if user:
            os.chown(path, user.uid, user.gid)
        return path
