"""Notifications of payments and refunds (protocol sheet 7.4): encrypted, signed, repeated; their faults bite here.

Due times are of the platform's clock, which may be pushed; the signature is dated by the wall clock, as everybody's is.
"""

import json
import secrets
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from sandbox.pay.merchants import Merchant
from sandbox.pay.signing import seal, sign
from sandbox.pay.trades import Trade, rfc3339

if TYPE_CHECKING:
    from sandbox.pay.till import Till

MINUTE, HOUR = 60, 3600
PAUSES = [
    15, 15, 30, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, HOUR,
    3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR,
]  # fmt: skip
SUMMARIES = {
    "TRANSACTION.SUCCESS": "支付成功",
    "REFUND.SUCCESS": "退款成功",
    "REFUND.ABNORMAL": "退款异常",
    "REFUND.CLOSED": "退款关闭",
}
TAKEN = (200, 204)
PROBE = "WECHATPAY/SIGNTEST/"
TWISTS = (
    "wrong_amount",
    "foreign_mchid",
    "foreign_appid",
    "wrong_key",
    "wrong_signature",
    "probe",
    "duplicate",
    "reorder",
)


@dataclass
class Notice:
    """One notification with all its attempts; `twists` are the faults it left with, `state` is waiting, taken, given up or lost."""

    id: str
    event_type: str
    mch_id: str
    url: str
    plain: dict[str, Any]
    created_at: float
    due: float
    twists: frozenset[str] = frozenset()
    state: str = "waiting"
    tries: int = 0
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def show(self) -> dict[str, Any]:
        """As JSON, with the plain text."""
        return {name: value for name, value in vars(self).items() if name != "twists"} | {"twists": sorted(self.twists)}


class Postman:
    """Carries notifications to the merchants. Thread-safe."""

    def __init__(self, till: "Till") -> None:
        self._till = till
        self._lock = threading.Lock()
        self._arrived = threading.Condition()
        self._count = 0
        self._notices: list[Notice] = []

    def send(self, event_type: str, mch_id: str, url: str, plain: dict[str, Any]) -> Notice:
        """One leaves now, or as late as the faults say; its repeats follow by the clock."""
        till, faults = self._till, self._till.platform.faults
        twists = frozenset(name for name in TWISTS if faults.take(f"notice_{name}"))
        due = till.now + faults.notice_late
        notice = Notice(str(uuid.uuid4()), event_type, mch_id, url, plain, till.now, due, twists)
        if faults.take("notice_lost"):
            notice.state = "lost"
        with self._lock:
            self._notices.append(notice)
        if notice.state == "waiting":
            till.timeline.at(due, lambda: self._go(notice))
        return notice

    def again(self, notice: Notice) -> None:
        """One attempt now, whatever came before: as when the platform repeats what had arrived."""
        self._attempt(notice)
        self._till.platform.changes.note()

    def all(self) -> list[Notice]:
        """The oldest first."""
        with self._lock:
            return list(self._notices)

    def of(self, trade: Trade) -> list[dict[str, Any]]:
        """Those about one trade."""
        found = [one for one in self.all() if one.plain.get("out_trade_no") == trade.out_trade_no]
        return [one.show() for one in found if one.mch_id == trade.mch_id]

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._notices.clear()

    def _go(self, notice: Notice) -> None:
        till, first = self._till, not notice.tries
        if till.down:
            till.timeline.at(till.down_until, lambda: self._go(notice))
            return
        if first and "reorder" in notice.twists:
            self._let_another_pass(till.platform.faults.reorder_hold_ms / 1000)
        notice.tries += 1
        twin = threading.Thread(target=self._attempt, args=(notice,), daemon=True)
        if first and "duplicate" in notice.twists:
            twin.start()
        if first and "probe" in notice.twists:
            self._attempt(notice, probe=True)
        taken = self._attempt(notice)
        if twin.ident:
            twin.join()
        with self._arrived:
            self._count += 1
            self._arrived.notify_all()
        if taken:
            notice.state = "taken"
        elif notice.tries > len(PAUSES):
            notice.state = "given up"
        else:
            notice.due += PAUSES[notice.tries - 1]
            till.timeline.at(notice.due, lambda: self._go(notice))
        till.platform.changes.note()

    def _let_another_pass(self, seconds: float) -> None:
        with self._arrived:
            mark = self._count
            self._arrived.wait_for(lambda: self._count > mark, seconds)

    def _attempt(self, notice: Notice, *, probe: bool = False) -> bool:
        """One POST; whether it was taken."""
        till, faults = self._till, self._till.platform.faults
        merchant = till.merchants[notice.mch_id]
        body = self._body(notice, merchant)
        headers = self._headers(notice, merchant, body, probe=probe, old=faults.take("notice_old"))
        started = time.perf_counter()
        status, answer, outcome = self._post(notice.url, body, headers, faults.callback_timeout)
        if outcome == "ok" and not probe and faults.take("notice_dropped"):
            outcome = "dropped"
        ms = round((time.perf_counter() - started) * 1000, 1)
        attempt = {
            "at": till.now,
            "status": status,
            "ms": ms,
            "outcome": outcome,
            "answer": answer[:500],
            "probe": probe,
        }
        with self._lock:
            notice.attempts.append(attempt)
        self._write_down(notice, attempt)
        return outcome == "ok"

    def _body(self, notice: Notice, merchant: Merchant) -> bytes:
        nonce, kind = secrets.token_hex(6), "transaction" if notice.event_type.startswith("T") else "refund"
        key = secrets.token_hex(16) if "wrong_key" in notice.twists else merchant.api_v3_key
        plain = json.dumps(_twisted(notice.plain, notice.twists), ensure_ascii=False, separators=(",", ":"))
        told = {
            "id": notice.id,
            "create_time": rfc3339(notice.created_at),
            "resource_type": "encrypt-resource",
            "event_type": notice.event_type,
            "summary": SUMMARIES[notice.event_type],
            "resource": {
                "original_type": kind,
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": seal(key, plain, nonce, kind),
                "associated_data": kind,
                "nonce": nonce,
            },
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    def _headers(self, notice: Notice, merchant: Merchant, body: bytes, *, probe: bool, old: bool) -> dict[str, str]:
        timestamp = str(int(self._till.platform.clock.wall()) - (HOUR if old else 0))
        nonce = secrets.token_urlsafe(24)[:32]
        signature = sign(merchant.signing_key, timestamp, nonce, body)
        if probe:
            signature = PROBE + signature[len(PROBE) :]
        elif "wrong_signature" in notice.twists:
            signature = sign(merchant.signing_key, timestamp, nonce, body + b" ")
        return {
            "Content-Type": "application/json",
            "User-Agent": "Mozilla/4.0",
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": merchant.public_key_id,
            "Wechatpay-Signature": signature,
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
            "Request-ID": secrets.token_hex(16),
        }

    def _post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, str, str]:
        """Status, answer and outcome: ok, http, timeout or refused."""
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the environment has no business on loopback
            try:
                answer = session.post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False)
            except requests.Timeout:
                return 0, "", "timeout"
            except requests.RequestException as wrong:
                return 0, type(wrong).__name__, "refused"
        return answer.status_code, answer.text, "ok" if answer.status_code in TAKEN else "http"

    def _write_down(self, notice: Notice, attempt: dict[str, Any]) -> None:
        self._till.platform.log.add(
            at=attempt["at"],
            direction="push",
            app_id=str(notice.plain.get("appid", "")),
            openid=str(notice.plain.get("payer", {}).get("openid", "")),
            what=f"{notice.event_type} #{notice.tries}{' 探测' if attempt['probe'] else ''}",
            status=attempt["status"],
            ms=attempt["ms"],
            ok=attempt["outcome"] == "ok" or attempt["probe"],
            outcome=attempt["outcome"],
            why=" ".join(sorted(notice.twists)),
            gist=str(notice.plain.get("out_trade_no", "")),
            request=json.dumps(notice.plain, ensure_ascii=False, indent=1),
            response=attempt["answer"],
        )


def _twisted(plain: dict[str, Any], twists: frozenset[str]) -> dict[str, Any]:
    """The plain text as the faults want it."""
    made = dict(plain)
    if "wrong_amount" in twists:
        made["amount"] = {**made["amount"], "total": made["amount"]["total"] + 1}
    if "foreign_mchid" in twists:
        made["mchid"] = "1230000109"
    if "foreign_appid" in twists and "appid" in made:
        made["appid"] = "wxd678efh567hg6787"
    return made
