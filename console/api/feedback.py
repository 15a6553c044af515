"""Feedback over JSON: ratings and figures, the call list, complaints, the NPS."""

from __future__ import annotations

from typing import Any

from console import callbacks, complaints, feedback
from console.api.feedback_shapes import (
    CallRowOut,
    CallSeenOut,
    CallsQuery,
    ComplaintIn,
    ComplaintMoveIn,
    ComplaintRowOut,
    ComplaintSeenOut,
    ComplaintsQuery,
    FiguresOut,
    RatingsOut,
    RatingsQuery,
    RectifiedOut,
    RectifyIn,
    RoundIn,
    ScoresOut,
)
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.feedback import callbacks as calls
from domain.feedback.callbacks import Round


def ratings(call: Call) -> Any:
    rows, after = feedback.more(call.uow, feedback.wanted_asked(call.given), call.given["after"])
    return {"rows": rows, "after": after}


def figures(call: Call) -> Any:
    return feedback.room(call.uow, feedback.wanted_asked(call.given))


def scores(call: Call) -> Any:
    return feedback.scores(call.uow)


def rectify(call: Call, order_id: str) -> Any:
    return feedback.open_rectification(call.uow, order_id, call.given["why"], call.who)


def to_call(call: Call) -> Any:
    return callbacks.to_call(call.uow, call.who, done=call.given["done"])


def take_next(call: Call) -> Any:
    one = callbacks.take_next(call.uow, call.who)
    return [callbacks.look(call.uow, one.id, call.who)] if one else []


def one_call(call: Call, callback_id: str) -> Any:
    return callbacks.look(call.uow, callback_id, call.who)


def put_back(call: Call, callback_id: str) -> Any:
    calls.put_back(call.uow, callback_id, by=call.by)
    return callbacks.look(call.uow, callback_id, call.who)


def note_round(call: Call, callback_id: str) -> Any:
    callbacks.note(call.uow, callback_id, Round(**call.given), call.who)
    return callbacks.look(call.uow, callback_id, call.who)


def board(call: Call) -> Any:
    return complaints.board(call.uow, call.who, mine=call.given["mine"], closed=call.given["closed"])


def case(call: Call, complaint_id: str) -> Any:
    return complaints.look(call.uow, complaint_id, call.who)


def register(call: Call) -> Any:
    return complaints.look(call.uow, complaints.register(call.uow, call.who, **call.given).id, call.who)


def act(call: Call, complaint_id: str) -> Any:
    given = dict(call.given)
    complaints.act(call.uow, complaint_id, given.pop("move"), call.who, **given)
    return complaints.look(call.uow, complaint_id, call.who)


def open_doors(door: ApiDoor) -> None:
    see, work, cases = Permission.FEEDBACK_SEE, Permission.CALLBACKS_WORK, Permission.COMPLAINTS_WORK
    asked = RatingsQuery()
    door.route("GET", "/ratings", ratings, permission=see, query=asked, gives=RatingsOut(), summary="评价")
    door.route(
        "GET", "/ratings/figures", figures, permission=see, query=asked, gives=FiguresOut(), summary="评价的数字"
    )
    door.route("GET", "/nps", scores, permission=Permission.REPORTS_SEE, gives=ScoresOut(), summary="推荐度 NPS")
    door.route(
        "POST", "/work-orders/<order_id>/rectification", rectify, permission=Permission.ORDERS_OPEN, takes=RectifyIn(),
        gives=RectifiedOut(), status=201, summary="开整改单",
    )  # fmt: skip
    door.route(
        "GET",
        "/callbacks",
        to_call,
        permission=work,
        query=CallsQuery(),
        gives=CallRowOut(many=True),
        summary="回访名单",
    )
    door.route(
        "POST", "/callbacks/next", take_next, permission=work, gives=CallSeenOut(many=True),
        summary="领取下一个回访（没有则为空）",
    )  # fmt: skip
    door.route("GET", "/callbacks/<callback_id>", one_call, permission=work, gives=CallSeenOut(), summary="一个回访")
    door.route(
        "POST", "/callbacks/<callback_id>/put-back", put_back, permission=work, gives=CallSeenOut(), summary="放回"
    )
    door.route(
        "POST", "/callbacks/<callback_id>/rounds", note_round, permission=work, takes=RoundIn(), gives=CallSeenOut(),
        summary="记录一次回访",
    )  # fmt: skip
    door.route(
        "GET", "/complaints", board, permission=cases, query=ComplaintsQuery(), gives=ComplaintRowOut(many=True),
        summary="投诉",
    )  # fmt: skip
    door.route(
        "POST", "/complaints", register, permission=cases, takes=ComplaintIn(), gives=ComplaintSeenOut(), status=201,
        summary="登记投诉",
    )  # fmt: skip
    door.route(
        "GET",
        "/complaints/<complaint_id>",
        case,
        permission=cases,
        gives=ComplaintSeenOut(),
        summary="一件投诉（查看会记录）",
    )
    door.route(
        "POST", "/complaints/<complaint_id>/moves", act, permission=cases, takes=ComplaintMoveIn(),
        gives=ComplaintSeenOut(), summary="受理、转交、答复、结案、重新打开、备注、归类",
    )  # fmt: skip
