"""The gateway for text messages: both ways of signing, what it refuses, what the phones show."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from sandbox.aliyun import acs3_signature
from sandbox.app import Platform
from sandbox.clock import Clock
from sandbox.server import Running, serve
from sandbox.texts import NotSent

KEY, SECRET = "sandbox-sms-key", "sandbox-sms-secret"
NOW = 1_700_000_000.0
CODE = {"PhoneNumbers": "13800138000", "SignName": "微修", "TemplateCode": "SMS_100000001"}
NOTICE = {**CODE, "TemplateCode": "SMS_200000002", "TemplateParam": '{"order":"100019"}'}


@pytest.fixture
def wechat() -> Platform:
    return Platform([], clock=Clock(lambda: NOW))


@pytest.fixture
def server(wechat: Platform) -> Iterator[Running]:
    with serve(wechat) as running:
        yield running


class Gateway:
    """Signs each call anew."""

    def __init__(self, server: Running) -> None:
        self.url, self.count = f"{server.url}/aliyun-sms/", 0

    def rpc(self, more: dict[str, str], **changed: str) -> requests.Response:
        self.count += 1
        args = {
            "AccessKeyId": KEY, "Action": "SendSms", "Format": "JSON", "RegionId": "cn-hangzhou",
            "SignatureMethod": "HMAC-SHA1", "SignatureNonce": f"n{self.count}", "SignatureVersion": "1.0",
            "Timestamp": f"{datetime.fromtimestamp(NOW, UTC):%Y-%m-%dT%H:%M:%SZ}", "Version": "2017-05-25",
            **more, **changed,
        }  # fmt: skip
        told = "&".join(f"{quote(name, safe='-_.~')}={quote(args[name], safe='-_.~')}" for name in sorted(args))
        whole = f"POST&%2F&{quote(told, safe='-_.~')}".encode()
        signature = base64.b64encode(hmac.new(f"{SECRET}&".encode(), whole, hashlib.sha1).digest()).decode()
        return requests.post(self.url, data={"Signature": signature, **args, **changed}, timeout=5)

    def acs3(self, query: dict[str, str], **changed: str) -> requests.Response:
        self.count += 1
        body = b""
        headers = {
            "host": urlsplit(self.url).netloc, "x-acs-action": "SendSms", "x-acs-version": "2017-05-25",
            "x-acs-date": f"{datetime.fromtimestamp(NOW, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": f"m{self.count}", "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        }  # fmt: skip
        names = ";".join(sorted(headers))
        asked = "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        whole = f"POST\n/aliyun-sms/\n{asked}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
        told = f"ACS3-HMAC-SHA256\n{hashlib.sha256(whole.encode()).hexdigest()}".encode()
        signature = hmac.new(SECRET.encode(), told, hashlib.sha256).hexdigest()
        header = f"ACS3-HMAC-SHA256 Credential={KEY},SignedHeaders={names},Signature={signature}"
        return requests.post(
            f"{self.url}?{asked}", data=body, headers={**headers, "Authorization": header, **changed}, timeout=5
        )


@pytest.fixture
def gateway(server: Running) -> Gateway:
    return Gateway(server)


def test_a_text_signed_either_way_is_on_the_phone(wechat: Platform, server: Running, gateway: Gateway) -> None:
    first = gateway.rpc({**CODE, "TemplateParam": '{"code":"482913"}'}).json()
    assert (first["Code"], first["Message"]) == ("OK", "OK")
    assert gateway.acs3({**NOTICE, "PhoneNumbers": "+8613900139000"}).json()["BizId"]
    shown = requests.get(f"{server.url}/sandbox/api/texts?phone=13800138000", timeout=5).json()
    assert [one["content"] for one in shown] == ["【微修】您的验证码为：482913，五分钟内有效，请勿泄露给他人。"]
    assert len(wechat.texts.all()) == 2


def test_who_may_not_ask_is_told_why(gateway: Gateway) -> None:
    refused: list[tuple[dict[str, str], int, str]] = [
        ({"AccessKeyId": "other"}, 404, "InvalidAccessKeyId.NotFound"),
        ({"Signature": "AAAA"}, 400, "SignatureDoesNotMatch"),
        ({"Timestamp": "2023-11-14T00:00:00Z"}, 400, "InvalidTimeStamp.Expired"),
        ({"Timestamp": "now"}, 400, "InvalidTimeStamp.Format"),
        ({"Action": "SendLetters"}, 404, "InvalidAction.NotFound"),
        ({"SignatureNonce": ""}, 400, "MissingSignatureNonce"),
    ]
    for changed, status, code in refused:
        answer = gateway.rpc(NOTICE, **changed)
        assert (answer.status_code, answer.json()["Code"]) == (status, code)
    gateway.count = 100
    assert gateway.rpc(NOTICE).ok
    gateway.count = 100
    assert gateway.rpc(NOTICE).json()["Code"] == "SignatureNonceUsed"
    assert gateway.acs3(NOTICE, **{"x-acs-content-sha256": "0"}).json()["Code"] == "InvalidContentHash"
    assert gateway.acs3(NOTICE, **{"x-acs-version": "2017-05-26"}).json()["Code"] == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"PhoneNumbers": "12345"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"PhoneNumbers": "13800138000,138"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"SignName": "【微修】"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"TemplateCode": "hello"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateParam": "{"}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": "{}"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": json.dumps({"code": "1" * 36})}, "isv.PARAM_LENGTH_LIMIT"),
        ({"TemplateParam": '{"code":"http://x.cn"}'}, "isv.PARAM_NOT_SUPPORT_URL"),
    ],
)
def test_what_cannot_be_sent_is_told_with_http_200(
    wechat: Platform, gateway: Gateway, changed: dict[str, Any], code: str
) -> None:
    answer = gateway.rpc({**CODE, "TemplateParam": '{"code":"1"}', **changed})
    assert (answer.status_code, answer.json()["Code"]) == (200, code)
    assert wechat.texts.all() == []


def test_codes_are_few_and_notices_are_many(wechat: Platform, gateway: Gateway) -> None:
    def code() -> str:
        return str(gateway.rpc({**CODE, "TemplateParam": '{"code":"1"}'}).json()["Code"])

    assert [code(), code()] == ["OK", "isv.BUSINESS_LIMIT_CONTROL"]
    assert gateway.rpc(NOTICE).json()["Code"] == "OK", "notices are counted by themselves"
    for _ in range(4):
        wechat.clock.advance(seconds=60)
        assert code() == "OK"
    wechat.clock.advance(seconds=60)
    assert code() == "isv.BUSINESS_LIMIT_CONTROL", "five an hour"
    for _ in range(49):
        assert gateway.rpc(NOTICE).json()["Code"] == "OK"
    assert gateway.rpc(NOTICE).json()["Code"] == "isv.BUSINESS_LIMIT_CONTROL"


def test_its_switches(wechat: Platform, gateway: Gateway) -> None:
    wechat.faults.set({"sms_limit": 1, "sms_5xx": 1})
    assert gateway.rpc(NOTICE).status_code == 503
    assert gateway.rpc(NOTICE).json()["Code"] == "isv.BUSINESS_LIMIT_CONTROL"
    assert gateway.rpc(NOTICE).json()["Code"] == "OK"


def test_what_was_sent_is_found_by_the_senders_own_name(wechat: Platform, gateway: Gateway) -> None:
    wechat.faults.set({"sms_lost": 1, "sms_undelivered": 1})
    assert gateway.acs3({**NOTICE, "OutId": "n1"}).status_code == 503
    gateway.acs3({**NOTICE, "OutId": "n2"})
    asked = {"Action": "QuerySendDetails", "PhoneNumber": "13800138000", "SendDate": "20231115", "CurrentPage": "1"}
    answer = gateway.rpc({**asked, "PageSize": "10"}).json()
    listed = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    assert [(one["OutId"], one["SendStatus"]) for one in listed] == [("n2", 3), ("n1", 2)]
    assert gateway.rpc({**asked, "PageSize": "1", "CurrentPage": "2"}).json()["TotalCount"] == "2"
    assert gateway.rpc({**asked, "PageSize": "10", "SendDate": "20231114"}).json()["TotalCount"] == "0"
    assert gateway.rpc({**asked, "PageSize": "51"}).json()["Code"] == "isv.PAGE_SIZE_LIMIT"


def test_the_limits_say_which_they_are(wechat: Platform) -> None:
    def told() -> str:
        with pytest.raises(NotSent) as no:
            wechat.texts.send("13800138000", "微修", "SMS_100000001", {"code": "1"})
        return no.value.words

    wechat.texts.send("13800138000", "微修", "SMS_100000001", {"code": "1"})
    assert told() == "触发分钟级流控Permits:1"
    for _ in range(4):
        wechat.clock.advance(seconds=61)
        wechat.texts.send("13800138000", "微修", "SMS_100000001", {"code": "1"})
    wechat.clock.advance(seconds=61)
    assert told() == "触发小时级流控Permits:5"


def test_the_official_sample_of_acs3() -> None:
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(), "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    }  # fmt: skip
    made = acs3_signature("POST", "/", query, headers, ";".join(sorted(headers)), "YourAccessKeySecret")
    assert made == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
