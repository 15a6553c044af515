"""``weixiu import prices`` and ``weixiu export prices``: the files of `adapters.price_files` for whoever sits at the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from adapters import runtime
from adapters.catalogue_files import BY, Progress, refuse, shown, silent
from adapters.price_files import load, save
from adapters.settings import Settings
from console.network_files import Loaded
from domain.access.trail import record
from domain.kit.actors import Actor
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import Brand


def brand_meant(uow: UnitOfWork, called: str) -> Brand:
    """The brand with that code or name; with none named the only one there is.

    :raises NotFound: there is none called so, or several
    """
    brands = uow.session.scalars(select(Brand).order_by(Brand.code)).all()
    found = [one for one in brands if called.casefold() in ("", one.code.casefold(), one.name.casefold())]
    if len(found) != 1:
        raise NotFound(f"没有“{called}”这个品牌" if called else "有几个品牌，请用 --brand 写明是哪个")
    return found[0]


def import_prices(
    on: Runtime, path: Path, *, brand: str = "", by: Actor = BY, progress: Progress[Any] = silent
) -> Loaded:
    """:raises Unreadable: as `load`; :raises NotFound: as `brand_meant`"""
    with on.transaction() as uow:
        return load(uow, brand_meant(uow, brand).id, path, name=path.name, by=by, progress=progress)


def run_import(settings: Settings, path: Path, *, brand: str, as_json: bool) -> int:
    """``weixiu import prices``: 0 when all of it is in, 1 when nothing is, 2 when the file could not be read at all."""
    try:
        loaded = import_prices(runtime.build(settings, connections=1), path, brand=brand, progress=shown)
    except Refused as refused:
        return refuse(refused, as_json)
    for line in [json.dumps(loaded.as_json(), ensure_ascii=False)] if as_json else loaded.words():
        print(line)
    return 1 if loaded.problems else 0


def run_export(settings: Settings, path: Path, *, brand: str, sheet: str, as_json: bool) -> int:
    """``weixiu export prices``: 0 when the file is written, 2 when it could not be."""
    try:
        with runtime.build(settings, connections=1).transaction() as uow:
            of = brand_meant(uow, brand)
            count = save(uow, of.id, path, sheet=sheet, progress=shown)
            record(uow, BY, "fees.export", "brand", of.id, rows=count)
    except (Refused, OSError) as refused:
        return refuse(refused, as_json)
    print(json.dumps({"file": str(path), "rows": count}) if as_json else f"{path}：{count} 行")
    return 0
