"""``python -m bench.chaos``: hundreds of conversations while processes are shot down; then every promise is checked.

Starts a ``weixiu up`` of its own on free ports, talks through the sandbox as sixteen people at once, doubles one
delivery in five, carries out `bench.disturbances.PLAN`, and prints one JSON line; exits 1 if a promise is broken.
Another promise is another line of `bench.promises.broken`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from adapters.demo import catalogue
from adapters.settings import Settings
from adapters.up import answers
from bench import promises
from bench.customer import Customer
from bench.disturbances import Disturber, Running
from bench.phone import Sandbox
from bench.place import data_folder, own_settings

AT_ONCE = 16
FAULTS = {"duplicate": 0.2}


@contextmanager
def everything(told: Settings, log: Path) -> Iterator[Running]:
    """``weixiu up`` for the length of a block; ended as a person ends it, by Ctrl-C."""
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "adapters.cli", "up"],
            env={**os.environ, **told.environ()}, cwd=told.data_dir, stdin=subprocess.DEVNULL, stdout=lines,
            stderr=lines, start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + 90
        while not (answers(told.sandbox_url) and answers(f"http://127.0.0.1:{told.port}/readyz")):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"weixiu up does not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)
        yield Running(process.pid, told.data_dir)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def talk(sandbox: Sandbox, running: Running, conversations: int, seed: int) -> tuple[list[Customer], float]:
    """All conversations, sixteen at once, disturbed. Returns the customers and the seconds it took."""
    begun, lock, began = 0, threading.Lock(), time.monotonic()
    codes = [model.code for model in catalogue.models()]
    people = []
    for number in range(conversations):
        chance = random.Random(seed * 100_000 + number)
        people.append(Customer(sandbox.phone(f"顾客{number}"), chance, chance.choice(codes)))

    def live(customer: Customer) -> None:
        nonlocal begun
        with lock:
            begun += 1
        try:
            customer.live()
        except Exception as error:
            customer.went_wrong = f"{type(error).__name__}: {error}"

    disturber = Disturber(running, lambda: begun / conversations)
    disturber.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(live, people))
    disturber.join(60)
    if disturber.trouble:
        raise disturber.trouble
    return people, time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--conversations", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1000)
    parser.add_argument("--keep", type=Path, help="a folder for the log of weixiu up and what everybody said")
    told = parser.parse_args()
    people: list[Customer] = []
    with data_folder() as folder:
        settings = own_settings(folder).model_copy(update={"log_level": "info"})
        log = folder / "up.log"
        try:
            with everything(settings, log) as running:
                sandbox = Sandbox(settings.sandbox_url)
                sandbox.call("PATCH", "/faults", **FAULTS)
                people, seconds = talk(sandbox, running, told.conversations, told.seed)
                sandbox.call("PATCH", "/faults", duplicate=0)
                figure = promises.kept(settings, people, sandbox)
        finally:
            if told.keep:
                told.keep.mkdir(parents=True, exist_ok=True)
                (told.keep / "up.log").write_bytes(log.read_bytes())
                talks = ("\n".join([one.phone_screen.openid, *one.transcript]) for one in people)
                (told.keep / "talks.txt").write_text("\n\n".join(talks))
    figure |= {"seed": told.seed, "seconds": round(seconds), "shot": running.shot}
    print(json.dumps(figure, ensure_ascii=False))
    return 1 if figure["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
