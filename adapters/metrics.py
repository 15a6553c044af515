"""What the processes count, and how ``/metrics`` shows it. Figures that are looked up when asked are `jobs.figures`.

A new counter is a line here and in `COUNTERS`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from adapters.shared_counters import FOLDER

TURNS = Histogram(
    "weixiu_webhook_turn_seconds", "From a push's arrival to its answer", ["account"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 1.8, 2.5, 5.0),
)  # fmt: skip
PLATFORM_ERRORS = Counter("weixiu_platform_errors", "Calls of the platform that did not succeed", ["path", "error"])
COUNTERS = (TURNS, PLATFORM_ERRORS)


class Figures(Collector):
    """Gauges whose values are known already: name → (what it means, value)."""

    def __init__(self, values: Mapping[str, tuple[str, float]]) -> None:
        self.values = values

    def collect(self) -> Iterable[Metric]:
        return [GaugeMetricFamily(name, words, value=value) for name, (words, value) in self.values.items()]


def exposition(figures: Mapping[str, tuple[str, float]]) -> bytes:
    """Prometheus' text: what was counted, by all processes where they share a folder, and these figures."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for counter in COUNTERS:
            registry.register(counter)
    registry.register(Figures(figures))
    return generate_latest(registry)
