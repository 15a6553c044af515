"""A customer as a person is: reads the phone, decides what to say next, says it again when nothing comes.

What is said to which words on the screen is the table `SAYINGS`; a new question of the bot's is a new line of it.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.phone import Bubble, Phone

PATIENCE = 7.0
"""Seconds without an answer after which a person says it again."""
LONGEST = 200.0
"""Seconds after which a person gives up."""
LOOK = 0.3
"""Seconds between looks at the phone."""
NUMBER = re.compile(r"(?:工单号：|工单 ?|^)(\d{3} \d{3} \d{3,4})", re.MULTILINE)
FAULTS = ("空调不制冷了", "冰箱不制冷，冷藏室温度高", "洗衣机不脱水", "空调漏水", "空调有异响", "电视没有图像")
ROADS = ("卫红路", "文明东路", "桂洲大道", "振华路", "容奇大道", "红旗中路")
NAMES = ("王女士", "李先生", "陈小姐", "黄先生", "何女士", "梁先生")
Say = Callable[["Customer"], str | None]

SAYINGS: tuple[tuple[str, Say], ...] = (
    ("请核对(?s:.)*电话：", lambda one: one.checked()),
    ("请核对|回复“确认”提交", lambda one: "确认"),
    ("登记成功|之前已经登记|过户申请已提交", lambda one: one.trouble()),
    ("已为您转人工|正在为您转人工|人工客服会尽快|已登记回电", lambda one: "机器人"),
    ("您发得有点快", lambda one: one.slower()),
    ("抱歉，刚才出了点问题", lambda one: one.again()),
    ("说的是同一台吗", lambda one: "1"),
    ("请问需要什么服务|是要报修、安装还是登记", lambda one: "报修"),
    ("您名下还没有工单", lambda one: one.trouble()),
    ("机身编号", lambda one: "没有"),
    ("什么时候买的|购买日期", lambda one: "不记得"),
    ("请发产品型号", lambda one: one.code),
    ("哪台家电|哪一台|什么故障|哪种|什么问题", lambda one: one.trouble()),
    ("上门地址|没认出地址|门牌号|哪条路|哪个(省|市|区)", lambda one: one.place),
    ("联系电话|不像电话号码", lambda one: f"{one.phone} {one.name}"),
    ("怎么称呼", lambda one: one.name),
    ("解决了吗|是否解决", lambda one: "没用，要报修"),
    ("您可以说", lambda one: one.greeted()),
)
"""Words on the screen, and what a customer answers to them. The first that fits the last bubble counts."""


@dataclass
class Customer:
    """One conversation, from following the account to an order number."""

    phone_screen: Phone
    chance: random.Random
    code: str
    patience: float = PATIENCE
    said: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    repeats: int = 0
    went_wrong: str = ""
    fault: str = ""
    name: str = ""
    phone: str = ""
    other_phone: str = ""
    place: str = ""

    def __post_init__(self) -> None:
        chance = self.chance
        self.fault, self.name = chance.choice(FAULTS), chance.choice(NAMES)
        self.phone, self.other_phone = (f"13{chance.randrange(10**9):09d}" for _ in range(2))
        house = (
            f"{chance.randrange(1, 200)}号{chance.randrange(1, 20)}栋{chance.randrange(2, 30)}0{chance.randrange(1, 5)}"
        )
        self.place = f"佛山市顺德区容桂街道{chance.choice(ROADS)}{house}"
        self.registers = chance.random() < 0.2
        self.changes_mind = chance.random() < 0.25
        self.at_once = chance.random() < 0.5

    def live(self) -> None:
        """Talk until an order number was told, or patience is over."""
        began = time.monotonic()
        self.phone_screen.do("follow")
        seen, bubbles = self.wait(0)
        words: str | None = f"登记产品 {self.code}" if self.registers else self.trouble()
        while not self.numbers and time.monotonic() - began < LONGEST:
            if words:
                self.say(words)
            seen, bubbles = self.wait(seen)
            words = None if self.numbers else self.next_words(bubbles)
        if not self.numbers:
            self.went_wrong = f"no order number after {LONGEST:.0f} s; last said {self.said[-3:]}"

    def say(self, words: str) -> None:
        self.said.append(words)
        self.transcript.append(f"{time.strftime('%H:%M:%S')} > {words}")
        self.phone_screen.do("text", content=words)

    def wait(self, seen: int) -> tuple[int, list[Bubble]]:
        """Look at the phone until something new came and nothing more follows, or patience is over."""
        until, fresh = time.monotonic() + self.patience, list[Bubble]()
        while time.monotonic() < until:
            time.sleep(LOOK)
            new = [bubble for bubble in self.phone_screen.look(seen) if bubble.side != "me"]
            if fresh and not new:
                break
            fresh += new
            seen = max([seen, *(bubble.id for bubble in new)])
        self.read(fresh)
        return seen, fresh

    def read(self, bubbles: list[Bubble]) -> None:
        """Note every order number that is told."""
        for bubble in bubbles:
            self.transcript.append(f"{time.strftime('%H:%M:%S')} {bubble.side}: {bubble.words}")
            if bubble.side == "account":
                self.numbers += [found.replace(" ", "") for found in NUMBER.findall(bubble.words)]

    def next_words(self, bubbles: list[Bubble]) -> str | None:
        """What to say to what came; the same again when nothing came or the platform said it is out of order."""
        heard = [bubble.words for bubble in bubbles if bubble.side == "account"]
        if not heard:
            return self.again()
        for pattern, say in SAYINGS:
            if re.search(pattern, heard[-1]):
                return say(self)
        return self.trouble()  # whatever that was: from the beginning

    def again(self) -> str:
        self.repeats += 1
        return self.said[-1] if self.said else self.trouble()

    def trouble(self) -> str:
        """The fault; half of the customers tell everything in one sentence."""
        return f"{self.fault}，{self.place}，{self.phone} {self.name}" if self.at_once else self.fault

    def checked(self) -> str:
        """Everything is read back: some change the phone first."""
        if self.changes_mind:
            self.changes_mind, self.phone = False, self.other_phone
            return f"电话改成{self.phone}"
        return "确认"

    def slower(self) -> None:
        """Asked to wait, a person waits."""
        time.sleep(60)

    def greeted(self) -> str:
        """The bot is at the beginning: was the order opened, or is everything to be said once more?"""
        return "进度" if self.said and self.said[-1] in ("确认", "1") else self.trouble()
