"""The dispatch board over JSON: a day, an order as dispatch sees it, the rules' answer, assigning, offers, appointments."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console import board_acts as acts
from console.api_door import ApiDoor, Call
from console.asked import YEARS
from console.board import Asked, Board, look_at_board
from console.board_order import look_at_dispatch
from console.board_plans import look_at_plan
from console.board_seen import DispatchSeen
from console.board_shapes import BoardOut, CandidatesOut, DispatchOut, PlanOut, RulesOut, WindowsOut
from domain.access.roles import Permission
from domain.appointments.offering import windows_for
from domain.appointments.reasons import WORDS
from domain.dispatch import operations as dispatch
from domain.dispatch import plans
from domain.dispatch.model import Offer
from domain.dispatch.reasons import REASSIGN, REFUSE
from domain.work_orders.model import Visit, WorkOrder

WHY = validate.Length(max=300)
IN_REACH = validate.Range(min=date(YEARS.start, 1, 1), max=date(YEARS.stop - 1, 12, 31))
"""Days from which one can reckon further."""


class DayQuery(Schema):
    day = fields.Date(validate=IN_REACH, metadata={"description": "不填为今天"})
    provider_id = fields.String(load_default="")
    station_id = fields.String(load_default="")


class RulesQuery(Schema):
    engineer_id = fields.String(required=True)
    since = fields.AwareDateTime(load_default=None, metadata={"description": "两小时时段的开始；不填为最近有空的时间"})


class AssignIn(Schema):
    engineer_id = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "看到的版本；别人先派了则返回 409"})
    since = fields.AwareDateTime(load_default=None, metadata={"description": "两小时时段的开始；已约好的不用填"})
    override = fields.String(load_default="", validate=WHY, metadata={"description": "违反规则也要派的原因"})


class ReassignIn(Schema):
    version = fields.Integer(required=True)
    code = fields.String(required=True, validate=validate.OneOf([*REASSIGN]))
    why = fields.String(load_default="", validate=WHY)
    engineer_id = fields.String(load_default="", metadata={"description": "不填由系统另找"})
    override = fields.String(load_default="", validate=WHY)


class AnswerIn(Schema):
    answer = fields.String(required=True, validate=validate.OneOf(["accept", "refuse"]))
    code = fields.String(load_default="", validate=validate.OneOf(["", *REFUSE]))
    why = fields.String(load_default="", validate=WHY)


class BookIn(Schema):
    since = fields.AwareDateTime(required=True)
    code = fields.String(load_default="", validate=validate.OneOf(["", *WORDS]))
    why = fields.String(load_default="", validate=WHY)
    ask_first = fields.Boolean(load_default=False, metadata={"description": "先问客户，同意后才改"})


class ChangeAnswerIn(Schema):
    yes = fields.Boolean(required=True)


class SharesIn(Schema):
    shares = fields.Dict(
        keys=fields.String(), values=fields.Integer(validate=validate.Range(1, 100)), required=True,
        metadata={"description": "工程师 → 份额（%），相加为 100"},
    )  # fmt: skip


class AcceptPlanIn(Schema):
    engineer_ids = fields.List(fields.String(), load_default=None, metadata={"description": "不填为全部"})


def day(call: Call) -> Board:
    given = call.given
    return look_at_board(call.uow, Asked(given.get("day") or call.uow.today, given["provider_id"], given["station_id"]))


def one(call: Call, order_id: str) -> DispatchSeen:
    return look_at_dispatch(call.uow, order_id)


def candidates(call: Call, order_id: str) -> acts.Candidates:
    return acts.candidates_now(call.uow, order_id)


def begins(call: Call) -> str:
    since = call.given["since"]
    return since.isoformat() if since else ""


def rules(call: Call, order_id: str) -> acts.RulesAnswer:
    return acts.ask_rules(call.uow, order_id, call.given["engineer_id"], begins(call))


def assign(call: Call, order_id: str) -> DispatchSeen:
    given = call.given
    acts.assign(
        call.uow, order_id, given["engineer_id"], call.who, version=given["version"], at=begins(call),
        override=given["override"],
    )  # fmt: skip
    return look_at_dispatch(call.uow, order_id)


def again(call: Call, order_id: str) -> DispatchSeen:
    dispatch.dispatch(call.uow, order_id, "again")
    return look_at_dispatch(call.uow, order_id)


def reassign(call: Call, visit_id: str) -> DispatchSeen:
    given = call.given
    acts.reassign(
        call.uow, visit_id, call.who, version=given["version"], code=given["code"], why=given["why"],
        to=given["engineer_id"], override=given["override"],
    )  # fmt: skip
    return of_visit(call, visit_id)


def of_visit(call: Call, visit_id: str) -> DispatchSeen:
    return look_at_dispatch(call.uow, call.uow.get(Visit, visit_id, called="这次上门").work_order_id)


def share(call: Call, visit_id: str) -> DispatchSeen:
    acts.share(call.uow, visit_id, call.given["shares"], call.who)
    return of_visit(call, visit_id)


def answer(call: Call, offer_id: str) -> DispatchSeen:
    given = call.given
    acts.answer_offer(call.uow, offer_id, given["answer"], call.who, reason_code=given["code"], why=given["why"])
    return look_at_dispatch(call.uow, call.uow.get(Offer, offer_id, called="这次询问").work_order_id)


def windows(call: Call, order_id: str) -> Any:
    return {"windows": windows_for(call.uow, call.uow.get(WorkOrder, order_id, called="这张工单"), most=18)}


def book(call: Call, order_id: str) -> DispatchSeen:
    given = call.given
    act = acts.ask_customer if given["ask_first"] else acts.book
    act(call.uow, order_id, given["since"], call.who, reason_code=given["code"], why=given["why"])
    return look_at_dispatch(call.uow, order_id)


def answer_change(call: Call, change_id: str) -> DispatchSeen:
    return look_at_dispatch(
        call.uow, acts.hear_customer(call.uow, change_id, call.given["yes"], call.who).work_order_id
    )


def plan(call: Call, plan_id: str) -> Any:
    return look_at_plan(call.uow, plan_id)


def accept_plan(call: Call, plan_id: str) -> Any:
    plans.accept(call.uow, plan_id, call.given["engineer_ids"], by=call.by)
    return look_at_plan(call.uow, plan_id)


def open_doors(door: ApiDoor) -> None:
    see, assigns, changes = Permission.DISPATCH_SEE, Permission.DISPATCH_ASSIGN, Permission.APPOINTMENTS_CHANGE
    order, seen, planned = "/dispatch/orders/<order_id>", DispatchOut(), PlanOut()
    door.route(
        "GET", "/dispatch/board", day, permission=see, query=DayQuery(), gives=BoardOut(), summary="调度台的一天"
    )
    door.route("GET", order, one, permission=see, gives=seen, summary="一张工单的派工与预约")
    door.route(
        "GET",
        f"{order}/candidates",
        candidates,
        permission=see,
        gives=CandidatesOut(),
        summary="现在能派给谁，不能派的为什么",
    )
    door.route(
        "GET", f"{order}/rules", rules, permission=assigns, query=RulesQuery(), gives=RulesOut(),
        summary="派给这位工程师，规则怎么说",
    )  # fmt: skip
    door.route("POST", f"{order}/assign", assign, permission=assigns, takes=AssignIn(), gives=seen, summary="派单")
    door.route("POST", f"{order}/again", again, permission=assigns, gives=seen, summary="按规则重新找工程师")
    door.route("GET", f"{order}/windows", windows, permission=changes, gives=WindowsOut(), summary="能约的时段")
    door.route("POST", f"{order}/book", book, permission=changes, takes=BookIn(), gives=seen, summary="预约或改约")
    door.route(
        "POST", "/dispatch/changes/<change_id>", answer_change, permission=changes, takes=ChangeAnswerIn(), gives=seen,
        summary="客户对改约的答复",
    )  # fmt: skip
    door.route(
        "POST", "/dispatch/visits/<visit_id>/reassign", reassign, permission=assigns, takes=ReassignIn(), gives=seen,
        summary="改派",
    )  # fmt: skip
    door.route(
        "POST", "/dispatch/visits/<visit_id>/shares", share, permission=assigns, takes=SharesIn(), gives=seen,
        summary="多人上门的份额",
    )  # fmt: skip
    door.route(
        "POST", "/dispatch/offers/<offer_id>", answer, permission=assigns, takes=AnswerIn(), gives=seen,
        summary="代工程师接单或拒单",
    )  # fmt: skip
    door.route("GET", "/dispatch/plans/<plan_id>", plan, permission=see, gives=planned, summary="一个排程方案")
    door.route(
        "POST", "/dispatch/plans/<plan_id>/accept", accept_plan, permission=Permission.PLANS_ACCEPT, takes=AcceptPlanIn(),
        gives=planned, summary="采纳排程方案",
    )  # fmt: skip
