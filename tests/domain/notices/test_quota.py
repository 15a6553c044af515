"""What may be said to a person unasked: five messages for 48 hours after a message, three for a minute after a tap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.notices.quota import LONGEST, NEVER_HEARD, USED_UP, WINDOWS, ReplyWindow, Trigger, reply_window

NOON = datetime(2026, 5, 12, 4, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

moments = st.integers(0, 60 * 24 * 4).map(lambda minutes: NOON - minutes * MINUTE)
triggers = st.lists(st.builds(Trigger, moments, st.sampled_from(["message", "tap", "nothing"])), max_size=8)
sendings = st.lists(moments, max_size=20)


def test_nothing_heard_nothing_allowed() -> None:
    assert reply_window(NOON, [], []) == ReplyWindow(0, NEVER_HEARD)


def test_a_message_opens_five_for_48_hours() -> None:
    heard = [Trigger(NOON, "message")]
    assert reply_window(NOON + 48 * HOUR - MINUTE, heard, []).left == 5
    assert reply_window(NOON + 48 * HOUR, heard, []) == ReplyWindow(0, NEVER_HEARD)


def test_what_is_left_may_be_sent_until_the_last_window_with_something_in_it_closes() -> None:
    heard = [Trigger(NOON, "message"), Trigger(NOON + HOUR, "tap")]
    assert reply_window(NOON + HOUR, heard, []).until == NOON + 48 * HOUR
    used_up = [NOON + number * MINUTE for number in range(1, 6)]
    assert reply_window(NOON + HOUR, heard, used_up).until == NOON + HOUR + MINUTE


def test_a_tap_opens_three_for_a_minute() -> None:
    heard = [Trigger(NOON, "tap")]
    assert reply_window(NOON + timedelta(seconds=59), heard, []).left == 3
    assert reply_window(NOON + MINUTE, heard, []) == ReplyWindow(0, NEVER_HEARD)


def test_the_sixth_message_waits_for_the_customer() -> None:
    heard, said = [Trigger(NOON, "message")], [NOON + number * MINUTE for number in range(1, 6)]
    assert reply_window(NOON + HOUR, heard, said) == ReplyWindow(0, USED_UP)
    assert reply_window(NOON + HOUR, [*heard, Trigger(NOON + 30 * MINUTE, "message")], said).left == 5


def test_what_is_said_within_a_taps_minute_does_not_cost_the_messages_five() -> None:
    heard = [Trigger(NOON, "message"), Trigger(NOON + HOUR, "tap")]
    said = [NOON + HOUR + timedelta(seconds=second) for second in (1, 2, 3)]
    assert reply_window(NOON + 2 * HOUR, heard, said).left == 5
    assert reply_window(NOON + HOUR + timedelta(seconds=10), heard, said).left == 5


def test_opening_a_mini_programs_chat_allows_two_for_a_minute() -> None:
    entered = [Trigger(NOON, "enter")]
    assert reply_window(NOON + timedelta(seconds=59), entered, []).left == 2
    assert reply_window(NOON + timedelta(seconds=59), entered, [NOON, NOON]) == ReplyWindow(0, USED_UP)
    assert reply_window(NOON + MINUTE, entered, []) == ReplyWindow(0, NEVER_HEARD)


@given(triggers, sendings)
def test_never_more_than_the_windows_hold(heard: list[Trigger], said: list[datetime]) -> None:
    window = reply_window(NOON, heard, said)
    assert 0 <= window.left <= sum(allowance.messages for allowance in WINDOWS.values())
    assert bool(window.reason) == (window.left == 0)


@given(triggers, sendings, moments)
def test_saying_more_never_leaves_more(heard: list[Trigger], said: list[datetime], once_more: datetime) -> None:
    assert reply_window(NOON, heard, [*said, once_more]).left <= reply_window(NOON, heard, said).left


@given(triggers, sendings)
def test_order_and_things_long_past_do_not_matter(heard: list[Trigger], said: list[datetime]) -> None:
    recent = [trigger for trigger in heard if trigger.at > NOON - LONGEST]
    since = min((trigger.at for trigger in recent), default=NOON)
    shuffled = reply_window(NOON, recent[::-1], [at for at in said[::-1] if at >= since])
    assert shuffled == reply_window(NOON, recent, [at for at in said if at >= since])
    if not any(at < since for at in said):
        assert shuffled.left == reply_window(NOON, heard, said).left


@given(triggers, sendings)
def test_a_new_message_of_the_customers_always_opens_five(heard: list[Trigger], said: list[datetime]) -> None:
    now = NOON + MINUTE
    assert reply_window(now, [*heard, Trigger(now, "message")], said).left >= 5
