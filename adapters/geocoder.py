"""Where an address is, asked of Tencent's location service (WebService API, ``ws/geocoder/v1``). Off without MAP_KEY.

Answers are kept in Valkey under a keyed fingerprint of the address: neither the address nor a plain hash of it is there,
and the position is sealed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import requests
import structlog
from redis import Redis, RedisError

from domain.kit.personal import Keyring, WrongKey
from domain.regions.geocoding import GeocoderAway, plausible
from domain.regions.positions import Position, Source

ADDRESS = "https://apis.map.qq.com/ws/geocoder/v1/"
TIMEOUTS = (2.0, 4.0)
"""Seconds to connect, and to answer."""
KEPT = 30 * 24 * 3600
"""Seconds an answer is kept; houses do not move, but maps get better."""
NOWHERE = frozenset({306, 347, 348, 365, 375})
"""What the service says when it cannot place an address: asking again would not help."""
TOO_OFTEN = frozenset({120, 121})
"""More calls in a second, or in a day, than the key may make."""
RADIUS_M = {11: 200, 10: 300, 9: 200, 8: 1_500, 7: 3_000, 6: 2_000, 5: 5_000, 4: 3_000, 3: 8_000}
"""By the service's ``level``: 9 a house number, 10 an estate, 11 a point of interest, 7 a road, 3 a town. Districts and
cities (1, 2) say no more than we know."""
SURE = 7
"""From this ``reliability`` (1–10) on the service itself calls its answer exact."""

log = structlog.get_logger()


@dataclass(frozen=True)
class TencentGeocoder:
    """`domain.regions.geocoding.Geocoder` over HTTPS."""

    key: str
    valkey: Redis
    keyring: Keyring
    address: str = ADDRESS

    def locate(self, line: str, division_code: str) -> Position | None:
        """:raises GeocoderAway: no answer, a broken one, or too many questions"""
        name = f"geocoder:{self.keyring.fingerprint('geocoder', line)}"
        kept = self._kept(name)
        if kept is not None:
            return Position.from_json(kept) if kept else None
        found = self._ask(line, division_code)
        self._keep(name, found)
        return found

    def _ask(self, line: str, division_code: str) -> Position | None:
        try:
            answer = requests.get(
                self.address, params={"address": line, "key": self.key}, timeout=TIMEOUTS, allow_redirects=False
            )
            answer.raise_for_status()
            body = answer.json()
            status = int(body["status"])
            if status == 0:
                return read(body["result"], division_code)
        except (requests.RequestException, ValueError, KeyError, TypeError) as trouble:
            # Its words hold the address, and the key: both are in the query.
            raise GeocoderAway(type(trouble).__name__) from None
        if status in NOWHERE:
            return None
        if status not in TOO_OFTEN:
            log.error("the map service refuses", status=status)
        raise GeocoderAway(f"status {status}")

    def _kept(self, name: str) -> dict[str, Any] | None:
        """What was answered before: {} for nowhere, None for nothing kept."""
        try:
            sealed = self.valkey.get(name)
            return dict(json.loads(self.keyring.open(bytes(sealed), "geocoder"))) if sealed else None  # type: ignore[arg-type]
        except (RedisError, WrongKey) as trouble:
            log.warning("nothing kept of places", kind=type(trouble).__name__)
            return None

    def _keep(self, name: str, found: Position | None) -> None:
        body = json.dumps(found.to_json() if found else {}).encode()
        try:
            self.valkey.set(name, self.keyring.seal(body, "geocoder"), ex=KEPT)
        except RedisError as trouble:
            log.warning("a place is not kept", kind=type(trouble).__name__)


def read(result: dict[str, Any], division_code: str) -> Position | None:
    """:raises KeyError: the answer is not what the service's pages say; so do TypeError and ValueError"""
    radius = RADIUS_M.get(int(result["level"]))
    if radius is None:
        return None
    if int(result["reliability"]) < SURE:
        radius = max(1_000, radius * 2)
    place = result["location"]
    position = Position(float(place["lat"]), float(place["lng"]), Source.GEOCODER, radius)
    return position if plausible(position, division_code) else None


def geocoder(key: str, valkey: Redis, keyring: Keyring) -> TencentGeocoder | None:
    """The one to ask, or None without a key."""
    return TencentGeocoder(key, valkey, keyring) if key else None
