"""The doors of the staff on the test database, people signed in at them, and an order to look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adapters.open_api import DescribedApp
from console.door import blueprints
from domain.access.operations import add_staff, issue_token
from domain.access.roles import StaffRole
from domain.customers.address import AddressLine
from domain.customers.calling import customer_of_caller
from domain.customers.operations import learn
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import open_work_order
from tests.brand import Brand, brand_in
from tests.console.house import House, put_house

PASSWORD = "correct horse battery"
PHONE = "13812345678"
NAME = "王小明"
ADDRESS = AddressLine("440606004", "广东省佛山市顺德区容桂街道卫红路18号3栋502")
BY = system("test")


@dataclass
class Browser:
    """A browser that fills in the token of the last page, as a person's would."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **kwargs: object) -> TestResponse:
        return self.seen(self.client.get(path, **kwargs))

    def post(self, path: str, form: dict[str, str] | None = None, *, htmx: bool = False) -> TestResponse:
        fields = {"csrf_token": self.token, **(form or {})}
        headers = {"HX-Request": "true", "X-CSRF-Token": self.token} if htmx else {}
        return self.seen(self.client.post(path, data=fields, headers=headers))

    def seen(self, response: TestResponse) -> TestResponse:
        if found := re.search(r'name="csrf_token" value="([0-9a-f]+)"', response.get_data(as_text=True)):
            self.token = found.group(1)
        return response

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        self.get("/console/sign-in")
        response = self.post("/console/sign-in", {"username": username, "password": password})
        if response.status_code == 303:
            self.get("/console/password")
        return response


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


@pytest.fixture
def app(runtime: Runtime) -> APIFlask:
    app = DescribedApp("tests.console")
    for blueprint in blueprints(runtime, secret_key="k" * 32, secure_cookies=False):
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def house(runtime: Runtime, app: APIFlask) -> House:
    return put_house(runtime, app)


@pytest.fixture
def staff(runtime: Runtime) -> dict[str, str]:
    """User name → id: ``boss`` keeps the staff list, ``anna`` answers calls."""
    with runtime.transaction() as uow:
        return {
            name: add_staff(uow, by=BY, username=name, role=role, password=PASSWORD, display_name=name.title()).id
            for name, role in (("boss", StaffRole.ADMINISTRATOR), ("anna", StaffRole.AGENT))
        }


@pytest.fixture
def browser(app: APIFlask) -> Browser:
    """Nobody is signed in."""
    return Browser(app.test_client())


@pytest.fixture
def agent(app: APIFlask, staff: dict[str, str]) -> Browser:
    signed_in = Browser(app.test_client())
    assert signed_in.sign_in("anna").status_code == 303
    return signed_in


@pytest.fixture
def administrator(app: APIFlask, staff: dict[str, str]) -> Browser:
    signed_in = Browser(app.test_client())
    assert signed_in.sign_in("boss").status_code == 303
    return signed_in


@dataclass
class Api:
    """A program with a bearer token."""

    client: FlaskClient
    token: str

    def __call__(self, method: str, path: str, body: object = None, **query: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.open(f"/api/console{path}", method=method, json=body, query_string=query, headers=headers)


@pytest.fixture
def api(app: APIFlask, runtime: Runtime, staff: dict[str, str]) -> Callable[[str], Api]:
    """``api("anna")`` is a program with anna's token."""

    def holder(username: str) -> Api:
        with runtime.transaction() as uow:
            return Api(app.test_client(), issue_token(uow, username, by=BY))

    return holder


@pytest.fixture
def open_order(runtime: Runtime, brand: Brand) -> Callable[..., str]:
    """Opens an order for a caller and returns its id."""

    def opened(
        phone: str = PHONE, name: str = NAME, words: str = "空调不制冷", category: str = "air_conditioner"
    ) -> str:
        with runtime.transaction() as uow:
            customer = customer_of_caller(uow, brand.voice.brand_id, phone)
            learn(uow, customer, name=name, phone=phone, address=ADDRESS)
            return open_work_order(
                uow, by=BY, brand_id=brand.voice.brand_id, service_type=ServiceType.REPAIR, customer_id=customer.id,
                category_code=category, words=words, phone=phone, contact_name=name, address=ADDRESS, via="console",
            ).order.id  # fmt: skip

    return opened
