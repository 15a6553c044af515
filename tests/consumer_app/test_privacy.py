"""The privacy notice: each brand its own, readable on a phone, with nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consumer_app import door
from domain.kit.unit_of_work import Runtime
from domain.organizations.operations import put_brand
from tests.brand import brand_in


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    app = Flask("test")
    app.register_blueprint(door.blueprint(runtime))
    return app.test_client()


def another_brand(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        put_brand(
            uow, code="YX", name="云溪<b>", hotline="400-000-0001", desk_hours="9:00–18:00", privacy_version="2026-07",
            privacy_url="",
        )  # fmt: skip


def test_the_notice_says_whose_it_is_which_version_and_whom_to_call(client, runtime):
    brand_in(runtime)
    said = client.get("/c/privacy/LH")
    text = said.get_data(as_text=True)
    assert said.status_code == 200
    assert "岚禾售后服务隐私说明" in text
    assert "版本 2026-01" in text
    assert '<a href="tel:4000000000">400-000-0000</a>' in text
    for heading in ("记录什么，为什么", "保存多久", "怎么保护", "您可以怎么做", "联系我们"):
        assert heading in text


def test_chats_are_said_to_be_kept_no_shorter_than_they_are(client, runtime):
    brand_in(runtime)
    assert "最长 8 个月" in client.get("/c/privacy/LH").get_data(as_text=True)


def test_without_a_code_the_only_brand_is_meant_and_several_are_a_choice(client, runtime):
    assert client.get("/c/privacy").status_code == 404
    brand_in(runtime)
    assert client.get("/c/privacy").headers["Location"] == "/c/privacy/LH"
    another_brand(runtime)
    text = client.get("/c/privacy").get_data(as_text=True)
    assert re.findall(r'href="(/c/privacy/\w+)"', text) == ["/c/privacy/LH", "/c/privacy/YX"]


def test_a_brand_s_name_is_text_whatever_is_in_it(client, runtime):
    another_brand(runtime)
    assert "云溪&lt;b&gt;" in client.get("/c/privacy/yx").get_data(as_text=True)


def test_a_code_nobody_has_gets_plain_words(client, runtime):
    brand_in(runtime)
    said = client.get("/c/privacy/ZZ")
    assert said.status_code == 404
    assert "没有找到这个页面" in said.get_data(as_text=True)


def test_nothing_comes_from_elsewhere_and_nothing_runs(client, runtime):
    brand_in(runtime)
    said = client.get("/c/privacy/LH")
    assert said.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    text = said.get_data(as_text=True)
    assert "<script" not in text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert client.get("/c/static/page.css").status_code == 200
