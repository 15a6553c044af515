"""A supervisor over harmless children, run as a program by test_supervisor.py: ``python supervised.py FOLDER``.

Each child leaves its process number in FOLDER; ``web`` has a grandchild that detached itself, as RQ's and granian's do.
"""

import sys
import textwrap
from pathlib import Path

from adapters import launch
from adapters.children import Child, Plan
from adapters.supervisor import Supervisor

PLAIN = """
    import os, pathlib, sys, time
    pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
    print("hello", flush=True)
    time.sleep(600)
"""
DETACHED = """
    import os, pathlib, subprocess, sys, time
    folder = pathlib.Path(sys.argv[1])
    script = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"
    subprocess.Popen([sys.executable, "-c", script, f"{folder}-grandchild"], start_new_session=True)
    folder.write_text(str(os.getpid()))
    time.sleep(600)
"""
DEAF = """
    import os, pathlib, signal, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
    time.sleep(600)
"""


def child(folder: Path, name: str, script: str) -> Child:
    line = [sys.executable, "-c", textwrap.dedent(script), str(folder / name)]
    return Child(name, lambda: launch.wrap(line), ready=(folder / name).exists)


def main(folder: Path, failing: bool) -> int:
    steps = [child(folder, "step", "import sys; print('stepping'); sys.exit(0)")]
    if failing:
        steps.append(child(folder, "broken", "import sys; sys.exit('no such table')"))
    plan = Plan(
        lock=folder / "lock",
        hold=folder / "hold",
        servers=(child(folder, "server", PLAIN),),
        steps=tuple(steps),
        children=(child(folder, "web", DETACHED), child(folder, "deaf", DEAF)),
    )
    return Supervisor(plan, lambda: print("all up", flush=True), lambda line: print(line, flush=True)).run()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "failing" in sys.argv))
