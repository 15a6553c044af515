"""Keys that make themselves: what a fresh clone needs to run against the sandbox, created once under DATA_DIR.

A real deployment sets these as environment variables instead. Another key is another line of ``MAKERS``.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import string
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

LETTERS = string.ascii_letters + string.digits
MAKERS: dict[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(48),
    "data_key": lambda: "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    "index_key": lambda: secrets.token_urlsafe(48),
    "oa_app_id": lambda: "wx" + secrets.token_hex(8),
    "oa_app_secret": lambda: secrets.token_hex(16),
    "oa_token": lambda: _letters(32),
    "oa_aes_key": lambda: _letters(43),  # EncodingAESKey: base64 of 32 bytes without the final "=" (wechat-protocol §2)
    "mp_app_id": lambda: "wx" + secrets.token_hex(8),
    "mp_app_secret": lambda: secrets.token_hex(16),
    "mp_token": lambda: _letters(32),
    "mp_aes_key": lambda: _letters(43),
}


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def load(data_dir: Path, names: Iterable[str], makers: Mapping[str, Callable[[], str]] = MAKERS) -> dict[str, str]:
    """The named keys, from ``data_dir/secrets.json``; those not in it yet are made, for all processes alike."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "secrets.json"
    folder = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # a lock on the folder leaves no file behind
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = [name for name in names if name not in kept]
        if missing:
            kept |= {name: makers[name]() for name in missing}
            _write(path, json.dumps(kept, indent=2) + "\n")
    finally:
        os.close(folder)
    return {name: kept[name] for name in names}


def _write(path: Path, text: str) -> None:
    """All or nothing, readable by its owner only, and on the disk before anything is encrypted with it."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
