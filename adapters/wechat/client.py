"""Calls to the WeChat platform: our own client on requests. To add a call, add a method that ends in `call`.

wechatpy's client is not used: 2.0.0a26 still repeats a call without bound on a bad token, fetches tokens without
timeout or lock, and has addresses built in. Logs carry codes and paths, never a URL, a token or anything personal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import requests
import structlog
from redis import Redis
from redis.exceptions import RedisError

from adapters.metrics import PLATFORM_ERRORS
from adapters.wechat import media
from adapters.wechat.answers import code_of, lost_call, read
from adapters.wechat.credentials import Credentials
from adapters.wechat.errors import Do, error_for, until_midnight, what_to_do
from adapters.wechat.tokens import Tokens
from domain.organizations.model import MINI_PROGRAM
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater

TIMEOUTS = (3.0, 8.0)
"""Seconds to connect, and to answer."""

SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
SUBSCRIPTION = "/cgi-bin/message/subscribe/bizsend"
SUBSCRIPTION_OF_PROGRAM = "/cgi-bin/message/subscribe/send"
TYPING = "/cgi-bin/message/custom/typing"
TYPING_IN_MINI_PROGRAM = "/cgi-bin/message/custom/business/typing"
USER = "/cgi-bin/user/info"
MENU = "/cgi-bin/menu/create"
MEDIA = "/cgi-bin/media/get"
QR_CODE = "/cgi-bin/qrcode/create"
TOKEN = "/cgi-bin/stable_token"
TICKET = "/cgi-bin/ticket/getticket"

log = structlog.get_logger()


class WeChat:
    """A `jobs.channels.ChatChannel` for official accounts and mini-programs. One per process; threads may share it."""

    def __init__(
        self,
        api_url: str,
        credentials: Callable[[str], Credentials],
        valkey: Redis,
        clock: Callable[[], datetime],
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        self.api_url, self.credentials, self.valkey, self.clock = api_url.rstrip("/"), credentials, valkey, clock
        self.timeouts = timeouts
        self.http = requests.Session()
        self.tokens = Tokens(valkey, self.fetch_token, clock)
        self.tickets = Tokens(valkey, self.fetch_ticket, clock, "jsapi-ticket")
        self.spent: dict[str, datetime] = {}

    def send_text(self, account_id: str, recipient: str, text: str) -> None:
        """A customer-service message; at most 2 048 bytes (§4.3)."""
        self.call(account_id, SEND, {"touser": recipient, "msgtype": "text", "text": {"content": text}})

    def send_template(
        self, account_id: str, recipient: str, template_id: str, values: Mapping[str, str], link: str, key: str
    ) -> str:
        """A template message (§5.1): ``client_msg_id`` lets the platform drop a repeat within ten minutes.

        Returns its MsgID; TEMPLATESENDJOBFINISH says later what became of it.
        """
        body: dict[str, Any] = {
            "touser": recipient, "template_id": template_id, "client_msg_id": key,
            "data": {name: {"value": value} for name, value in values.items()},
        }  # fmt: skip
        answer = self.call(account_id, TEMPLATE, body | ({"url": link} if link else {}))
        return str(answer.get("msgid") or "")

    def send_subscription(
        self, account_id: str, recipient: str, template_id: str, values: Mapping[str, str], link: str, page: str
    ) -> str:
        """A subscription message (§5.1): each kind of account has its own interface, and its own idea of a page.

        Returns the platform's id of it where it gives one; subscribe_msg_sent_event says later what became of it.
        """
        program = self.credentials(account_id).kind == MINI_PROGRAM
        body: dict[str, Any] = {
            "touser": recipient, "template_id": template_id,
            "data": {name: {"value": value} for name, value in values.items()},
        }  # fmt: skip
        if target := page if program else link:
            body["page"] = target
        if program:
            body |= {"miniprogram_state": "formal", "lang": "zh_CN"}
        answer = self.call(account_id, SUBSCRIPTION_OF_PROGRAM if program else SUBSCRIPTION, body)
        return str(answer.get("msgid") or "")

    def typing(self, account_id: str, recipient: str) -> None:
        """Show 对方正在输入 for fifteen seconds, or until the next message."""
        path = TYPING_IN_MINI_PROGRAM if self.credentials(account_id).kind == MINI_PROGRAM else TYPING
        self.call(account_id, path, {"touser": recipient, "command": "Typing"})

    def unionid_of(self, account_id: str, openid: str) -> str | None:
        """The unionid of a follower; None where the account belongs to no open-platform account."""
        return str(self.ask(account_id, USER, {"openid": openid}).get("unionid") or "") or None

    def page_ticket(self, account_id: str) -> tuple[str, str]:
        """The app id, and the ticket by which pages of ours may use WeChat's JS-SDK (§6.2)."""
        who = self.credentials(account_id)
        return who.app_id, self.tickets.get(who)

    def create_menu(self, account_id: str, buttons: Sequence[dict[str, Any]]) -> None:
        """Replace the account's menu (§6.5)."""
        self.call(account_id, MENU, {"button": list(buttons)})

    def create_code(self, account_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """A parametric QR code: its ticket and the address in it (§6.5)."""
        return self.call(account_id, QR_CODE, body)

    def fetch_media(self, account_id: str, media_id: str, largest: int) -> bytes:
        """See `jobs.channels`. Pictures come as they are, videos by an address to get them from (§6.5)."""
        url = self.api_url + MEDIA
        answer = self.with_token(
            account_id, MEDIA,
            lambda token: media.download(
                self.http, url, {"access_token": token, "media_id": media_id}, self.timeouts, largest
            ),
        )  # fmt: skip
        if elsewhere := answer.get("video_url"):
            answer = media.download(self.http, str(elsewhere), {}, self.timeouts, largest)
        if media.CONTENT not in answer:
            raise NeverAgain(0, "平台没有给出内容")
        content: bytes = answer[media.CONTENT]
        return content

    def call(self, account_id: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST with the account's token, once more with a new one when it is refused.

        :raises ChannelError: one of its kinds, by what to do
        """
        return self.with_token(account_id, path, lambda token: self.post(path, body, token))

    def ask(self, account_id: str, path: str, params: dict[str, str]) -> dict[str, Any]:
        """GET, as `call` does POST."""
        return self.with_token(account_id, path, lambda token: self.get(path, {**params, "access_token": token}))

    def with_token(self, account_id: str, path: str, exchange: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        return self.as_account(self.credentials(account_id), path, exchange)

    def as_account(self, who: Credentials, path: str, exchange: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        self.refuse_while_spent(who, path)
        token = self.tokens.get(who)
        answer = exchange(token)
        if what_to_do(code_of(answer)) is Do.NEW_TOKEN:
            token = self.tokens.get(who, refused=token)
            answer = exchange(token)
        if code_of(answer):
            raise self.refusal(who, path, answer)
        return answer

    def fetch_token(self, who: Credentials) -> tuple[str, int]:
        """Ask for the account's token; never ``force_refresh``, of which there are twenty a day (§6.1)."""
        request = {
            "grant_type": "client_credential", "appid": who.app_id, "secret": who.secret, "force_refresh": False,
        }  # fmt: skip
        try:
            answer = self.post(TOKEN, request)
        except OutcomeUnknown as lost:
            raise RetryLater(str(lost)) from None  # asking again for a token changes nothing
        if code_of(answer):
            raise self.refusal(who, TOKEN, answer)
        log.info("token fetched", app_id=who.app_id, seconds=answer["expires_in"])
        return str(answer["access_token"]), int(answer["expires_in"])

    def fetch_ticket(self, who: Credentials) -> tuple[str, int]:
        """Ask for the account's ticket, which everybody shares: there are few a day."""
        answer = self.as_account(
            who, TICKET, lambda token: self.get(TICKET, {"access_token": token, "type": "jsapi"})
        )  # fmt: skip
        return str(answer["ticket"]), int(answer["expires_in"])

    def post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """One HTTP exchange. Its exceptions are not chained: those of requests quote the URL, and with it the token."""
        try:
            response = self.http.post(
                self.api_url + path,
                params={"access_token": token} if token else None,
                # No \uXXXX: the platform answers 40033 to them.
                data=json.dumps(body, ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json; charset=utf-8"},
                timeout=self.timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise lost_call(path, error) from None
        return read(path, response)

    def get(self, path: str, params: dict[str, str]) -> dict[str, Any]:
        """One HTTP exchange; the parameters may be secrets. See `post` for its exceptions."""
        try:
            response = self.http.get(self.api_url + path, params=params, timeout=self.timeouts, allow_redirects=False)
        except requests.RequestException as error:
            raise lost_call(path, error) from None
        return read(path, response)

    def refusal(self, who: Credentials, path: str, answer: dict[str, Any]) -> ChannelError:
        """Log the platform's no and turn it into what to do; a spent daily quota is remembered for all processes."""
        code, now = code_of(answer), self.clock()
        do = what_to_do(code)
        write = log.error if do in (Do.TELL_STAFF, Do.AFTER_MIDNIGHT, Do.NEW_TOKEN) else log.info
        write("platform refused", app_id=who.app_id, path=path, code=code, rid=rid_of(answer))
        PLATFORM_ERRORS.labels(path, str(code)).inc()
        if do is Do.AFTER_MIDNIGHT:
            wait = until_midnight(now)
            self.spent[spent_key(who, path)] = now + wait
            try:
                self.valkey.set(spent_key(who, path), (now + wait).isoformat(), ex=int(wait.total_seconds()))
            except RedisError:
                log.warning("spent quota known in this process only", app_id=who.app_id, path=path)
        return error_for(code, now)

    def refuse_while_spent(self, who: Credentials, path: str) -> None:
        """:raises RetryLater: today's calls of this API are used up; asking again would only be counted"""
        key, now = spent_key(who, path), self.clock()
        try:
            kept = self.valkey.get(key)
        except RedisError:
            kept = None
        until = datetime.fromisoformat(kept.decode()) if isinstance(kept, bytes) else self.spent.get(key, now)
        if until > now:
            raise RetryLater("今天的调用次数已用完", until - now)


def spent_key(who: Credentials, path: str) -> str:
    return f"weixiu:spent:{who.app_id}:{path}"


def rid_of(answer: dict[str, Any]) -> str:
    """The request id in the error's words, by which the platform explains it for a week (§6.5)."""
    _, found, rid = str(answer.get("errmsg", "")).partition("rid: ")
    return rid.split()[0][:40] if found and rid.split() else ""
