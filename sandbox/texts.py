"""Text messages: what a gateway like Aliyun's took and the phones show; a new template is a row of TEMPLATES.

Registered templates are checked and filled in; any other code of the right form is taken and shown with its parameters.
"""

import itertools
import re
import threading
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.clock import Clock

CODE = re.compile(r"SMS_\d{3,15}")
SIGN = re.compile(r"[\w（）()·\-]{2,20}")
PHONE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
VARIABLE = re.compile(r"\$\{(\w+)\}")
VALUE_MOST = 35
TEMPLATES = {
    "SMS_100000001": "您的验证码为：${code}，五分钟内有效，请勿泄露给他人。",
    "SMS_100000002": "您的服务单${order}：${words}",
}
LIMITS = {True: ((60, 1), (3600, 5), (86_400, 10)), False: ((86_400, 50),)}
"""Seconds and how many to one number: codes, and notices."""
PERIODS = {60: "分钟", 3600: "小时", 86_400: "天"}


class NotSent(Exception):
    """The gateway says no: a code and words."""

    def __init__(self, code: str, words: str) -> None:
        self.code, self.words = code, words
        super().__init__(f"{code} {words}")


@dataclass(frozen=True)
class Text:
    """One message on a phone."""

    id: int
    at: float
    phone: str
    sign_name: str
    template_code: str
    content: str
    biz_id: str
    out_id: str = ""
    arrived: bool = True  # or the operator could not deliver it

    def show(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


class Texts:
    """All messages to all phones. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._sent: list[Text] = []
        self.templates = dict(TEMPLATES)
        self.limited = True

    def send(
        self, phones: str, sign_name: str, template_code: str, params: dict[str, Any], out_id: str = "", *,
        arrives: bool = True,
    ) -> str:  # fmt: skip
        """One message to each number of a comma-separated list; returns the BizId. `out_id` is the sender's own name for it.

        :raises NotSent: nothing was sent to anybody
        """
        numbers = [PHONE.fullmatch(one.strip()) for one in phones.split(",")]
        found = [one[1] for one in numbers if one]
        if not found or len(found) < len(numbers) or len(found) > 1000:
            raise NotSent("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号")
        if not SIGN.fullmatch(sign_name):
            raise NotSent("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
        content = self._filled(template_code, params)
        with self._lock:
            now = self._clock.now()
            for phone in found:
                self._must_not_be_too_many(phone, sign_name, template_code, now)
            biz_id = f"{next(self._ids)}{int(now)}^0"
            words = f"【{sign_name}】{content}"
            self._sent += [
                Text(next(self._ids), now, phone, sign_name, template_code, words, biz_id, out_id, arrives)
                for phone in found
            ]
        return biz_id

    def _filled(self, template_code: str, params: dict[str, Any]) -> str:
        if not CODE.fullmatch(template_code):
            raise NotSent("isv.SMS_TEMPLATE_ILLEGAL", "短信模板不合法")
        for name, value in params.items():
            if not isinstance(value, str | int) or len(str(value)) > VALUE_MOST:
                raise NotSent("isv.PARAM_LENGTH_LIMIT", f"参数{name}超出长度限制")
            if re.search(r"https?://", str(value)):
                raise NotSent("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL")
        template = self.templates.get(template_code)
        if template is None:
            return f"{template_code} " + " ".join(f"{name}={value}" for name, value in params.items())
        missing = [name for name in VARIABLE.findall(template) if name not in params]
        if missing:
            raise NotSent("isv.TEMPLATE_MISSING_PARAMETERS", f"模版缺少变量{missing[0]}")
        return VARIABLE.sub(lambda one: str(params[one[1]]), template)

    def _must_not_be_too_many(self, phone: str, sign_name: str, template_code: str, now: float) -> None:
        is_code = self._is_code(template_code)
        own = [
            one.at
            for one in self._sent
            if (one.phone, one.sign_name, self._is_code(one.template_code)) == (phone, sign_name, is_code)
        ]
        for seconds, most in LIMITS[is_code] if self.limited else ():
            if sum(at > now - seconds for at in own) >= most:
                raise NotSent("isv.BUSINESS_LIMIT_CONTROL", f"触发{PERIODS[seconds]}级流控Permits:{most}")

    def _is_code(self, template_code: str) -> bool:
        return "验证码" in self.templates.get(template_code, "")

    def all(self, phone: str = "", since: int = 0) -> list[dict[str, Any]]:
        """The oldest first; of one phone when it is named."""
        with self._lock:
            return [one.show() for one in self._sent if phone in ("", one.phone) and one.id > since]

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._sent.clear()
