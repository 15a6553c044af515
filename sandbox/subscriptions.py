"""Subscription messages: an account's templates and how many of them a person still takes (protocol sheet 5.1, 5.2).

A new template is a row of SUBSCRIPTIONS. One accepted popup is one message; refusing in the settings takes them all away.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.library import Template
from sandbox.people import Person

SUBSCRIPTIONS = {
    "visit": (
        "上门服务提醒",
        {"thing1": "服务项目", "time2": "上门时间", "name3": "服务人员", "phone_number4": "联系电话", "thing5": "温馨提示"},
    ),
    "progress": (
        "服务进度通知",
        {"character_string1": "工单编号", "thing2": "服务项目", "phrase3": "当前状态", "thing4": "备注"},
    ),
    "quote": (
        "报价确认提醒",
        {"character_string1": "工单编号", "amount2": "报价金额", "thing3": "报价说明", "thing4": "温馨提示"},
    ),
    "payment": (
        "待付款提醒",
        {"character_string1": "工单编号", "amount2": "应付金额", "thing3": "服务项目", "thing4": "温馨提示"},
    ),
    "finished": (
        "服务完成通知",
        {"character_string1": "工单编号", "thing2": "服务项目", "time3": "完成时间", "thing4": "温馨提示"},
    ),
    "refund": (
        "退款结果通知",
        {"character_string1": "退款单号", "amount2": "退款金额", "date3": "退款时间", "thing4": "备注"},
    ),
    "cover": (
        "延保到期提醒",
        {"thing1": "产品名称", "date2": "到期日期", "number3": "剩余天数", "thing4": "温馨提示"},
    ),
}  # fmt: skip


def templates_of(kind: str) -> dict[str, Template]:
    """What an account of this kind has chosen: id → template. The kinds have different ids for the same thing."""
    made = {}
    for name, (title, fields) in SUBSCRIPTIONS.items():
        template_id = f"sandbox-{'mp' if kind == 'mini_program' else 'oa'}-subscribe-{name}".ljust(43, "0")
        made[template_id] = Template(template_id, title, fields)
    return made


def answered(person: Person, templates: Iterable[Mapping[str, Any]], *, popup: bool) -> None:
    """The person said accept or reject, in a popup or in the settings. Under the platform's lock."""
    for one in templates:
        template_id, status = str(one.get("template_id")), one.get("status")
        if popup and status == "accept":
            person.credits[template_id] = person.credits.get(template_id, 0) + 1
        elif not popup and status == "reject":
            person.credits.pop(template_id, None)


def spend(person: Person, template_id: str) -> bool:
    """One message less; False when none is allowed. Under the platform's lock."""
    left = person.credits.get(template_id, 0)
    if left:
        person.credits[template_id] = left - 1
    return left > 0
