"""``weixiu up``: what one machine runs, and what it shows. Another process is another `Child` of `plan`."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from adapters import embedded, launch, sandbox_merchant
from adapters.children import Child, Plan
from adapters.launch import StartFailed
from adapters.settings import Settings
from adapters.supervisor import Supervisor
from adapters.wechat import menus

SEEN_ON_LOOPBACK = build_opener(ProxyHandler({}))
"""A proxy of the environment has no business on loopback."""


def run(settings: Settings) -> int:
    """Run everything until Ctrl-C; returns the exit code."""
    screen = Console(soft_wrap=True, highlight=False)
    try:
        ports = {settings.port: "PORT", settings.streams_port: "STREAMS_PORT"}
        ports |= {settings.sandbox_port: "SANDBOX_PORT"} if settings.uses_sandbox else {}
        for port, name in ports.items():
            require_free(port, name)
    except StartFailed as trouble:
        screen.print(str(trouble), markup=False)
        return 1
    if settings.uses_sandbox:
        from adapters.demo.catalogue import BRAND_NAME

        sandbox_merchant.make(settings.data_dir, f"{BRAND_NAME}服务")
        settings = settings.completed()
    say = lambda line: print(line, flush=True)  # noqa: E731

    def started() -> None:
        if settings.uses_sandbox:
            menus.run(settings, None, "")  # a new pretend platform has none; a no is printed, and stops nothing
        screen.print(addresses(settings))

    return Supervisor(plan(settings), started, say).run()


def plan(settings: Settings) -> Plan:
    """Servers of our own where none are given; then migrations and demo data; then all that serves."""
    environ = {**os.environ, **settings.environ(), "PYTHONUNBUFFERED": "1"}
    servers: list[embedded.Server] = []
    if settings.embedded_database:
        servers.append(embedded.Postgres(settings.data_dir))
    if settings.embedded_redis:
        servers.append(embedded.Valkey(settings.data_dir))
    steps = [weixiu("migrate")]
    children = [weixiu("web", ready=lambda: answers(f"http://127.0.0.1:{settings.port}/healthz"))]
    children.append(weixiu("streams", ready=lambda: answers(f"http://127.0.0.1:{settings.streams_port}/healthz")))
    workers = [weixiu("worker", name=f"worker-{number + 1}") for number in range(settings.job_workers)]
    slow = weixiu("worker", "--queue", "slow", name="worker-slow")
    children += [*workers, slow, weixiu("schedule")]
    if settings.uses_sandbox:
        steps.append(weixiu("demo"))
        children.append(weixiu("sandbox", ready=lambda: answers(settings.sandbox_url)))
    return Plan(
        lock=settings.data_dir / "weixiu.lock",
        hold=settings.data_dir / "hold",
        servers=tuple(server_child(server) for server in servers),
        steps=tuple(steps),
        children=tuple(children),
        environ=environ,
    )


def weixiu(command: str, *options: str, name: str = "", ready: Callable[[], bool] = lambda: True) -> Child:
    """One of our own commands as a child."""
    line = [sys.executable, "-m", "adapters.cli", command, *options]
    return Child(name or command, lambda: launch.wrap(line), ready=ready)


def server_child(server: embedded.Server) -> Child:
    return Child(
        server.name,
        server.command,
        prepare=server.prepare,
        ready=server.ready,
        stop_signal=server.stop_signal,
        log=server.log,
    )


def answers(url: str) -> bool:
    """Whether a web server is there; what it answers does not matter yet."""
    try:
        with SEEN_ON_LOOPBACK.open(url, timeout=1):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


def require_free(port: int, name: str) -> None:
    """:raises StartFailed: another program listens on the port"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise StartFailed(
                f"port {port} is taken by another program: choose another one, {name}={port + 100}"
            ) from None


def addresses(settings: Settings) -> Panel:
    """The box that is printed when everything is up."""
    pages = {"staff pages": "console/", "engineer's phone": "e/", "consumers' pages": "c/", "API pages": "docs"}
    rows = [(what, f"{settings.public_url}/{path}") for what, path in pages.items()]
    if settings.uses_sandbox:
        from adapters import demo

        rows.insert(0, ("a phone to chat on", settings.sandbox_url))
        rows += [("sign in as", f"{username} / {password}") for username, password in demo.sign_ins(settings).items()]
    table = Table.grid(padding=(0, 2))
    for what, where in rows:
        table.add_row(what, where)
    table.add_row("to end it", "Ctrl-C")
    return Panel(table, title="微修 Weixiu is running", expand=False, padding=(1, 2))
