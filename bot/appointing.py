"""Making and moving appointments in a talk: what opening an order, choosing a time and 改约 have in common."""

from __future__ import annotations

import re
from datetime import datetime

from bot.flow import Answers, Then
from bot.kinds.order import chosen
from bot.kinds.window import MOST, SKIP, is_too_far, last_day, wish_of, words_of
from bot.talk import Talk
from bot.tasks import for_agent
from bot.understanding import Understood
from domain.appointments.changes import answer_change
from domain.appointments.operations import BOOKABLE, NoRoom, book_window, keep_wish
from domain.appointments.queries import booked, open_change, promises
from domain.appointments.reasons import OTHER, code_of
from domain.appointments.windows import window_words
from domain.kit.errors import Refused
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.visits import standing_visit

UNTIL = "工程师出发前可以改约或取消。"
CALLED = "工程师会尽快来电约上门时间"
YES = re.compile(
    r"^(?:可以|同意|行|好的?|没问题|ok|改吧|就这样|可以改|同意改约|确认|是的?)[。.!,~\s了啊呀吧的哦]*$", re.IGNORECASE
)
NO = re.compile(
    r"^(?:不行|不可以|不同意|不方便|不要改|别改|不改|不好|还是按?原来的?(?:时间)?|按原来的?(?:时间)?)[。.!,~\s了啊呀吧的哦]*$"
)
UNDER_WAY = (VisitStatus.DEPARTED, VisitStatus.CHECKED_IN)


def first_visit(talk: Talk, answers: Answers, order: WorkOrder, head: str, *, note: str = "") -> str | Then:
    """What follows an order that was just opened: the window wished for is booked; else windows are offered; where nobody
    has time the words are that somebody will call. ``head`` says what was done."""
    wished = answers.get("time")
    wish = wish_of(wished)
    if wish:
        keep_wish(talk.uow, order, wish)
    if is_too_far(talk, wish):
        return f"{head}\n{not_yet(talk, spoken(order.number), words_of(wished) or '', what='预约')}{note}回复“进度”可随时查看。"
    windows = talk.windows_for(order, wish, MOST)
    for window in wish.exactly(windows) if wish else []:
        try:
            book_window(talk.uow, order.id, window.since, window.until, by=talk.by, via="chat")
        except NoRoom:
            talk.windows.clear()
            continue
        return f"{head}\n已约：{promised(talk, order.id)}。{note}{UNTIL}回复“进度”可随时查看。"
    if not windows:
        return f"{head}\n{CALLED}{'；' if note else '，'}{note}回复“进度”可随时查看。"
    if talk.state.queued:
        return f"{head}\n{CALLED}；也可以回复“选上门时间”自己选。{note}"
    along = {"order": chosen(order)} | ({"wish": wished} if wished and wish else {})
    return Then(f"{head}{f'{chr(10)}{note}' if note else ''}", "appointment", along)


def promised(talk: Talk, order_id: str) -> str:
    """The window and who comes."""
    return promises(talk.uow, [order_id])[order_id].words


def may_be_moved(talk: Talk, answers: Answers) -> bool:
    """Whether the order in the answers is one whose time can be chosen now."""
    if "order" not in answers:
        return False
    order = talk.uow.get(WorkOrder, answers["order"].value["order_id"], called="这张工单")
    return order.status in BOOKABLE and not under_way(talk, order.id)


def under_way(talk: Talk, order_id: str) -> bool:
    visit = standing_visit(talk.uow, order_id)
    return visit is not None and visit.status in UNDER_WAY


def has_appointment(talk: Talk, answers: Answers) -> bool:
    """Whether a window was picked that replaces one promised before: only then is there a reason to ask for."""
    picked = answers["window"].value if "window" in answers else {}
    return "since" in picked and booked(talk.uow, answers["order"].value["order_id"]) is not None


def settle_window(talk: Talk, answers: Answers, flow: str) -> str | Then:
    """Book the window that was picked, or pass on what was said where nobody has time."""
    order = talk.uow.get(WorkOrder, answers["order"].value["order_id"], called="这张工单")
    if order.status is OrderStatus.WAITING_PART:
        return "正在等配件，到货后会联系您约上门时间。"
    if under_way(talk, order.id):
        return "工程师已经出发，现在不能改时间了。有变化请直接跟工程师说，或回复“人工”。"
    if "window" not in answers:
        return "这张工单现在不能改时间。需要帮助请回复“人工”。"
    picked, before = answers["window"].value, booked(talk.uow, order.id)
    if picked.get("later"):
        return f"好的，{CALLED}。要自己选，回复“选上门时间”。"
    if picked.get("too_far"):
        what = "改约" if before else "预约"
        told = not_yet(talk, answers["order"].shown, words_of(answers["window"]) or "", what=what)
        return told + (f"在那之前仍按原来的时间：{promised(talk, order.id)}。" if before else "")
    if "since" not in picked:
        return for_people(talk, answers, moves=before is not None or flow == "reschedule")
    since, until = (datetime.fromisoformat(picked[end]) for end in ("since", "until"))
    words = answers["reason"].value if "reason" in answers else ""
    words = "" if words == SKIP else words
    code = code_of(words)
    try:
        book_window(
            talk.uow, order.id, since, until, by=talk.by, via="chat", reason_code=code,
            why=words if code == OTHER else "",
        )  # fmt: skip
    except NoRoom:
        talk.windows.clear()
        kept = {name: answer for name, answer in answers.items() if name in ("order", "reason")}
        return Then(f"抱歉，{window_words(since, until)}刚被约走了。", flow, kept)
    done = "已改约" if before else "已约"
    return f"{done}：{promised(talk, order.id)}。{UNTIL}"


def not_yet(talk: Talk, order: str, wish: str, *, what: str) -> str:
    """A wish for a day that cannot be booked yet: it goes to an agent, who asks again, and the customer may as well."""
    for_agent(
        talk, "reschedule", f"客户要求{what}，日子还没有开放预约，到时请再联系客户\n工单 {order}\n希望时间：{wish}"
    )
    until, again = last_day(talk), "改约" if what == "改约" else "选上门时间"
    return (
        f"现在最远能约到{until:%-m月%-d日}，“{wish}”还不能约。您的希望已记下并转给客服，到时会再联系您；"
        f"您也可以到时再回复“{again}”，想早点上门现在就可以回复。"
    )


def for_people(talk: Talk, answers: Answers, *, moves: bool) -> str:
    """Nobody has time that we know of: an agent arranges it."""
    order, wish = answers["order"].shown, words_of(answers["window"]) or ""
    what = "改约" if moves else "预约"
    for_agent(talk, "reschedule", f"客户要求{what}\n工单 {order}\n希望时间：{wish}")
    return f"{what}要求已转给客服：工单 {order}，希望“{wish}”。客服确认后会在这里告诉您。"


def answered_change(talk: Talk, understood: Understood[str]) -> str | None:
    """The answer to an engineer's request for another time, if that is what the words are and one is open."""
    said = understood.said.text.strip()
    yes, no = YES.match(said), NO.match(said)
    asked = open_change(talk.uow, talk.contact.customer_id) if yes or no else None
    if asked is None:
        return None
    try:
        answer_change(talk.uow, asked.id, bool(yes), by=talk.by, via="chat")
    except NoRoom:
        return "抱歉，这个时间刚被约走了，预约仍按原来的时间。要换时间请回复“改约”。"
    except Refused as refused:
        return str(refused)
    stands = promised(talk, asked.work_order_id)
    return f"已改约：{stands}。" if yes else f"好的，仍按原来的时间：{stands}。"
