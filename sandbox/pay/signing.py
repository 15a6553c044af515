"""The cryptography of WeChat Pay v3 (protocol sheet 7.1 to 7.4); another algorithm goes beside these functions.

Written from the sheet and not with the product's library, so that an error there cannot hide here.
"""

import base64
import binascii
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
_PAIRS = re.compile(r'(\w+)="([^"]*)"')
NAMES = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}


def message(*lines: str | bytes) -> bytes:
    """Each line with a line feed at its end, the last one too."""
    return b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)


def sign(key: RSAPrivateKey, *lines: str | bytes) -> str:
    """SHA256-RSA of the lines, base64."""
    return base64.b64encode(key.sign(message(*lines), PKCS1v15(), SHA256())).decode()


def signed(key: RSAPublicKey, signature: str, *lines: str | bytes) -> bool:
    """Whether the signature is that of these lines."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message(*lines), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def authorization(header: str) -> dict[str, str] | None:
    """The five values of an Authorization header; None when it is not one of this schema."""
    schema, _, rest = header.partition(" ")
    pairs = dict(_PAIRS.findall(rest))
    return pairs if schema == SCHEMA and pairs.keys() == NAMES else None


def seal(api_v3_key: str, text: str, nonce: str, associated_data: str) -> str:
    """AEAD_AES_256_GCM: ciphertext and tag, base64."""
    made = AESGCM(api_v3_key.encode()).encrypt(nonce.encode(), text.encode(), associated_data.encode())
    return base64.b64encode(made).decode()
