"""Where contents lie, and how each is sealed. `adapters.files` has folders and object stores."""

from __future__ import annotations

import base64
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kit.personal import NONCE, WrongKey


class FileStore(Protocol):
    """Names to bytes. Whatever it raises is trouble with the store; a missing name is FileNotFoundError."""

    def put(self, place: str, content: bytes) -> None:
        """Write all of it, or nothing."""

    def get(self, place: str) -> bytes: ...

    def delete(self, place: str) -> None:
        """Nothing happens when it is gone already."""


class NoStore:
    """A `FileStore` for whoever needs none: nothing is in it."""

    def put(self, place: str, content: bytes) -> None:
        raise OSError("there is no file store here")

    def get(self, place: str) -> bytes:
        raise FileNotFoundError(place)

    def delete(self, place: str) -> None:
        return


def new_key() -> str:
    """A key for one file, as its row keeps it."""
    return base64.b64encode(AESGCM.generate_key(256)).decode()


def seal(key: str, file_id: str, plain: bytes) -> bytes:
    """Encrypt for one file, so that content put in another's place does not open."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(base64.b64decode(key)).encrypt(nonce, plain, file_id.encode())


def unseal(key: str, file_id: str, sealed: bytes) -> bytes:
    """:raises WrongKey: the content is damaged or another file's"""
    try:
        return AESGCM(base64.b64decode(key)).decrypt(sealed[:NONCE], sealed[NONCE:], file_id.encode())
    except (InvalidTag, ValueError) as damage:
        raise WrongKey(f"the content of {file_id} does not open with its key") from damage
