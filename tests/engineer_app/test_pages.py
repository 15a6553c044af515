"""The app's pages: a shell for every path, with nothing personal in it and nothing from elsewhere let in."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/e/", "/e/jobs/vi_1", "/e/sign-in"])
def test_every_path_of_the_app_is_the_same_shell(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "index.html")
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy


def test_the_worker_may_serve_the_whole_app_and_is_never_old(client: FlaskClient) -> None:
    answer = client.get("/e/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/e/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype in ("text/javascript", "application/javascript")
    assert client.get("/e/manifest.webmanifest").mimetype == "application/manifest+json"


def test_files_with_a_hash_in_their_name_are_kept_for_good_and_others_are_not(client: FlaskClient) -> None:
    assert "immutable" in client.get("/e/static/assets/app-1a2b.js").headers["Cache-Control"]
    assert client.get("/e/static/index.html").headers["Cache-Control"] == "no-cache"
    for path in ("/e/static/assets/none.js", "/e/static/../door.py", "/e/static/%2e%2e/door.py"):
        assert client.get(path).status_code == 404


def test_a_server_without_the_built_app_says_so(client: FlaskClient, built: Path) -> None:
    (built / "index.html").unlink()
    answer = client.get("/e/")
    assert (answer.status_code, "make assets" in answer.get_data(as_text=True)) == (503, True)
