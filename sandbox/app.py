"""The sandbox as one Flask application: the platform's API, the control API and the pages."""

from typing import Any

from flask import Flask, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox import aliyun, js_sdk
from sandbox.accounts import AccountConfig
from sandbox.api import ENDPOINTS, Endpoint, serve
from sandbox.api.web_authorization import people_asked, way_back
from sandbox.control import blueprint
from sandbox.errors import Unsendable
from sandbox.pay import api as pay_api
from sandbox.pay import control as pay_control
from sandbox.pay.merchants import Merchant
from sandbox.platform import Platform

__all__ = ["AccountConfig", "Merchant", "Platform", "create_app"]

BODY_MOST = 16 << 20
# Only the page's own files may run or load: a message can never bring a script along.
POLICY = "default-src 'self'; img-src 'self' data: blob: http: https:; style-src 'self'; base-uri 'none'"


def create_app(platform: Platform) -> Flask:
    """One platform behind HTTP; make as many as a test needs."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_MOST
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    for endpoint in ENDPOINTS:
        app.add_url_rule(endpoint.path, endpoint.path, _view(platform, endpoint), methods=["GET", "POST"])
    app.register_blueprint(blueprint(platform))
    app.register_blueprint(pay_api.blueprint(platform.pay))
    app.register_blueprint(pay_control.blueprint(platform.pay))
    app.register_blueprint(aliyun.blueprint(platform))
    app.register_blueprint(js_sdk.blueprint(platform))
    _pages(app, platform)

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return app


def _view(platform: Platform, endpoint: Endpoint) -> Any:
    return lambda: serve(platform, endpoint, request)


def _pages(app: Flask, platform: Platform) -> None:
    @app.get("/")
    def phone() -> ResponseReturnValue:
        return render_template("phone.html", account=platform.account().config)

    @app.get("/log")
    def log() -> ResponseReturnValue:
        return render_template("log.html")

    @app.get("/healthz")
    def alive() -> ResponseReturnValue:
        return "ok\n"

    @app.get("/mmbiz_pic/<media_id>/0")
    def picture(media_id: str) -> ResponseReturnValue:
        media = platform.media.picture(media_id)
        if media is None:
            return "no such picture\n", 404
        return Response(media.data, mimetype=media.content_type, headers={"Cache-Control": "max-age=3600"})

    @app.get("/connect/oauth2/authorize")
    def authorize() -> ResponseReturnValue:
        asked = request.args.to_dict()
        try:
            people = people_asked(platform, asked)
        except Unsendable as wrong:
            return f"{wrong}\n", 400
        known = request.cookies.get("weixin_sandbox_person", "")  # set by the phone's page for what is opened from it
        owner = next((one.openid for one in people if one.union_id == known), "")
        if owner:
            return redirect(way_back(platform, asked, owner))
        account, snapshot = platform.account(asked["appid"]).config, platform.faults.snapshot_users
        return render_template("authorize.html", account=account, people=people, asked=asked, snapshot=snapshot)

    @app.get("/connect/oauth2/authorize/as")
    def authorize_as() -> ResponseReturnValue:
        asked = request.args.to_dict()
        try:
            return redirect(way_back(platform, asked, asked.pop("openid", "")))
        except Unsendable as wrong:
            return f"{wrong}\n", 400

    @app.get("/cgi-bin/showqrcode")
    def qr_code() -> ResponseReturnValue:
        ticket = request.args.get("ticket", "")
        for account in platform.accounts.values():
            found = account.scenes.get(ticket)
            if found and (found["until"] is None or found["until"] > platform.clock.now()):
                people = [one for one in list(platform.people.values()) if one.app_id == account.config.app_id]
                return render_template("qrcode.html", account=account.config, scene=found, ticket=ticket, people=people)
        return "no such ticket, or it has expired\n", 404
