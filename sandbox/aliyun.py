"""The gateway for text messages over HTTP, as Aliyun's dysmsapi 2017-05-25 has it: RPC style or ACS3 signatures; a new
action is a row of ACTIONS.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Request, Response, request

from sandbox.pay.trades import SHANGHAI
from sandbox.platform import Platform
from sandbox.texts import NotSent

VERSION = "2017-05-25"
SKEW = 900
ACS3 = "ACS3-HMAC-SHA256"


class Rejected(Exception):
    """The gateway's door says no: HTTP status, code, words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        self.status, self.code, self.words = status, code, words
        super().__init__(f"{status} {code} {words}")


def encoded(value: str) -> str:
    """RFC 3986, as both kinds of signature want it."""
    return quote(value, safe="-_.~")


def canonical(args: dict[str, str]) -> str:
    """Sorted by name."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(args.items()))


def rpc_signature(method: str, args: dict[str, str], secret: str) -> str:
    """HMAC-SHA1 over method, slash and all parameters but the signature itself."""
    told = f"{method}&{encoded('/')}&{encoded(canonical({k: v for k, v in args.items() if k != 'Signature'}))}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), told.encode(), hashlib.sha1).digest()).decode()


def acs3_signature(
    method: str, path: str, query: dict[str, str], headers: dict[str, str], names: str, secret: str
) -> str:
    """HMAC-SHA256 over the hash of the canonical request; `names` are the signed headers."""
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names.split(";"))
    told = "\n".join((method, path, canonical(query), lines, names, headers["x-acs-content-sha256"]))
    hashed = hashlib.sha256(told.encode()).hexdigest()
    return hmac.new(secret.encode(), f"{ACS3}\n{hashed}".encode(), hashlib.sha256).hexdigest()


def blueprint(platform: Platform) -> Blueprint:
    """The endpoint, bound to one platform."""
    routes, nonces = Blueprint("aliyun", __name__), set[str]()

    @routes.route("/aliyun-sms/", methods=["GET", "POST"])
    def gateway() -> Response:
        started = time.perf_counter()
        action = request.headers.get("x-acs-action") or request.values.get("Action", "")
        try:
            if platform.faults.take("sms_5xx"):
                raise Rejected(503, "ServiceUnavailable", "The request has failed due to a temporary failure.")
            answer, status = _carry_out(platform, request, nonces), 200
        except Rejected as no:
            answer, status = {"Code": no.code, "Message": no.words, "HostId": "dysmsapi.aliyuncs.com"}, no.status
        except NotSent as no:
            answer, status = {"Code": no.code, "Message": no.words}, 200
        answer["RequestId"] = secrets.token_hex(16).upper()
        _write_down(platform, action, answer, status, (time.perf_counter() - started) * 1000)
        return Response(json.dumps(answer, ensure_ascii=False), status, mimetype="application/json")

    return routes


def _carry_out(platform: Platform, asked: Request, nonces: set[str]) -> dict[str, Any]:
    args = {**asked.args.to_dict(), **asked.form.to_dict()}
    header = asked.headers.get("Authorization", "")
    action = _acs3(platform, asked, header, nonces) if header else _rpc(platform, asked, args, nonces)
    if action not in ACTIONS:
        raise Rejected(404, "InvalidAction.NotFound", "The specified action is not found.")
    return ACTIONS[action](platform, args)


def _rpc(platform: Platform, asked: Request, args: dict[str, str], nonces: set[str]) -> str:
    for name in ("AccessKeyId", "Signature", "SignatureNonce", "Timestamp", "Version", "Action"):
        if not args.get(name):
            raise Rejected(400, f"Missing{name}", f"{name} is mandatory for this action.")
    if (args.get("SignatureMethod"), args.get("SignatureVersion"), args["Version"]) != ("HMAC-SHA1", "1.0", VERSION):
        raise Rejected(400, "InvalidVersion", "Specified parameter Version or SignatureMethod is not valid.")
    _must_be_now(platform, args["Timestamp"])
    secret = _secret(platform, args["AccessKeyId"])
    if not hmac.compare_digest(rpc_signature(asked.method, args, secret), args["Signature"]):
        raise Rejected(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
    _must_be_new(nonces, args["SignatureNonce"])
    return args["Action"]


def _acs3(platform: Platform, asked: Request, header: str, nonces: set[str]) -> str:
    schema, _, rest = header.partition(" ")
    told = dict(one.strip().partition("=")[::2] for one in rest.split(","))
    headers = {name.lower(): value for name, value in asked.headers.items()}
    if schema != ACS3 or not {"Credential", "SignedHeaders", "Signature"} <= told.keys():
        raise Rejected(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
    needed = ("host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256")
    names = told["SignedHeaders"]
    if any(name not in headers or name not in names.split(";") for name in needed):
        raise Rejected(400, "MissingSignedHeaders", "A header that must be signed is missing.")
    if headers["x-acs-content-sha256"] != hashlib.sha256(asked.get_data(cache=True)).hexdigest():
        raise Rejected(400, "InvalidContentHash", "x-acs-content-sha256 does not match the body.")
    _must_be_now(platform, headers["x-acs-date"])
    secret = _secret(platform, told["Credential"])
    right = acs3_signature(asked.method, asked.path, asked.args.to_dict(), headers, names, secret)
    if not hmac.compare_digest(right, told["Signature"]):
        raise Rejected(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
    _must_be_new(nonces, headers["x-acs-signature-nonce"])
    if headers["x-acs-version"] != VERSION:
        raise Rejected(400, "InvalidVersion", "Specified parameter Version is not valid.")
    return headers["x-acs-action"]


def _secret(platform: Platform, key_id: str) -> str:
    known_id, secret = platform.sms_key
    if key_id != known_id:
        raise Rejected(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    return secret


def _must_be_now(platform: Platform, at: str) -> None:
    try:
        told = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise Rejected(400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted.") from None
    if abs(told - platform.clock.wall()) > SKEW:
        raise Rejected(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


def _must_be_new(nonces: set[str], nonce: str) -> None:
    if nonce in nonces:
        raise Rejected(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
    nonces.add(nonce)


def _send(platform: Platform, args: dict[str, str]) -> dict[str, Any]:
    for name in ("PhoneNumbers", "SignName", "TemplateCode"):
        if not args.get(name):
            raise Rejected(400, f"Missing{name}", f"{name} is mandatory for this action.")
    try:
        params = json.loads(args.get("TemplateParam") or "{}")
    except ValueError:
        params = None
    if not isinstance(params, dict):
        raise NotSent("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值")
    if platform.faults.take("sms_limit"):
        raise NotSent("isv.BUSINESS_LIMIT_CONTROL", "触发号码天级流控Permits:10")
    arrives = not platform.faults.take("sms_undelivered")
    biz_id = platform.texts.send(
        args["PhoneNumbers"], args["SignName"], args["TemplateCode"], params, args.get("OutId", ""), arrives=arrives
    )
    if platform.faults.take("sms_lost"):
        raise Rejected(503, "ServiceUnavailable", "The request has failed due to a temporary failure.")
    return {"Code": "OK", "Message": "OK", "BizId": biz_id}


def _details(platform: Platform, args: dict[str, str]) -> dict[str, Any]:
    """What one number was sent on one day, the newest first; SendStatus 3 arrived, 2 failed."""
    for name in ("PhoneNumber", "SendDate", "CurrentPage", "PageSize"):
        if not args.get(name):
            raise Rejected(400, f"Missing{name}", f"{name} is mandatory for this action.")
    size, page = int(args["PageSize"]), int(args["CurrentPage"])
    if not 1 <= size <= 50 or page < 1:
        raise NotSent("isv.PAGE_SIZE_LIMIT", "分页参数不合法")
    own = [one for one in reversed(platform.texts.all(args["PhoneNumber"])) if _day(one["at"]) == args["SendDate"]]
    listed = [
        {
            "PhoneNum": one["phone"], "TemplateCode": one["template_code"], "Content": one["content"],
            "OutId": one["out_id"], "SendStatus": 3 if one["arrived"] else 2,
            "ErrCode": "DELIVERED" if one["arrived"] else "MK:0001",
            "SendDate": f"{_local(one['at']):%Y-%m-%d %H:%M:%S}",
        }
        for one in own[(page - 1) * size : page * size]
    ]  # fmt: skip
    return {
        "Code": "OK",
        "Message": "OK",
        "TotalCount": str(len(own)),
        "SmsSendDetailDTOs": {"SmsSendDetailDTO": listed},
    }


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, SHANGHAI)


def _day(at: float) -> str:
    return f"{_local(at):%Y%m%d}"


ACTIONS = {"SendSms": _send, "QuerySendDetails": _details}


def _write_down(platform: Platform, action: str, answer: dict[str, Any], status: int, ms: float) -> None:
    good = answer["Code"] == "OK"
    platform.log.add(
        at=platform.clock.now(), direction="api", app_id="", what=f"短信 {action}", status=status, ms=round(ms, 1), ok=good,
        outcome="ok" if good else answer["Code"], why="" if good else answer["Message"],
        response=json.dumps(answer, ensure_ascii=False),
    )  # fmt: skip
    platform.changes.note()
