"""Merchants and their keys: a folder of files each, made when it is missing; another merchant is another folder.

PAY-DIR/<mch_id>/merchant.json         mch_id, name, api_v3_key, cert_serial, public_key_id, app_ids
                 apiclient_key.pem     the merchant's private key, PKCS#8: for the merchant only
                 apiclient_cert.pem    its certificate, with the serial
                 wechatpay_public.pem  the platform's public key for this merchant
                 wechatpay_key.pem     the platform's private key: for the sandbox only
"""

import json
import os
import secrets
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

DEMO = "1900000918"
VALID = timedelta(days=1825)  # a merchant's certificate
FACTS = ("mch_id", "name", "api_v3_key", "cert_serial", "public_key_id", "app_ids")
PAPERS = {
    "private_key": "apiclient_key.pem",
    "certificate": "apiclient_cert.pem",
    "platform_public_key": "wechatpay_public.pem",
    "platform_private_key": "wechatpay_key.pem",
}


@dataclass(frozen=True)
class Merchant:
    """A merchant as the platform has opened it; without `app_ids` every account of the platform is bound to it.

    The four papers are PEM texts; `private_key` is what the merchant keeps, the platform never looks at it.
    """

    mch_id: str
    name: str
    api_v3_key: str
    cert_serial: str
    public_key_id: str
    app_ids: tuple[str, ...]
    private_key: str
    certificate: str
    platform_public_key: str
    platform_private_key: str

    @classmethod
    def make(cls, mch_id: str = DEMO, name: str = "微修家电服务", app_ids: tuple[str, ...] = ()) -> "Merchant":
        """A new one with keys of its own."""
        own, platform = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
        serial = secrets.randbits(157) | 1 << 157  # 40 hex digits, and below 2^159 as X.509 wants it
        letters = string.ascii_letters + string.digits
        return cls(
            mch_id, name, "".join(secrets.choice(letters) for _ in range(32)), f"{serial:040X}",
            f"PUB_KEY_ID_01{mch_id}{datetime.now(UTC):%Y%m%d}00{secrets.randbelow(10**12):012}", app_ids,
            _private(own), _certificate(own, serial, mch_id, name), _public(platform.public_key()), _private(platform),
        )  # fmt: skip

    @classmethod
    def read(cls, folder: Path) -> "Merchant":
        """:raises ValueError: when a file is missing or a fact is not there"""
        try:
            facts = json.loads((folder / "merchant.json").read_text())
            papers = {field: (folder / file).read_text() for field, file in PAPERS.items() if field != "private_key"}
            own = folder / PAPERS["private_key"]  # a merchant may keep his own elsewhere
            return cls(
                **{name: facts[name] for name in FACTS if name != "app_ids"}, app_ids=tuple(facts.get("app_ids") or ()),
                private_key=own.read_text() if own.exists() else "", **papers,
            )  # fmt: skip
        except (OSError, KeyError, ValueError) as wrong:
            raise ValueError(f"{folder} is no merchant's folder: {wrong!r}") from wrong

    def write(self, folder: Path) -> None:
        """All files, for their owner only; merchant.json last, so that a folder that has it is whole."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = json.dumps({name: getattr(self, name) for name in FACTS}, ensure_ascii=False, indent=2)
        texts = {file: getattr(self, field) for field, file in PAPERS.items()}
        for file, text in [*texts.items(), ("merchant.json", facts + "\n")]:
            fresh = folder / f"{file}.new"
            fresh.touch(0o600)
            fresh.write_text(text)
            os.replace(fresh, folder / file)

    @cached_property
    def public_key(self) -> rsa.RSAPublicKey:
        """What his signatures are checked with."""
        key = x509.load_pem_x509_certificate(self.certificate.encode()).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        return key

    @cached_property
    def signing_key(self) -> rsa.RSAPrivateKey:
        """What the platform signs with when it speaks to him."""
        key = forms.load_pem_private_key(self.platform_private_key.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    def bound(self, app_id: str) -> bool:
        """Whether he may be paid under this account."""
        return not self.app_ids or app_id in self.app_ids


def of_folder(pay_dir: Path, name: str = "微修家电服务") -> list[Merchant]:
    """Every merchant of the folder; one of this name is made when there is none.

    :raises ValueError: when a subfolder is no merchant's
    """
    folders = sorted(path for path in pay_dir.iterdir() if path.is_dir()) if pay_dir.is_dir() else []
    if not folders:
        Merchant.make(DEMO, name).write(pay_dir / DEMO)
        folders = [pay_dir / DEMO]
    return [Merchant.read(folder) for folder in folders]


def _private(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()).decode()


def _public(key: rsa.RSAPublicKey) -> str:
    return key.public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo).decode()


def _certificate(key: rsa.RSAPrivateKey, serial: int, mch_id: str, name: str) -> str:
    subject = x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, mch_id), x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
    ])  # fmt: skip
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Weixiu sandbox Root CA")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().issuer_name(issuer).subject_name(subject).public_key(key.public_key())
    made = made.serial_number(serial).not_valid_before(now - timedelta(days=1)).not_valid_after(now + VALID)
    return made.sign(key, SHA256()).public_bytes(forms.Encoding.PEM).decode()


if __name__ == "__main__":
    import sys

    print(*(one.mch_id for one in of_folder(Path(sys.argv[1]), *sys.argv[2:])), sep="\n")
