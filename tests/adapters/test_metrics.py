"""What the processes of a machine count is one sum, and the figures of the moment stand beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

COUNT = """
import sys
from pathlib import Path
from adapters import shared_counters
shared_counters.use(Path(sys.argv[1]))
from adapters.metrics import PLATFORM_ERRORS, TURNS, exposition
TURNS.labels("official_account").observe(0.01)
PLATFORM_ERRORS.labels("/cgi-bin/message/custom/send", "45015").inc()
print(exposition({"weixiu_queue_depth": ("Jobs that wait", 3.0)}).decode())
"""


def count(folder: Path) -> dict[str, float]:
    """One more process that counts a turn and an error; what it would show."""
    environ = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", COUNT, str(folder)], env=environ, capture_output=True, text=True, check=True
    )
    families = text_string_to_metric_families(done.stdout)
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_every_process_counts_and_a_figure_is_shown_once(tmp_path: Path) -> None:
    shown = count(tmp_path)
    assert shown["weixiu_webhook_turn_seconds_count"] == 1
    assert shown["weixiu_platform_errors_total"] == 1
    assert shown["weixiu_queue_depth"] == 3
    living = tmp_path / "metrics" / f"counter_{os.getpid()}.db"
    next((tmp_path / "metrics").glob("counter_*.db")).rename(living)
    assert count(tmp_path)["weixiu_platform_errors_total"] == 2


def test_files_of_processes_that_are_gone_do_not_pile_up(tmp_path: Path) -> None:
    for _ in range(3):
        shown = count(tmp_path)
    assert shown["weixiu_platform_errors_total"] == 1
    assert len(list((tmp_path / "metrics").glob("counter_*.db"))) == 1
