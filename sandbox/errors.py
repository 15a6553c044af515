"""The platform's error codes and their words; a new code is a row here."""

import secrets
import time

WORDS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40053: "invalid action info",
    40056: "invalid card_id",
    40097: "invalid args",
    40119: "invalid use button type",
    40125: "invalid appsecret",
    40163: "code been used",
    41030: "invalid page",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    42001: "access_token expired",
    42003: "code expired",
    43001: "require GET method",
    43002: "require POST method",
    43101: "user refuse to accept the msg",
    43107: "subscribe message capability is banned",
    43108: "concurrent send to one user, please retry later",
    43004: "require subscribe",
    43019: "require remove blacklist",
    44001: "empty media data",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45029: "qrcode count out of limit",
    45047: "out of response count limit",
    45072: "invalid command",
    45080: "user not in conversation in last 30 seconds",
    45081: "you are typing, request later",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48002: "user refuse to accept the msg",
    48004: "api forbidden for irregularities",
    48006: "forbid to clear quota because of reaching the limit",
    53600: "invalid article id",
    10060001: "payment order does not exist",
    10060002: "payment order is shipped, no more shipping",
    10060003: "payment order has used its chance to ship again",
    10060012: "order information is wrong",
    10060023: "shipping information is unchanged",
    10060031: "openid of the payer does not match",
    268485216: "invalid upload_time",
    76021: "cgi_path not found, please check",
    76022: "could not use this cgi_path, no permission",
    76023: "invalid rid",
}


class PlatformError(Exception):
    """The platform says no to an API call, with HTTP 200 and an errcode."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code = code
        self.words = WORDS[code] + (f", {detail}" if detail else "")
        super().__init__(f"{code} {self.words}")


class Unsendable(Exception):
    """What a person was asked to do cannot be done: unknown kind, missing field, not a follower."""


def new_rid() -> str:
    """The request id the platform puts into error messages."""
    return f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
