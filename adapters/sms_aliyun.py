"""Text messages by Aliyun (阿里云短信, Dysmsapi 2017-05-25), over its plain HTTP interface: its SDK would bring thirty packages.

Aliyun sends nothing but templates it has approved: which one says what is a setting, the words are its own. A code of Aliyun's
is a row of `CODES`. Nobody is sent a message twice: every one carries its key as OutId, and before a repeat the day's list is
looked at. Logs have codes, never a number.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import structlog

from adapters.metrics import PLATFORM_ERRORS
from adapters.wechat.answers import lost_call
from domain.kit.unit_of_work import SHANGHAI
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater, TextForm

VERSION = "2017-05-25"
TIMEOUTS = (3.0, 8.0)
"""Seconds to connect, and to answer."""
STAFF_TIME = timedelta(minutes=10)
"""Between tries while somebody sees to the account's set-up."""
LISTED_WITHIN = timedelta(seconds=30)
"""A message whose answer was an error may have been sent, and stands in the day's list by then: a repeat looks there."""
LONGEST = 35
"""Characters of one value: longer ones are refused (isv.PARAM_LENGTH_LIMIT)."""
PAGE = 50
OK, WAITING, FAILED = "OK", 1, 2
"""Of a message in the day's list: 1 waits for the operator's answer, 2 failed, 3 arrived."""
LIMIT = "isv.BUSINESS_LIMIT_CONTROL"

NEVER, SOON, STAFF = "never", "soon", "staff"
CODES: Mapping[str, tuple[str, str]] = {
    "isv.MOBILE_NUMBER_ILLEGAL": (NEVER, "不是能收短信的手机号"),
    "isv.MOBILE_COUNT_OVER_LIMIT": (NEVER, "号码过多"),
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": (NEVER, "号码所在地区发不了"),
    "isv.BLACK_KEY_CONTROL_LIMIT": (NEVER, "内容里有不允许的词"),
    "isv.PARAM_NOT_SUPPORT_URL": (NEVER, "短信模板的变量不能是网址"),
    "isv.PARAM_LENGTH_LIMIT": (NEVER, "短信模板的变量太长"),
    "isv.TEMPLATE_PARAMS_ILLEGAL": (NEVER, "短信模板的变量不正确"),
    "isv.TEMPLATE_MISSING_PARAMETERS": (NEVER, "短信模板缺少变量"),
    "isv.INVALID_JSON_PARAM": (NEVER, "短信模板的变量不正确"),
    "isv.SMS_TEMPLATE_ILLEGAL": (STAFF, "短信模板没有通过审核，或不是这个账号的"),
    "isv.SMS_SIGNATURE_ILLEGAL": (STAFF, "短信签名没有通过审核，或不是这个账号的"),
    "isv.OUT_OF_SERVICE": (STAFF, "短信服务已停机，请充值"),
    "isv.AMOUNT_NOT_ENOUGH": (STAFF, "短信账户余额不足"),
    "isv.ACCOUNT_ABNORMAL": (STAFF, "短信账户异常"),
    "isv.PRODUCT_UN_SUBSCRIPT": (STAFF, "没有开通短信服务"),
    "isv.DENY_IP_RANGE": (STAFF, "服务器 IP 不在白名单"),
    "isp.RAM_PERMISSION_DENY": (STAFF, "AccessKey 没有短信权限"),
    "InvalidAccessKeyId.NotFound": (STAFF, "AccessKey 不存在"),
    "InvalidAccessKeyId.Inactive": (STAFF, "AccessKey 已停用"),
    "SignatureDoesNotMatch": (STAFF, "AccessKey 的密钥不正确"),
    "isp.SYSTEM_ERROR": (SOON, "短信平台出错"),
    "Throttling.User": (SOON, "调用太频繁"),
    "Throttling": (SOON, "调用太频繁"),
    "ServiceUnavailable": (SOON, "短信平台繁忙"),
    "InternalError": (SOON, "短信平台出错"),
}

log = structlog.get_logger()


@dataclass(frozen=True)
class Keys:
    """Of an Aliyun account; ``templates`` is purpose → code of the template that says it."""

    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    templates: Mapping[str, str]


class AliyunTexts:
    """A `jobs.channels.TextMessages`. One per process."""

    def __init__(
        self, api_url: str, keys: Keys, clock: Callable[[], datetime], timeouts: tuple[float, float] = TIMEOUTS
    ) -> None:
        self.api_url, self.keys, self.clock, self.timeouts = api_url.rstrip("/") + "/", keys, clock, timeouts
        self.http = requests.Session()

    def send(self, phone: str, words: str, form: TextForm) -> None:
        """See `jobs.channels`. ``words`` go unused: the template has its own."""
        template = self.keys.templates.get(form.purpose)
        if template is None:
            raise NeverAgain(0, f"没有设置这类短信的模板（{form.purpose}）")
        if form.again and self.was_taken(phone, form.key):
            return
        values = fitted(form.values)
        answer = self.call(
            "SendSms",
            {
                "PhoneNumbers": phone, "SignName": self.keys.sign_name, "TemplateCode": template,
                "TemplateParam": json.dumps(values, ensure_ascii=False), "OutId": form.key,
            },
        )  # fmt: skip
        if answer.get("Code") != OK:
            raise self.refusal("SendSms", answer)

    def was_taken(self, phone: str, key: str) -> bool:
        """Whether an earlier try has arrived after all: by the lists of today and yesterday, for tries around midnight.

        :raises NeverAgain: it did, and the operator could not deliver it
        """
        for day in (self.clock(), self.clock() - timedelta(days=1)):
            asked = {"PhoneNumber": phone, "SendDate": f"{day.astimezone(SHANGHAI):%Y%m%d}", "CurrentPage": "1"}
            try:
                answer = self.call("QuerySendDetails", asked | {"PageSize": str(PAGE)})
            except OutcomeUnknown as lost:
                raise RetryLater(str(lost)) from None  # asking changes nothing
            if answer.get("Code") != OK:
                raise self.refusal("QuerySendDetails", answer)
            listed = (answer.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            found = next((one for one in listed if one.get("OutId") == key), None)
            if found is not None:
                if int(found.get("SendStatus") or WAITING) == FAILED:
                    raise NeverAgain(0, f"运营商没有送达：{str(found.get('ErrCode', ''))[:40]}")
                return True
        return False

    def call(self, action: str, params: Mapping[str, str]) -> dict[str, Any]:
        """One HTTP exchange; what comes back may be a refusal. Exceptions are not chained: those of requests quote the number."""
        url = urlsplit(self.api_url)
        now = self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = signed_headers(
            self.keys, url.netloc, url.path, action, VERSION, params, at=now, nonce=secrets.token_hex(16)
        )
        try:
            response = self.http.post(
                f"{self.api_url}?{query_of(params)}", headers=headers, data=b"",
                timeout=self.timeouts, allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise lost_call(action, error) from None
        try:
            answer = json.loads(response.content)
        except ValueError:
            answer = None
        if isinstance(answer, dict) and answer.get("Code"):
            return answer
        if response.status_code >= 500:
            raise RetryLater(f"短信平台出错：HTTP {response.status_code}", LISTED_WITHIN)
        raise NeverAgain(response.status_code, "短信平台的回答无法理解")

    def refusal(self, action: str, answer: Mapping[str, Any]) -> ChannelError:
        """Log Aliyun's no and turn it into what to do."""
        code, said = str(answer.get("Code")), str(answer.get("Message", ""))
        log.warning("sms refused", action=action, code=code, request=str(answer.get("RequestId", ""))[:40])
        PLATFORM_ERRORS.labels(action, code[:60]).inc()
        if code == LIMIT:
            return RetryLater("对这个号码的短信已达上限，稍后再发", pause(said, self.clock()))
        do, words = CODES.get(code, (NEVER, "短信平台拒绝发送"))
        if do == NEVER:
            return NeverAgain(0, f"{code} {words}")
        return RetryLater(f"{code} {words}", STAFF_TIME if do == STAFF else LISTED_WITHIN)


def fitted(given: Mapping[str, str]) -> dict[str, str]:
    """What a template is filled with. A page's name is longer than one value may be: templates have ``${link}${link2}``."""
    page = given.get("link", "")
    values = {**given, "link": page[:LONGEST], "link2": page[LONGEST:]}
    return {name: value[:LONGEST] for name, value in values.items() if value}


def pause(said: str, now: datetime) -> timedelta:
    """How long a number is to be left alone: Aliyun says which of its limits was met, by the minute, the hour or the day."""
    if "天" in said or "day" in said.lower():
        here = now.astimezone(SHANGHAI)
        morning = (here + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0)
        return morning - here
    return timedelta(hours=1) if "小时" in said or "hour" in said.lower() else timedelta(seconds=65)


def signed_headers(
    keys: Keys, host: str, path: str, action: str, version: str, params: Mapping[str, str], *, at: str, nonce: str
) -> dict[str, str]:
    """The headers of a POST without a body, signed by ACS3-HMAC-SHA256."""
    body = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host, "x-acs-action": action, "x-acs-content-sha256": body, "x-acs-date": at,
        "x-acs-signature-nonce": nonce, "x-acs-version": version,
    }  # fmt: skip
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n{path}\n{query_of(params)}\n{lines}\n{names}\n{body}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(keys.key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"ACS3-HMAC-SHA256 Credential={keys.key_id},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": authorization}


def query_of(params: Mapping[str, str]) -> str:
    """As RFC 3986 wants it, in the order of the names."""
    return "&".join(f"{quote(name, safe='-_.~')}={quote(params[name], safe='-_.~')}" for name in sorted(params))
