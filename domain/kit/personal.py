"""Personal data: encrypted at rest, searchable by keyed hash, masked where it is shown.

Keys come from outside (`Keyring.parse`). The first data key encrypts, every listed one decrypts, so a key is
rotated by putting a new one in front and running ``weixiu rekey``. The index key is another one: it must
outlive the data keys, because hashes cannot be rotated without reading every row.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes of a GCM nonce (NIST SP 800-38D, 8.2.2)."""


PHONE_IN_WORDS = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(?P<number>1[3-9]\d(?:[ -]?\d){8}|0\d{2,3}[ -]?[2-8]\d{6,7})(?!\d)")
"""Mobile and landline numbers as people write them into a sentence."""

DOOR_IN_WORDS = re.compile(
    r"(?<=[路街道巷弄村里园苑庭府城寓区厦湾])[0-9A-Za-z-]+(?=[号弄巷栋幢座])"
    r"|[0-9A-Za-z]+(?=栋|幢|座|单元|室)"
    r"|(?<=[0-9A-Za-z][栋幢座号元楼])[0-9A-Za-z-]{2,5}(?![0-9A-Za-z])"
)
"""The numbers of a house and a flat, where the words around them make them such: 18号 alone may be a day."""


class WrongKey(Exception):
    """A sealed value names a key that is not on the ring, or was not sealed for this place."""


@dataclass(frozen=True, eq=False)
class Keyring:
    """The keys for personal data. Sealed values look like ``key id length | key id | nonce | ciphertext``."""

    data_keys: Mapping[str, bytes]
    index_key: bytes
    ciphers: dict[str, AESGCM] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ciphers", {name: AESGCM(key) for name, key in self.data_keys.items()})

    @classmethod
    def parse(cls, data_key: str, index_key: str) -> Keyring:
        """``data_key`` is ``k2:<base64 of 32 bytes>[,k1:<base64>…]``; ``index_key`` any text of 32 and more characters.

        :raises ValueError: with words for whoever set it wrong
        """
        keys: dict[str, bytes] = {}
        for entry in data_key.split(","):
            name, _, encoded = entry.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = b""
            if not re.fullmatch(r"[0-9A-Za-z]{1,16}", name) or len(key) != 32:
                raise ValueError("a data key is written name:base64 of 32 bytes, several separated by commas")
            keys[name] = key
        if len(index_key) < 32:
            raise ValueError("the index key needs 32 characters or more")
        return cls(keys, index_key.encode())

    @property
    def current(self) -> str:
        """The id of the key new values are sealed with."""
        return next(iter(self.data_keys))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for one place (``table.column``), so that a value copied elsewhere does not open."""
        name, nonce = self.current.encode(), os.urandom(NONCE)
        return bytes([len(name)]) + name + nonce + self.ciphers[self.current].encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """:raises WrongKey: the key is not on the ring, or the value is damaged or from another place"""
        name, rest = sealed[1 : 1 + sealed[0]], sealed[1 + sealed[0] :]
        cipher = self.ciphers.get(name.decode(errors="replace"))
        if cipher is None:
            raise WrongKey(f"no data key named {name.decode(errors='replace')}")
        try:
            return cipher.decrypt(rest[:NONCE], rest[NONCE:], place.encode())
        except Exception as damage:
            raise WrongKey(f"a value in {place} does not open with its key") from damage

    def key_of(self, sealed: bytes) -> str:
        """The id of the key a value was sealed with."""
        return sealed[1 : 1 + sealed[0]].decode(errors="replace")

    def fingerprint(self, kind: str, value: str) -> str:
        """A keyed hash to search by: equal values of one kind have equal fingerprints; 32 hex digits."""
        return hmac.new(self.index_key, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]

    def phone_prints(self, number: str) -> tuple[str, str]:
        """(fingerprint of the whole number, fingerprint of its last four digits)."""
        return self.fingerprint("phone", number), self.fingerprint("phone4", number[-4:])

    def name_print(self, name: str) -> str:
        """Fingerprint of a person's name, blind to width, case and spaces."""
        return self.fingerprint("name", plain_name(name))


def plain_name(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def mask_phone(number: str) -> str:
    """First three and last two digits, as the platform masks them (wechat-protocol §9.3)."""
    return f"{number[:3]}{'*' * max(0, len(number) - 5)}{number[-2:]}" if len(number) > 5 else "*" * len(number)


def mask_words(words: str | None) -> str:
    """A sentence with the phone numbers and house numbers in it masked."""
    no_phones = PHONE_IN_WORDS.sub(lambda found: mask_phone(re.sub(r"\D", "", found["number"])), words or "")
    return DOOR_IN_WORDS.sub("*", no_phones)


def mask_name(name: str) -> str:
    """The family name only: 王** for 王小明."""
    return name[:1] + "*" * (len(name) - 1)


def mask_address(line: str) -> str:
    """Every digit after the road is hidden: enough to know the area, not the door."""
    return re.sub(r"[0-9A-Za-z]+|[一二三四五六七八九十百]+(?=[号栋幢座室单层楼])", "*", line)
