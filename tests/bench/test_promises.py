"""The chaos run's judgement: it must see what it is there to see."""

from __future__ import annotations

import random

import pytest

from bench.customer import Customer
from bench.phone import Bubble, Phone, Sandbox
from bench.promises import broken


def customer(name: str, *told: str) -> Customer:
    """Somebody whose phone shows these bubbles."""
    made = Customer(Phone(Sandbox("http://127.0.0.1:1"), name), random.Random(1), "KFR-35GW")
    made.read([Bubble(number, "account", words) for number, words in enumerate(told, 1)])
    return made


TOLD = "报修已受理。\n工单号：100 000 655\n工程师会尽快来电约上门时间，回复“进度”可随时查看。"


def test_one_order_that_its_customer_was_told_of_keeps_every_promise():
    assert broken([customer("o1", TOLD)], {"o1": ["100000655"]}, {}, 0) == []


@pytest.mark.parametrize(
    ("told", "orders", "words"),
    [
        ([TOLD], ["100000655", "100000663"], "o1 has 2 orders"),
        ([TOLD], [], "o1 was told of ['100000655'], which are not in the database"),
        ([], ["100000655"], "o1 was not told of ['100000655']"),
    ],
)
def test_doubled_lost_and_untold_orders_are_seen(told, orders, words):
    assert words in broken([customer("o1", *told)], {"o1": orders}, {}, 0)


def test_what_never_arrives_is_seen():
    lines = broken([customer("o1", TOLD)], {"o1": ["100000655"]}, {"event MessageQueued, waiting": 2}, 1)
    assert len(lines) == 2


@pytest.mark.parametrize("words", [TOLD, "您最近的工单：\n\n100 000 655 空调维修：已受理（11月22日 05:22 受理）"])
def test_a_number_counts_however_it_is_told(words):
    assert customer("o1", words).numbers == ["100000655"]


def test_a_customer_says_it_again_when_nothing_comes():
    waiting = customer("o1")
    waiting.said = ["确认"]
    assert waiting.next_words([]) == "确认"


def test_a_customer_whose_yes_met_a_greeting_asks_how_things_stand():
    back = customer("o1")
    back.said = ["确认"]
    assert back.next_words([Bubble(1, "account", "您可以说“报修”、“安装预约”")]) == "进度"
