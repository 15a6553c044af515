"""The audit trail over JSON. For administrators."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields

from console.api.shapes import Place
from console.api_door import ApiDoor, Call
from console.asked import number_asked, place_asked
from console.trail import look_at_trail, trail_asked
from domain.access.roles import Permission


class TrailLineOut(Schema):
    at = fields.AwareDateTime()
    actor = fields.String()
    who = fields.String()
    action = fields.String()
    subject_kind = fields.String()
    subject_id = fields.String()
    why = fields.String()
    detail = fields.Dict()


class TrailOut(Schema):
    lines = fields.List(fields.Nested(TrailLineOut))
    after = Place(allow_none=True)


class TrailQuery(Schema):
    who = fields.String(metadata={"description": "用户名，或 staff:… customer:… system:…"})
    what = fields.String(metadata={"description": "工单号，或记录的 id"})
    action = fields.String(metadata={"description": "如 order.cancel；以点结尾表示全部，如 order."})
    since = fields.String(metadata={"description": "2026-01-31（含）"})
    until = fields.String(metadata={"description": "2026-01-31（含）"})
    after = fields.String(metadata={"description": "上一页返回的 after"})


def lines(call: Call) -> Any:
    place = place_asked(call.given.get("after", ""))
    after = (place[0], number_asked(place[1])) if place else None
    return look_at_trail(call.uow, trail_asked(call.uow, call.given), after)


def open_doors(door: ApiDoor) -> None:
    door.route(
        "GET",
        "/trail",
        lines,
        permission=Permission.TRAIL_SEE,
        query=TrailQuery(),
        gives=TrailOut(),
        summary="审计记录",
    )
