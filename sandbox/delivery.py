"""Carries a push to the callback: 5 seconds, identical repeats, then the out-of-order line; its faults bite here."""

import secrets
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from sandbox.accounts import Account
from sandbox.crypto import sign
from sandbox.people import Bubble
from sandbox.pushes import Push
from sandbox.replies import BadReply, Reply, check_reply, open_reply
from sandbox.wire import write

if TYPE_CHECKING:
    from sandbox.platform import Platform

HEADERS = {"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Pragma": "no-cache"}
TYPES = {"xml": "text/xml", "json": "application/json"}
OVER = ("reply", "nothing", "malformed")  # no repeat after these; after anything else there is


@dataclass(frozen=True)
class Attempt:
    """One POST: `lane` 2 is the twin of a duplicated push; `outcome` is of OVER, or timeout, refused, http, dropped."""

    lane: int
    number: int
    status: int
    ms: float
    outcome: str
    answer: str
    why: str = ""


@dataclass
class Delivery:
    """A push and what came of it; `shown` is the reply on the screen, `differ` that its answers were not all equal."""

    push: Push
    bubble: Bubble | None
    attempts: list[Attempt] = field(default_factory=list)
    shown: Reply | None = None
    failed: bool = False
    differ: bool = False
    done: threading.Event = field(default_factory=threading.Event, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def show(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "message_id": str(self.push.fields.get("MsgId", "")),
            "kind": self.push.kind,
            "fields": self.push.fields,
            "done": self.done.is_set(),
            "attempts": [asdict(attempt) for attempt in self.attempts],
            "reply": {"type": self.shown.kind, **self.shown.content} if self.shown else None,
            "failed": self.failed,
            "differ": self.differ,
        }


class _Waiting:
    """Lets a later push of the same person overtake an earlier one."""

    def __init__(self) -> None:
        self._arrived: Counter[str] = Counter()
        self._held: set[str] = set()
        self._change = threading.Condition()

    def hold(self, openid: str, seconds: float) -> None:
        """Wait until another push of this person has arrived; one is held at a time."""
        with self._change:
            if openid in self._held:
                return
            self._held.add(openid)
            mark = self._arrived[openid]
            self._change.wait_for(lambda: self._arrived[openid] > mark, seconds)
            self._held.discard(openid)

    def holds(self, openid: str) -> bool:
        with self._change:
            return openid in self._held

    def arrived(self, openid: str) -> None:
        with self._change:
            self._arrived[openid] += 1
            self._change.notify_all()


class Courier:
    """Delivers pushes of one platform. Thread-safe; the caller's thread does the waiting."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._waiting = _Waiting()
        self._local = threading.local()

    def deliver(self, delivery: Delivery) -> None:
        """All attempts of a push; sets `delivery.done` at the end."""
        platform, push = self._platform, delivery.push
        try:
            if platform.faults.falls("reorder"):
                self._waiting.hold(push.openid, platform.faults.reorder_hold_ms / 1000)
            twin = None
            if platform.faults.falls("duplicate"):
                twin = threading.Thread(target=self._lane, args=(delivery, 2), daemon=True)
                twin.start()
            self._lane(delivery, 1)
            if twin:
                twin.join()
            self._conclude(delivery)
        finally:
            self._waiting.arrived(push.openid)
            delivery.done.set()
            platform.arrived(delivery.bubble)

    def holds_back(self, openid: str) -> bool:
        return self._waiting.holds(openid)

    def _conclude(self, delivery: Delivery) -> None:
        good = [one for one in delivery.attempts if one.outcome in ("reply", "nothing")]
        delivery.differ = len({one.answer for one in delivery.attempts if one.status == 200}) > 1
        delivery.failed = not good
        if delivery.failed and not delivery.push.silent:
            self._platform.show_out_of_order(delivery.push)

    def _lane(self, delivery: Delivery, lane: int) -> None:
        """One sequence of attempts with identical MsgId and CreateTime."""
        faults = self._platform.faults
        for number in range(1, max(1, faults.deliveries) + 1):
            outcome = self._attempt(delivery, lane, number)
            if outcome in OVER:
                return
            if outcome in ("http", "refused") and number < faults.deliveries:
                time.sleep(faults.retry_delay)

    def _attempt(self, delivery: Delivery, lane: int, number: int) -> str:
        platform, push = self._platform, delivery.push
        account, timeout = platform.account(push.app_id), platform.faults.callback_timeout
        started = time.perf_counter()
        status, body, outcome, why = self._post(account, push, timeout)
        answer, reply = "", None
        if outcome == "answered":
            outcome, answer, reply, why = self._judge(body, push, account)
            if platform.faults.take("drop_next") or platform.faults.falls("drop"):
                time.sleep(max(0.0, timeout - (time.perf_counter() - started)))
                outcome, reply, why = "dropped", None, "the answer was lost on its way (fault switch)"
        else:
            answer = body.decode(errors="replace")
        ms = round((time.perf_counter() - started) * 1000, 1)
        attempt = Attempt(lane, number, status, ms, outcome, answer, why)
        self._write_down(delivery, attempt)
        with delivery.lock:
            delivery.attempts.append(attempt)
            first = reply is not None and delivery.shown is None
            if first:
                delivery.shown = reply
        if first and reply is not None and not push.silent:
            platform.show_reply(push, reply)
        return outcome

    def _judge(self, body: bytes, push: Push, account: Account) -> tuple[str, str, Reply | None, str]:
        answer = body.decode(errors="replace")
        try:
            answer = open_reply(body, account)
            reply = check_reply(answer, push, account, self._platform.media, self._platform.clock.now())
        except BadReply as wrong:
            return "malformed", answer, None, str(wrong)
        return ("reply" if reply else "nothing"), answer, reply, ""

    def _post(self, account: Account, push: Push, timeout: float) -> tuple[int, bytes, str, str]:
        """Status, body, outcome (answered, http, timeout, refused) and why."""
        query, body = envelope(account, push, int(self._platform.clock.now()))
        started = time.perf_counter()
        try:
            answer = self._session().post(
                account.config.callback,
                params=query,
                data=body.encode(),
                headers={**HEADERS, "Content-Type": TYPES[account.config.format]},
                timeout=timeout,
                allow_redirects=False,
            )
        except requests.Timeout:
            return 0, b"", "timeout", f"no answer within {timeout:g} s"
        except requests.RequestException as wrong:
            return 0, b"", "refused", type(wrong).__name__
        if time.perf_counter() - started > timeout:
            return answer.status_code, answer.content, "timeout", f"complete only after {timeout:g} s"
        if answer.status_code != 200:
            return answer.status_code, answer.content, "http", f"HTTP {answer.status_code}"
        return 200, answer.content, "answered", ""

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False  # a proxy of the environment has no business on loopback
            session.headers["Connection"] = "close"
        return session

    def _write_down(self, delivery: Delivery, attempt: Attempt) -> None:
        push = delivery.push
        twin = " 双份" if attempt.lane == 2 else ""
        self._platform.log.add(
            at=self._platform.clock.now(),
            direction="push",
            app_id=push.app_id,
            openid=push.openid,
            what=f"{push.title} #{attempt.number}{twin}",
            status=attempt.status,
            ms=attempt.ms,
            ok=attempt.outcome in ("reply", "nothing"),
            outcome=attempt.outcome,
            why=attempt.why,
            gist=push.gist,
            request=write(push.fields, self._platform.account(push.app_id).config.format),
            response=attempt.answer,
        )
        self._platform.changes.note()


def envelope(account: Account, push: Push, now: int) -> tuple[dict[str, str], str]:
    """Query string and body of a POST in the account's mode; nonce and encryption are fresh each time."""
    config, timestamp, nonce = account.config, str(now), str(secrets.randbelow(2_000_000_000))
    query = {"signature": sign(config.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    query["openid"] = push.openid
    plain = write(push.fields, config.format)
    if config.mode == "plain":
        return query, plain
    encrypted = account.seal.encrypt(plain)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = sign(config.token, timestamp, nonce, encrypted)
    clear = push.fields if config.mode == "compat" else {"ToUserName": push.fields["ToUserName"]}
    return query, write({**clear, "Encrypt": encrypted}, config.format)


def verify_url(account: Account, now: int, timeout: float) -> tuple[bool, str]:
    """The GET of the platform's console when an owner saves the callback's address: whether it will do, and why not."""
    config, timestamp, nonce = account.config, str(now), str(secrets.randbelow(2_000_000_000))
    echo = str(secrets.randbelow(9 * 10**18) + 10**18)
    query = {"signature": sign(config.token, timestamp, nonce), "echostr": echo, "timestamp": timestamp, "nonce": nonce}
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.get(config.callback, params=query, timeout=timeout, allow_redirects=False)
    except requests.RequestException as wrong:
        return False, f"请求 URL 超时或失败：{type(wrong).__name__}"
    if answer.status_code != 200:
        return False, f"HTTP {answer.status_code}"
    return (True, "验证成功") if answer.text == echo else (False, f"token 验证失败，返回了 {answer.text[:80]!r}")
