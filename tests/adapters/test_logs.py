"""Logs name exceptions by type and place; their words, which may be a customer's, never appear."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from adapters import web

SCRIPT = """
import logging, structlog
from adapters import logs
logs.start(json=True)
try:
    int("王 13800001234")
except ValueError:
    {line}
"""


def logged(line: str) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(line=line)], capture_output=True, text=True, check=True)
    assert "13800001234" not in done.stderr + done.stdout
    found: dict[str, object] = json.loads(done.stderr)
    return found


def test_an_exception_of_ours_is_its_type_and_place():
    line = logged("structlog.get_logger().exception('turn failed', key='k1')")
    assert (line["event"], line["key"], line["level"]) == ("turn failed", "k1", "error")
    assert line["error"] == ["ValueError at <string>:6"]


def test_so_is_one_that_a_library_logs():
    line = logged("logging.getLogger('flask.app').exception('Exception on %s', '/console/orders')")
    assert (line["event"], line["logger"]) == ("Exception on /console/orders", "flask.app")
    assert line["error"] == ["ValueError at <string>:6"]


def test_a_signed_link_is_not_good_any_more_where_it_is_logged():
    token = "qt_0123.0123456789abcdef0123456789abcdef"
    line = logged(f"structlog.get_logger().info('page refused', path='/c/quotes/{token}')")
    assert line["path"] == "/c/quotes/qt_0123.…"
    record = logging.LogRecord(
        "granian.access", logging.INFO, "", 0, "GET %(path)s 200", ({"path": f"/c/bills/{token}"},), None
    )
    assert web.Short("%(message)s").format(record) == "GET /c/bills/qt_0123.… 200"
