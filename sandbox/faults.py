"""The fault switches; a new one is a field of `Faults`, read where it bites, and a row in static/panel.js."""

import random
import threading
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Faults:
    """Every switch at rest. Probabilities are 0 to 1; counters count down to 0. Change with `set`. Thread-safe."""

    slow_ms: int = 0  # API answers wait this long
    api_5xx: int = 0  # the next N API calls answer 502 and do nothing
    api_busy: int = 0  # the next N API calls answer errcode -1 and do nothing
    api_lost: int = 0  # the next N API calls are carried out, but the answer is a 502
    drop: float = 0.0  # the callback's answer is lost on its way back: the push is repeated
    drop_next: int = 0  # the same for exactly the next N attempts
    duplicate: float = 0.0  # a push is sent twice in parallel
    reorder: float = 0.0  # a push is held back until a later one of the same person has arrived
    reorder_hold_ms: int = 1500  # but no longer than this
    callback_timeout: float = 5.0  # seconds the platform waits for the callback
    retry_delay: float = 0.5  # seconds until the repeat after a non-200 or a refused connection
    deliveries: int = 3  # attempts in all
    template_fails: int = 0  # the next N template messages are taken, and the event says failed: system failed
    subscribe_fails: int = 0  # the next N subscription messages are taken, and the event says they failed
    subscribe_banned: int = 0  # the next N are refused: 43107
    subscribe_concurrent: int = 0  # the next N are refused: 43108
    sms_limit: int = 0  # the next N text messages are refused: isv.BUSINESS_LIMIT_CONTROL
    sms_5xx: int = 0  # the next N get a 503
    sms_lost: int = 0  # the next N are sent, but the answer is a 503
    sms_undelivered: int = 0  # the next N are taken, and the operator cannot deliver them
    snapshot_users: bool = False  # web authorization gives virtual accounts, as on a snapshot page
    pay_5xx: int = 0  # the next N calls of the payment API answer 500 SYSTEM_ERROR and do nothing
    pay_lost: int = 0  # the next N are carried out, but the answer is a 502
    pay_hang: int = 0  # the next N are carried out, but the answer comes after pay_hang_ms, as a 504
    pay_hang_ms: int = 15_000
    pay_bad_signature: int = 0  # the next N answers have a signature that is none
    pay_old_answer: int = 0  # the next N answers were signed an hour ago
    refund_seconds: float = 3.0  # a refund is PROCESSING so long, on the platform's clock
    refund_abnormal: int = 0  # the next N refunds end as ABNORMAL
    refund_closed: int = 0  # the next N refunds end as CLOSED
    refund_no_money: int = 0  # the next N refunds are refused: NOT_ENOUGH
    notice_lost: int = 0  # the next N payment notifications never leave, nor do their repeats
    notice_duplicate: int = 0  # the next N leave twice at the same time
    notice_reorder: int = 0  # the next N wait until a later one has arrived
    notice_late: float = 0.0  # notifications leave so many seconds late, on the platform's clock
    notice_dropped: int = 0  # the answer to the next N attempts is lost: they come again
    notice_wrong_amount: int = 0  # the next N say one fen more
    notice_foreign_mchid: int = 0  # the next N are about another merchant
    notice_foreign_appid: int = 0  # the next N are about another account
    notice_wrong_key: int = 0  # the next N are encrypted with another APIv3 key
    notice_wrong_signature: int = 0  # the next N have a signature that is none
    notice_probe: int = 0  # before each of the next N comes a probe, whose signature begins with WECHATPAY/SIGNTEST/
    notice_old: int = 0  # the next N attempts are dated an hour ago, and rightly signed
    cashier_lies: int = 0  # the next N pages are told cancel although the person paid
    quota_off: bool = False  # customer-service messages are not counted
    seed: int = 0  # not 0: the dice of the probabilities fall the same way each time
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _dice: random.Random = field(default_factory=random.Random, repr=False, compare=False)

    def set(self, changes: dict[str, Any]) -> None:
        """Change some switches at once.

        :raises ValueError: when a name is unknown or a value is not of the switch's type
        """
        known = {one.name: one for one in fields(self) if not one.name.startswith("_")}
        clean: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"no switch {name}; there are {', '.join(known)}")
            clean[name] = _as(type(known[name].default), name, value)
        with self._lock:
            for name, value in clean.items():
                setattr(self, name, value)
            if clean.get("seed"):
                self._dice.seed(clean["seed"])

    def take(self, name: str) -> bool:
        """Use up one of a counting switch; False when it stands at 0."""
        with self._lock:
            left: int = getattr(self, name)
            if left > 0:
                setattr(self, name, left - 1)
            return left > 0

    def falls(self, name: str) -> bool:
        """Throw the dice of a probability switch."""
        with self._lock:
            chance: float = getattr(self, name)
            return chance > 0 and self._dice.random() < chance

    def show(self) -> dict[str, Any]:
        """All switches as they stand."""
        with self._lock:
            return {one.name: getattr(self, one.name) for one in fields(self) if not one.name.startswith("_")}


def at_rest() -> dict[str, Any]:
    """The values of every switch when nothing is wrong."""
    return Faults().show()


def _as(kind: type, name: str, value: Any) -> Any:
    if kind is bool:
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} must be a number, 0 or more")
    return kind(value)
