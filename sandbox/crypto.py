"""Signatures and AES of the callback (protocol sheet 1.1 to 1.4); another cipher goes beside `Seal`.

Written from the sheet and not with the product's library, so that an error there cannot hide here.
"""

import base64
import hashlib
import re
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_AES_KEY = re.compile("[A-Za-z0-9+/]{43}")
BLOCK = 32  # the platform pads to 32 bytes, not to AES's 16


class BadCipher(Exception):
    """An encrypted text that does not open: wrong key, wrong padding, wrong receiver."""


def sign(*parts: str) -> str:
    """SHA-1 of the parts sorted as strings and joined with nothing between."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


class Seal:
    """Encrypts and decrypts for one account."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        """:raises ValueError: when the key is not what the platform gives out."""
        if not _AES_KEY.fullmatch(aes_key):
            raise ValueError("EncodingAESKey must be 43 letters, digits, + or /")
        self._key = base64.b64decode(aes_key + "=")
        self._app_id = app_id.encode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def encrypt(self, text: str) -> str:
        """16 random bytes, length, text, app id; padded, AES-256-CBC, base64."""
        message = text.encode()
        plain = secrets.token_bytes(16) + struct.pack("!I", len(message)) + message + self._app_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """:raises BadCipher: when anything about it is wrong, including the receiver's app id."""
        try:
            data = base64.b64decode(encrypted, validate=True)
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(data) + decryptor.finalize()
            pad = plain[-1]
            if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
                raise BadCipher(f"padding byte {pad} is not PKCS#7 to 32")
            plain = plain[:-pad]
            (length,) = struct.unpack("!I", plain[16:20])
            text, receiver = plain[20 : 20 + length].decode(), plain[20 + length :]
        except (ValueError, IndexError, struct.error) as wrong:
            raise BadCipher(f"cannot be decrypted: {wrong}") from wrong
        if receiver != self._app_id:
            raise BadCipher(f"encrypted for {receiver!r}")
        return text
