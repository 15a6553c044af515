"""Access tokens live two hours; stable ones stay the same until their last five minutes, when two work side by side."""

import pytest

from sandbox.errors import PlatformError
from sandbox.tokens import Tokens


def state(tokens: Tokens, value: str, now: float) -> int:
    """0 when the token works, else the errcode."""
    try:
        tokens.check(value, now)
    except PlatformError as wrong:
        return wrong.code
    return 0


def test_stable_token_is_the_same_until_the_last_five_minutes() -> None:
    tokens = Tokens()
    first, seconds = tokens.stable(0)
    assert seconds == 7200
    assert tokens.stable(6899) == (first, 301)
    second, _ = tokens.stable(6900)
    assert second != first
    assert state(tokens, first, 7199) == state(tokens, second, 7199) == 0
    assert state(tokens, first, 7200) == 42001


def test_forced_refresh_spoils_the_old_token_and_is_rationed() -> None:
    tokens = Tokens()
    old, _ = tokens.stable(0)
    new, _ = tokens.stable(1, force=True)
    assert state(tokens, old, 2) == 40001
    assert state(tokens, new, 2) == 0
    with pytest.raises(PlatformError, match="45011"):
        tokens.stable(30, force=True)
    for turn in range(1, 20):
        tokens.stable(1 + turn * 30, force=True)
    with pytest.raises(PlatformError, match="45009"):
        tokens.stable(900, force=True)
    tokens.stable(90_000, force=True)


def test_classic_token_is_new_each_time_and_the_old_one_works_five_minutes_more() -> None:
    tokens = Tokens()
    old, _ = tokens.classic(0)
    new, _ = tokens.classic(100)
    assert old != new
    assert state(tokens, old, 399) == 0
    assert state(tokens, old, 400) == 42001


def test_the_two_families_leave_each_other_alone() -> None:
    tokens = Tokens()
    stable, _ = tokens.stable(0)
    tokens.classic(1)
    tokens.classic(2)
    assert tokens.stable(3)[0] == stable
    assert state(tokens, stable, 3600) == 0


@pytest.mark.parametrize(("value", "code"), [("", 41001), ("short", 40014), ("a b" * 20, 40014), ("x" * 64, 40001)])
def test_what_is_no_token_is_told_apart(value: str, code: int) -> None:
    assert state(Tokens(), value, 0) == code


@pytest.mark.parametrize("code", [42001, 40001])
def test_the_switch_spoils_all_tokens_and_the_next_one_is_good(code: int) -> None:
    tokens = Tokens()
    old, _ = tokens.stable(0)
    assert tokens.spoil(code) == 1
    assert state(tokens, old, 1) == code
    assert state(tokens, tokens.stable(2)[0], 2) == 0
