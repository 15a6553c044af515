"""Paying in a real browser: on a merchant's page elsewhere, by a code with the phone, on the page of H5."""

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from sandbox.app import Platform
from sandbox.server import Running
from tests.sandbox.callback import APP_ID, SECRET
from tests.sandbox.pay.conftest import Counter, person_on
from tests.sandbox.pay.merchant import Shop
from tests.sandbox.test_page import CHROMIUM, FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium: apt-get install chromium"),
]
PATIENCE = 20_000
NUMBER = "T100000019"
OFFICIAL_SDK = Path(__file__).parents[3] / "node_modules/weixin-js-sdk/index.js"
IN_WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.49"
CALLS = ["chooseWXPay", "scanQRCode", "getLocation", "chooseImage", "uploadImage"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@contextlib.contextmanager
def merchants_page(platform: str, body: str) -> Iterator[str]:
    """One page on another origin that may load scripts and frames of the sandbox and nothing else."""
    app = Flask("merchant")

    @app.get("/pay")
    def page() -> Response:
        answer = Response(f"<!doctype html><meta charset=utf-8><title>t</title><body>{body}", mimetype="text/html")
        policy = f"default-src 'self'; script-src 'self' {platform}; frame-src {platform}; frame-ancestors 'none'"
        answer.headers["Content-Security-Policy"] = policy
        return answer

    @app.get("/official.js")
    def official() -> Response:
        return Response(OFFICIAL_SDK.read_text(), mimetype="text/javascript")

    @app.get("/module.js")
    def module() -> Response:
        return Response("window.module = {};", mimetype="text/javascript")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/pay"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def config_of(server: Running, url: str) -> dict[str, object]:
    """What a backend gives to wx.config for this page."""
    asked = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
    token = requests.post(f"{server.url}/cgi-bin/stable_token", json=asked, timeout=5).json()["access_token"]
    ticket = requests.get(
        f"{server.url}/cgi-bin/ticket/getticket", params={"access_token": token, "type": "jsapi"}, timeout=5
    ).json()["ticket"]
    signature = hashlib.sha1(f"jsapi_ticket={ticket}&noncestr=n1&timestamp=1699934400&url={url}".encode()).hexdigest()
    return {"appId": APP_ID, "timestamp": 1_699_934_400, "nonceStr": "n1", "signature": signature, "jsApiList": CALLS}


def configured(page: Page, config: dict[str, object]) -> str:
    script = "config => new Promise(done => { wx.config(config); wx.ready(() => done('ok')); wx.error(no => done(no.errMsg)); })"
    return str(page.evaluate(script, config))


def begin(page: Page, name: str, given: dict[str, object]) -> None:
    """Start a call of the SDK; what comes of it is promised in window.told."""
    page.evaluate(
        """([name, given]) => {
            window.told = new Promise(done => {
                const over = how => result => done({ how, ...result });
                window.wx[name]({ ...given, success: over('success'), cancel: over('cancel'), fail: over('fail') });
            });
        }""",
        [name, given],
    )


def told(page: Page) -> dict[str, str]:
    return dict(page.evaluate("() => window.told"))


def parameters(counter: Counter, number: str) -> dict[str, object]:
    """For chooseWXPay, where the time has a name of its own."""
    made: dict[str, object] = dict(counter.shop.pay_parameters(counter.ordered(number)))
    return {**made, "timestamp": made.pop("timeStamp")}


@pytest.fixture
def page(browser: Browser, server: Running) -> Iterator[Page]:
    with merchants_page(server.url, f'<script src="{server.url}/jweixin.js"></script>') as url:
        page = browser.new_page(viewport={"width": 390, "height": 760})
        page.goto(url)
        yield page
        page.close()


def test_a_page_asks_for_money_and_is_told_when_it_was_paid(
    page: Page, server: Running, counter: Counter, shop: Shop
) -> None:
    assert configured(page, config_of(server, page.url)) == "ok"
    begin(page, "chooseWXPay", parameters(counter, NUMBER))
    cashier = page.frame_locator("#weixin-sandbox")
    expect(cashier.get_by_test_id("cashier-amount")).to_have_text("¥100.00", timeout=PATIENCE)
    expect(cashier.get_by_test_id("cashier-description")).to_have_text("空调维修,上门费")
    expect(cashier.get_by_text("王小明")).to_be_visible()
    cashier.get_by_role("button", name="立即支付").click()
    cashier.get_by_role("button", name="完成").click(timeout=PATIENCE)
    assert told(page) == {"how": "success", "errMsg": "chooseWXPay:ok"}
    expect(page.locator("#weixin-sandbox")).to_have_count(0)
    assert shop.query(NUMBER).json()["trade_state"] == "SUCCESS"
    assert counter.wechat.pay.timeline.settle()
    assert [one.body["event_type"] for one in counter.told.told] == ["TRANSACTION.SUCCESS"]


def test_leaving_the_cashier_is_a_cancel_and_an_empty_purse_a_fail(
    page: Page, server: Running, counter: Counter, shop: Shop
) -> None:
    configured(page, config_of(server, page.url))
    cashier, given = page.frame_locator("#weixin-sandbox"), parameters(counter, NUMBER)
    begin(page, "chooseWXPay", given)
    cashier.get_by_role("button", name="取消").click(timeout=PATIENCE)
    assert told(page)["errMsg"] == "chooseWXPay:cancel"
    begin(page, "chooseWXPay", given)
    cashier.get_by_test_id("cashier-fail").click(timeout=PATIENCE)
    cashier.get_by_role("button", name="知道了").click()
    assert told(page)["how"] == "fail"
    assert shop.query(NUMBER).json()["trade_state"] == "NOTPAY"


def test_parameters_somebody_else_signed_do_not_open_the_cashier(page: Page, server: Running, counter: Counter) -> None:
    configured(page, config_of(server, page.url))
    begin(page, "chooseWXPay", {**parameters(counter, NUMBER), "nonceStr": "changed"})
    cashier = page.frame_locator("#weixin-sandbox")
    expect(cashier.get_by_test_id("cashier-words")).to_have_text("支付验证签名失败", timeout=PATIENCE)
    cashier.get_by_role("button", name="知道了").click()
    assert told(page)["errMsg"] == "chooseWXPay:fail"


def test_a_page_that_is_not_signed_or_did_not_ask_may_call_nothing(page: Page, server: Running) -> None:
    good = config_of(server, page.url)
    assert configured(page, {**good, "nonceStr": "other"}) == "config:invalid signature"
    page.reload()
    assert configured(page, config_of(server, page.url + "?x=1")) == "config:invalid signature"
    page.reload()
    assert configured(page, {**config_of(server, page.url), "jsApiList": ["scanQRCode"]}) == "ok"
    begin(page, "getLocation", {})
    assert told(page)["errMsg"] == "getLocation:permission denied"


def test_a_page_scans_locates_and_uploads_a_picture(page: Page, server: Running, wechat: Platform) -> None:
    assert configured(page, config_of(server, page.url)) == "ok"
    over = page.frame_locator("#weixin-sandbox")
    begin(page, "scanQRCode", {"needResult": 1})
    over.get_by_label("扫到了").fill("YF2405A3100087", timeout=PATIENCE)
    over.get_by_role("button", name="扫描").click()
    assert told(page)["resultStr"] == "CODE_128,YF2405A3100087"
    begin(page, "getLocation", {})
    over.get_by_role("button", name="允许").click(timeout=PATIENCE)
    assert told(page)["latitude"] == "39.9087"
    begin(page, "chooseImage", {"count": 1})
    over.get_by_role("button", name="完成").click(timeout=PATIENCE)
    begin(page, "uploadImage", {"localId": told(page)["localIds"][0]})
    media = wechat.media.picture(told(page)["serverId"])
    assert media
    assert media.app_id == APP_ID
    assert media.data.startswith(b"\xff\xd8")


def test_the_official_sdk_works_on_the_bridge_in_wechats_browser(
    browser: Browser, server: Running, counter: Counter, shop: Shop
) -> None:
    scripts = "".join(
        f'<script src="{src}"></script>' for src in (f"{server.url}/weixin-js-bridge.js", "/module.js", "/official.js")
    )
    with merchants_page(server.url, scripts) as url:
        page = browser.new_page(user_agent=IN_WECHAT)
        page.goto(url)
        page.evaluate("window.wx = module.exports")
        assert configured(page, config_of(server, page.url)) == "ok"
        begin(page, "chooseWXPay", {**parameters(counter, NUMBER), "signType": "RSA"})
        cashier = page.frame_locator("#weixin-sandbox")
        cashier.get_by_role("button", name="立即支付").click(timeout=PATIENCE)
        cashier.get_by_role("button", name="完成").click(timeout=PATIENCE)
        assert told(page)["errMsg"] == "chooseWXPay:ok"
        page.close()
    assert shop.query(NUMBER).json()["trade_state"] == "SUCCESS"


def test_the_phone_scans_a_native_code_and_pays(
    browser: Browser, server: Running, wechat: Platform, shop: Shop
) -> None:
    buyer = person_on(wechat, APP_ID, "李娟")
    buyer.following = buyer.ever_followed = True
    code_url = shop.order(NUMBER, "native").json()["code_url"]
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{server.url}/?openid={buyer.openid}")
    page.get_by_role("button", name="更多", exact=True).click()
    page.get_by_role("button", name="扫码付款").click()
    page.get_by_label("二维码的内容").fill(code_url)
    page.get_by_role("button", name="扫描").click()
    expect(page.get_by_test_id("cashier-amount")).to_have_text("¥100.00", timeout=PATIENCE)
    page.get_by_test_id("cashier-pay").click()
    page.get_by_test_id("cashier-done").click(timeout=PATIENCE)
    expect(page.locator("#chat").get_by_text("微信支付：已支付 ¥100.00")).to_be_visible(timeout=PATIENCE)
    assert shop.query(NUMBER).json()["payer"] == {"openid": buyer.openid}
    page.get_by_role("tab", name="账单").click()
    trade = page.locator(f'.trade[data-number="{NUMBER}"]')
    expect(trade).to_contain_text("已支付", timeout=PATIENCE)
    expect(trade).to_contain_text("李娟")
    page.close()


def test_the_h5_page_asks_who_pays_and_goes_back(
    browser: Browser, server: Running, shop: Shop, wechat: Platform
) -> None:
    url = shop.order(NUMBER, "h5").json()["h5_url"]
    page = browser.new_page(viewport={"width": 390, "height": 760})
    page.goto(f"{url}&redirect_url={server.url}/healthz")
    page.get_by_label("付款人").select_option("李娟", timeout=PATIENCE)
    page.get_by_test_id("cashier-pay").click()
    page.get_by_test_id("cashier-done").click(timeout=PATIENCE)
    page.wait_for_url("**/healthz", timeout=PATIENCE)
    assert shop.query(NUMBER).json()["payer"]["openid"] == person_on(wechat, APP_ID, "李娟").openid
    page.close()


def test_a_page_opened_from_the_phone_knows_whose_phone_it_is(
    browser: Browser, server: Running, wechat: Platform
) -> None:
    person = person_on(wechat, APP_ID, "李娟")
    person.following = person.ever_followed = True
    asked = f"appid={APP_ID}&redirect_uri={server.url}/healthz&response_type=code&scope=snsapi_base&state=a1"
    link = f'<a href="{server.url}/connect/oauth2/authorize?{asked}">我的订单</a>'
    wechat.show(person.openid, "account", "text", {"content": link})
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/connect/oauth2/authorize?{asked}")
    expect(page.get_by_role("button", name="李娟")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{server.url}/?openid={person.openid}")
    with context.expect_page() as opened:
        page.get_by_role("link", name="我的订单").click(timeout=PATIENCE)
    opened.value.wait_for_url("**/healthz?code=*", timeout=PATIENCE)
    code = opened.value.url.partition("code=")[2].partition("&")[0]
    assert wechat.login_codes[code][1] == person.openid
    context.close()


def test_json_of_the_bridge_is_what_the_sheet_says(page: Page, counter: Counter) -> None:
    """Without the SDK: WeixinJSBridge itself, as WeChat Pay's own example calls it."""
    given = counter.shop.pay_parameters(counter.ordered(NUMBER))
    page.evaluate(
        "given => { window.told = new Promise(done => WeixinJSBridge.invoke('getBrandWCPayRequest', given, done)); }",
        given,
    )
    cashier = page.frame_locator("#weixin-sandbox")
    cashier.get_by_role("button", name="立即支付").click(timeout=PATIENCE)
    cashier.get_by_role("button", name="完成").click(timeout=PATIENCE)
    assert told(page) == {"err_msg": "get_brand_wcpay_request:ok"}
