"""Where the processes of this machine keep their counters, so that ``/metrics`` shows the sum of all.

``prometheus_client`` looks for the folder once, when it is imported: `use` comes before that.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client's own variable."""


def use(data_dir: Path) -> None:
    """Count in files under DATA_DIR from here on, unless told otherwise; those of processes long gone are removed."""
    if os.environ.get(FOLDER):
        return
    folder = data_dir / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*_*.db"):  # counter_4711.db
        if not Path(f"/proc/{file.stem.rpartition('_')[2]}").exists():
            with suppress(FileNotFoundError):  # another process removed it
                file.unlink()
    os.environ[FOLDER] = str(folder)
