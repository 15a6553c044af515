"""What people may say at any time, whatever is being asked: cancel, back, help, a person, change an answer."""

from __future__ import annotations

import re

from bot import consent
from bot.conversation import State
from bot.flow import Flow
from bot.flows import FLOWS
from bot.talk import Talk
from domain.desk import duty
from domain.desk import operations as desk

END = r"[了吧啊呀哈呢。.!,~\s]*$"
CANCEL = re.compile(rf"^(取消|算了|退出|结束|放弃|停止|先这样|(先)?不(用|弄|报|报修|登记|装|安装|修|要)){END}")
BACK = re.compile(rf"^(上一步|返回|后退|上一个|退回){END}")
HELP = re.compile(rf"^(帮助|菜单|功能|help|怎么用|你(会|能)(做|干)?(什么|啥)|\?+){END}")
PERSON = re.compile(
    rf"^(请|帮我|给我|我要|我想|麻烦)?(转|找|接|要|叫|换|联系)?(一下|个)?(人工|真人|活人|客服)(服务|客服|坐席|人员)?(接听|处理)?{END}"
)
ROBOT = re.compile(rf"^(机器人|自助|返回自助|回到自助|退出人工|不用人工){END}")
CHANGE = re.compile(r"改|换成|更正|写错|说错|填错|错了|不对|应该是")


FEATURED = 50
"""Flows up to this rank are named to somebody who does not know what to say."""


def greeting(talk: Talk) -> str:
    """What can be done here, said to somebody we did not understand or who just came."""
    names = "、".join(f"“{flow.title}”" for flow in FLOWS.values() if flow.rank < FEATURED)
    return f"您可以说{names}，或者直接说问题，例如“空调不制冷”。需要人工请回复“人工”。"


def welcome(talk: Talk) -> str:
    return f"您好，这里是{talk.voice.brand}售后服务。{greeting(talk)}"


def to_person(talk: Talk, why: str) -> list[str]:
    """Hand the talk over, with what was answered so far."""
    state = talk.state
    flow = FLOWS.get(state.flow or "")
    so_far = f"{flow.title}进行中\n{flow.summary(state.answers)}" if flow else ""
    task, is_new = desk.ask_for_person(
        talk.uow, by=talk.by, brand_id=talk.voice.brand_id, account_id=talk.voice.account_id,
        openid=talk.contact.openid, words="\n".join(part for part in (why, so_far) if part),
    )  # fmt: skip
    state.begin(None)
    state.with_person, state.hinted = task.id, False
    if not is_new:
        return ["已经在为您转人工了，请稍候。急事可拨打" + talk.voice.hotline]
    away = duty.words(talk.uow, talk.voice.brand_id)
    return [
        "已为您转人工客服，前面的内容会一起转过去。" + (f"{away}。" if away else "客服会尽快回复您。"),
        consent.line(talk) if away else "",
        f"急事可拨打 {talk.voice.hotline}。回复“机器人”可回到自助。",
    ]


def cancel(state: State) -> list[str]:
    """Give up what was being done."""
    flow = FLOWS.get(state.flow or "")
    state.begin(None)
    if flow is None:
        return ["当前没有进行中的操作。要取消已受理的工单，请回复“取消工单”。"]
    done = f"先不{flow.title}" if flow.title.startswith("取消") else f"已取消{flow.title}"
    return [f"好的，{done}。需要时随时找我。"]


def step_back(state: State) -> bool:
    """Forget the answer given last; what came from the archive is not a step. False when there is none."""
    given = [name for name, answer in state.answers.items() if not answer.known]
    if not given:
        return False
    del state.answers[given[-1]]
    state.offered.pop(given[-1], None)
    state.misses = 0
    return True


def asked_change(flow: Flow, said: str) -> str | None:
    """The question whose answer the person wants changed, by the end of its title: 改地址, 电话错了, 时间改一下."""
    if not CHANGE.search(said):
        return None
    return next((q.name for q in flow.questions if q.title and q.title[-2:] in said), None)
