"""★ What is said of service sheets: how a visit ended, what the customer has to see to, where the sheet is; what engineers ask for.

Part of the table in `domain.notices.notices`; what the words may hold is said there.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.access.roles import StaffRole
from domain.notices.channels import BY_ALL
from domain.notices.rows import CAN_WAIT, SOON, Notice, Urgency, for_engineer, for_staff

ENDS = ("sheet.", "order.finish", "order.revisit", "order.visit.fail", "order.wait_part")
"""What an end of a visit takes the place of: another end it came to before, and the moves that went with it."""


def end(
    outcome: str,
    title: str,
    state: str,
    tip: str,
    words: str,
    sms: str,
    *,
    urgency: Urgency = CAN_WAIT,
    must: bool = False,
) -> Notice:
    """One about the end of a visit; told again only when the sheet says something else by then."""
    return Notice(
        f"sheet.{outcome}", title, words, "sheet:{visit}:{outcome}:{hash}", by=BY_ALL, urgency=urgency, sms=sms, state=state,
        tip=tip, instead=ENDS, must=must,
    )  # fmt: skip


SHEETS: Mapping[str, Notice] = {
    "finished": end(
        "finished", "完工和服务单", "已完工", "点开看服务单，如有问题请告诉我们",
        "您的{service}工单 {number} 已完工，感谢您的耐心。服务单请点这里看：{link}\n如还有问题，直接在这里告诉我们。",
        "您的{service}工单{number}已完工，服务单：{link}，如有问题请拨{hotline}。",
    ),
    "waiting_part": end(
        "waiting_part", "等待配件", "等待配件", "配件已在准备，到货后联系您上门",
        "您的{service}工单 {number} 需要配件：{parts}。配件已在准备，到货后会联系您再次上门。",
        "您的{service}工单{number}需要配件，已在准备，到货后联系您再次上门。客服{hotline}。",
    ),
    "taken_in": end(
        "taken_in", "取件单", "已取件", "机器已取回检修，点开看取件单",
        "您的{service}工单 {number}：机器已由师傅取回检修，取件单请点这里看：{link}\n修好后会联系您送回。",
        "您的{service}工单{number}：机器已取回检修，取件单：{link}，客服{hotline}。",
    ),
    "revisit": end(
        "revisit", "再次上门", "再次上门", "还需再上门一次，会尽快约时间",
        "您的{service}工单 {number} 还需要再上门一次，我们会尽快与您约时间。",
        "您的{service}工单{number}还需要再上门一次，我们会尽快与您约时间。客服{hotline}。",
    ),
    "blocked": end(
        "blocked", "现场要整改", "待您处理", "现场有问题要先处理，请在公众号里看",
        "您的{service}工单 {number}：现场有下面的问题，处理好才能继续。\n{put_right}\n"
        "整改好后回复“改好了”，我们马上安排；也可以回复“改约”自己选时间。有疑问请拨 {hotline}。",
        "您的{service}工单{number}：现场有问题要先处理，师傅已向您说明。处理好请拨{hotline}，我们马上安排。",
        urgency=SOON, must=True,
    ),
    "absent": end(
        "absent", "客户不在", "另约时间", "没有联系到您，请另约上门时间",
        "您的{service}工单 {number}：师傅到了没有见到您。请回复“改约”选一个方便的时间，我们再来。有疑问请拨 {hotline}。",
        "您的{service}工单{number}：师傅到了没有见到您。请拨{hotline}另约时间。",
        urgency=SOON, must=True,
    ),
}  # fmt: skip
"""By the outcome of the visit, a key of `domain.service_sheets.rules.OUTCOMES`."""

CHANGED = Notice(
    "sheet.changed", "服务单有更正",
    "您的{service}工单 {number} 的服务单有更正，原来的签名已失效，师傅会请您重新确认。现在的服务单：{link}",
    "sheet_changed:{visit}:{hash}", by=BY_ALL, urgency=SOON, state="有更正", tip="服务单有更正，请重新确认签名",
    sms="您的{service}工单{number}的服务单有更正，请重新确认签名：{link}", instead=("sheet.",),
)  # fmt: skip
"""Only where the customer was sent a sheet before."""

HELP: Mapping[str, Notice] = {
    "senior": for_staff(
        "help.senior",
        "请求支援",
        "工单 {number}：现场工程师请求高级工程师支援。请到待办处理。",
        "help:{task}",
        StaffRole.DISPATCHER,
    ),
    "appraisal": for_staff(
        "help.appraisal",
        "申请质量鉴定",
        "工单 {number}：现场工程师申请质量鉴定。请到待办处理。",
        "help:{task}",
        StaffRole.DISPATCHER,
    ),
}
KEPT = for_staff(
    "sheet.kept", "改派后的现场记录", "工单 {number}：改派后原来的工程师又传来了现场记录。请到工单页查看。", "kept:{visit}:{engineer_id}",
    StaffRole.DISPATCHER,
)  # fmt: skip
APPRAISED = for_engineer(
    "appraisal.given", "质量鉴定结果", "鉴定完成", "工单{number}质量鉴定：{finding}。", "appraisal:{line}"
)
