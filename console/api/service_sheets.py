"""Service sheets over JSON: what engineers recorded for an order, who wrote what when, and what the staff decide about it."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api_door import ApiDoor, Call
from console.service_sheets import look_at_sheets, see_kept
from domain.access.roles import Permission
from domain.service_sheets.appraisals import FINDINGS, give_appraisal
from domain.work_orders.holds import lift_hold


class CheckOut(Schema):
    code = fields.String()
    title = fields.String()
    reading = fields.String()
    verdict = fields.String(allow_none=True, metadata={"description": "fine、warns、blocks；没有记录时为 null"})
    put_right = fields.String()


class DiagnosisOut(Schema):
    steps = fields.List(fields.List(fields.String()), metadata={"description": "[检查步骤, 结果]"})
    cause = fields.String()
    remedy = fields.String()
    parts = fields.List(fields.String())
    deviates = fields.Boolean(metadata={"description": "工程师没有照诊断树走"})
    said = fields.String()


class PartUsedOut(Schema):
    line = fields.String()
    code = fields.String()
    name = fields.String()
    quantity = fields.Integer()
    new_serial = fields.String()
    old_serial = fields.String()
    old_kept = fields.Boolean(metadata={"description": "旧件留给客户"})


class MaterialOut(Schema):
    line = fields.String()
    code = fields.String()
    title = fields.String()
    quantity = fields.String()


class FeeOut(Schema):
    line = fields.String()
    title = fields.String()
    fen = fields.Integer()
    payer = fields.String()


class ReadOut(Schema):
    checked_in_at = fields.AwareDateTime(allow_none=True)
    far_reason = fields.String()
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), data_key="fields", attribute="fields")
    prompts = fields.List(fields.String())
    checks = fields.List(fields.Nested(CheckOut))
    diagnosis = fields.Nested(DiagnosisOut, allow_none=True)
    parts = fields.List(fields.Nested(PartUsedOut))
    materials = fields.List(fields.Nested(MaterialOut))
    fees = fields.List(fields.Nested(FeeOut))
    total_fen = fields.Integer(metadata={"description": "客户应付"})


class SignatureOut(Schema):
    id = fields.String()
    purpose = fields.String()
    name = fields.String()
    at = fields.AwareDateTime()
    hash = fields.String()
    holds = fields.Boolean(metadata={"description": "签的就是现在这张单；否则已失效"})


class PhotoOut(Schema):
    upload_id = fields.String()
    file_id = fields.String(allow_none=True, metadata={"description": "还没传完时为 null"})
    title = fields.String()
    at = fields.AwareDateTime()


class OperationOut(Schema):
    id = fields.String()
    engineer = fields.String()
    device = fields.String()
    kind = fields.String()
    title = fields.String()
    said = fields.String()
    device_at = fields.AwareDateTime(metadata={"description": "手机自己的时间"})
    at = fields.AwareDateTime(metadata={"description": "校正后的时间"})
    received_at = fields.AwareDateTime()
    outcome = fields.String()
    words = fields.String()
    theirs = fields.String()
    stood = fields.Boolean(allow_none=True)
    seen_at = fields.AwareDateTime(allow_none=True)


class VisitSheetOut(Schema):
    visit_id = fields.String()
    seq = fields.Integer()
    outcome = fields.String()
    outcome_title = fields.String()
    taken_to = fields.String(metadata={"description": "取走的机器放在哪个网点"})
    verify_code = fields.String()
    hash = fields.String()
    version = fields.Integer()
    read = fields.Nested(ReadOut, allow_none=True)
    signatures = fields.List(fields.Nested(SignatureOut))
    photos = fields.List(fields.Nested(PhotoOut))
    kept_unseen = fields.Integer(metadata={"description": "改派后留存、还没人看过的记录"})
    history = fields.List(fields.Nested(OperationOut))


class SheetsOut(Schema):
    order_id = fields.String()
    on_hold = fields.String(metadata={"description": "blocked、absent：等客户处理"})
    hold_title = fields.String()
    blocking = fields.List(fields.Nested(CheckOut))
    sheets = fields.List(fields.Nested(VisitSheetOut))


class GoOnIn(Schema):
    why = fields.String(required=True, validate=validate.Length(min=1, max=500))


class AppraisalIn(Schema):
    finding = fields.String(required=True, validate=validate.OneOf([*FINDINGS]))
    why = fields.String(required=True, validate=validate.Length(min=1, max=500))


def sheets(call: Call, order_id: str) -> Any:
    return look_at_sheets(call.uow, order_id, call.who)


def go_on(call: Call, order_id: str) -> Any:
    lift_hold(call.uow, order_id, by=call.by, why=call.given["why"])
    return look_at_sheets(call.uow, order_id, call.who)


def appraise(call: Call, order_id: str) -> Any:
    give_appraisal(call.uow, order_id, call.given["finding"], call.given["why"], by=call.by)
    return look_at_sheets(call.uow, order_id, call.who)


def kept_seen(call: Call, visit_id: str) -> Any:
    return look_at_sheets(call.uow, see_kept(call.uow, visit_id, call.who), call.who)


def open_doors(door: ApiDoor) -> None:
    gives, order = SheetsOut(), "/work-orders/<order_id>"
    door.route(
        "GET", f"{order}/service-sheets", sheets, permission=Permission.ORDERS_SEE, gives=gives,
        summary="工单的服务单和现场记录（查看会记录）",
    )  # fmt: skip
    door.route(
        "POST", f"{order}/go-on", go_on, permission=Permission.APPOINTMENTS_CHANGE, takes=GoOnIn(), gives=gives,
        summary="客户已整改或已联系上：恢复派工",
    )  # fmt: skip
    door.route(
        "POST", f"{order}/appraisal", appraise, permission=Permission.DESK_WORK, takes=AppraisalIn(), gives=gives,
        summary="写入质量鉴定结果",
    )  # fmt: skip
    door.route(
        "POST", "/visits/<visit_id>/kept-seen", kept_seen, permission=Permission.DISPATCH_ASSIGN, gives=gives,
        summary="改派后留存的记录已看过",
    )  # fmt: skip
