"""The demo: loads once, and is worth looking at."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import sessionmaker

from adapters import settings
from adapters.demo import BRAND, PROVIDER, SERVED, STATION, catalogue, faces, load_into, sign_ins
from adapters.files import Files
from adapters.invariants import breaches
from adapters.settings import Settings
from domain.access import passwords
from domain.access.model import Staff
from domain.access.roles import StaffRole
from domain.capacity.model import Reservation
from domain.catalog.categories import TITLES
from domain.catalog.codes import LONGEST, code_key, look_alike
from domain.catalog.model import Model
from domain.catalog.queries import models_of, warranty_terms
from domain.customers.model import CustomerAddress, CustomerPhone
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer
from domain.dispatch.waiting import forgotten
from domain.engineers.certificates import needed
from domain.engineers.expiry import ending_soon
from domain.engineers.model import Engineer as Person
from domain.engineers.photos import photo_of
from domain.engineers.queries import certificates_of, skills_of
from domain.files.pictures import FACE_SIDE
from domain.files.store import unseal
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow
from domain.kit.tables import Table
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.grid import prefixes
from domain.organizations.model import Account, Brand, Provider, ProviderKind, Station
from domain.organizations.queries import covering, is_served
from domain.products.model import Product
from domain.regions import divisions
from domain.service_levels.model import Clock as ServiceClock
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder, WorkOrderMove
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.runtime import KEYRING, Clock, Ids


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    return settings.load(None, data_dir=tmp_path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings the demo that is only looked at was loaded with: with a merchant, whose keys open nothing."""
    folder = tmp_path_factory.mktemp("demo")
    for name in ("private", "public"):
        (folder / f"{name}.pem").write_text(name)
    return settings.load(
        None, data_dir=folder, pay_mch_id="1900000001", pay_cert_serial="A" * 40, pay_api_v3_key="k" * 32,
        pay_private_key_file=str(folder / "private.pem"), pay_public_key_file=str(folder / "public.pem"),
        pay_public_key_id="PUB_KEY_ID_1",
    )  # fmt: skip


@pytest.fixture(scope="module")
def loaded(shared_engine: Engine, kept: Settings) -> Iterator[Runtime]:
    """The demo, loaded once for all tests that only look at it, and rolled back after them."""
    with shared_engine.connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        runtime = Runtime(sessions, Clock(), Ids(), KEYRING)
        load_into(runtime, kept)
        yield runtime
        outer.rollback()


@pytest.fixture
def demo(loaded: Runtime) -> Iterator[UnitOfWork]:
    with loaded.transaction() as uow:
        yield uow


def counts(runtime: Runtime) -> dict[str, int]:
    with runtime.transaction() as uow:
        return {
            table.name: uow.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
        }


def test_the_catalogue_has_three_hundred_models_of_all_categories_and_no_code_twice() -> None:
    models = catalogue.models()
    assert len(models) >= 300
    assert {model.category_code for model in models} == set(TITLES)
    assert len({code_key(model.code) for model in models}) == len(models)
    assert len({model.name for model in models}) > 200
    assert max(len(model.code) for model in models) <= LONGEST
    assert catalogue.models() == models


def test_codes_are_in_the_trade_s_style() -> None:
    beginnings = Counter(match[0] for model in catalogue.models() if (match := re.match("[A-Za-z]+", model.code)))
    wanted = {"KFR", "KFRd", "BCD", "XQG", "XQB", "JSQ", "ES", "CXW", "JZT", "JZY", "JJZT", "WQP", "MB"}
    assert wanted <= set(beginnings)


def test_some_codes_are_twins_that_must_be_asked_about() -> None:
    alike = Counter(look_alike(model.code) for model in catalogue.models())
    assert sum(count > 1 for count in alike.values()) >= 3


def test_loading_twice_changes_nothing(runtime: Runtime, told: Settings) -> None:
    assert load_into(runtime, told)
    before = counts(runtime)
    assert not load_into(runtime, told)
    assert counts(runtime) == before


def test_the_account_follows_the_settings_even_when_the_demo_is_there(runtime: Runtime, told: Settings) -> None:
    load_into(runtime, told)
    load_into(runtime, told.model_copy(update={"oa_token": "rotated1"}))
    with runtime.transaction() as uow:
        account = uow.session.scalars(select(Account).filter_by(kind="official_account")).one()
        assert (account.app_id, account.token, account.mode) == (told.oa_app_id, "rotated1", "safe")
        program = uow.session.scalars(select(Account).filter_by(kind="mini_program")).one()
        assert (program.app_id, program.token, program.brand_id) == (told.mp_app_id, told.mp_token, account.brand_id)


def test_staff_sign_in_with_the_passwords_that_are_shown(demo: UnitOfWork, kept: Settings) -> None:
    shown = sign_ins(kept)
    written = json.loads((kept.data_dir / "secrets.json").read_text())
    staff = demo.session.scalars(select(Staff).order_by(Staff.username)).all()
    assert {person.role for person in staff} == set(StaffRole)
    for person in staff:
        assert passwords.fits(person.password_hash, shown[person.username])
        assert written[f"demo_{person.username}_password"] == shown[person.username]


def test_there_is_a_month_of_orders_in_every_state_but_none_later_than_now(demo: UnitOfWork) -> None:
    orders = demo.session.scalars(select(WorkOrder)).all()
    assert len(orders) >= 60
    assert {order.status for order in orders} == set(OrderStatus)
    assert min(order.opened_at for order in orders) > demo.now - timedelta(days=31)
    assert max(demo.session.scalars(select(WorkOrderMove.at))) < demo.now
    assert any(order.repair_of_id for order in orders)
    assert all(order.opened_at > demo.now - timedelta(days=12) for order in orders if order.status in OPEN)


def test_everybody_is_invented_and_lives_where_the_brand_serves(demo: UnitOfWork) -> None:
    brand = demo.session.scalars(select(Brand).filter_by(code=BRAND)).one()
    assert all(re.fullmatch(r"1[3-9]\d0000\d{4}", row.number) for row in demo.session.scalars(select(CustomerPhone)))
    for home in demo.session.scalars(select(CustomerAddress)):
        assert is_served(demo, brand.id, home.division_code)
        assert home.line.startswith("".join(divisions().path(home.division_code)))
    assert all(not division.endswith("00") for division in SERVED)


def test_nothing_was_bought_before_it_was_sold(demo: UnitOfWork) -> None:
    for product in demo.session.scalars(select(Product)):
        model = demo.session.get_one(Model, product.model_id)
        assert product.purchased_on
        assert model.sold_since
        assert model.sold_since <= product.purchased_on <= (model.sold_until or demo.today)


def test_every_model_sold_today_has_a_term_for_the_whole_and_for_labour(demo: UnitOfWork) -> None:
    brand = demo.session.scalars(select(Brand).filter_by(code=BRAND)).one()
    for line in models_of(demo, brand.id):
        terms = warranty_terms(demo, demo.session.get_one(Model, line.id), demo.today)
        assert {"whole", "labour"} <= {term.component for term in terms}, line.code


def test_three_brands_twelve_providers_and_sixty_engineers_with_what_their_work_needs(demo: UnitOfWork) -> None:
    assert demo.session.scalar(select(func.count()).select_from(Brand)) == 3
    assert Counter(demo.session.scalars(select(Provider.kind))) == {ProviderKind.CONTRACTED: 11, ProviderKind.OWN: 1}
    people = demo.session.scalars(select(Person)).all()
    assert (len(people), len({one.name for one in people}), len({one.code for one in people})) == (60, 60, 60)
    assert all(re.fullmatch(r"1[3578]\d0000\d{4}", one.phone) for one in people)
    skills, papers = skills_of(demo, [one.id for one in people]), certificates_of(demo, [one.id for one in people])
    for one in people:
        wanted = {kind for row in skills[one.id] for kind in needed(row.category_code, row.service_type, demo.today)}
        assert {paper.kind for paper in papers[one.id] if paper.until > demo.today} == wanted, one.code
    assert 1 <= len(ending_soon(demo)) <= 15


def test_every_street_of_the_city_is_covered_for_every_brand_its_own_station_first(demo: UnitOfWork) -> None:
    streets = [street for district in divisions().children("440600") for street in divisions().children(district.code)]
    assert len(streets) == 32
    for brand in demo.session.scalars(select(Brand)):
        for street in streets:
            found = covering(demo, brand.id, street.code, "washing_machine", "repair", demo.today)
            assert found, (brand.name, street.name)
    for station in demo.session.scalars(select(Station).where(Station.code != "FS01A")):
        rows = [
            covering(demo, brand.id, station.division_code, "other", "repair", demo.today)[0]
            for brand in demo.session.scalars(select(Brand))
        ]
        assert any(row.station_id == station.id for row in rows), station.name
        assert prefixes(station.division_code)[1] == "4406"


def test_visits_were_made_by_people_of_the_network_and_the_next_days_are_promised(demo: UnitOfWork) -> None:
    people = {one.id: one for one in demo.session.scalars(select(Person))}
    visits = demo.session.scalars(select(Visit)).all()
    sent = {row.visit_id: row for row in demo.session.scalars(select(VisitEngineer))}
    gone = [visit for visit in visits if visit.status != "offered"]
    assert len(gone) > 40
    for visit in gone:
        order = demo.session.get_one(WorkOrder, visit.work_order_id)
        assert (sent[visit.id].engineer_id, sent[visit.id].share) == (visit.engineer_id, 100)
        assert order.provider_id == people[visit.engineer_id or ""].provider_id
    promised = demo.session.scalars(select(Reservation).filter_by(promised=True)).all()
    assert len(promised) >= 12
    assert all(row.window_since > demo.now - timedelta(hours=1) for row in promised)


def test_the_people_of_a_provider_have_its_scope(demo: UnitOfWork) -> None:
    staff = {one.username: one for one in demo.session.scalars(select(Staff))}
    provider = demo.session.scalars(select(Provider).filter_by(code=PROVIDER)).one()
    station = demo.session.scalars(select(Station).filter_by(code=STATION)).one()
    assert (staff["provider"].provider_id, staff["provider"].station_id) == (provider.id, None)
    assert (staff["station"].provider_id, staff["station"].station_id) == (provider.id, station.id)
    assert {staff[name].provider_id for name in ("admin", "manager", "dispatcher", "agent")} == {None}


def test_right_after_loading_every_open_order_has_somebody_asks_somebody_or_waits(demo: UnitOfWork) -> None:
    assert forgotten(demo) == []
    said = Counter(demo.session.scalars(select(Offer.status)))
    assert said[OfferStatus.ACCEPTED] > said[OfferStatus.OPEN] > 0


def test_clocks_run_of_which_some_are_met_and_few_are_broken_and_news_of_it_all_change_nothing(
    demo: UnitOfWork,
) -> None:
    def clocks() -> list[tuple[str, str, datetime]]:
        rows = demo.session.execute(
            select(ServiceClock.id, ServiceClock.status, ServiceClock.due_at).order_by(ServiceClock.id)
        )
        return [(id_, str(status), due) for id_, status, due in rows]

    before = clocks()
    by_status = Counter(status for _, status, _ in before)
    assert by_status["met"] > by_status["running"] > 3
    assert 0 < by_status["breached"] + by_status["late"] < by_status["met"] / 3
    for row in demo.session.scalars(select(OutboxRow).order_by(OutboxRow.at, OutboxRow.id)).all():
        event = Event.from_json(row.kind, row.body)
        for reaction in REACTIONS[type(event)]:
            if not isinstance(reaction, Outside) and reaction.__module__ == "jobs.clocks":
                reaction(demo, event)
    assert clocks() == before
    assert "an open order under policies that hold for it has a service-level clock" not in breaches(
        demo.session.connection()
    )


def test_every_engineer_has_a_photo_that_opens_and_is_drawn_the_same_again(demo: UnitOfWork, kept: Settings) -> None:
    store, people = Files(kept.files_url), demo.session.scalars(select(Person).order_by(Person.code)).all()
    assert len({one.photo_id for one in people} - {None}) == len(people) > 50
    for one in people[:3]:
        file = photo_of(demo, one)
        jpeg = unseal(file.key or "", file.id, store.get(file.place or ""))
        assert Image.open(io.BytesIO(jpeg)).size == (FACE_SIDE, FACE_SIDE)
        assert faces.face(one.code) == faces.face(one.code)
    assert len({faces.face(one.code) for one in people}) > 40, "they can be told from each other"
