"""The map service: what it says is read with care, kept without the address, and asked again only when that helps."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from redis import Redis

from adapters.geocoder import TencentGeocoder, geocoder, read
from domain.kit.unit_of_work import Runtime
from domain.regions.geocoding import GeocoderAway
from domain.regions.positions import Position, Source

LINE, CODE = "广东省佛山市顺德区容桂街道卫红路18号", "440606004"
THERE = Position(22.7651, 113.2893, Source.GEOCODER, 200)


class Service:
    """A pretend map service: answers ``says`` and keeps what it was asked."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = {"status": 0, "result": result()}
        self.asked: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(parse_qs(urlsplit(self.path).query)["address"][0])
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(service.says).encode())

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


def result(level: int = 9, reliability: int = 8, lat: float = THERE.lat, lng: float = THERE.lng) -> dict[str, Any]:
    return {"location": {"lat": lat, "lng": lng}, "level": level, "reliability": reliability}


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.http.shutdown()
    service.http.server_close()


@pytest.fixture
def asker(runtime: Runtime, valkey: Redis, service: Service) -> TencentGeocoder:
    address = f"http://127.0.0.1:{service.http.server_port}/ws/geocoder/v1/"
    return TencentGeocoder("KEY", valkey, runtime.keyring, address)


def test_an_address_is_asked_once_and_then_known(asker: TencentGeocoder, service: Service) -> None:
    assert [asker.locate(LINE, CODE), asker.locate(LINE, CODE)] == [THERE, THERE]
    assert service.asked == [LINE]


def test_what_is_kept_shows_neither_address_nor_place(asker: TencentGeocoder, valkey: Redis) -> None:
    asker.locate(LINE, CODE)
    names: Any = valkey.keys("geocoder:*")
    kept: Any = b"".join(name + valkey.get(name) for name in names)
    assert kept
    for piece in ("卫红路".encode(), b"22.7651", b"113.28"):
        assert piece not in kept


def test_nowhere_is_kept_as_well(asker: TencentGeocoder, service: Service) -> None:
    service.says = {"status": 347, "message": "查询无结果"}
    assert [asker.locate(LINE, CODE), asker.locate(LINE, CODE)] == [None, None]
    assert len(service.asked) == 1


@pytest.mark.parametrize("says", [{"status": 120}, {"status": 121}, {"status": 199}, {"status": 0}, {}])
def test_refused_or_broken_is_away_and_asked_again(asker: TencentGeocoder, service: Service, says: Any) -> None:
    service.says = says
    with pytest.raises(GeocoderAway) as away:
        asker.locate(LINE, CODE)
    assert "卫红" not in str(away.value)
    service.says = {"status": 0, "result": result()}
    assert asker.locate(LINE, CODE) == THERE


def test_no_answer_is_away_and_its_words_hold_no_address(runtime: Runtime, valkey: Redis, service: Service) -> None:
    service.http.server_close()
    gone = TencentGeocoder("KEY", valkey, runtime.keyring, f"http://127.0.0.1:{service.http.server_port}/")
    with pytest.raises(GeocoderAway) as away:
        gone.locate(LINE, CODE)
    assert str(away.value) == "ConnectionError"
    assert away.value.__cause__ is None


@pytest.mark.parametrize(
    ("said", "radius"),
    [
        (result(level=9), 200), (result(level=10), 300), (result(level=7), 3_000), (result(level=3), 8_000),
        (result(level=9, reliability=3), 1_000), (result(level=7, reliability=1), 6_000),
    ],
)  # fmt: skip
def test_the_less_sure_the_wider(said: dict[str, Any], radius: int) -> None:
    found = read(said, CODE)
    assert found is not None
    assert (found.radius_m, found.source) == (radius, Source.GEOCODER)


@pytest.mark.parametrize("said", [result(level=2), result(level=1), result(lat=39.9, lng=116.4)])
def test_a_district_or_the_same_road_elsewhere_is_no_place(said: dict[str, Any]) -> None:
    assert read(said, CODE) is None


def test_without_a_key_nobody_is_asked(runtime: Runtime, valkey: Redis) -> None:
    assert geocoder("", valkey, runtime.keyring) is None
