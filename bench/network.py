"""A large network and a full calendar, made by the database itself: providers, engineers, shifts, visits that are planned.

`grow` may be called again with a larger number; what is there stays. Sealed columns all hold one sealed value each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection as Psycopg
from psycopg import sql

from adapters import runtime
from adapters.settings import Settings
from bench.million import copied
from domain.engineers.certificates import KINDS
from domain.kit.personal import Keyring
from domain.regions import divisions
from domain.regions.centroids import centroid

CATEGORIES = ("air_conditioner", "refrigerator", "washing_machine", "water_heater_gas", "range_hood", "television")
SERVICES = ("repair", "install", "maintenance")
ABLE = 3
"""Categories of the six that each engineer can do."""
PROVINCES = ("440000", "330000")
DISTRICTS = 100
"""Where the providers work; each covers two of them."""
HOURS = (9 * 60, 13 * 60 + 30, 17 * 60)
"""When the visits that are planned already begin, minutes of the day."""
PLANNED_DAYS = 2


@dataclass(frozen=True)
class Grown:
    """What is in the database; the first of the districts are covered also while there are few providers."""

    brand_id: str
    engineers: int
    providers: int
    districts: Sequence[str]


def districts() -> list[tuple[int, str, float, float]]:
    """(count, code, lat, lng)."""
    found = []
    for province in PROVINCES:
        for city in divisions().children(province):
            for district in divisions().children(city.code):
                middle = centroid(district.code)
                if middle is not None:
                    found.append((district.code, middle.lat, middle.lng))
    return [(i, *row) for i, row in enumerate(found[:DISTRICTS])]


ROWS: Sequence[str] = (
    """INSERT INTO providers (id, code, name, kind, contact, since)
    SELECT 'pv_bench' || i, 'BP' || i, '服务商' || i, 'contracted', %(contact)s, '2020-01-01' FROM bench_providers""",
    """INSERT INTO provider_brands (id, provider_id, brand_id, since)
    SELECT 'pb_bench' || i, 'pv_bench' || i, %(brand)s, '2020-01-01' FROM bench_providers""",
    """INSERT INTO stations (id, provider_id, code, name, division_code, address, lat, lng, phone, since)
    SELECT 'sn_bench' || p.i, 'pv_bench' || p.i, 'BS' || p.i, '网点' || p.i, d.code, '某路 1 号',
        d.lat + (p.i %% 7) * 0.01, d.lng + (p.i %% 5) * 0.01, '', '2020-01-01'
    FROM bench_providers p JOIN bench_districts d ON d.i = p.i %% %(districts)s""",
    """INSERT INTO coverages (id, brand_id, division_code, category_code, service_type, provider_id, rank, since)
    SELECT 'cv_bench' || p.i || '-' || d.i, %(brand)s, d.code, '', '', 'pv_bench' || p.i,
        1 + p.i / %(districts)s * 2 + (d.i <> p.i %% %(districts)s)::int, '2020-01-01'
    FROM bench_providers p
    JOIN bench_districts d ON d.i IN (p.i %% %(districts)s, (p.i + %(districts)s / 2) %% %(districts)s)""",
    """INSERT INTO engineers (id, code, provider_id, station_id, name, name_print, phone, phone_print, grade,
        daily_maximum, rating, since, left_why, version)
    SELECT 'en_bench' || i, 'BE' || i, 'pv_bench' || i %% %(providers)s, 'sn_bench' || i %% %(providers)s, %(name)s, 'n',
        %(phone)s, 'p', (ARRAY['junior', 'engineer', 'senior'])[1 + i %% 3], 8, 400 + i %% 100, '2020-01-01', %(left)s, 1
    FROM bench_engineers""",
    """INSERT INTO engineer_skills (id, engineer_id, category_code, service_type, since)
    SELECT 'sk_bench' || e.i || '-' || k || s, 'en_bench' || e.i, (%(categories)s::text[])[1 + (e.i + k) %% 6], s, '2020-01-01'
    FROM bench_engineers e, generate_series(0, %(able)s - 1) k, unnest(%(services)s::text[]) s""",
    """INSERT INTO engineer_certificates (id, engineer_id, kind, number, since, until, seen_by, seen_at)
    SELECT 'ct_bench' || e.i || k, 'en_bench' || e.i, k, %(certificate)s, '2020-01-01', '2099-01-01', 'system:bench', now()
    FROM bench_engineers e, unnest(%(kinds)s::text[]) k""",
    """INSERT INTO engineer_authorizations (id, engineer_id, brand_id, since)
    SELECT 'au_bench' || i, 'en_bench' || i, %(brand)s, '2020-01-01' FROM bench_engineers""",
    """INSERT INTO shifts (id, engineer_id, weekday, starts, ends, since)
    SELECT 'sh_bench' || e.i || '-' || w || h, 'en_bench' || e.i, w, CASE h WHEN 0 THEN 480 ELSE 780 END,
        CASE h WHEN 0 THEN 720 ELSE 1200 END, '2020-01-01'
    FROM bench_engineers e, generate_series(1, 7) w, generate_series(0, 1) h""",
)

PLANNED: Sequence[str] = (
    "UPDATE outbox SET state = 'done' WHERE state <> 'done'",  # what the demo told of is not what is measured
    """CREATE TEMP TABLE bench_planned ON COMMIT DROP AS
    SELECT o.id AS order_id, 'en_bench' || e AS engineer_id, 'vi_bench' || o.n AS visit_id, o.n,
        (now() AT TIME ZONE 'Asia/Shanghai')::date + slot / 3 AS day, d.code,
        ((((now() AT TIME ZONE 'Asia/Shanghai')::date + slot / 3)::timestamp
            + (%(hours)s::int[])[1 + slot %% 3] * interval '1 minute') AT TIME ZONE 'Asia/Shanghai') AS starts
    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM work_orders WHERE id LIKE 'wo_bench%%'
        ORDER BY id LIMIT %(planned)s) o
    CROSS JOIN LATERAL (SELECT o.n %% %(engineers)s AS e, (o.n / %(engineers)s)::int AS slot) at
    JOIN bench_districts d ON d.i = (e %% %(providers)s) %% %(districts)s""",
    """UPDATE work_orders w SET status = 'finished' WHERE id LIKE 'wo_bench%%' AND status <> 'finished'
        AND NOT EXISTS (SELECT 1 FROM bench_planned p WHERE p.order_id = w.id)""",
    """UPDATE work_orders w SET status = 'scheduled', division_code = p.code FROM bench_planned p WHERE p.order_id = w.id""",
    """INSERT INTO visits (id, work_order_id, seq, status, opened_at, engineer_id, version)
    SELECT visit_id, order_id, 1, 'accepted', now(), engineer_id, 1 FROM bench_planned""",
    """INSERT INTO visit_engineers (visit_id, engineer_id, share, lead)
    SELECT visit_id, engineer_id, 100, true FROM bench_planned""",
    """INSERT INTO reservations (id, engineer_id, day, work_order_id, visit_id, state, window_since, window_until, minutes,
        leaves_at, starts_at, ends_at, promised, at, by)
    SELECT 're_bench' || n, engineer_id, day, order_id, visit_id, 'booked', starts - interval '30 minutes',
        starts + interval '90 minutes', 60, starts - interval '20 minutes', starts, starts + interval '1 hour', true,
        now(), 'system:bench' FROM bench_planned""",
    """INSERT INTO engineer_days (engineer_id, day, taken, most)
    SELECT engineer_id, day, count(*), 8 FROM bench_planned GROUP BY engineer_id, day""",
)


def grow(told: Settings, engineers: int, providers: int, *, had: tuple[int, int] = (0, 0)) -> Grown:
    """Bring the network to this size; ``had`` engineers and providers are there already."""
    with Filling(told) as filling:
        copied(filling.raw, "bench_providers", "i int", ((i,) for i in range(had[1], providers)))
        copied(filling.raw, "bench_engineers", "i int", ((i,) for i in range(had[0], engineers)))
        for row in ROWS:
            filling.run(row, providers=providers)
    places = districts()
    analyze(told)
    return Grown(filling.brand_id, engineers, providers, [code for _, code, *_ in places])


def plan(told: Settings, grown: Grown) -> int:
    """Give the engineers their days: every order of `bench.million` is finished but those that are planned. Returns how
    many are."""
    planned = grown.engineers * len(HOURS) * PLANNED_DAYS
    with Filling(told) as filling:
        for row in PLANNED:
            filling.run(row, planned=planned, engineers=grown.engineers, providers=grown.providers, hours=list(HOURS))
    analyze(told)
    return planned


class Filling:
    """One transaction of plain SQL, with everything the rows need at hand."""

    def __init__(self, told: Settings) -> None:
        self.built = runtime.build(told, connections=1, statement_ms=600_000)
        self.transaction = self.built.transaction()

    def __enter__(self) -> Filling:
        uow = self.transaction.__enter__()
        self.raw: Psycopg[Any] = uow.session.connection().connection.driver_connection  # type: ignore[assignment]
        self.raw.execute("SET LOCAL session_replication_role = replica")  # the rows fit together: no look-up for each
        row = self.raw.execute("SELECT brand_id FROM models ORDER BY id LIMIT 1").fetchone()
        self.brand_id = str(row[0]) if row else ""
        copied(self.raw, "bench_districts", "i int, code text, lat float, lng float", districts())
        self.values = sealed(self.built.keyring) | {
            "brand": self.brand_id, "districts": DISTRICTS, "able": ABLE, "categories": list(CATEGORIES),
            "services": list(SERVICES), "kinds": list(KINDS),
        }  # fmt: skip
        return self

    def run(self, statement: str, **values: object) -> None:
        self.raw.execute(sql.SQL(statement), {**self.values, **values})  # type: ignore[arg-type]

    def __exit__(self, *trouble: Any) -> None:
        self.transaction.__exit__(*trouble)
        self.built.sessions.kw["bind"].dispose()


def sealed(ring: Keyring) -> dict[str, Any]:
    return {
        "contact": ring.seal("某人".encode(), "providers.contact"),
        "name": ring.seal("李师傅".encode(), "engineers.name"),
        "phone": ring.seal(b"13800138000", "engineers.phone"),
        "left": ring.seal(b"", "engineers.left_why"),
        "certificate": ring.seal(b"T1", "engineer_certificates.number"),
    }


def analyze(told: Settings) -> None:
    built = runtime.build(told, connections=1, statement_ms=600_000)
    engine = built.sessions.kw["bind"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
