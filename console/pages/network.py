"""网络: providers, their stations and authorizations, the grid of who covers what, and all of it as a spreadsheet."""

from __future__ import annotations

from flask import Response, request

from console import network
from console.asked import day_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from console.shelves import brands
from domain.access import trail
from domain.access.roles import Permission
from domain.catalog.categories import TITLES as CATEGORIES
from domain.kit.errors import Refused
from domain.organizations import operations
from domain.organizations.grid import place_words
from domain.organizations.model import Provider
from domain.work_orders.kinds import TITLES as SERVICES

ROOM = f"{PATH}/network"
LARGEST = 20 * 2**20
"""Bytes of an uploaded file: a network of 5 000 engineers is about 4 MB."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def providers(ask: Ask) -> Answer:
    return Page(
        "providers.html", {"rows": network.provider_rows(ask.uow), "kinds": network.KINDS, "today": ask.uow.today}
    )


def provider_page(ask: Ask, provider_id: str) -> Answer:
    seen = network.look_at_provider(ask.uow, provider_id, ask.me)
    values = {"seen": seen, "brands": brands(ask.uow), "kinds": network.KINDS, "today": ask.uow.today}
    return Page("provider.html", values)


def put_provider(ask: Ask) -> Answer:
    provider = network.put_provider(ask.uow, ask.form, ask.me)
    return Go(f"{ROOM}/providers/{provider.id}", f"{provider.name}已保存")


def put_station(ask: Ask, provider_id: str) -> Answer:
    station = network.put_station(ask.uow, provider_id, ask.form, ask.me)
    return Go(f"{ROOM}/providers/{provider_id}", f"{station.name}已保存")


def authorize(ask: Ask, provider_id: str) -> Answer:
    """Grant a brand's authorization, or with the same beginning give it its end."""
    operations.authorize_provider(
        ask.uow, provider_id, ask.said("brand"), network.day_given(ask.form, "since"), by=ask.by,
        until=day_asked(ask.said("until")),
    )  # fmt: skip
    return Go(f"{ROOM}/providers/{provider_id}", "品牌授权已更新")


def coverage(ask: Ask) -> Answer:
    asked = {name: ask.query.get(name, "").strip()[:40] for name in ("brand", "place", "category", "provider")}
    values = {"grid": network.grid(ask.uow, asked), "asked": asked, "most": network.MOST_CELLS}
    if ask.htmx:
        return Part("coverage_rows.html", values)
    values |= {
        "brands": brands(ask.uow), "providers": network.provider_rows(ask.uow), "categories": CATEGORIES,
        "services": SERVICES, "stations": network.station_rows(ask.uow), "today": ask.uow.today,
    }  # fmt: skip
    return Page("coverage.html", values)


def cover(ask: Ask) -> Answer:
    row = network.cover(ask.uow, ask.form, ask.me)
    provider = ask.uow.get(Provider, row.provider_id, called="服务商")
    place = place_words(row.division_code)
    return Go(
        f"{ROOM}/coverage?place={row.division_code}&brand={row.brand_id}",
        f"{place}：第 {row.rank} 顺位 {provider.name}",
    )


def end_coverage(ask: Ask, coverage_id: str) -> Answer:
    until = day_asked(ask.said("until")) or ask.uow.today
    row = operations.end_coverage(ask.uow, coverage_id, until, by=ask.by, why=ask.said("why")[:200])
    return Go(f"{ROOM}/coverage?place={row.division_code}&brand={row.brand_id}", "这一行已停用")


def files(ask: Ask) -> Answer:
    return Page("network_files.html", {"loaded": None, "problem": str(ask.error or "")})


def open_doors(door: PageDoor) -> None:
    see, keep = Permission.NETWORK_SEE, Permission.NETWORK_KEEP

    def upload(ask: Ask) -> Answer:
        """Load a spreadsheet, all of it or nothing."""
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise Refused("请选择一个 .xlsx 或 .csv 文件")
        content = sent.stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise Refused(f"文件超过 {LARGEST >> 20} MB，请用命令 weixiu import network")
        loaded = door.network_files.load(ask.uow, sent.filename, content, ask.by)
        values = {"loaded": loaded, "name": sent.filename, "problem": ""}
        return Page("network_files.html", values, 422 if loaded.problems else 200)

    def download(ask: Ask) -> Answer:
        """All of it, with people's names and phones: on record."""
        content = door.network_files.save(ask.uow)
        trail.record(ask.uow, ask.by, "network.export", "network", "network")
        named = {"Content-Disposition": f'attachment; filename="network-{ask.uow.today}.xlsx"'}
        return Response(content, content_type=XLSX, headers=named)

    door.route("GET", "/network", providers, permission=see)
    door.route("GET", "/network/providers/<provider_id>", provider_page, permission=see)
    door.route("POST", "/network/providers", put_provider, permission=keep)
    door.route("POST", "/network/providers/<provider_id>/stations", put_station, permission=keep)
    door.route("POST", "/network/providers/<provider_id>/authorizations", authorize, permission=keep)
    door.route("GET", "/network/coverage", coverage, permission=see)
    door.route("POST", "/network/coverage", cover, permission=keep)
    door.route("POST", "/network/coverage/<coverage_id>/end", end_coverage, permission=keep)
    door.route("GET", "/network/files", files, permission=keep)
    door.route("POST", "/network/files", upload, permission=keep, again=files)
    door.route("GET", "/network/files/network.xlsx", download, permission=keep)
