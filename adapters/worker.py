"""The worker process: builds what jobs need and works until it is told to stop."""

from __future__ import annotations

import random

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from adapters import logs, runtime
from adapters.files import Files
from adapters.geocoder import geocoder
from adapters.nameplates import Nameplates
from adapters.pager import pager
from adapters.settings import Settings
from adapters.sms import texts
from adapters.wechat.client import WeChat
from adapters.wechat.credentials import credentials_from
from adapters.wechat.deliveries import WeChatDeliveries
from adapters.wechat_pay import WeChatPayGateway
from jobs.context import Jobs
from jobs.reactions import REACTIONS
from jobs.worker import work

REDIS_SECONDS = 5.0
"""No answer from Valkey for this long counts as away."""


def build(settings: Settings, *, connections: int) -> Jobs:
    """What jobs have at hand: the runtime, the queue, and WeChat."""
    made = runtime.build(settings, connections=connections)
    valkey = Redis.from_url(
        settings.redis_url, socket_connect_timeout=2, socket_timeout=REDIS_SECONDS, retry=Retry(NoBackoff(), 1)
    )
    wechat = WeChat(settings.wechat_api_url, credentials_from(made), valkey, made.clock)
    pages, files = pager(settings.pager_url), Files(settings.files_url)
    places = geocoder(settings.map_key, valkey, made.keyring)
    return Jobs(
        made, valkey, wechat, pages, random.random, REACTIONS, files, Nameplates(), places, texts(settings, made.clock),
        settings.public_url, WeChatPayGateway(settings.pay_api_url, settings.public_url), WeChatDeliveries(wechat, made),
    )  # fmt: skip


def run(settings: Settings, queue: str) -> None:
    """Work until SIGTERM or SIGINT."""
    logs.start(settings.log_level)
    work(build(settings, connections=3), Redis.from_url(settings.redis_url, socket_connect_timeout=2), queue=queue)
