"""Where a measurement runs: a fresh data folder on a real disk, own servers, free ports; all gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from adapters import demo, embedded, migrations, settings
from adapters.settings import Settings
from bench.traffic import Account

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder below ``var``, because a temporary folder may be in memory, where fsync costs nothing."""
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=var))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def own_settings(folder: Path) -> Settings:
    """Settings for this folder alone: what the environment says of Weixiu is not for measurements."""
    for name in [name for name in os.environ if name.startswith("WEIXIU_")]:
        del os.environ[name]
    return settings.load(None, data_dir=folder, port=free_port(), sandbox_port=free_port(), log_level="warning")


@contextmanager
def database() -> Iterator[Settings]:
    """Embedded servers with fsync on, migrated, with the demo's catalogue and account."""
    with data_folder() as folder:
        told = own_settings(folder)
        with embedded.available(told):
            migrations.upgrade(told)
            with redirect_stdout(sys.stderr):  # standard output is for figures
                demo.load(told)
            yield told


def account_of(told: Settings) -> Account:
    return Account(told.oa_app_id, told.oa_token, told.oa_aes_key)


@dataclass(frozen=True)
class Served:
    """One app to be measured: which Python runs it, and what it is told."""

    name: str
    app: str
    path: str
    environ: Mapping[str, str]
    python: str = sys.executable
    workers: int | None = None
    threads: int | None = None
    """Processes and threads, where they are not as many as Weixiu has by default."""


@contextmanager
def served(what: Served, told: Settings) -> Iterator[int]:
    """Run it under granian for the length of a block; yields its port."""
    home = told.data_dir / what.name
    home.mkdir(exist_ok=True)
    port = free_port()
    line = [what.python, "-m", "bench.serve", what.app, "--port", str(port)]
    line += ["--workers", str(what.workers or told.web_workers), "--threads", str(what.threads or told.web_threads)]
    environ = {**os.environ, **what.environ, "PYTHONPATH": str(ROOT)}
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(line, cwd=home, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for(port, process, home / "log")
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path, patience: float = 30.0) -> None:
    """:raises RuntimeError: it does not listen"""
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"no server on port {port}:\n{log.read_text(errors='replace')[-2000:]}")
