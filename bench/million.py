"""A database with very many work orders, made within a minute: customers, phones, products and orders.

Prints are computed as the product computes them; sealed columns all hold one sealed value each. Columns that are not
named in `ORDER` get NULL or their default.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection as Psycopg
from psycopg import sql

from adapters import runtime
from adapters.settings import Settings
from domain.customers.model import Customer, CustomerPhone
from domain.kit.personal import Keyring
from domain.kit.tables import Table
from domain.products.model import Product
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import number_from

ORDERS_EACH = 3
"""Orders a customer has, on average (requirements: 15 million consumers, a million rows of the busiest table)."""
NAMES = 20_000
FAMILY = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉梅兰建国志文"
FIRST_COUNT = 5_000_000
"""Order counts from here on, beside those of the demo."""


@dataclass(frozen=True)
class Million:
    """What is in the database, so that it can be searched for."""

    orders: int
    brand_id: str
    common_name: str = "王女士"

    @property
    def customers(self) -> int:
        return self.orders // ORDERS_EACH

    def number(self, chance: random.Random) -> str:
        return number_from(FIRST_COUNT + chance.randrange(self.orders))

    def phone(self, chance: random.Random) -> str:
        return phone(chance.randrange(self.customers))

    def serial(self, chance: random.Random) -> str:
        return f"SN{chance.randrange(self.customers):010d}"

    def name(self, chance: random.Random) -> str:
        return name(chance.randrange(NAMES))


def phone(count: int) -> str:
    return f"13{(count * 7_919) % 10**9:09d}"


def name(count: int) -> str:
    rest, first = divmod(count, len(FAMILY))
    rest, second = divmod(rest, len(GIVEN))
    return FAMILY[first] + GIVEN[second] + GIVEN[rest % len(GIVEN)]


CUSTOMER = {
    "id": "'cu_bench' || lpad(c.i::text, 18, '0')",
    "brand_id": "%(brand)s",
    "name": "%(sealed_customer)s",
    "name_print": "n.print",
    "created_at": "now() - interval '400 days'",
}
PHONE = {
    "customer_id": CUSTOMER["id"],
    "number": "%(sealed_number)s",
    "number_print": "c.print",
    "last4_print": "c.print4",
    "used_at": "now()",
}
PRODUCT = {
    "id": "'pr_bench' || lpad(c.i::text, 18, '0')",
    "brand_id": "%(brand)s",
    "customer_id": CUSTOMER["id"],
    "model_id": "%(model)s",
    "serial": "'SN' || lpad(c.i::text, 10, '0')",
    "serial_key": "'SN' || lpad(c.i::text, 10, '0')",
    "registered_at": "now() - interval '390 days'",
    "registered_via": "'chat'",
}
ORDER = {
    "id": "'wo_bench' || lpad(o.i::text, 18, '0')",
    "number": "o.number",
    "brand_id": "%(brand)s",
    "service_type": "'repair'",
    "status": "CASE WHEN o.i %% 50 = 0 THEN 'reported' ELSE 'finished' END",
    "customer_id": CUSTOMER["id"],
    "product_id": PRODUCT["id"],
    "model_id": "%(model)s",
    "category_code": "%(category)s",
    "serial_key": PRODUCT["serial_key"],
    "words": "%(sealed_words)s",
    "symptoms": "'[]'::jsonb",
    "contact_name": "%(sealed_name)s",
    "name_print": "CASE WHEN o.i %% 100 = 0 THEN %(common)s ELSE n.print END",
    "phone": "%(sealed_phone)s",
    "phone_print": "c.print",
    "phone4_print": "c.print4",
    "division_code": "'440606'",
    "address": "%(sealed_address)s",
    "opened_via": "'chat'",
    "opened_by": "'system:bench'",
    "opened_at": "now() - interval '1 day' - o.i * interval '30 seconds'",
    "version": "1",
}
OF_CUSTOMER = f"FROM bench_customers c JOIN bench_names n ON n.i = c.i %% {NAMES}"
OF_ORDER = (
    "FROM bench_orders o JOIN bench_customers c ON c.i = o.i %% (SELECT count(*) FROM bench_customers) "
    f"JOIN bench_names n ON n.i = c.i %% {NAMES} ORDER BY o.i DESC"
)


def fill(told: Settings, orders: int) -> Million:
    """Fill the database and bring its statistics up to date."""
    built = runtime.build(told, connections=1, statement_ms=600_000)
    ring = built.keyring
    with built.transaction() as uow:
        raw: Psycopg[Any] = uow.session.connection().connection.driver_connection  # type: ignore[assignment]
        one_model = raw.execute("SELECT brand_id, id, category_code FROM models LIMIT 1").fetchone()
        brand, model, category = one_model or ("", "", "")
        made = Million(orders, str(brand))
        raw.execute("SET LOCAL session_replication_role = replica")  # the rows fit together: no look-up for each
        prints(raw, ring, made)
        values = sealed(ring) | {"brand": brand, "model": model, "category": category}
        values["common"] = ring.name_print(made.common_name)
        for table, columns, source in (
            (Customer, CUSTOMER, OF_CUSTOMER),
            (CustomerPhone, PHONE, OF_CUSTOMER),
            (Product, PRODUCT, OF_CUSTOMER),
            (WorkOrder, ORDER, OF_ORDER),
        ):
            raw.execute(insertion(table, columns, source), values)
    engine = built.sessions.kw["bind"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE work_orders, customers, customer_phones, products")
    engine.dispose()
    return made


def prints(raw: Psycopg[Any], ring: Keyring, made: Million) -> None:
    """Three small tables to make the rows of: who there is, what they are called, and the orders' numbers."""
    last4 = {digits: ring.phone_prints(digits)[1] for digits in (f"{count:04d}" for count in range(10_000))}
    people = ((i, ring.fingerprint("phone", phone(i)), last4[phone(i)[-4:]]) for i in range(made.customers))
    copied(raw, "bench_customers", "i int, print text, print4 text", people)
    copied(raw, "bench_names", "i int, print text", ((i, ring.name_print(name(i))) for i in range(NAMES)))
    numbers = ((i, number_from(FIRST_COUNT + i)) for i in range(made.orders))
    copied(raw, "bench_orders", "i int, number text", numbers)


def copied(raw: Psycopg[Any], table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    named = sql.Identifier(table)
    raw.execute(sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(named, sql.SQL(columns)))
    with raw.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(named)) as copy:
        for row in rows:
            copy.write_row(row)
    raw.execute(sql.SQL("ANALYZE {}").format(named))


def sealed(ring: Keyring) -> dict[str, bytes]:
    """One sealed value for each sealed column."""
    return {
        "sealed_customer": ring.seal("王小明".encode(), "customers.name"),
        "sealed_number": ring.seal(b"13800138000", "customer_phones.number"),
        "sealed_name": ring.seal("王小明".encode(), "work_orders.contact_name"),
        "sealed_phone": ring.seal(b"13800138000", "work_orders.phone"),
        "sealed_address": ring.seal("广东省佛山市顺德区容桂街道卫红路18号3栋502".encode(), "work_orders.address"),
        "sealed_words": ring.seal("空调不制冷了，开机半小时还是热风".encode(), "work_orders.words"),
    }


def insertion(table: type[Table], columns: Mapping[str, str], source: str) -> str:
    """INSERT … SELECT with every column that must have a value."""
    given = dict(columns)
    for column in table.__table__.columns:
        if column.name not in given and not column.nullable:
            given[column.name] = default_of(column)
    names = ", ".join(f'"{column}"' for column in given)
    return f"INSERT INTO {table.__tablename__} ({names}) SELECT {', '.join(given.values())} {source}"


def default_of(column: Any) -> str:
    """A column's default as SQL. :raises ValueError: it has none, so `fill` must be told its value"""
    value = getattr(column.default, "arg", None)
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value}'"
    raise ValueError(f"no value for {column}")
