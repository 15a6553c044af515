"""What the JS-SDK of a page asks of WeChat (protocol sheet 6.2); a new question is a route here and a call in static/webview.js."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.api.credentials import js_ticket
from sandbox.platform import Platform

SCRIPTS = Path(__file__).parent / "static"


def verified(platform: Platform, given: Mapping[str, object]) -> str:
    """`ok`, or why the page's wx.config is refused, in the SDK's own words.

    The address must be that of the page, as the browser vouches for it; the signature is over the present ticket's.
    """
    app_id, url = str(given.get("app_id")), str(given.get("url"))
    if app_id not in platform.accounts:
        return "invalid appid"
    at = urlsplit(url)
    if f"{at.scheme}://{at.netloc}" != given.get("origin"):
        return "invalid url domain"
    ticket = js_ticket(app_id, "jsapi", platform.clock.now())[0]
    right = signature(ticket, str(given.get("nonce")), str(given.get("timestamp")), url)
    return "ok" if right == given.get("signature") else "invalid signature"


def signature(ticket: str, nonce: str, timestamp: str, url: str) -> str:
    """SHA-1 of the four, sorted by name."""
    told = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(told.encode()).hexdigest()


def blueprint(platform: Platform) -> Blueprint:
    """Scripts for pages, and what stands behind them."""
    routes = Blueprint("js_sdk", __name__)

    def script(*names: str) -> Response:
        texts = [(SCRIPTS / name).read_text().replace("__HOME__", platform.public_url) for name in names]
        return Response("\n".join(texts), mimetype="text/javascript", headers={"Cache-Control": "no-cache"})

    @routes.get("/weixin-js-bridge.js")
    def bridge() -> ResponseReturnValue:
        return script("weixin-js-bridge.js")

    @routes.get("/jweixin.js")
    @routes.get("/open/js/jweixin-1.6.0.js")
    def sdk() -> ResponseReturnValue:
        return script("weixin-js-bridge.js", "jweixin.js")

    @routes.get("/webview")
    def webview() -> ResponseReturnValue:
        return render_template("webview.html")

    @routes.get("/cgi-bin/mmpayweb-bin/checkmweb")
    def h5() -> ResponseReturnValue:
        return render_template("h5.html")

    @routes.post("/sandbox/api/jssdk/verify")
    def verify() -> ResponseReturnValue:
        words = verified(platform, request.get_json())
        platform.log.add(
            at=platform.clock.now(), direction="api", app_id=str(request.get_json().get("app_id")), what="wx.config",
            status=200, ms=0.0, ok=words == "ok", outcome=words, request=str(request.get_json().get("url")),
        )  # fmt: skip
        platform.changes.note()
        return jsonify(err_msg=f"preVerifyJSAPI:{words}")

    @routes.post("/sandbox/api/jssdk/upload")
    def upload() -> ResponseReturnValue:
        given = request.get_json()
        head, _, tail = str(given.get("data") or "").rpartition(",")
        app_id = str(given.get("app_id"))
        if not tail or app_id not in platform.accounts:
            return jsonify(err_msg="uploadImage:fail")
        mimetype = head.removeprefix("data:").split(";")[0] or "image/jpeg"
        media = platform.media.keep(app_id, "image", base64.b64decode(tail), mimetype, platform.clock.now())
        return jsonify(err_msg="uploadImage:ok", serverId=media.media_id)

    return routes
