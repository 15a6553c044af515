"""A platform with one merchant whose clock stands still, his backend, a buyer, and where notifications arrive."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sandbox.accounts import MINI_PROGRAM
from sandbox.app import AccountConfig, Merchant, Platform
from sandbox.clock import Clock
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.sandbox.callback import AES_KEY, APP_ID, SECRET, TOKEN
from tests.sandbox.pay.merchant import Shop
from tests.sandbox.pay.receiver import Receiver, receiving

PROGRAM = "wx5eed0000demo0002"
STRANGER = "wx5eed0000demo0003"
NOON = 1_699_934_400.0  # 2023-11-14 12:00 in Shanghai


@pytest.fixture(scope="session")
def merchant() -> Merchant:
    return Merchant.make(app_ids=(APP_ID, PROGRAM))


@pytest.fixture
def wechat(merchant: Merchant) -> Platform:
    nowhere = "http://127.0.0.1:1/wx"
    accounts = [
        AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, nowhere),
        AccountConfig(PROGRAM, SECRET, TOKEN, AES_KEY, nowhere, kind=MINI_PROGRAM),
        AccountConfig(STRANGER, SECRET, TOKEN, AES_KEY, nowhere),
    ]
    platform = Platform(accounts, merchants=[merchant], residents=("王小明", "李娟"), clock=Clock(lambda: NOON))
    platform.faults.set({"callback_timeout": 20, "reorder_hold_ms": 20_000})  # patience: no test is timed
    return platform


@pytest.fixture
def server(wechat: Platform) -> Iterator[Running]:
    with serve(wechat) as running:
        yield running


@pytest.fixture
def shop(server: Running, merchant: Merchant) -> Shop:
    return Shop(server, merchant, NOON)


def person_on(wechat: Platform, app_id: str, name: str = "王小明") -> Person:
    return next(one for one in wechat.people.values() if (one.app_id, one.name) == (app_id, name))


@pytest.fixture
def buyer(wechat: Platform) -> Person:
    return person_on(wechat, APP_ID)


@pytest.fixture
def told(merchant: Merchant) -> Iterator[Receiver]:
    with receiving(merchant) as receiver:
        yield receiver


@dataclass(frozen=True)
class Counter:
    """Orders as the buyer and pays them; the notifications have arrived when `paid` returns."""

    wechat: Platform
    shop: Shop
    buyer: Person
    told: Receiver

    def ordered(self, number: str, fen: int = 10_000) -> str:
        """The prepay_id."""
        answer = self.shop.order(number, fen=fen, payer={"openid": self.buyer.openid}, notify_url=self.told.url)
        return str(answer.json()["prepay_id"])

    def paid(self, number: str, fen: int = 10_000, coupon: int = 0) -> None:
        self.ordered(number, fen)
        trade = self.wechat.pay.trades[self.shop.merchant.mch_id, number]
        self.wechat.pay.pay(trade, self.buyer.openid, coupon=coupon)
        assert self.wechat.pay.timeline.settle(20)

    def moved(self, **how: float) -> None:
        """The clock, and all that was due then has happened."""
        self.wechat.clock.advance(**how)
        assert self.wechat.pay.timeline.settle(20)


@pytest.fixture
def counter(wechat: Platform, shop: Shop, buyer: Person, told: Receiver) -> Counter:
    return Counter(wechat, shop, buyer, told)
