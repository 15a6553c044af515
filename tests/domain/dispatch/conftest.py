"""A brand with a small network: see `tests.network`."""

from __future__ import annotations

import pytest

from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in
from tests.domain.dispatch.asking import World
from tests.network import network_in


@pytest.fixture
def world(runtime: Runtime) -> World:
    brand = brand_in(runtime)
    return World(runtime, brand, network_in(runtime, brand))


@pytest.fixture
def fresh_world(fresh_runtime: Runtime) -> World:
    """With real commits, for what happens at once."""
    brand = brand_in(fresh_runtime)
    return World(fresh_runtime, brand, network_in(fresh_runtime, brand))
