"""`sync`: an engineer's morning without network comes in at once: 50 operations and 10 photos of a phone, over HTTP.

Embedded PostgreSQL with fsync on, the real application under granian; phones are threads of this process. A round is one phone's:
ten photos in pieces of 64 KB, then one batch of 50 operations on one visit. The batch alone is timed as well.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
from PIL import Image
from sqlalchemy import select

from adapters import runtime
from adapters.settings import Settings
from bench.place import Served, database, served
from domain.catalog.model import Model
from domain.customers.address import AddressLine
from domain.customers.operations import new_customer
from domain.engineers import devices
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import Brand
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import open_work_order
from domain.work_orders.visits import move_visit, offer_visit, put_engineers

BY, STAFF = system("bench"), Actor(Role.STAFF, "st_bench")
OPERATIONS, PHOTOS, PIECE = 50, 10, 64 << 10
CATEGORY = "air_conditioner"
APP = "wsgi:app"


@dataclass(frozen=True)
class Size:
    rounds: int = 200
    phones: int = 4
    """At the same time."""


QUICK = Size(rounds=6, phones=2)


@dataclass
class Round:
    """One phone with one visit; ``batch`` and ``whole`` are milliseconds."""

    token: str
    visit_id: str
    batch: float = 0.0
    whole: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    size = QUICK if quick else Size()
    with database() as told:
        built = runtime.build(told, connections=2)
        made = rounds(built, size.rounds)
        with served(Served("weixiu", APP, "/", environ(told)), told) as port:
            yield measured(f"http://127.0.0.1:{port}/api/engineer", made, size)


def environ(told: Settings) -> dict[str, str]:
    """The server finds the same data folder and servers."""
    return {
        "WEIXIU_DATA_DIR": str(told.data_dir), "WEIXIU_DATABASE_URL": told.database_url,
        "WEIXIU_REDIS_URL": told.redis_url, "WEIXIU_LOG_LEVEL": "error",
    }  # fmt: skip


def measured(url: str, made: Sequence[Round], size: Size) -> dict[str, Any]:
    pictures = [photo(number) for number in range(PHOTOS)]
    one_round(url, made[0], pictures)  # the process reads its content once
    began = time.perf_counter()
    with ThreadPoolExecutor(size.phones) as pool:
        list(pool.map(lambda one: one_round(url, one, pictures), made[1:]))
    seconds = time.perf_counter() - began
    done = made[1:]
    applied = sum(one.outcomes.get("applied", 0) for one in done)
    return {
        "figure": "sync", "operations": OPERATIONS, "photos": PHOTOS,
        "photo_kb": round(sum(map(len, pictures)) / PHOTOS / 1024), "rounds": len(done), "phones": size.phones,
        "batch_ms": spread([one.batch for one in done]), "with_photos_ms": spread([one.whole for one in done]),
        "operations_per_s": round(applied / seconds), "photos_per_s": round(len(done) * PHOTOS / seconds, 1),
        "not_applied": len(done) * OPERATIONS - applied,
    }  # fmt: skip


def spread(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50": round(ordered[len(ordered) // 2], 1),
        "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 1),
    }


def one_round(url: str, one: Round, pictures: Sequence[bytes]) -> None:
    with requests.Session() as http:
        http.headers["Authorization"] = f"Bearer {one.token}"
        began = time.perf_counter()
        names = [f"up_{one.visit_id}_{number}" for number in range(PHOTOS)]
        for name, data in zip(names, pictures, strict=True):
            send(http, url, name, one.visit_id, data)
        body = {"device_now": datetime.now(UTC).isoformat(), "operations": operations(one.visit_id, names)}
        at = time.perf_counter()
        answer = http.post(f"{url}/sync", json=body, timeout=60)
        one.batch, one.whole = (time.perf_counter() - at) * 1000, (time.perf_counter() - began) * 1000
        answer.raise_for_status()
        for told in answer.json()["answers"]:
            one.outcomes[told["outcome"]] = one.outcomes.get(told["outcome"], 0) + 1


def send(http: requests.Session, url: str, name: str, visit_id: str, data: bytes) -> None:
    sha = hashlib.sha256(data).hexdigest()
    announced = {"id": name, "visit_id": visit_id, "kind": "photo", "size": len(data), "sha256": sha}
    http.post(f"{url}/uploads", json=announced, timeout=60).raise_for_status()
    for offset in range(0, len(data), PIECE):
        piece, headers = data[offset : offset + PIECE], {"Upload-Offset": str(offset)}
        http.patch(f"{url}/uploads/{name}", data=piece, headers=headers, timeout=60).raise_for_status()


def operations(visit_id: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Arriving, looking, writing, photos, parts: fifty in all."""
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("visit.move", {"move": "depart"}),
        ("visit.move", {"move": "check_in"}),
    ]
    bodies += [("photo.add", {"upload_id": name, "purpose": "before"}) for name in names]
    bodies += [("prompt.confirm", {"code": f"prompt_{n}"}) for n in range(6)]
    bodies += [("check.record", {"code": f"check_{n}", "value": "yes"}) for n in range(12)]
    bodies += [("material.put", {"line": f"m{n}", "code": "copper_pipe_6_10", "quantity": 3500}) for n in range(8)]
    bodies += [("fee.put", {"line": f"f{n}", "code": "labour", "title": "人工", "fen": 5000, "payer": "customer"})
               for n in range(4)]  # fmt: skip
    bodies += [("field.set", {"name": "remark", "value": f"第 {n} 次填写"}) for n in range(OPERATIONS - len(bodies))]
    now = datetime.now(UTC).isoformat()
    return [
        {
            "id": f"op_{visit_id}_{seq}", "seq": seq, "visit_id": visit_id, "base_version": 0, "at": now, "kind": kind,
            "body": body,
        }
        for seq, (kind, body) in enumerate(bodies, 1)
    ]  # fmt: skip


def photo(number: int) -> bytes:
    """About as large as an app sends it: 1600 pixels wide."""
    written = io.BytesIO()
    noise = Image.effect_noise((400, 300), 60 + number).resize((1600, 1200)).convert("RGB")
    noise.save(written, "JPEG", quality=80)
    return written.getvalue()


def rounds(built: Runtime, number: int) -> list[Round]:
    """Phones of the demo's engineers, each with an accepted visit."""
    with built.transaction() as uow:
        brand_id = uow.session.scalars(select(Brand.id)).first() or ""
        model_id = uow.session.scalars(select(Model.id).filter_by(category_code=CATEGORY)).first()
        engineers = uow.session.scalars(select(Engineer).where(Engineer.until.is_(None)).order_by(Engineer.id)).all()
        customer = new_customer(uow, brand_id)
        return [
            accepted(uow, brand_id, model_id, customer.id, engineers[n % len(engineers)]) for n in range(number + 1)
        ]


def accepted(uow: UnitOfWork, brand_id: str, model_id: str | None, customer_id: str, engineer: Engineer) -> Round:
    order = open_work_order(
        uow, by=STAFF, brand_id=brand_id, service_type=ServiceType.REPAIR, customer_id=customer_id,
        category_code=CATEGORY, words="不制冷", phone="13800138000",
        address=AddressLine("440606004", "广东省佛山市顺德区大良街道某路 1 号"), via="bench", another=True,
    ).order  # fmt: skip
    order.model_id = model_id
    visit = offer_visit(uow, order.id, by=STAFF)
    put_engineers(uow, visit, engineer.id, {engineer.id: 100}, by=STAFF)
    move_visit(uow, visit.id, "accept", by=STAFF)
    _, secret = devices.open_session(uow, engineer, name="bench", how="code")
    return Round(secret, visit.id)
