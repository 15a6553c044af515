"""How things are written on the staff's pages: moments, masks, titles. What a template needs is a row of `FILTERS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from domain.access import roles
from domain.desk.lifecycle import TASKS, TaskStatus
from domain.incidents.lifecycle import INCIDENTS, IncidentStatus
from domain.kit.actors import Role
from domain.kit.personal import mask_phone
from domain.kit.unit_of_work import SHANGHAI
from domain.notices.model import MessageState
from domain.work_orders import kinds
from domain.work_orders.lifecycle import ORDERS, VISITS, OrderStatus, VisitStatus
from domain.work_orders.numbers import spoken

ACTORS = {Role.CUSTOMER: "客户", Role.ENGINEER: "工程师", Role.STAFF: "员工", Role.SYSTEM: "系统"}
PROGRAMS = {"bot": "机器人", "console": "控制台", "reactions": "系统通知", "demo": "演示数据", "cli": "命令行", "notices": "系统通知"}
HISTORY = {"open": "开单", "change": "修改资料", "report": "客户再次报修", "offer": "派出上门"}
FIELDS = {
    "contact_name": "联系人", "phone": "电话", "address": "地址", "wanted_time": "期望时间", "words": "描述",
    "name": "姓名",
}  # fmt: skip
VIA = {"chat": "微信", "console": "控制台", "api": "接口", "demo": "演示"}
TASK_KINDS = {
    "chat": "人工接待", "transfer": "产品过户", "merge": "合并客户", "callback": "回电", "complaint": "投诉",
    "reschedule": "改约", "cover": "延保咨询", "rating": "评价", "warranty": "保修咨询", "return_exchange": "退换货",
}  # fmt: skip
MESSAGE_STATES = {
    MessageState.WAITING: "待发送", MessageState.SENDING: "发送中", MessageState.SENT: "已发送",
    MessageState.UNREACHABLE: "对方 48 小时内没有来过消息，发不出去", MessageState.DEAD: "发送失败", MessageState.STALE: "已过时，没有发",
}  # fmt: skip
HEARD = {
    "image": "图片", "voice": "语音", "video": "视频", "location": "位置", "link": "链接", "card": "名片",
    "file": "文件", "menu": "点了菜单", "scan": "扫码", "follow": "关注了公众号", "qr": "扫了二维码", "unfollow": "取消关注",
    "revoked": "撤回了授权", "unknown": "其他消息",
}  # fmt: skip

PHONE_IN_WORDS = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(?P<number>1[3-9]\d(?:[ -]?\d){8}|0\d{2,3}[ -]?[2-8]\d{6,7})(?!\d)")
"""Mobile and landline numbers as people write them into a sentence."""

DOOR_IN_WORDS = re.compile(
    r"(?<=[路街道巷弄村里园苑庭府城寓区厦湾])[0-9A-Za-z-]+(?=[号弄巷栋幢座])"
    r"|[0-9A-Za-z]+(?=栋|幢|座|单元|室)"
    r"|(?<=[0-9A-Za-z][栋幢座号元楼])[0-9A-Za-z-]{2,5}(?![0-9A-Za-z])"
)
"""The numbers of a house and a flat, where the words around them make them such: 18号 alone may be a day."""


def mask_words(words: str | None) -> str:
    """A sentence with the phone numbers and house numbers in it masked."""
    no_phones = PHONE_IN_WORDS.sub(lambda found: mask_phone(re.sub(r"\D", "", found["number"])), words or "")
    return DOOR_IN_WORDS.sub("*", no_phones)


def moment(at: datetime | None) -> str:
    """2026-11-21 20:54, Shanghai's."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def moment_short(at: datetime | None) -> str:
    """11-21 20:54: for lists, where the year is plain."""
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if at else ""


def moment_exact(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def clock(at: datetime) -> str:
    """09:30, in Shanghai; the midnight a day ends with is 24:00 to nobody but the reader of a range."""
    return at.astimezone(SHANGHAI).strftime("%H:%M")


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def actor(author: str | None, names: dict[str, str] | None = None) -> str:
    """``staff:st_…`` as a name, when it is among ``names``; programs and sides by what they are called."""
    if not author:
        return "客户"
    if names and author in names:
        return names[author]
    side, _, who = author.partition(":")
    if side == Role.SYSTEM:
        return PROGRAMS.get(who, f"系统（{who}）")
    return ACTORS.get(Role(side), side) if side in set(Role) else author


def history_title(move: str) -> str:
    return HISTORY.get(move) or (ORDERS.moves[move].title if move in ORDERS.moves else move)


def order_status(status: str) -> str:
    return ORDERS.titles.get(OrderStatus(status), status) if status in set(OrderStatus) else status


def visit_status(status: str) -> str:
    return VISITS.titles.get(VisitStatus(status), status)


def task_status(status: str) -> str:
    return TASKS.titles.get(TaskStatus(status), status)


def incident_status(status: str) -> str:
    return INCIDENTS.titles.get(IncidentStatus(status), status)


def lasting(span: timedelta) -> str:
    """How long, the way one says it: 不到 1 分钟, 12 分钟, 3 小时, 2 天."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "不到 1 分钟"
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 24 * 60 else f"{minutes // (24 * 60)} 天"


def role_title(role: str) -> str:
    return roles.TITLES[roles.StaffRole(role)] if role in set(roles.StaffRole) else role


def titled(titles: dict[Any, str]) -> Callable[[Any], str]:
    """A filter that looks a code's title up, and shows the code where it has none."""
    return lambda code: titles.get(code, str(code or ""))


ACTIONS = {
    "order.view": "查看工单", "order.open": "开单", "order.report": "并入报修", "order.change": "修改工单", "order.sheet": "打印派工单",
    "customer.view": "查看客户", "product.view": "查看产品", "product.register": "登记产品",
    "product.ask_transfer": "申请过户", "product.transfer_accept": "同意过户", "product.transfer_refuse": "驳回过户",
    "product.serial": "补登编号", "personal.reveal": "查看隐私信息", "desk.view": "查看待办", "desk.ask": "进入待办",
    "desk.claim": "接手待办", "desk.drop": "放回待办", "desk.finish": "办结待办", "desk.reply": "回复客户",
    "desk.pass_on": "转交会话", "desk.canned": "修改常用语", "desk.canned_drop": "删除常用语", "desk.hours": "修改在岗时间",
    "desk.on_duty": "上岗", "desk.off_duty": "离岗", "chat.view": "查看会话",
    "incident.open": "安全事件", "incident.view": "查看安全事件", "incident.acknowledge": "接手安全事件",
    "incident.close": "关闭安全事件", "incident.on_call": "修改值班名单",
    "staff.add": "添加员工", "staff.token": "生成令牌", "staff.sign_in": "登录", "staff.sign_out": "退出登录",
    "staff.sign_in_failed": "登录失败", "staff.locked": "账号锁定", "staff.change_password": "修改密码",
    "staff.set_password": "重设密码", "staff.set_role": "修改角色", "staff.disable": "停用员工",
    "staff.enable": "启用员工", "message.retry": "重发消息", "template.put": "设置模板消息", "reaction.retry": "重试死信",
    "privacy.consent": "同意隐私声明", "contact.unfollow": "取消关注", "contact.revoke": "撤回授权",
    "provider.put": "修改服务商", "provider.view": "查看服务商", "provider.authorize": "品牌授权", "station.put": "修改网点",
    "coverage.put": "修改服务网格", "coverage.end": "停用网格", "network.import": "导入网络表格", "network.export": "导出网络表格",
    "engineer.put": "修改工程师", "engineer.view": "查看工程师", "engineer.dismiss": "工程师离职", "engineer.skill": "修改技能",
    "engineer.certificate": "登记证书", "certificate.withdraw": "作废证书", "engineer.authorize": "授权工程师",
    "engineer.end": "终止技能或授权", "engineer.add_many": "批量登记", "engineer.located": "定位同意", "engineer.rate": "更新评分",
    "shift.put": "添加班次", "shift.end": "停用班次", "leave.take": "请假", "leave.end": "取消请假",
    "visit.offer": "派出上门", "file.view": "查看照片或视频", "file.glance": "看到照片缩略图",
}  # fmt: skip


def action_title(action: str) -> str:
    """An action of the audit trail in words; moves of orders and visits by their lifecycle's titles."""
    subject, _, name = action.partition(".")
    if action in ACTIONS:
        return ACTIONS[action]
    if subject == "order" and name in ORDERS.moves:
        return ORDERS.moves[name].title
    return VISITS.moves[name].title if subject == "visit" and name in VISITS.moves else action


FILTERS: dict[str, Callable[..., str]] = {
    "moment": moment,
    "moment_short": moment_short,
    "clock": clock,
    "moment_exact": moment_exact,
    "day": day,
    "actor": actor,
    "spoken": spoken,
    "mask_words": mask_words,
    "history_title": history_title,
    "action_title": action_title,
    "order_status": order_status,
    "visit_status": visit_status,
    "task_status": task_status,
    "incident_status": incident_status,
    "lasting": lasting,
    "role_title": role_title,
    "service_type": titled(kinds.TITLES),
    "field_title": titled(FIELDS),
    "via_title": titled(VIA),
    "task_kind": titled(TASK_KINDS),
    "message_state": titled(MESSAGE_STATES),
    "heard_kind": titled(HEARD),
}
