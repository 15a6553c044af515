"""WeRobot with its default session store (a SQLite file in the working directory) and a little repair dialogue.

The dialogue takes the same messages as Weixiu's and answers the same steps, out of the session; it keeps no order,
because WeRobot has nowhere to keep one. ``BENCH_ACCOUNT`` is ``app id,token,aes key``. With ``BENCH_HANDLED`` each
handler call is written to that file, so that calls for one and the same message can be counted.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

from werobot import WeRoBot

APP_ID, TOKEN, AES_KEY = os.environ["BENCH_ACCOUNT"].split(",")
HANDLED = os.environ.get("BENCH_HANDLED")

robot = WeRoBot(token=TOKEN, app_id=APP_ID, encoding_aes_key=AES_KEY)
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
ADDRESS = re.compile(r"\S*[省市区县]\S*号\S*")
FAULT = re.compile("不制冷|漏水|不通电|异响|打不着火|不脱水")


@robot.text
def talk(message: Any, session: dict[str, Any]) -> str:
    said = message.content.strip()
    count(message.message_id, "message")
    if said == "确认" and session.get("phone"):
        count(message.message_id, "order")
        session.clear()
        return f"报修已受理。\n工单号：{secrets.randbelow(10**9):09d}"
    if said == "改电话":
        session.pop("phone", None)
        return "请留下联系电话和称呼，例如：13800000000 王女士"
    for name, pattern in (("fault", FAULT), ("address", ADDRESS), ("phone", PHONE)):
        if found := pattern.search(said):
            session[name] = found.group()
    if "fault" not in session:
        return "您可以说报修，或者直接说问题，例如空调不制冷。"
    if "address" not in session:
        return "请发上门地址，写到门牌号"
    if "phone" not in session:
        return "请留下联系电话和称呼，例如：13800000000 王女士"
    return f"请核对报修信息：\n故障：{session['fault']}\n地址：{session['address']}\n电话：{session['phone']}\n回复“确认”提交"


def count(message_id: Any, what: str) -> None:
    if HANDLED:
        with Path(HANDLED).open("a") as file:
            file.write(f"{what} {message_id}\n")


app = robot.wsgi
