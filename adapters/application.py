"""The web application: every door on one Flask app, from settings. Used by ``wsgi.py`` and the tests."""

from __future__ import annotations

import structlog
from apiflask import APIFlask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from adapters import compression, health, metrics
from adapters.files import Files
from adapters.language_model import language_model
from adapters.limits import Limits
from adapters.network_files import NetworkFiles
from adapters.open_api import DescribedApp
from adapters.price_files import PriceFiles
from adapters.settings import Settings
from adapters.wechat.client import WeChat
from adapters.wechat.credentials import credentials_from
from adapters.wechat.mini_program import TIMEOUTS, WeChatMiniPrograms
from adapters.wechat.page_tickets import WeChatPageTickets
from adapters.wechat.web_authorization import OPEN, WeChatWebAuthorization
from adapters.wechat_pay import WeChatPayGateway
from bot import engine, warming
from console import door as console
from consumer_app import api as consumer_api
from consumer_app import door as consumer_app
from consumer_app.counter import Counter
from consumer_app.web_parts import JWEIXIN, Web
from consumer_app.web_parts import PAGES as PAGES_OF_CUSTOMERS
from domain.access.wechat_pages import PageSigner, Visits
from domain.kit.unit_of_work import Runtime
from engineer_app import api as engineer_api
from engineer_app import door as engineer_app
from engineer_app.js_sdk import PAGES
from engineer_app.signing_in import Desk
from webhooks import budget, mini_program, official_account, wechat_pay
from webhooks.spool import Spool

log = structlog.get_logger()

SWAGGER_UI = {
    f"SWAGGER_UI_{name}": f"/console/static/swagger-ui/{file}"
    for name, file in {
        "CSS": "swagger-ui.css",
        "BUNDLE_JS": "swagger-ui-bundle.js",
        "STANDALONE_PRESET_JS": "swagger-ui-standalone-preset.js",
    }.items()
}
"""The pages at /docs come from our own server: they work with no network."""
PUSH_MS = int(budget.TWIN * 1000)
CALLS = (600, 60)
"""Calls of the staff's API that one token may make, in how many seconds."""
VALKEY_SECONDS = 1.5
"""No answer from Valkey for this long counts as away: a webhook cannot wait longer."""


def warm(runtime: Runtime) -> None:
    """Read what the first turns would; a process whose database is away begins cold."""
    try:
        with runtime.transaction() as uow:
            warming.warm(uow)
    except SQLAlchemyError as error:
        log.warning("begins cold", error=type(error).__name__)


def create(settings: Settings, runtime: Runtime, pushes: Runtime) -> APIFlask:
    """The app, with doors for the platform, the consumers, the staff and whoever watches it.

    ``pushes`` is for the platform's pushes alone: its connections are never kept busy by somebody's search, and none
    of its statements outlasts `budget.TWIN`.
    """
    app = DescribedApp("weixiu", title="微修 Weixiu", version="0.1.0", docs_path="/docs", spec_path="/openapi.json")
    app.secret_key = settings.secret_key
    if settings.proxies:  # people's addresses, which limits count by, are what the outermost of them saw
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    valkey = Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=0.5,
        socket_timeout=VALKEY_SECONDS,
        retry=Retry(NoBackoff(), 0),  # redis-py's own retries would eat the turn's time
    )
    budget.watch(pushes.sessions.kw["bind"])
    spool = Spool(valkey, runtime.keyring)
    engine.asked_besides[:] = filter(None, [language_model(settings)])
    app.register_blueprint(official_account.blueprint(pushes, spool, metrics.TURNS.labels("official_account").observe))
    app.register_blueprint(mini_program.blueprint(pushes, spool, metrics.TURNS.labels("mini_program").observe))
    gateway = WeChatPayGateway(settings.pay_api_url, settings.public_url)
    app.register_blueprint(wechat_pay.blueprint(pushes, gateway, metrics.TURNS.labels("wechat_pay").observe))
    counted = Limits(valkey, runtime.keyring, runtime.clock)
    files = Files(settings.files_url)
    secure = settings.public_url.startswith("https://")
    public_url = settings.public_url.rstrip("/")
    web = Web(
        Counter(runtime, counted, files=files, gateway=gateway, public_url=public_url), settings.secret_key, secure,
        Visits(settings.secret_key, "consumer", counted), web_authorization(settings, runtime, valkey),
        page_signer(settings, runtime, valkey, PAGES_OF_CUSTOMERS), jweixin(settings),
    )  # fmt: skip
    app.register_blueprint(consumer_app.blueprint(runtime, counted, files, public_url, web))
    platform, per_person = platform_and_limits(settings, runtime, valkey)
    app.register_blueprint(consumer_api.blueprint(runtime, platform, per_person, files, gateway))
    limits = Limits(valkey, runtime.keyring, runtime.clock)
    for blueprint in console.blueprints(
        runtime, secret_key=settings.secret_key, secure_cookies=secure, streams=settings.streams_url,
        files=files, public_url=settings.public_url.rstrip("/"), network_files=NetworkFiles(),
        price_files=PriceFiles(),
        may_call=lambda who: limits.may("console_api", who, *CALLS),
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    desk = Desk(runtime, limits, settings.secret_key)
    signer = page_signer(settings, runtime, valkey, PAGES)
    app.register_blueprint(engineer_api.blueprint(desk, Files(settings.files_url), signer, gateway))
    app.register_blueprint(
        engineer_app.blueprint(
            desk, web_authorization(settings, runtime, valkey), public_url=settings.public_url, secure_cookies=secure
        )
    )
    app.register_blueprint(health.blueprint(runtime, valkey))
    compression.compress(app)
    return app


def platform_and_limits(settings: Settings, runtime: Runtime, valkey: Redis) -> tuple[WeChatMiniPrograms, Limits]:
    """What the mini-program's API runs on."""
    wechat = WeChat(settings.wechat_api_url, credentials_from(runtime), valkey, runtime.clock, TIMEOUTS)
    return WeChatMiniPrograms(wechat), Limits(valkey, runtime.keyring, runtime.clock)


def web_authorization(settings: Settings, runtime: Runtime, valkey: Redis) -> WeChatWebAuthorization:
    """How engineers sign in inside WeChat; the sandbox has the platform's page as well."""
    wechat = WeChat(settings.wechat_api_url, credentials_from(runtime), valkey, runtime.clock, TIMEOUTS)
    return WeChatWebAuthorization(wechat, settings.wechat_api_url if settings.uses_sandbox else OPEN)


def jweixin(settings: Settings) -> str:
    """Where pages load WeChat's script from; the sandbox has a stand-in."""
    if settings.jweixin_url:
        return settings.jweixin_url
    return f"{settings.wechat_api_url}/jweixin.js" if settings.uses_sandbox else JWEIXIN


def page_signer(settings: Settings, runtime: Runtime, valkey: Redis, pages: str) -> PageSigner:
    """What lets a door's pages use WeChat's scanner and cashier."""
    wechat = WeChat(settings.wechat_api_url, credentials_from(runtime), valkey, runtime.clock, TIMEOUTS)
    return PageSigner(WeChatPageTickets(wechat), settings.public_url.rstrip("/"), pages)
