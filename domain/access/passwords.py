"""Passwords of staff: argon2id, with a check that takes as long for somebody who does not exist."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.kit.errors import Refused

SHORTEST, LONGEST = 10, 200
"""Characters of a password. Long words beat odd ones (NIST SP 800-63B §3.1.1); the upper end only bounds the work."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's argon2id setting for a server that signs in few people at once: 19 MiB, two passes, about 20 ms."""

COMMON = frozenset({"1234567890", "0123456789", "12345678910", "1111111111", "qwertyuiop", "password123", "weixiu1234"})
"""The ones people try first when ten characters are asked for."""


class WeakPassword(Refused):
    """The new password is too short, too long, too common, or the user's name."""

    code = "weak_password"


def hash_of(password: str, username: str) -> str:
    """:raises WeakPassword: it may not be used"""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符")
    if password.lower() in COMMON or len(set(password)) < 4 or password.lower() == username.lower():
        raise WeakPassword("这个密码太容易被猜到，请换一个")
    return HASHER.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is the right one. With no hash to compare, the same work is done and the answer is no."""
    try:
        HASHER.verify(password_hash or nobodys_hash(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def nobodys_hash() -> str:
    """What the password of an unknown user is compared with."""
    return HASHER.hash("nobody has this password")
