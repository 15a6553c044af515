"""The mini-program's API: signing in, consent before a phone, sessions that end, limits, plain errors."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from adapters.open_api import DescribedApp
from consumer_app.api import blueprint
from consumer_app.platform import ForeignNumber, Identity, PlatformAway
from domain.access.model import TrailEntry
from domain.customers.model import Contact, ContactSession, CustomerPhone
from domain.customers.operations import revoke
from domain.customers.sessions import AT_ONCE, forget_old_sessions
from domain.kit.unit_of_work import Runtime
from domain.organizations.operations import put_account
from tests.brand import AES_KEY, brand_in
from tests.brand import APP_ID as OFFICIAL
from tests.consumer_app.mini_program import APP_ID, FakePlatform, Phone, content
from tests.doubles import Counters
from tests.runtime import Clock

NUMBER = "13812345678"


@pytest.fixture
def platform() -> FakePlatform:
    return FakePlatform({"c1": Identity("oWang", "u1"), "c2": Identity("oWang", "u1"), "c3": Identity("oLi", None)})


@pytest.fixture
def client(runtime: Runtime, platform: FakePlatform) -> FlaskClient:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        put_account(
            uow, brand_id=brand.voice.brand_id, kind="mini_program", app_id=APP_ID, name="岚禾小程序", mode="safe",
            token="AAAAA", aes_key=AES_KEY, secret="secret",
        )  # fmt: skip
    app = DescribedApp("tests")
    app.register_blueprint(blueprint(runtime, platform, Counters()))
    return app.test_client()


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    return Phone(client)


@pytest.fixture
def agreed(phone: Phone) -> Phone:
    """Signed in, and the notice in force agreed to."""
    phone.log_in("c1")
    assert phone("POST", "/consent", version="2026-01").status_code == 200
    return phone


def test_signing_in_gives_a_token_that_opens_what_is_known(phone: Phone) -> None:
    answer = phone.log_in("c1")
    assert answer.status_code == 200
    assert content(answer)["me"] == phone("GET", "/me").json
    assert content(answer)["me"] == {
        "brand": "岚禾", "hotline": "400-000-0000", "name": None, "phones": [], "products": [], "open_orders": [],
        "privacy": {"version": "2026-01", "url": "https://example.com/c/privacy", "agreed": False},
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_the_hash_of_a_token_is_kept_and_nothing_of_the_session_key(runtime: Runtime, phone: Phone) -> None:
    token = content(phone.log_in("c1"))["token"]
    with runtime.transaction() as uow:
        [session] = uow.session.scalars(select(ContactSession))
        assert len(token) >= 43
        assert token not in repr(vars(session))
        assert uow.session.scalars(select(Contact)).one().unionid == "u1"


@pytest.mark.parametrize("token", ["", "guessed", "x" * 5000])
def test_without_a_session_nothing_is_open(phone: Phone, token: str) -> None:
    phone.token = token
    for method, path, body in (
        ("GET", "/me", {}), ("POST", "/logout", {}), ("POST", "/consent", {"version": "2026-01"}),
        ("POST", "/phone", {"number": NUMBER}),
    ):  # fmt: skip
        answer = phone(method, path, **body)
        assert (answer.status_code, content(answer)["error"]) == (401, "unauthorized"), path
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_signing_out_ends_this_session_only(client: FlaskClient) -> None:
    one, other = Phone(client), Phone(client)
    one.log_in("c1")
    other.log_in("c2")
    assert one("POST", "/logout").status_code == 200
    assert (one("GET", "/me").status_code, other("GET", "/me").status_code) == (401, 200)


def test_a_session_ends_after_a_week_and_is_forgotten(runtime: Runtime, phone: Phone, clock: Clock) -> None:
    phone.log_in("c1")
    clock.advance(days=6.9)
    assert phone("GET", "/me").status_code == 200
    clock.advance(days=0.2)
    assert phone("GET", "/me").status_code == 401
    with runtime.transaction() as uow:
        forget_old_sessions(uow)
        assert uow.session.scalars(select(ContactSession)).all() == []


def test_a_person_has_so_many_sessions_and_the_oldest_goes(
    client: FlaskClient, platform: FakePlatform, clock: Clock
) -> None:
    phones = []
    for number in range(AT_ONCE + 1):
        platform.people[f"n{number}"] = Identity("oWang", "u1")
        phones.append(Phone(client))
        phones[-1].log_in(f"n{number}")
        clock.advance(minutes=1)
    assert [one("GET", "/me").status_code for one in phones] == [401] + [200] * AT_ONCE


def test_a_code_works_once_and_only_for_a_mini_program(phone: Phone, platform: FakePlatform) -> None:
    assert phone.log_in("c1").status_code == 200
    answer = phone("POST", "/login", code="c1")
    assert (answer.status_code, content(answer)["error"]) == (400, "bad_code")
    assert content(phone("POST", "/login", code="c2", account=OFFICIAL))["error"] == "not_found"
    assert phone("POST", "/login", code="c2", account=APP_ID).status_code == 200
    assert {account for kind, account, _ in platform.asked} == {platform.asked[0][1]}


def test_a_phone_is_taken_only_after_the_notice_in_force_was_agreed_to(phone: Phone, platform: FakePlatform) -> None:
    phone.log_in("c1")
    platform.phones["p1"] = NUMBER
    answer = phone("POST", "/phone", code="p1")
    assert (answer.status_code, content(answer)["error"]) == (403, "consent_needed")
    assert [kind for kind, *_ in platform.asked] == ["login"], "the platform charges for each"
    assert phone("POST", "/consent", version="2020-01").status_code == 409
    assert content(phone("POST", "/consent", version="2026-01"))["privacy"]["agreed"]
    assert content(phone("POST", "/phone", code="p1"))["phones"] == [{"number": "138******78", "verified": True}]
    assert platform.asked[-1] == ("phone", "oWang", "p1")


def test_a_typed_number_is_kept_unverified_until_the_platform_vouches_for_it(
    runtime: Runtime, agreed: Phone, platform: FakePlatform
) -> None:
    assert content(agreed("POST", "/phone", number="138 1234-5678"))["phones"] == [
        {"number": "138******78", "verified": False}
    ]
    platform.phones["p1"] = NUMBER
    assert content(agreed("POST", "/phone", code="p1"))["phones"] == [{"number": "138******78", "verified": True}]
    agreed("POST", "/phone", number=NUMBER)
    with runtime.transaction() as uow:
        [kept] = uow.session.scalars(select(CustomerPhone))
        assert (kept.number, kept.verified_at is not None) == (NUMBER, True)
        told = select(TrailEntry).filter_by(action="customer.phone").order_by(TrailEntry.id)
        details = [line.detail for line in uow.session.scalars(told)]
        assert [detail["verified"] for detail in details] == [False, True, False]
        assert NUMBER not in repr(details)


def test_the_same_number_joins_nobody(client: FlaskClient, runtime: Runtime) -> None:
    for code in ("c1", "c3"):
        phone = Phone(client)
        phone.log_in(code)
        phone("POST", "/consent", version="2026-01")
        assert phone("POST", "/phone", number=NUMBER).status_code == 200
    with runtime.transaction() as uow:
        assert len({contact.customer_id for contact in uow.session.scalars(select(Contact))}) == 2


def test_what_was_taken_back_on_the_platform_is_gone(runtime: Runtime, agreed: Phone, platform: FakePlatform) -> None:
    platform.phones["p1"] = NUMBER
    agreed("POST", "/phone", code="p1")
    agreed("POST", "/phone", number="13900001111")
    with runtime.transaction() as uow:
        revoke(uow, uow.session.scalars(select(Contact)).one(), "8")
    assert agreed("GET", "/me").status_code == 401
    agreed.log_in("c2")
    me = content(agreed("GET", "/me"))
    assert me["phones"] == [{"number": "139******11", "verified": False}]
    assert not me["privacy"]["agreed"]


@pytest.mark.parametrize(
    "body",
    [{}, {"code": "p", "number": NUMBER}, {"code": ""}, {"number": "x" * 31}, {"code": 5}, {"number": NUMBER, "x": 1}],
)
def test_a_phone_in_another_shape_is_refused_by_field(agreed: Phone, body: dict[str, object]) -> None:
    answer = agreed("POST", "/phone", **body)
    assert (answer.status_code, content(answer)["error"]) == (422, "invalid")
    assert content(answer)["fields"]


def test_what_is_no_number_is_said_in_plain_words(agreed: Phone) -> None:
    answer = agreed("POST", "/phone", number="一二三")
    assert (answer.status_code, content(answer)["error"]) == (422, "bad_number")
    assert "11 位" in content(answer)["message"]


@pytest.mark.parametrize(
    ("no", "status"), [(PlatformAway("微信暂时没有回应"), 503), (ForeignNumber("暂时不支持境外手机号"), 409)]
)
def test_the_platforms_no_is_told_and_changes_nothing(
    agreed: Phone, platform: FakePlatform, no: PlatformAway | ForeignNumber, status: int
) -> None:
    platform.fails = no
    answer = agreed("POST", "/phone", code="p1")
    assert (answer.status_code, answer.json) == (status, {"error": no.code, "message": str(no)})
    assert content(agreed("GET", "/me"))["phones"] == []


def test_whoever_asks_too_often_is_slowed_others_are_not(
    client: FlaskClient, platform: FakePlatform, agreed: Phone
) -> None:
    answers = [agreed("POST", "/phone", number=NUMBER).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    for number in range(20):
        platform.people[f"n{number}"] = Identity("oWang", "u1")
    codes = [Phone(client).log_in(f"n{number}").status_code for number in range(20)]
    assert codes[-1] == 429, "twenty a minute of one person, one was before"
    assert Phone(client).log_in("c3").status_code == 200


def test_looking_at_pictures_and_payments_is_counted_too(agreed: Phone) -> None:
    paths = ("/pictures/fi_1", "/payments/pm_1")
    answers = [agreed("GET", paths[number % 2]).status_code for number in range(601)]
    assert answers == [404] * 600 + [429]


def test_an_address_that_tries_codes_is_stopped_before_the_platform_is_asked(
    client: FlaskClient, platform: FakePlatform
) -> None:
    answers = [Phone(client).log_in("guess").status_code for _ in range(301)]
    assert (answers[299], answers[300]) == (400, 429)
    assert len(platform.asked) == 300


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"{", "application/json", 400), (b"code=c1", "application/x-www-form-urlencoded", 422),
     (b'{"code":"' + b"x" * 20_000 + b'"}', "application/json", 413)],
)  # fmt: skip
def test_bad_bodies_get_one_plain_error(client: FlaskClient, body: bytes, kind: str, status: int) -> None:
    answer = client.post("/api/consumer/login", data=body, content_type=kind)
    assert (answer.status_code, content(answer)["error"]) == (status, "invalid")
    assert "Traceback" not in answer.get_data(as_text=True)


class Nowhere:
    """A database that is away."""

    def begin(self) -> None:
        raise OperationalError("", {}, Exception("gone"))


def test_the_database_away_is_503_in_plain_words(platform: FakePlatform, runtime: Runtime) -> None:
    app = DescribedApp("tests")
    away = Runtime(Nowhere(), runtime.clock, runtime.new_id, runtime.keyring)  # type: ignore[arg-type]
    app.register_blueprint(blueprint(away, platform, Counters()))
    answer = app.test_client().post("/api/consumer/login", json={"code": "c1"})
    assert (answer.status_code, content(answer)["error"]) == (503, "unavailable")


def test_it_is_documented(client: FlaskClient) -> None:
    paths = content(client.get("/openapi.json"))["paths"]
    public = {path for path, methods in paths.items() for one in methods.values() if "security" not in one}
    assert public == {"/api/consumer/login", "/api/consumer/prices/{code}"}, "anything else needs a session"
    assert all(one["summary"] and one["responses"]["401"] for methods in paths.values() for one in methods.values())
    assert "security" not in paths["/api/consumer/login"]["post"]
    assert paths["/api/consumer/me"]["get"]["security"] == [{"session": []}]
