"""Built files and the engineers' API go out short, unchanged once unpacked, and are asked for again as before."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, make_response, request, send_from_directory
from flask.testing import FlaskClient

from adapters import compression

SCRIPT = "console.log('微修');\n" * 200
ASKED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.js").write_text(SCRIPT)
    (tmp_path / "photo.jpg").write_text(SCRIPT)
    (tmp_path / "short.js").write_text("1")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    app = Flask("test")

    @app.get("/e/static/<name>")
    @app.get("/console/static/<name>")
    def built(name: str) -> Response:
        return send_from_directory(folder, name)

    @app.get("/api/engineer/jobs")
    @app.get("/api/console/orders")
    def listed() -> Response:
        answer = jsonify(["任务"] * 500)
        answer.set_etag("v1")
        return make_response(answer.make_conditional(request))

    @app.get("/console/orders")
    def page() -> str:
        return "<p>机密</p>" * 500

    compression.compress(app)
    return app.test_client()


@pytest.mark.parametrize("path", ["/e/static/app.js", "/console/static/app.js"])
def test_a_script_comes_short_and_is_the_same(client: FlaskClient, path: str) -> None:
    for _ in range(2):  # pressed, then kept
        answer = client.get(path, headers=ASKED)
        assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert answer.content_length == len(answer.data) < len(SCRIPT) / 5
        assert gzip.decompress(answer.data).decode() == SCRIPT
        assert "Accept-Ranges" not in answer.headers


def test_whoever_has_it_is_told_so(client: FlaskClient) -> None:
    for path in ("/e/static/app.js", "/api/engineer/jobs"):
        tag = client.get(path, headers=ASKED).headers["ETag"]
        assert tag.startswith("W/")
        again = client.get(path, headers={**ASKED, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


def test_a_file_that_is_built_anew_is_not_the_old_one(client: FlaskClient, folder: Path) -> None:
    client.get("/e/static/app.js", headers=ASKED)
    (folder / "app.js").write_text(SCRIPT * 2)
    assert gzip.decompress(client.get("/e/static/app.js", headers=ASKED).data).decode() == SCRIPT * 2


def test_who_cannot_unpack_gets_it_as_it_is(client: FlaskClient) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip;q=0, identity"}):
        answer = client.get("/e/static/app.js", headers=headers)
        assert ("Content-Encoding" in answer.headers, answer.get_data(as_text=True)) == (False, SCRIPT)
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_pages_and_calls_of_a_cookies_session_pictures_and_pieces_are_left_alone(client: FlaskClient) -> None:
    for path in ("/console/orders", "/api/console/orders", "/e/static/photo.jpg", "/e/static/short.js"):
        assert "Content-Encoding" not in client.get(path, headers=ASKED).headers, path
    piece = client.get("/e/static/app.js", headers={**ASKED, "Range": "bytes=0-9"})
    assert (piece.status_code, piece.data) == (206, SCRIPT.encode()[:10])


def test_the_engineers_jobs_come_short(client: FlaskClient) -> None:
    answer = client.get("/api/engineer/jobs", headers=ASKED)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode().count("\\u4efb") == 500
