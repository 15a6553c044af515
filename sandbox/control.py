"""The control API for the page, tests and bench, listed in README.md; a new call is a function under its heading."""

import base64
import json
import secrets
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.delivery import verify_url
from sandbox.errors import Unsendable
from sandbox.faults import at_rest
from sandbox.people import Person
from sandbox.platform import Platform

HEARTBEAT = 15.0  # seconds; also how long a closed page keeps its thread
SETTABLE = ("name", "phone", "refuses_messages", "blacklisted")
CODE_LIFE = 300.0


def blueprint(platform: Platform) -> Blueprint:
    """All routes, bound to one platform."""
    routes = Blueprint("control", __name__, url_prefix="/sandbox/api")
    routes.register_error_handler(Unsendable, _refused)
    routes.register_error_handler(ValueError, _refused)
    _people(routes, platform)
    _switches(routes, platform)
    _watching(routes, platform)
    return routes


def _refused(wrong: Exception) -> ResponseReturnValue:
    return jsonify(error=str(wrong)), 400


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True) or {}
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _shown(platform: Platform, person: Person) -> dict[str, Any]:
    now = platform.clock.now()
    return {**person.show(), "typing": person.typing_until > now, "quota": platform.quota.left(person.openid, now)}


def _people(routes: Blueprint, platform: Platform) -> None:
    @routes.get("/people")
    def everybody() -> ResponseReturnValue:
        return jsonify([_shown(platform, person) for person in list(platform.people.values())])

    @routes.post("/people")
    def add() -> ResponseReturnValue:
        body = _body()
        columns = {name: body[name] for name in ("app_id", "openid", "phone", "union_id") if body.get(name)}
        person = platform.add_person(str(body.get("name") or "新朋友"), **columns)
        if body.get("follow"):
            platform.send(person.openid, "follow")
        return jsonify(_shown(platform, person)), 201

    @routes.get("/people/<openid>")
    def one(openid: str) -> ResponseReturnValue:
        return jsonify(_shown(platform, platform.person(openid)))

    @routes.patch("/people/<openid>")
    def change(openid: str) -> ResponseReturnValue:
        person = platform.person(openid)
        for name, value in _body().items():
            if name not in SETTABLE or not isinstance(value, type(getattr(person, name))):
                raise ValueError(f"{name} cannot be set to {value!r}")
            setattr(person, name, value)
        platform.changes.note()
        return jsonify(_shown(platform, person))

    @routes.post("/people/<openid>/elsewhere")
    def elsewhere(openid: str) -> ResponseReturnValue:
        app_id = platform.account(str(_body().get("app_id") or "")).config.app_id
        return jsonify(_shown(platform, platform.elsewhere(openid, app_id)))

    @routes.get("/people/<openid>/screen")
    def screen(openid: str) -> ResponseReturnValue:
        since, read = request.args.get("since", 0, int), request.args.get("read") == "1"
        return jsonify(
            person=_shown(platform, platform.person(openid)),
            now=platform.clock.now(),
            bubbles=platform.screen(openid, since=since, read=read),
        )

    @routes.post("/people/<openid>/send")
    def send(openid: str) -> ResponseReturnValue:
        body = _body()
        kind, wait = str(body.pop("kind", "")), body.pop("wait", True) is not False
        if "data" in body:  # a picture, as base64 or data: URL
            person, data = platform.person(openid), str(body.pop("data"))
            head, _, tail = data.rpartition(",")
            mimetype = head.removeprefix("data:").split(";")[0] or "image/png"
            raw = base64.b64decode(tail)
            body["media_id"] = platform.media.keep(person.app_id, "image", raw, mimetype, platform.clock.now()).media_id
        delivery = platform.send(openid, kind, wait=wait, **body)
        return jsonify(delivery.show())

    @routes.post("/people/<openid>/code")
    def code(openid: str) -> ResponseReturnValue:
        platform.person(openid)
        kind = str(_body().get("kind") or "login")
        if kind not in ("login", "phone"):
            raise ValueError("kind is login or phone")
        value = "0" + secrets.token_hex(15)
        platform.login_codes[value] = (kind, openid, platform.clock.now() + CODE_LIFE)
        return jsonify(code=value)


def _switches(routes: Blueprint, platform: Platform) -> None:
    @routes.route("/faults", methods=["GET", "PATCH", "DELETE"])
    def faults() -> ResponseReturnValue:
        if request.method == "DELETE":
            platform.faults.set(at_rest())
            platform.changes.note()
        if request.method == "PATCH":
            platform.faults.set(_body())
            platform.changes.note()
        return jsonify(platform.faults.show())

    @routes.post("/clock")
    def clock() -> ResponseReturnValue:
        body = _body()
        if body.pop("reset", False):
            platform.clock.reset()
        platform.clock.advance(**{name: float(value) for name, value in body.items() if name in _UNITS})
        platform.changes.note()
        return jsonify(now=platform.clock.now(), offset=platform.clock.offset)

    @routes.post("/tokens/spoil")
    def spoil() -> ResponseReturnValue:
        body = _body()
        code = body.get("errcode", 42001)
        if code not in (40001, 40014, 42001):
            raise ValueError("errcode is 40001, 40014 or 42001")
        return jsonify(spoilt=platform.account(body.get("app_id")).tokens.spoil(code))

    @routes.patch("/accounts/<app_id>")
    def configure(app_id: str) -> ResponseReturnValue:
        changes = _body()
        limits = changes.pop("daily_limits", None)
        if limits is not None:
            platform.account(app_id).api_use.limits.update({str(path): int(most) for path, most in limits.items()})
        known = ("mode", "format", "callback", "token", "aes_key", "secret", "name", "intro")
        for name in changes:
            if name not in known:
                raise ValueError(f"{name} is not one of {', '.join(known)}")
        platform.configure(app_id, **{name: str(value) for name, value in changes.items()})
        return jsonify(_account(platform, app_id))

    @routes.post("/accounts/<app_id>/verify-url")
    def verify(app_id: str) -> ResponseReturnValue:
        account = platform.account(app_id)
        good, words = verify_url(account, int(platform.clock.now()), platform.faults.callback_timeout)
        return jsonify(ok=good, words=words)

    @routes.put("/texts/templates/<code>")
    def text_template(code: str) -> ResponseReturnValue:
        platform.texts.templates[code] = str(_body()["content"])
        return jsonify(platform.texts.templates)

    @routes.post("/reset")
    def reset() -> ResponseReturnValue:
        platform.reset()
        return jsonify(ok=True)


_UNITS = ("days", "hours", "minutes", "seconds")


def _account(platform: Platform, app_id: str) -> dict[str, Any]:
    account = platform.account(app_id)
    config = account.config
    shown = ("app_id", "kind", "name", "intro", "original_id", "callback", "mode", "format")
    return {
        **{name: getattr(config, name) for name in shown},
        "menu": account.shown_menu(),
        "menu_is_default": account.menu is None,
        "subscriptions": [
            {"template_id": one.template_id, "title": one.title, "fields": one.fields}
            for one in account.subscriptions.values()
        ],
        "scenes": [{"ticket": ticket, **one} for ticket, one in list(account.scenes.items())[-20:]],
    }


def _watching(routes: Blueprint, platform: Platform) -> None:
    @routes.get("/state")
    def state() -> ResponseReturnValue:
        return jsonify(
            version=platform.changes.version,
            now=platform.clock.now(),
            offset=platform.clock.offset,
            faults=platform.faults.show(),
            accounts=[_account(platform, app_id) for app_id in platform.accounts],
            people=[_shown(platform, person) for person in list(platform.people.values())],
        )

    @routes.route("/log", methods=["GET", "DELETE"])
    def log() -> ResponseReturnValue:
        if request.method == "DELETE":
            platform.log.clear()
            platform.changes.note()
        args = request.args
        return jsonify(
            platform.log.rows(
                since=args.get("since", 0, int),
                limit=args.get("limit", 500, int),
                openid=args.get("openid", ""),
                direction=args.get("direction", ""),
            )
        )

    @routes.get("/texts")
    def texts() -> ResponseReturnValue:
        return jsonify(platform.texts.all(request.args.get("phone", ""), request.args.get("since", 0, int)))

    @routes.get("/stream")
    def stream() -> ResponseReturnValue:
        def events() -> Iterator[str]:
            version = -1
            while True:
                version = platform.changes.wait(version, HEARTBEAT)
                yield f"data: {json.dumps({'version': version})}\n\n"

        return Response(events(), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})
