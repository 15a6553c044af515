"""The customer-service quota: five messages in 48 hours after a message, three in a minute after a follow, scan or click."""

import pytest

from sandbox.errors import PlatformError
from sandbox.quota import Quota

HOUR = 3600.0


def spend(quota: Quota, now: float) -> int:
    """0 when it went out, else the errcode."""
    try:
        quota.spend("o1", now)
    except PlatformError as wrong:
        return wrong.code
    return 0


def test_nothing_may_be_sent_before_the_person_did_anything() -> None:
    assert spend(Quota(), 0) == 45015


def test_five_messages_after_a_message_and_not_a_sixth() -> None:
    quota = Quota()
    quota.trigger("o1", "message", 0)
    assert [spend(quota, 1) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def test_the_window_of_a_message_closes_after_48_hours() -> None:
    quota = Quota()
    quota.trigger("o1", "message", 0)
    assert spend(quota, 48 * HOUR - 1) == 0
    assert spend(quota, 48 * HOUR) == 45015


@pytest.mark.parametrize("deed", ["menu", "follow", "scan"])
def test_three_messages_within_a_minute_of_a_lesser_deed(deed: str) -> None:
    quota = Quota()
    quota.trigger("o1", deed, 0)
    assert [spend(quota, 59) for _ in range(4)] == [0, 0, 0, 45047]
    assert spend(quota, 60) == 45015


def test_a_new_message_fills_the_window_up_but_does_not_add() -> None:
    quota = Quota()
    quota.trigger("o1", "message", 0)
    spend(quota, 1)
    quota.trigger("o1", "message", 2)
    assert [spend(quota, 3) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def test_the_window_that_closes_first_is_used_first() -> None:
    quota = Quota()
    quota.trigger("o1", "message", 0)
    quota.trigger("o1", "menu", 0)
    for _ in range(3):
        spend(quota, 1)
    assert quota.left("o1", 1)["message"]["left"] == 5


def test_people_do_not_share() -> None:
    quota = Quota()
    quota.trigger("o2", "message", 0)
    assert spend(quota, 1) == 45015


def test_unfollowing_closes_every_window() -> None:
    quota = Quota()
    quota.trigger("o1", "message", 0)
    quota.close("o1")
    assert spend(quota, 1) == 45015
