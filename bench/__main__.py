"""``python -m bench [--quick] [figure …]``: prints one JSON line a figure. Another figure is another row of `FIGURES`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def webhook(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import webhook_turn

    return webhook_turn.figures(webhook_turn.QUICK if quick else webhook_turn.Plan())


def search(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import search

    return search.figures(quick)


def understand(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import understand

    return understand.figures(quick)


def turns(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import turns

    return turns.figures(quick)


def streams(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import streams, webhook_turn

    return streams.figures(streams.QUICK if quick else webhook_turn.Plan(rounds=streams.ROUNDS))


def clocks(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import clocks

    return clocks.figures(quick)


def plan(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import plan

    return plan.figures(quick)


def dispatch(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import dispatch

    return dispatch.figures(quick)


def pay_notify(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import pay_notify

    return pay_notify.figures(quick)


def reconcile(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import reconcile

    return reconcile.figures(quick)


def money_plans(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import money_plans

    return money_plans.figures(quick)


def technician_routing(quick: bool) -> Iterator[dict[str, Any]]:
    """Only with data, which is nobody's to ship: ``--data`` or DATA."""
    from bench import technician_routing

    folder = os.environ.get("DATA")
    return (
        technician_routing.figures(Path(folder), 2.0 if quick else technician_routing.SECONDS) if folder else iter(())
    )


def sync(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import sync

    return sync.figures(quick)


def phone_app(quick: bool) -> Iterator[dict[str, Any]]:
    from bench import phone_app

    return phone_app.figures(quick)


FIGURES: dict[str, Callable[[bool], Iterator[dict[str, Any]]]] = {
    "webhook_turn": webhook,
    "understand": understand,
    "turns_to_order": turns,
    "search": search,
    "streams": streams,
    "dispatch": dispatch,
    "clocks": clocks,
    "plan": plan,
    "sync": sync,
    "pay_notify": pay_notify,
    "reconcile": reconcile,
    "money_plans": money_plans,
    "phone_app": phone_app,
    "technician_routing": technician_routing,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Print one JSON line a figure.")
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], help="which figures; all when left out")
    parser.add_argument("--quick", action="store_true", help="a smoke test of some seconds: the figures mean little")
    parser.add_argument("--data", help="folder of public data, for figures that need it")
    told = parser.parse_args()
    if told.data:
        os.environ["DATA"] = told.data
    for name in told.figures or FIGURES:
        for figure in FIGURES[name](told.quick):
            print(json.dumps(figure, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
