"""The engineer's app on a fresh database, at nine in the morning, with the day of 安师傅."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, sync_playwright

from adapters.runtime import now
from domain.kit.unit_of_work import SHANGHAI, Runtime
from tests.brand import brand_in
from tests.browser.phone import Site, served
from tests.console.test_browser import CHROMIUM, FLAGS
from tests.engineer_app.phone_day import PhoneDay, put_phone_day


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with this folder: two Playwrights at once cannot be in one run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def morning(fresh_runtime: Runtime) -> Runtime:
    """The server's clock goes, and it went nine when the test began: windows of the day are still to come. Phones go by
    the real time, which the app has to correct."""
    real = now().astimezone(SHANGHAI)
    ahead = real.replace(hour=9, minute=0, second=0, microsecond=0) - real

    def clock() -> datetime:
        return now() + ahead

    assert abs(ahead) < timedelta(days=1)
    return replace(fresh_runtime, clock=clock)


@pytest.fixture
def day(morning: Runtime) -> PhoneDay:
    brand = brand_in(morning)
    with morning.transaction() as uow:
        return put_phone_day(uow, brand)


@pytest.fixture
def site(morning: Runtime, chromium: Browser) -> Iterator[Site]:
    with served(morning, chromium) as made:
        yield made
        for context in chromium.contexts:
            context.close()
    assert made.wrong == []
