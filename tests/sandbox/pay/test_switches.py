"""What goes wrong on the way to the payment API: each switch does what its name says, and counts down."""

from collections.abc import Mapping

import pytest
import requests

from sandbox.app import Platform
from tests.adapters.watching import until
from tests.sandbox.pay.conftest import PROGRAM, Counter
from tests.sandbox.pay.merchant import Shop, checks

NUMBER = "T100000019"


def test_a_5xx_before_did_nothing_and_one_after_did_it(wechat: Platform, shop: Shop) -> None:
    wechat.faults.set({"pay_5xx": 1})
    answer = shop.order(NUMBER, "native")
    assert (answer.status_code, answer.json()["code"]) == (500, "SYSTEM_ERROR")
    assert shop.query(NUMBER).status_code == 404
    wechat.faults.set({"pay_lost": 1})
    assert shop.order(NUMBER, "native").status_code == 502
    assert shop.query(NUMBER).json()["trade_state"] == "NOTPAY"


def test_an_answer_that_does_not_come_in_time_was_carried_out(wechat: Platform, counter: Counter) -> None:
    counter.paid(NUMBER)
    wechat.faults.set({"pay_hang": 1, "pay_hang_ms": 300})
    shop = counter.shop
    body = '{"out_trade_no":"T100000019","out_refund_no":"R1","amount":{"refund":1,"total":10000,"currency":"CNY"}}'
    path = "/v3/refund/domestic/refunds"
    headers = {"Authorization": shop.authorization("POST", path, body)}
    with pytest.raises(requests.Timeout):
        requests.post(shop.server.url + path, data=body, headers=headers, timeout=0.1)
    assert until(lambda: shop.call("GET", f"{path}/R1").ok, 20)


def test_answers_can_be_signed_wrongly_or_long_ago(wechat: Platform, shop: Shop) -> None:
    wechat.faults.set({"pay_bad_signature": 1})
    answer = shop.order(NUMBER, "native")
    assert answer.ok
    assert not checks(shop.merchant, answer.headers, answer.content)
    wechat.faults.set({"pay_old_answer": 1})
    answer = shop.query(NUMBER)
    assert checks(shop.merchant, answer.headers, answer.content)
    assert int(answer.headers["Wechatpay-Timestamp"]) == int(shop.at) - 3600
    answer = shop.query(NUMBER)
    assert checks(shop.merchant, answer.headers, answer.content)
    assert int(answer.headers["Wechatpay-Timestamp"]) == int(shop.at)


def control(shop: Shop, method: str, path: str, body: Mapping[str, object] | None = None) -> requests.Response:
    return requests.request(method, f"{shop.server.url}/sandbox/api/pay{path}", json=body, timeout=15)


def test_for_an_hour_nobody_gets_through(wechat: Platform, shop: Shop) -> None:
    assert control(shop, "POST", "/down", {"minutes": 60}).ok
    assert shop.order(NUMBER, "native").status_code == 502
    wechat.clock.advance(minutes=60)
    assert shop.order(NUMBER, "native").ok


def test_a_test_pays_by_the_control_api_and_sees_who_was_told(counter: Counter) -> None:
    shop, buyer = counter.shop, counter.buyer
    counter.ordered(NUMBER)
    done = control(shop, "POST", f"/trades/{NUMBER}/pay", {}).json()
    assert (done["trade_state"], done["payer_name"]) == ("SUCCESS", "王小明")
    assert done["notices"][0]["state"] == "taken"
    assert len(counter.told.told) == 1
    again = control(shop, "POST", f"/notices/{done['notices'][0]['id']}/again").json()
    assert [one["outcome"] for one in again["attempts"]] == ["ok", "ok"]
    assert len(counter.told.told) == 2
    assert control(shop, "POST", f"/trades/{NUMBER}/pay", {}).json()["error"] == "该订单已支付"
    assert control(shop, "POST", "/trades/T-none/pay", {}).status_code == 400
    shop.refund(NUMBER, "R1", 100, notify_url=counter.told.url)
    assert control(shop, "POST", "/refunds/R1/finish", {"outcome": "ABNORMAL"}).json()["status"] == "ABNORMAL"
    assert counter.told.told[-1].body["event_type"] == "REFUND.ABNORMAL"
    assert control(shop, "POST", "/refunds/R1/finish", {"outcome": "MAYBE"}).status_code == 400
    assert control(shop, "GET", "/trades").json()[0]["refunds"][0]["out_refund_no"] == "R1"
    [own] = control(shop, "GET", "/merchants").json()
    assert own["balance_fen"] == 1_000_000 + 10_000 - 60 - 100 + 1
    assert control(shop, "POST", f"/merchants/{own['mch_id']}/balance", {"fen": 5}).json() == {"balance_fen": 5}
    assert buyer.openid == done["openid"]


@pytest.mark.parametrize("act", ["pay", "cancel", "fail", "look"])
def test_the_cashier_answers_a_mini_program_as_it_answers_a_page(counter: Counter, act: str) -> None:
    given = {**counter.shop.pay_parameters(counter.ordered(NUMBER)), "act": act}
    told = control(counter.shop, "POST", "/cashier", given).json()
    assert told.get("err_msg", "").removeprefix("get_brand_wcpay_request:") == {
        "pay": "ok", "cancel": "cancel", "fail": "fail", "look": "",
    }[act]  # fmt: skip
    assert counter.shop.query(NUMBER).json()["trade_state"] == ("SUCCESS" if act == "pay" else "NOTPAY")


WRONG: list[tuple[dict[str, object], str]] = [
    ({"paySign": "AAAA"}, "签名失败"),
    ({"appId": "wx5eed0000demo0002"}, "签名失败"),
    ({"nonceStr": "other"}, "签名失败"),
    ({"signType": "MD5"}, "signType"),
    ({"timeStamp": 1_699_934_400}, "缺少参数：timeStamp"),
    ({"timeStamp": "1699934400000"}, "timeStamp"),
    ({"package": "wx2023"}, "package"),
    ({"package": "prepay_id=wx2023"}, "失效"),
    ({"paySign": ""}, "缺少参数：paySign"),
]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_the_cashier_does_not_open_for(counter: Counter, changed: dict[str, object], words: str) -> None:
    given = {**counter.shop.pay_parameters(counter.ordered(NUMBER)), **changed}
    told = control(counter.shop, "POST", "/cashier", given).json()
    assert told["err_msg"] == "get_brand_wcpay_request:fail"
    assert words in told["err_desc"]


def test_the_cashier_opens_for_the_account_that_ordered_only(counter: Counter) -> None:
    given = counter.shop.pay_parameters(counter.ordered(NUMBER), PROGRAM)
    assert "签名失败" in control(counter.shop, "POST", "/cashier", given).json()["err_desc"], (
        "rightly signed, for another"
    )


def test_a_page_can_be_lied_to(wechat: Platform, counter: Counter) -> None:
    wechat.faults.set({"cashier_lies": 1})
    told = control(counter.shop, "POST", "/cashier", counter.shop.pay_parameters(counter.ordered(NUMBER))).json()
    assert told["err_msg"] == "get_brand_wcpay_request:cancel"
    assert counter.shop.query(NUMBER).json()["trade_state"] == "SUCCESS"


def test_a_reset_forgets_trades_and_calms_everything(wechat: Platform, counter: Counter) -> None:
    counter.paid(NUMBER)
    wechat.faults.set({"pay_5xx": 3})
    requests.post(f"{counter.shop.server.url}/sandbox/api/reset", timeout=5)
    assert control(counter.shop, "GET", "/trades").json() == []
    assert counter.shop.query(NUMBER).json()["code"] == "ORDER_NOT_EXIST"
