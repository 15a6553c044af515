"""The door of the staff: the blueprints of the pages and of the API, given what they run on.

A new room is a module of `console.pages` in `ROOMS`, its JSON twin a module of `console.api` in `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from flask import Blueprint

from console.api import board as board_api
from console.api import catalogue as catalogue_api
from console.api import covers as covers_api
from console.api import customers as customers_api
from console.api import dead_letters as dead_letters_api
from console.api import desk as desk_api
from console.api import engineers as engineers_api
from console.api import feedback as feedback_api
from console.api import network as network_api
from console.api import payments as payments_api
from console.api import plans as plans_api
from console.api import products as products_api
from console.api import quotes as quotes_api
from console.api import searches as searches_api
from console.api import service_levels as service_levels_api
from console.api import service_sheets as service_sheets_api
from console.api import staff as staff_api
from console.api import trail as trail_api
from console.api import work_orders as work_orders_api
from console.api_door import ApiDoor
from console.network_files import NetworkFiles
from console.page_door import PageDoor
from console.pages import (
    board,
    board_plans,
    cover_plans,
    covers,
    customers,
    dead_letters,
    desk,
    engineer_devices,
    engineer_photo,
    engineers,
    feedback,
    feedback_callbacks,
    feedback_complaints,
    files,
    inbox,
    inbox_settings,
    incidents,
    merchants,
    network,
    notices,
    opening,
    payment_work,
    payments,
    prices,
    products,
    quotes,
    reconciling,
    reveal,
    searches,
    service_levels,
    service_sheets,
    sign_in,
    staff,
    trail,
    warranty,
    work_orders,
)
from console.prices import PriceFiles
from console.security import Guard
from console.shelves import Shelves
from domain.files.store import FileStore
from domain.kit.unit_of_work import Runtime

ROOMS: tuple[ModuleType, ...] = (
    sign_in, opening, work_orders, board, board_plans, inbox, desk, inbox_settings, incidents, customers,
    products, network, engineers, engineer_photo, engineer_devices, files, notices, dead_letters, staff, trail, reveal, searches,
    service_levels, service_sheets, warranty, feedback, feedback_callbacks, feedback_complaints,
    payments, payment_work, reconciling, merchants, covers, cover_plans,
    quotes, prices,
)  # fmt: skip
PARTS: tuple[ModuleType, ...] = (
    work_orders_api, board_api, plans_api, customers_api, products_api, catalogue_api,
    network_api, engineers_api, desk_api, dead_letters_api, staff_api, trail_api, searches_api,
    service_levels_api, service_sheets_api, feedback_api, payments_api, covers_api, quotes_api,
)  # fmt: skip


def blueprints(
    runtime: Runtime, *, secret_key: str, secure_cookies: bool, may_call: Callable[[str], bool] | None = None,
    streams: str = "", files: FileStore | None = None, network_files: NetworkFiles | None = None, public_url: str = "",
    price_files: PriceFiles | None = None,
) -> list[Blueprint]:  # fmt: skip
    """The pages under /console and the API under /api/console.

    ``streams`` is the origin of live streams; with "" pages ask again every few seconds. ``may_call`` is asked with a
    key before every call of the API, and says no to whoever calls too often. ``public_url`` is where codes on paper lead.
    """
    shelves = Shelves()
    pages = PageDoor(runtime, Guard(secret_key, secure_cookies), shelves, streams, files)
    pages.network_files = network_files or pages.network_files
    pages.price_files = price_files or pages.price_files
    pages.public_url = public_url
    for room in ROOMS:
        room.open_doors(pages)
    api = ApiDoor(runtime, shelves, may_call or (lambda key: True))
    for part in PARTS:
        part.open_doors(api)
    return [pages.blueprint, api.blueprint]
