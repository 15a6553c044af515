"""The platform's HTTP API; a new call is a handler in one of these modules and a row in its ENDPOINTS."""

from sandbox.api import (
    credentials,
    media,
    menu,
    messages,
    mini_program,
    qrcode,
    quotas,
    shipping,
    subscriptions,
    templates,
    users,
    web_authorization,
)
from sandbox.api.endpoint import Endpoint, serve

ENDPOINTS: list[Endpoint] = [
    *credentials.ENDPOINTS,
    *messages.ENDPOINTS,
    *templates.ENDPOINTS,
    *subscriptions.ENDPOINTS,
    *shipping.ENDPOINTS,
    *media.ENDPOINTS,
    *menu.ENDPOINTS,
    *qrcode.ENDPOINTS,
    *users.ENDPOINTS,
    *mini_program.ENDPOINTS,
    *web_authorization.ENDPOINTS,
    *quotas.ENDPOINTS,
]

__all__ = ["ENDPOINTS", "Endpoint", "serve"]
