"""Media, menu, QR codes, followers, login codes and daily quotas over the platform's API."""

import pytest
import requests

from sandbox.app import Platform
from sandbox.media import grey_picture
from sandbox.people import Person
from sandbox.server import Running
from tests.sandbox.api_client import ApiClient
from tests.sandbox.callback import APP_ID


def test_media_live_three_days(wechat: Platform, api: ApiClient) -> None:
    media_id = api.upload()["media_id"]
    assert api.get("/cgi-bin/media/get", media_id=media_id).content == grey_picture()
    wechat.clock.advance(days=3, seconds=1)
    api.stable_token()
    assert api.get("/cgi-bin/media/get", media_id=media_id).json()["errcode"] == 40007


def test_a_picture_sent_from_a_phone_can_be_fetched(wechat: Platform, api: ApiClient, person: Person) -> None:
    fields = wechat.send(person.openid, "image").push.fields
    assert api.get("/cgi-bin/media/get", media_id=str(fields["MediaId"])).headers["Content-Type"] == "image/png"
    assert requests.get(str(fields["PicUrl"]), timeout=5).content == grey_picture()


@pytest.mark.parametrize(
    ("kind", "data", "mimetype", "code"),
    [
        ("hologram", b"x", "image/png", 40004),
        ("image", b"x", "text/html", 40005),
        ("thumb", b"x" * 70_000, "image/jpeg", 40006),
    ],
)
def test_uploads_that_are_refused(api: ApiClient, kind: str, data: bytes, mimetype: str, code: int) -> None:
    assert api.upload(kind, data, mimetype)["errcode"] == code


def test_the_menu_is_created_read_and_deleted(wechat: Platform, api: ApiClient) -> None:
    assert api.get("/cgi-bin/menu/get").json()["errcode"] == 46003
    menu = [{"name": "报修", "sub_button": [{"type": "click", "name": "我要报修", "key": "repair_request"}]}]
    assert api.post("/cgi-bin/menu/create", {"button": menu})["errcode"] == 0
    assert api.get("/cgi-bin/menu/get").json()["menu"]["button"] == menu
    assert wechat.account().shown_menu() == menu
    assert api.get("/cgi-bin/menu/delete").json()["errcode"] == 0
    assert [button["name"] for button in wechat.account().shown_menu()] == ["报修", "产品登记", "我的工单"]


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([{"name": "x", "type": "click", "key": "k"}] * 4, 40016),
        ([{"name": "名字实在太长了", "type": "click", "key": "k"}], 40018),
        ([{"name": "x", "type": "jump"}], 40017),
        ([{"name": "x", "type": "click"}], 40019),
        ([{"name": "x", "sub_button": [{"name": "y", "type": "view", "url": "u"}] * 6}], 40023),
    ],
)
def test_menus_that_are_refused(api: ApiClient, buttons: list[object], code: int) -> None:
    assert api.post("/cgi-bin/menu/create", {"button": buttons})["errcode"] == code


def test_a_qr_code_is_made_and_its_page_lets_people_scan(api: ApiClient) -> None:
    body = {"expire_seconds": 600, "action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "shop_7"}}}
    ticket = api.post("/cgi-bin/qrcode/create", body)["ticket"]
    assert "shop_7" in requests.get(f"{api.server.url}/cgi-bin/showqrcode", params={"ticket": ticket}, timeout=5).text
    body["action_info"] = {"scene": {"scene_str": ""}}
    assert api.post("/cgi-bin/qrcode/create", body)["errcode"] == 40053


def test_user_info_knows_followers_without_names(wechat: Platform, api: ApiClient, person: Person) -> None:
    shown = api.get("/cgi-bin/user/info", openid=person.openid).json()
    assert (shown["subscribe"], shown["nickname"], shown["unionid"]) == (1, "", person.union_id)
    wechat.send(person.openid, "unfollow")
    assert api.get("/cgi-bin/user/info", openid=person.openid).json()["subscribe"] == 0


def test_the_days_calls_run_out_and_can_be_cleared(wechat: Platform, api: ApiClient) -> None:
    wechat.account().api_use.limits["/cgi-bin/getcallbackip"] = 1
    assert api.get("/cgi-bin/getcallbackip").json() == {"ip_list": ["127.0.0.1"]}
    assert api.get("/cgi-bin/getcallbackip").json()["errcode"] == 45009
    quota = api.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/getcallbackip"})["quota"]
    assert quota == {"daily_limit": 1, "used": 1, "remain": 0}
    assert api.post("/cgi-bin/clear_quota", {"appid": APP_ID})["errcode"] == 0
    assert api.get("/cgi-bin/getcallbackip").status_code == 200
    assert "ip_list" not in api.get("/cgi-bin/getcallbackip").json()


def test_the_wrong_method_is_told(server: Running) -> None:
    assert requests.post(f"{server.url}/cgi-bin/token", timeout=5).json()["errcode"] == 43001
    assert requests.get(f"{server.url}/cgi-bin/stable_token", timeout=5).json()["errcode"] == 43002
