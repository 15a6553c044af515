"""The menu is checked before it is sent; QR codes are made and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis
from sqlalchemy import select

from adapters.cli import main
from adapters.wechat import codes, menus
from adapters.wechat.client import WeChat
from adapters.wechat.credentials import Credentials
from domain.customers.scenes import ContactScene, QrCode
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Account
from sandbox.app import AccountConfig, Platform
from sandbox.server import Running, serve
from tests.brand import APP_ID, SECRET, brand_in
from tests.webhooks.pushing import Platform as Pushing
from tests.webhooks.pushing import app_on


@pytest.fixture
def platform() -> Iterator[Running]:
    account = AccountConfig(APP_ID, SECRET, "token", "A" * 43, "http://127.0.0.1:9/nobody")
    with serve(Platform([account], residents=())) as running:
        yield running


@pytest.fixture
def client(platform: Running, valkey: Redis) -> WeChat:
    return WeChat(platform.url, lambda account_id: Credentials(APP_ID, SECRET), valkey, lambda: datetime.now(UTC))


def test_our_own_menu_is_taken_by_the_platform(platform: Running, client: WeChat) -> None:
    buttons = menus.read(menus.DEFAULT, "https://service.example.com/")
    client.create_menu("ac", buttons)
    assert platform.platform.accounts[APP_ID].menu == buttons
    flat = [one for button in buttons for one in button.get("sub_button", [button])]
    keys = {one["key"] for one in flat if "key" in one}
    assert keys == {"repair_request", "installation_request", "cleaning_request", "product_registration", "person"}
    pages = {one["url"] for one in flat if one["type"] == "view"}
    assert pages == {f"https://service.example.com/c/{page}" for page in ("prices", "products", "orders", "shop", "me")}


GOOD = '[[button]]\nname = "报修"\nkey = "repair_request"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1 to 3"),
        (GOOD * 4, "1 to 3"),
        ("button = 7", "1 to 3"),
        ("[[button", "no TOML"),
        ('[[button]]\nname = "一二三四五六"\nkey = "help"\n', "button 1 needs a name"),
        ('[[button]]\nkey = "help"\n', "button 1 needs a name"),
        ('[[button]]\nname = "x"\nkey = "no_such_flow"\n', "repair_request"),
        ('[[button]]\nname = "x"\n', "a key, a url or a page"),
        ('[[button]]\nname = "x"\nkey = "help"\nurl = "https://example.com"\n', "only one of them"),
        ('[[button]]\nname = "x"\npage = "//evil.example"\n', "begins with /c/"),
        ('[[button]]\nname = "x"\nurl = "javascript:alert(1)"\n', "http(s)"),
        ('[[button]]\nname = "x"\nkey = "help"\ntype = "dance"\n', "type dance"),
        ('[[button]]\nname = "x"\nkey = "help"\ncolour = "red"\n', "colour"),
        (GOOD + GOOD.replace("button", "button.sub_button"), "no key, url, page or type"),
        ('[[button]]\nname = "x"\n' + GOOD.replace("button", "button.sub_button") * 6, "1 to 5"),
    ],
)
def test_a_wrong_menu_is_not_sent_and_says_why(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "menu.toml"
    file.write_text(text)
    with pytest.raises(menus.BadMenu) as wrong:
        menus.read(file)
    assert says in str(wrong.value)


def test_every_wrong_button_is_named(tmp_path: Path) -> None:
    file = tmp_path / "menu.toml"
    file.write_text('[[button]]\nname = "x"\n[[button]]\nname = ""\nkey = "help"\n')
    with pytest.raises(menus.BadMenu) as wrong:
        menus.read(file)
    assert [line.split()[1] for line in str(wrong.value).splitlines()] == ["1", "2"]


def test_the_menu_can_be_looked_at_without_a_platform(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["wechat", "menu", "--show"])
    assert shown.exit_code == 0
    assert "人工客服" in shown.output
    missing = CliRunner().invoke(main, ["wechat", "menu", str(tmp_path / "none.toml"), "--show"])
    assert (missing.exit_code, "cannot be read" in missing.output) == (1, True)


@pytest.mark.parametrize(
    ("scene", "days", "permanent"),
    [
        ("", 30, False),
        ("x" * 65, 30, False),
        (" shop", 30, False),
        ("a\nb", 30, False),
        ("x", 0, False),
        ("x", 31, False),
    ],
)
def test_no_code_is_made_of_this(scene: str, days: int, *, permanent: bool) -> None:
    with pytest.raises(codes.BadScene):
        codes.asked(scene, days, permanent=permanent)


def test_a_code_is_remembered_and_known_to_the_menus_scanner(
    platform: Running, client: WeChat, runtime: Runtime, valkey: Redis
) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        account = uow.session.get_one(Account, brand.voice.account_id)
    made = codes.make(runtime, client, account, codes.asked("model:BCD-216TMPR", 7, permanent=False))
    for_ever = codes.make(runtime, client, account, codes.asked("shop-17", 30, permanent=True))
    with runtime.transaction() as uow:
        kept = uow.session.get_one(QrCode, made["url"])
        assert (kept.scene, kept.until) == ("model:BCD-216TMPR", uow.now + timedelta(days=7))
        assert uow.session.get_one(QrCode, for_ever["url"]).until is None

    chat = Pushing(app_on(runtime, valkey).test_client())
    for number, url in enumerate((made["url"], for_ever["url"])):
        body = chat.event(
            "scancode_waitmsg", EventKey="scan", ScanCodeInfo={"ScanType": "qrcode", "ScanResult": url}, at=1778556600 + number
        )  # fmt: skip
        assert chat.read(chat.push(body))
    with runtime.transaction() as uow:
        scenes = uow.session.scalars(select(ContactScene).order_by(ContactScene.scene)).all()
        assert [(one.scene, one.openid, one.is_new) for one in scenes] == [
            ("model:BCD-216TMPR", "oWang", False), ("shop-17", "oWang", False),
        ]  # fmt: skip


def test_every_coming_by_a_code_is_kept_until_the_person_leaves(runtime: Runtime, valkey: Redis) -> None:
    brand_in(runtime)
    chat = Pushing(app_on(runtime, valkey).test_client())
    chat.push(chat.event("subscribe", EventKey="qrscene_shop-17"))
    chat.push(chat.event("SCAN", EventKey="fair-2026", at=1778556700))

    def seen() -> list[tuple[str, str | None, bool]]:
        with runtime.transaction() as uow:
            rows = uow.session.scalars(select(ContactScene).order_by(ContactScene.id)).all()
            return [(row.scene, row.openid, row.is_new) for row in rows]

    assert sorted(seen()) == [("fair-2026", "oWang", False), ("shop-17", "oWang", True)]
    chat.push(chat.event("unsubscribe", at=1778556800))
    assert sorted(seen(), key=str) == [("fair-2026", None, False), ("shop-17", None, True)]
