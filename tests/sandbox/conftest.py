"""A platform whose pauses are short, a callback of the test's own, and one follower."""

from collections.abc import Iterator

import pytest

from sandbox.app import AccountConfig, Platform
from sandbox.clock import Clock
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.sandbox.api_client import ApiClient
from tests.sandbox.callback import AES_KEY, APP_ID, SECRET, TOKEN, Callback, running_callback

SHORT = {"retry_delay": 0.02, "reorder_hold_ms": 600}


@pytest.fixture
def callback() -> Iterator[Callback]:
    with running_callback() as running:
        yield running


@pytest.fixture
def wechat(callback: Callback) -> Platform:
    platform = Platform(
        [AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, callback.url)],
        residents=("王小明",),
        clock=Clock(lambda: 1_700_000_000.0),
    )
    platform.faults.set(SHORT)
    return platform


@pytest.fixture
def person(wechat: Platform) -> Person:
    """Follows the account; his follow is not among what the callback has seen."""
    person = next(iter(wechat.people.values()))
    person.following = person.ever_followed = True
    return person


@pytest.fixture
def server(wechat: Platform) -> Iterator[Running]:
    with serve(wechat) as running:
        yield running


@pytest.fixture
def api(server: Running) -> ApiClient:
    return ApiClient(server)


@pytest.fixture
def talking(wechat: Platform, person: Person) -> Person:
    """Just wrote something, so five messages may be sent."""
    wechat.send(person.openid, "text", content="在吗")
    return person
