"""Takes the pictures of the engineer's app: a day of the tests' engineer, driven through a real browser, several screens a picture.

It starts what it shows (a database of its own, the app on a free port) and ends it. A new picture is a call of `Film.shot`
where the tour has got to, and a row of `phone_film.SHEETS` for the picture it stands in.

    make assets && PYTHONPATH=. python docs/screenshots_phone.py
"""

from __future__ import annotations

import math
import tempfile
from contextlib import ExitStack
from pathlib import Path

from phone_film import Film, go, photo, press
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from screenshots import CHROMIUM, FLAGS
from screenshots_money import money, other_prices, paid

from adapters import embedded
from adapters.runtime import now
from domain.dispatch.operations import reassign
from domain.kit.actors import Actor, Role
from tests.engineer_app.phone_site import Site, serving
from tests.runtime import cloned, engine_on, make_template, runtime_on


def lists(film: Film, site: Site, page: Page) -> None:
    page.goto("/e/")
    film.shot(page, "sign-in")
    site.sign_in(page)
    page.wait_for_timeout(4000)  # the short words go away
    for name, where in (("today", ""), ("coming", "coming"), ("me", "me")):
        page.goto(f"/e/#/{where}")
        film.shot(page, name)
    go(page, site.day.offered)
    film.shot(page, "offer")


def arrive(film: Film, site: Site, page: Page) -> None:
    visit = site.day.repair
    go(page, visit)
    film.shot(page, "about")
    press(page, "其他")
    film.shot(page, "others")
    press(page, "取消")
    go(page, visit, "change")
    page.get_by_role("radio", name="明天").click()
    page.get_by_role("radio", name="14:00–16:00").click()
    page.get_by_role("radio", name="前一单超时").click()
    film.shot(page, "change")
    go(page, visit, "way")
    film.shot(page, "way")
    press(page, "现在出发")
    expect(page.get_by_text("已出发", exact=True)).to_be_visible()
    site.put(page, 1500)
    page.reload()  # a position is good for a quarter of a minute
    press(page, "到了，签到")
    expect(page.get_by_text("离地址有点远")).to_be_visible()
    film.shot(page, "far")
    page.get_by_role("radio").first.click()
    press(page, "签到")
    for number, prompt in enumerate(page.locator("button.prompt").all()):
        if number == 3:
            film.shot(page, "safety")
        prompt.click()
        expect(prompt).to_have_attribute("aria-pressed", "true")


def checks(film: Film, site: Site, page: Page) -> None:
    """One that blocks, and is put right."""
    visit = site.day.repair
    go(page, visit, "checks")
    for number, check in enumerate(page.locator("section.check").all()):
        measure(check, fine=number != 1)
        if number == 0:
            film.shot(page, "checks")
    earth = page.locator("#check-socket_earth")
    earth.scroll_into_view_if_needed()
    film.shot(page, "blocks")
    go(page, visit, "work")
    film.shot(page, "blocked-job")
    go(page, visit, "end/blocked")
    film.shot(page, "blocked-end")
    go(page, visit, "checks")
    measure(earth, fine=True)
    go(page, visit, "work")
    film.shot(page, "work")


def measure(check: Locator, *, fine: bool) -> None:
    number = check.locator("input[inputmode=decimal]")
    if number.count():
        number.fill("221")
        check.get_by_role("button", name="记录").click()
    elif check.get_by_role("radio", name="是", exact=True).count():
        check.get_by_role("radio", name="是" if fine else "否", exact=True).click()
    else:
        check.get_by_role("radio").first.click()
    camera = check.locator("input[type=file]")
    if camera.count() and not check.locator(".picture").count():
        camera.set_input_files(photo("#5d6b62"))
    expect(check.locator(".verdict")).to_be_visible()


def work(film: Film, site: Site, page: Page) -> None:
    visit = site.day.repair
    go(page, visit, "diagnosis")
    page.get_by_role("radio").last.click()
    film.shot(page, "step")
    while page.get_by_role("radio").count():
        page.get_by_role("radio").first.click()
        page.wait_for_timeout(250)
    film.shot(page, "cause")
    press(page, "就是这个原因")
    go(page, visit, "notes")
    press(page, "保存")
    go(page, visit, "parts/new")
    page.get_by_label("配件编码").fill("20-3301")
    press(page, "查找")
    expect(page.get_by_text("您要的是不是")).to_be_visible()
    film.shot(page, "neighbours")
    page.get_by_role("button", name="变频压缩机").first.click()
    page.get_by_label("新件序列号").fill("NY2026110012")
    film.shot(page, "part")
    page.get_by_label("旧件序列号").fill("NY2025060877")
    press(page, "保存")
    go(page, visit, "materials")
    page.get_by_role("textbox").first.fill("3.5")
    press(page, "记录")
    page.get_by_role("textbox").nth(3).fill("2")
    film.shot(page, "materials")
    money(film, site, page)
    go(page, visit, "photos")
    for words, colour in (("服务前", "#5b6a7c"), ("机身铭牌", "#7c6a5b"), ("服务后", "#5b7c66")):
        page.get_by_label(words, exact=True).set_input_files(photo(colour))
        page.wait_for_timeout(400)
    film.shot(page, "photos")
    go(page, visit, "serial")
    page.get_by_label("机身编号").fill("KF2308A00999")
    press(page, "核对")
    expect(page.get_by_text("不是工单上的那台")).to_be_visible()
    film.shot(page, "serial")
    page.get_by_label("机身编号").fill("KF2308A00417")
    press(page, "核对")
    page.wait_for_timeout(500)


def sign(film: Film, site: Site, page: Page) -> None:
    visit = site.day.repair
    go(page, visit, "sign/sheet")
    film.shot(page, "sheet")
    press(page, "看过了，签名")
    draw(page)
    film.shot(page, "signing")
    press(page, "确认签名")
    expect(page.get_by_role("link", name="再签一次")).to_be_visible()
    page.get_by_role("heading", name="客户签名").scroll_into_view_if_needed()
    film.shot(page, "signed")
    go(page, visit, "notes")
    page.get_by_label("处理情况").fill("更换压缩机，抽真空，定量加注 R32，试机 30 分钟正常")
    press(page, "保存")
    go(page, visit, "sheet")
    page.get_by_role("heading", name="客户签名").scroll_into_view_if_needed()
    film.shot(page, "void")
    for name, outcome in (("waiting", "waiting_part"), ("absent", "absent")):
        go(page, visit, f"end/{outcome}")
        film.shot(page, name)
    go(page, visit, "sign/receipt")
    page.get_by_label("带走了什么").fill("外机主板一块，外壳右下角有划痕")
    page.get_by_label("拍机器").set_input_files(photo("#6a5b7c"))
    film.shot(page, "receipt")


def draw(page: Page) -> None:
    pad = page.locator("canvas")
    expect(pad).to_be_visible()
    page.wait_for_timeout(500)
    box = pad.bounding_box()
    assert box
    left, middle = box["x"] + 40, box["y"] + box["height"] * 0.45
    for stroke in range(3):
        page.mouse.move(left + stroke * 85, middle)
        page.mouse.down()
        for step in range(30):
            x = left + stroke * 85 + step * 2.4
            page.mouse.move(x, middle + math.sin(step / (3 + stroke)) * (50 - stroke * 12))
        page.mouse.up()


def without_network(film: Film, site: Site, page: Page, other: Page) -> None:
    """Two phones write the same thing; the installation is given to somebody else meanwhile."""
    repair, install = site.day.repair, site.day.install
    go(other, install)
    page.context.set_offline(True)
    other.context.set_offline(True)
    for phone, words in ((page, "外机在西墙，从阳台出"), (other, "外机支架生锈，已提醒")):
        go(phone, repair, "notes")
        phone.get_by_label("备注").fill(words)
        press(phone, "保存")
    go(page, install, "way")
    press(page, "现在出发")
    page.goto("/e/#/")
    film.shot(page, "offline")
    page.goto("/e/#/unsent")
    film.shot(page, "unsent")
    with site.runtime.transaction() as uow:
        reassign(uow, install, by=Actor(Role.STAFF, "st_1"), code="customer_asked", to=site.day.network.bo)
    other.context.set_offline(False)
    other.goto("/e/#/")
    press(other, "刷新")
    page.context.set_offline(False)
    page.goto("/e/#/")
    press(page, "刷新")
    page.wait_for_timeout(3000)
    page.goto("/e/#/news")
    film.shot(page, "conflict")
    go(page, install)
    film.shot(page, "gone")


def finish(film: Film, site: Site, page: Page) -> None:
    go(page, site.day.repair, "sign/sheet")
    press(page, "看过了，签名")
    draw(page)
    press(page, "确认签名")
    expect(page.get_by_role("link", name="再签一次")).to_be_visible()
    go(page, site.day.repair, "end/finished")
    film.shot(page, "finish")
    press(page, "确认完工")
    page.wait_for_timeout(2500)


def again(film: Film, site: Site, browser: Browser, kind: str) -> None:
    """The same in the dark, or on a small phone."""
    dark = kind == "dark"
    page = site.phone(browser, dark=True) if dark else site.phone(browser, width=320, height=844)
    page.goto("/e/")
    site.sign_in(page)
    page.wait_for_timeout(4000)
    film.shot(page, f"{kind}-today")
    for screen in ("work", "checks", *(("sheet", "fees") if dark else ("about",))):
        go(page, site.day.repair, screen)
        film.shot(page, f"{kind}-{screen}")


def tour(site: Site, browser: Browser) -> None:
    film = Film()
    page, other = site.phone(browser), site.phone(browser)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    lists(film, site, page)
    arrive(film, site, page)
    checks(film, site, page)
    work(film, site, page)
    again(film, site, browser, "dark")
    again(film, site, browser, "narrow")
    sign(film, site, page)
    other.goto("/e/")
    site.sign_in(other)
    other_prices(film, site, other)
    without_network(film, site, page, other)
    finish(film, site, page)
    paid(film, site, page)
    assert wrong == [], wrong
    film.write()


def main() -> None:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        server = running.enter_context(embedded.postgres(folder, fsync=False))
        make_template(server)
        url = running.enter_context(cloned(server, "weixiu_phone"))
        engine = engine_on(url)
        running.callback(engine.dispose)
        site = running.enter_context(serving(runtime_on(engine, now), priced=True))
        playwright = running.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        tour(site, browser)
        browser.close()


if __name__ == "__main__":
    main()
