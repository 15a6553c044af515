"""The payment API over HTTP (protocol sheet 7.1, 7.2): who asks is checked, answers are signed; a new call is a row of CALLS."""

import gzip
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Request, Response, request

from sandbox.pay import bills, refunding
from sandbox.pay.errors import PayError
from sandbox.pay.merchants import Merchant
from sandbox.pay.signing import SCHEMA, authorization, sign, signed
from sandbox.pay.till import Till

SKEW = 300
BODY_MOST = 64 << 10


@dataclass
class PayCall:
    """One call: `where` are the parts of its path that vary."""

    till: Till
    request: Request
    where: dict[str, str]
    merchant: Merchant | None = None

    @property
    def by(self) -> Merchant:
        """Who asks."""
        assert self.merchant
        return self.merchant

    @property
    def args(self) -> dict[str, str]:
        """The query."""
        return self.request.args.to_dict()

    def json(self) -> dict[str, Any]:
        """The body.

        :raises PayError: it is no JSON object
        """
        try:
            body = json.loads(self.request.get_data(cache=True))
        except ValueError as wrong:
            raise PayError(400, "PARAM_ERROR", "请求体不是有效的 JSON") from wrong
        if not isinstance(body, dict):
            raise PayError(400, "PARAM_ERROR", "请求体不是 JSON 对象")
        return body


Answer = dict[str, Any] | Response | None  # an object, a file, or nothing (204)
Handler = Callable[[PayCall], Answer]


def _place(call: PayCall) -> Answer:
    return {**call.till.place(call.by, call.where["kind"], call.json())}


def _by_number(call: PayCall) -> Answer:
    return call.till.find(call.by, call.args.get("mchid"), number=call.where["number"]).show()


def _by_id(call: PayCall) -> Answer:
    return call.till.find(call.by, call.args.get("mchid"), transaction_id=call.where["number"]).show()


def _close(call: PayCall) -> Answer:
    call.till.close(call.till.find(call.by, call.json().get("mchid"), number=call.where["number"]))
    return None


def _refund(call: PayCall) -> Answer:
    return refunding.refund(call.till, call.by, call.json()).show()


def _refund_query(call: PayCall) -> Answer:
    return refunding.find(call.till, call.by, call.where["number"]).show()


def _abnormal(call: PayCall) -> Answer:
    return refunding.apply_abnormal(call.till, call.by, call.where["number"], call.json()).show()


def _trade_bill(call: PayCall) -> Answer:
    return {**bills.trade_bill(call.till, call.by, call.args)}


def _flow_bill(call: PayCall) -> Answer:
    return {**bills.flow_bill(call.till, call.by, call.args)}


def _download(call: PayCall) -> Answer:
    file = call.till.files.get(call.args.get("token", ""))
    if file is None or file.mch_id != call.by.mch_id or file.until <= call.till.now:
        raise PayError(400, "PARAM_ERROR", "下载链接无效或已过期，请重新申请账单")
    data = gzip.compress(file.text) if file.gzip else file.text
    return Response(data, mimetype="application/x-gzip" if file.gzip else "text/plain")


def _certificates(call: PayCall) -> Answer:
    raise PayError(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请使用微信支付公钥")


CALLS: list[tuple[str, str, Handler]] = [
    ("POST", "/v3/pay/transactions/<any(jsapi,native,h5):kind>", _place),
    ("GET", "/v3/pay/transactions/out-trade-no/<number>", _by_number),
    ("GET", "/v3/pay/transactions/id/<number>", _by_id),
    ("POST", "/v3/pay/transactions/out-trade-no/<number>/close", _close),
    ("POST", "/v3/refund/domestic/refunds", _refund),
    ("GET", "/v3/refund/domestic/refunds/<number>", _refund_query),
    ("POST", "/v3/refund/domestic/refunds/<number>/apply-abnormal-refund", _abnormal),
    ("GET", "/v3/bill/tradebill", _trade_bill),
    ("GET", "/v3/bill/fundflowbill", _flow_bill),
    ("GET", "/v3/billdownload/file", _download),
    ("GET", "/v3/certificates", _certificates),
]


def blueprint(till: Till) -> Blueprint:
    """All calls, bound to one platform's till."""
    routes = Blueprint("pay", __name__)
    for method, path, handler in CALLS:
        routes.add_url_rule(path, f"{method} {path}".replace(".", ""), _view(till, handler), methods=[method])
    return routes


def _view(till: Till, handler: Handler) -> Callable[..., Response]:
    return lambda **where: serve(PayCall(till, request, where), handler)


def serve(call: PayCall, handler: Handler) -> Response:
    """Answer one call and write it down; the fault switches bite here."""
    till, faults, started = call.till, call.till.platform.faults, time.perf_counter()
    if faults.slow_ms:
        time.sleep(faults.slow_ms / 1000)
    if till.down:
        answer = _bad_gateway(502)
    elif faults.take("pay_5xx"):
        answer = _refused(PayError(500, "SYSTEM_ERROR", "系统异常，请稍后重试"))
    else:
        answer = _carry_out(call, handler)
        if faults.take("pay_lost"):
            answer = _bad_gateway(502)
        elif faults.take("pay_hang"):
            time.sleep(faults.pay_hang_ms / 1000)
            answer = _bad_gateway(504)
    till.timeline.look()
    _write_down(call, answer, (time.perf_counter() - started) * 1000)
    return answer


def _carry_out(call: PayCall, handler: Handler) -> Response:
    try:
        call.merchant = _caller(call)
        made = handler(call)
    except PayError as wrong:
        return _refused(wrong)
    if isinstance(made, Response):
        made.headers["Request-Id"] = _request_id(0)
        return made  # a bill: the platform does not sign downloads
    body = json.dumps(made, ensure_ascii=False).encode() if made is not None else b""
    answer = Response(body, 200 if made is not None else 204, mimetype="application/json")
    answer.headers.extend(_signature(call, body))
    answer.headers["Request-Id"] = _request_id(0)
    return answer


def _caller(call: PayCall) -> Merchant:
    """The merchant whose signature it is.

    :raises PayError: 401 SIGN_ERROR, or 400 for a request without the headers every client sends
    """
    headers = call.request.headers
    if not headers.get("User-Agent") or not headers.get("Accept"):
        raise PayError(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    told = authorization(headers.get("Authorization", ""))
    if told is None:
        raise PayError(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    merchant = call.till.merchants.get(told["mchid"])
    if merchant is None:
        raise PayError(401, "SIGN_ERROR", "商户号不存在或未开通 API 权限")
    if told["serial_no"].upper() != merchant.cert_serial:
        raise PayError(401, "SIGN_ERROR", "商户证书序列号有误。请使用签名私钥匹配的证书序列号")
    stamp = told["timestamp"]
    if not stamp.isdecimal() or abs(int(stamp) - call.till.platform.clock.wall()) > SKEW:
        raise PayError(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    body, path = call.request.get_data(cache=True), _path(call.request)
    if not signed(merchant.public_key, told["signature"], call.request.method, path, stamp, told["nonce_str"], body):
        length = len(f"{call.request.method}\n{path}\n{stamp}\n{told['nonce_str']}\n\n".encode() + body)
        information = {"method": call.request.method, "url": path, "sign_message_length": length}
        detail = {
            "location": "authorization", "field": "signature", "issue": "sign not match",
            "sign_information": {**information, "truncated_sign_message": f"{call.request.method}\n{path}\n"},
        }  # fmt: skip
        raise PayError(401, "SIGN_ERROR", "错误的签名，验签失败", detail=detail)
    wanted = headers.get("Wechatpay-Serial", merchant.public_key_id)
    if wanted != merchant.public_key_id:
        raise PayError(400, "PARAM_ERROR", "平台证书序列号Wechatpay-Serial错误")
    return merchant


def _path(asked: Request) -> str:
    """Path and query as they were sent: what was signed must be what was sent."""
    raw = asked.environ.get("RAW_URI") or asked.environ.get("REQUEST_URI")
    return str(raw) if raw else asked.full_path.removesuffix("?")


def _signature(call: PayCall, body: bytes) -> dict[str, str]:
    faults, clock = call.till.platform.faults, call.till.platform.clock
    stamp = str(int(clock.wall()) - (3600 if faults.take("pay_old_answer") else 0))
    nonce = secrets.token_hex(16)
    spoilt = b" " if faults.take("pay_bad_signature") else b""
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": call.by.public_key_id,
        "Wechatpay-Signature": sign(call.by.signing_key, stamp, nonce, body + spoilt),
        "Wechatpay-Signature-Type": SCHEMA,
    }


def _refused(wrong: PayError) -> Response:
    answer = Response(json.dumps(wrong.show(), ensure_ascii=False), wrong.status, mimetype="application/json")
    answer.headers["Request-Id"] = _request_id(wrong.number)
    return answer


def _bad_gateway(status: int) -> Response:
    words = {502: "502 Bad Gateway", 504: "504 Gateway Time-out"}[status]
    return Response(
        f"<html><head><title>{words}</title></head><body>{words}</body></html>", status, mimetype="text/html"
    )


def _request_id(number: int) -> str:
    return f"{secrets.token_hex(20).upper()}-{number}"


def _write_down(call: PayCall, answer: Response, ms: float) -> None:
    good, textual = answer.status_code < 300, answer.mimetype in ("application/json", "text/html")
    response = answer.get_data(as_text=True) if textual else f"({answer.mimetype}, {answer.content_length} bytes)"
    failed = json.loads(response) if not good and answer.mimetype == "application/json" else {}
    call.till.platform.log.add(
        at=call.till.now,
        direction="api",
        app_id="",
        what=f"{call.request.method} {call.request.path}",
        status=answer.status_code,
        ms=round(ms, 1),
        ok=good,
        outcome="ok" if good else failed.get("code", "http"),
        why=failed.get("message", ""),
        gist=call.merchant.mch_id if call.merchant else "",
        request=call.request.get_data(cache=True, as_text=True) or str(call.args),
        response=response,
    )
    call.till.platform.changes.note()
