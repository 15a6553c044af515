"""How things are written on the staff's pages: moments, masks, titles. What a template needs is a row of `FILTERS`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from console.actions import ACTIONS
from domain.access import roles
from domain.cover.numbers import spoken as cover_number
from domain.desk.lifecycle import TASKS, TaskStatus
from domain.incidents.lifecycle import INCIDENTS, IncidentStatus
from domain.kit.actors import Role
from domain.kit.money import Money
from domain.kit.personal import mask_words as mask_words
from domain.kit.unit_of_work import SHANGHAI
from domain.notices.model import MessageState
from domain.work_orders import kinds
from domain.work_orders.lifecycle import ORDERS, VISITS, OrderStatus, VisitStatus
from domain.work_orders.numbers import spoken

ACTORS = {Role.CUSTOMER: "客户", Role.ENGINEER: "工程师", Role.STAFF: "员工", Role.SYSTEM: "系统"}
PROGRAMS = {
    "bot": "机器人",
    "console": "控制台",
    "reactions": "系统通知",
    "demo": "演示数据",
    "cli": "命令行",
    "payments": "自动收退款",
    "wechat_pay": "微信支付",
    "reconciliation": "自动对账",
    "notices": "系统通知",
    "feedback": "评价跟进",
    "cover": "延保",
    "appointments": "自动预约",
    "dispatch": "自动派工",
    "planning": "自动排程",
    "clocks": "时效",
    "service_sheets": "服务单",
    "pricing": "自动计价",
    "prices": "价目",
    "warranty": "自动核定",
    "identities": "身份识别",
    "sign_in": "登录",
    "import": "表格导入",
    "access": "权限",
    "privacy": "到期清理",
}
HISTORY = {
    "open": "开单", "change": "修改资料", "report": "客户再次报修", "offer": "派出上门", "urge": "客户催单", "go_on": "恢复派工",
    "appraisal": "质量鉴定", "rectify": "定为整改单",
}  # fmt: skip
FIELDS = {
    "contact_name": "联系人", "phone": "电话", "address": "地址", "wanted_time": "期望时间", "words": "描述",
    "name": "姓名", "product": "产品", "model": "型号",
}  # fmt: skip
VIA = {
    "rectification": "整改",
    "chat": "微信",
    "console": "控制台",
    "api": "接口",
    "demo": "演示",
    "page": "页面",
    "mini_program": "小程序",
    "visit": "工程师上门",
}
TASK_KINDS = {
    "chat": "人工接待", "transfer": "产品过户", "merge": "合并客户", "callback": "回电", "complaint": "投诉",
    "reschedule": "改约", "cover": "延保咨询", "rating": "评价", "warranty": "保修咨询", "return_exchange": "退换货",
    "service_level": "时效跳闸", "help_senior": "请求支援", "help_appraisal": "质量鉴定", "work_kept": "改派后的现场记录",
    "price_off": "报价账单待核对", "quote_silent": "报价没有答复", "proof": "核对发票", "red_invoice": "发票红冲",
}  # fmt: skip
MESSAGE_STATES = {
    MessageState.WAITING: "待发送", MessageState.SENDING: "发送中", MessageState.SENT: "已发送",
    MessageState.UNREACHABLE: "对方 48 小时内没有来过消息，发不出去", MessageState.DEAD: "发送失败", MessageState.STALE: "已过时，没有发",
}  # fmt: skip
HEARD = {
    "image": "图片", "voice": "语音", "video": "视频", "location": "位置", "link": "链接", "card": "名片",
    "file": "文件", "menu": "点了菜单", "scan": "扫码", "follow": "关注了公众号", "qr": "扫了二维码", "unfollow": "取消关注",
    "revoked": "撤回了授权", "undelivered": "模板消息没有送达", "consent": "订阅消息的选择", "unknown": "其他消息",
}  # fmt: skip


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
    "yuan": lambda fen: str(Money(fen or 0)),
    "milli": lambda n: f"{n // 1000}.{n % 1000:03d}".rstrip("0").rstrip("."),
    "moment_short": moment_short,
    "clock": clock,
    "moment_exact": moment_exact,
    "day": day,
    "actor": actor,
    "spoken": spoken,
    "cover_number": cover_number,
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
