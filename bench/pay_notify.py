"""`pay_notify`: payment notices over HTTP, verified, opened, worked on and committed; three in ten come twice.

Embedded PostgreSQL with fsync on, the real application under granian. Beside it, in the same run, what nobody can leave out: one
core that verifies the signature (RSA 2048, SHA-256) and opens the contents (AES-GCM), and does nothing else.
"""

from __future__ import annotations

import base64
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import create_engine, select, text

from adapters import runtime
from adapters.settings import Settings
from adapters.wechat_pay_keys import HEADERS, SIGNATURE_TYPE
from bench import load
from bench.place import Served, database, served
from bench.sync import environ
from bench.traffic import Request, Step
from domain.customers.operations import new_customer
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Brand
from domain.payments.lifecycle import PaymentStatus
from domain.payments.merchants import put_merchant
from domain.payments.model import Payment
from domain.payments.operations import owe
from domain.payments.paying import number_of
from domain.payments.shares import Share

BY = system("bench")
PATH, MCH_ID, APP_ID, KEY_ID, V3_KEY = (
    "/webhooks/wechat-pay",
    "1900000999",
    "wx0000000000000bea",
    "PUB_KEY_ID_BENCH",
    "b" * 32,
)
SENDERS, TWICE, FEN = 8, 0.3, 12_800


@dataclass(frozen=True)
class Size:
    rounds: int = 3
    notices: int = 2_400
    """Payments in each round."""


QUICK = Size(rounds=1, notices=120)


@dataclass(frozen=True)
class Sealed:
    """A notice as bytes on the line, and what verifying it takes."""

    request: Request
    stamp: str
    signature: bytes
    body: bytes


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    size, chance = QUICK if quick else Size(), random.Random(7)
    platform, own = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    with database() as told:
        built = runtime.build(told, connections=2)
        merchant_id = put(built, own, platform)
        with served(Served("weixiu", "wsgi:app", PATH, environ(told)), told) as port:
            runs = []
            for number in range(size.rounds + 1):  # the first one warms up
                many = size.notices if number else size.notices // 4
                numbers = payments(built, merchant_id, many)
                sealed = [seal(platform, one, chance) for one in numbers]
                alone = alone_rate(platform, sealed[: min(len(sealed), 500)])
                runs.append((*measured(port, sealed, chance), alone))
        yield figure(told, size, runs[1:])


def figure(told: Settings, size: Size, runs: Sequence[tuple[float, float, float, int, float]]) -> dict[str, Any]:
    rates, p50s, p99s, wrong, alone = zip(*runs, strict=True)
    return {
        "figure": "pay_notify", "unit": "notices/s", "duplicates": TWICE, "senders": SENDERS, "rounds": size.rounds,
        "payments": size.notices, "processes": told.web_workers, "threads": told.web_threads,
        "rate": round(statistics.median(rates)), "rates": [round(one) for one in rates],
        "p50_ms": round(statistics.median(p50s) * 1000, 1), "p99_ms": round(statistics.median(p99s) * 1000, 1),
        "wrong_answers": sum(wrong), "verify_and_open_alone": round(statistics.median(alone)),
        "ratio": round(statistics.median(rate / one for rate, one in zip(rates, alone, strict=True)), 4), **books(told),
    }  # fmt: skip


def put(built: Runtime, own: rsa.RSAPrivateKey, platform: rsa.RSAPrivateKey) -> str:
    """A merchant of the demo's brand whose platform is this program."""
    pkcs8 = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    spki = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with built.transaction() as uow:
        brand = uow.session.scalars(select(Brand).order_by(Brand.code)).first()
        assert brand
        return put_merchant(
            uow, brand_id=brand.id, mch_id=MCH_ID, cert_serial="B" * 40, private_key=own.private_bytes(*pkcs8).decode(),
            api_v3_key=V3_KEY, public_key=platform.public_key().public_bytes(*spki).decode(), public_key_id=KEY_ID,
            app_ids=[APP_ID], by=BY,
        ).id  # fmt: skip


def payments(built: Runtime, merchant_id: str, many: int) -> list[str]:
    """So many people are about to pay; returns their numbers at the platform."""
    numbers = []
    for start in range(0, many, 200):
        with built.transaction() as uow:
            brand = uow.session.scalars(select(Brand).order_by(Brand.code)).first()
            assert brand
            customer = new_customer(uow, brand.id)
            for _ in range(start, min(start + 200, many)):
                id_ = uow.new_id("pm")
                payable = owe(
                    uow, brand_id=brand.id, kind="bill", of_id=f"bi_{id_}", customer_id=customer.id, title="空调维修",
                    split=[Share("income_service", 10_000), Share("income_part", 2_800)], by=BY,
                )  # fmt: skip
                numbers.append(number_of(id_))
                uow.session.add(Payment(
                    id=id_, payable_id=payable.id, merchant_id=merchant_id, out_trade_no=numbers[-1], app_id=APP_ID,
                    openid="o", method="jsapi", via="official_account", fen=FEN, status=PaymentStatus.PENDING, at=uow.now,
                    by=str(BY), refunded_fen=0, reserved_fen=0,
                ))  # fmt: skip
    return numbers


def seal(platform: rsa.RSAPrivateKey, number: str, chance: random.Random) -> Sealed:
    """A notice of a payment, signed and sealed now (wechat-protocol §7.4)."""
    now = datetime.now(UTC)
    plain = {
        "mchid": MCH_ID, "appid": APP_ID, "out_trade_no": number, "transaction_id": f"42{chance.randrange(10**26):026}",
        "trade_type": "JSAPI", "trade_state": "SUCCESS", "success_time": now.isoformat(timespec="seconds"),
        "payer": {"openid": "o"}, "amount": {"total": FEN, "payer_total": FEN, "currency": "CNY"},
    }  # fmt: skip
    closed = AESGCM(V3_KEY.encode()).encrypt(b"123456789012", json.dumps(plain).encode(), b"transaction")
    body = json.dumps({
        "id": f"EV-{number}", "create_time": now.isoformat(timespec="seconds"), "resource_type": "encrypt-resource",
        "event_type": "TRANSACTION.SUCCESS", "summary": "支付成功", "resource": {
            "original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "associated_data": "transaction",
            "nonce": "123456789012", "ciphertext": base64.b64encode(closed).decode(),
        },
    }).encode()  # fmt: skip
    stamp = str(int(now.timestamp()))
    signature = platform.sign(f"{stamp}\nnonce\n".encode() + body + b"\n", padding.PKCS1v15(), hashes.SHA256())
    values = (stamp, "nonce", KEY_ID, base64.b64encode(signature).decode(), SIGNATURE_TYPE)
    said = "".join(f"{name}: {value}\r\n" for name, value in zip(HEADERS, values, strict=True))
    head = f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{said}\r\n"
    return Sealed(Request(head.encode() + body, "", number, Step("", "")), stamp, signature, body)


def alone_rate(platform: rsa.RSAPrivateKey, sealed: Sequence[Sealed]) -> float:
    """Verified and opened a second, by one core that does nothing else."""
    key, cipher = platform.public_key(), AESGCM(V3_KEY.encode())
    began = time.perf_counter()
    for one in sealed:
        key.verify(
            one.signature, f"{one.stamp}\nnonce\n".encode() + one.body + b"\n", padding.PKCS1v15(), hashes.SHA256()
        )
        resource = json.loads(one.body)["resource"]
        json.loads(cipher.decrypt(b"123456789012", base64.b64decode(resource["ciphertext"]), b"transaction"))
    return len(sealed) / (time.perf_counter() - began)


def measured(port: int, sealed: Sequence[Sealed], chance: random.Random) -> tuple[float, float, float, int]:
    """(right answers a second, p50, p99, wrong ones): a repeat comes soon after its first, by another line."""
    lines: list[list[Request]] = [[] for _ in range(SENDERS)]
    for place, one in enumerate(sealed):
        lines[place % SENDERS].append(one.request)
        if chance.random() < TWICE:
            lines[(place + 1) % SENDERS].append(one.request)
    began = time.perf_counter()
    answers = load.send(port, lines, 300.0)
    took = max(one.answered for one in answers) - began
    right = sorted(one.answered - one.asked for one in answers if one.status == 204)
    return len(right) / took, right[len(right) // 2], right[int(len(right) * 0.99)], len(answers) - len(right)


def books(told: Settings) -> dict[str, int]:
    """Money came once for each payment, whatever came twice."""
    engine = create_engine(told.database_url)
    counts = {
        "not_paid": "SELECT count(*) FROM payments WHERE status = 'pending'",
        "booked_twice": "SELECT count(*) - count(DISTINCT of_id) FROM ledger_entries WHERE kind = 'paid'",
    }
    with engine.connect() as connection:
        return {name: int(connection.scalar(text(query)) or 0) for name, query in counts.items()}
