"""Conversations as transcripts: every ``chats/*.chat`` is held with the bot, on a real database, on 12 May 2026, 11:30.

A file holds conversations, one after a ``# title``, each with a customer nobody knows yet. Lines:

    > words             the customer types this
    < piece             must be in the answer just given; "<" alone: there is none
    ! piece             must not be in it
    = piece             must be in a message sent to the customer after it
    @later 3h           time passes: 20m, 3h, 2d; who is to be called back by then is
    @as 小李            another person speaks from here on (the first is 小王)
    @follow [scene]     follows the account, maybe by a QR code; also @unfollow, @qr scene, @menu repair_request
    @voice words        speaks; also @scan what the code holds, @location label, @image, @video, @link, @unknown, @revoked
    @order finish       staff move the newest order of whoever speaks: schedule, start, finish, cancel …
    @desk finish        staff move the newest thing on the desk: claim, drop, finish
    @transfer accept    staff decide the newest transfer
    @network                        there are engineers in 顺德 (tests/network.py), so that windows can be booked
    @visit depart                   the engineer of the newest order's visit accepts, departs, checks in …
    @full 2026-05-13                nobody has time that day
    @asks 2 14                      the engineer asks for another time: so many days on, from that hour
    @tap 2                          taps the line of the rating menu of the newest order: 1 to 5, 0 is 没修好
    @blocked                        the engineer is there and cannot work: the socket has no earth
    @sells, @pays, @gift card       the brand sells covers and a card; the newest order of one is paid; ABCD-EFGH-JKM… is a gift
    @bills, @paid                   what was agreed to for the newest order is billed; what was billed last is paid
    @brand prices 空调：上门费 50 元     what the brand has told us; also @brand warranty 整机 72, @brand hours 8-20

In words and pieces ``\\n`` and ``\\u0007`` are what they are in Python, ``{啊*2000}`` is 2000 of them, and ``{order}`` the
number of the newest order as it is read out.

Whatever is said, the answer fits one passive reply, and when all is said `adapters.invariants` hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.invariants import breaches
from bot import engine
from bot.guiding import ask_how_it_went
from bot.heard import Heard, HeardKind
from domain.catalog.operations import TermRow, put_warranty_term
from domain.desk.duty import set_hours
from domain.desk.model import DeskTask
from domain.desk.operations import move_task
from domain.feedback.consequences import decide, undecided
from domain.kit.actors import Actor, Role, system
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow, OutboxState
from domain.kit.unit_of_work import Runtime
from domain.knowledge.queries import due_callbacks
from domain.notices.model import OutgoingMessage
from domain.organizations.model import Brand as OwnBrand
from domain.products.model import ProductTransfer
from domain.products.operations import decide_transfer
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.operations import move_order
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.brand import Brand, brand_in
from tests.chat_world import WORLD, newest
from tests.runtime import Clock

FOLDER = Path(__file__).parent / "chats"
STAFF = Actor(Role.STAFF, "st_test")
SPANS = {"m": "minutes", "h": "hours", "d": "days"}
COMPONENTS = {"整机": "whole", "主要部件": "main_parts", "人工": "labour"}
BY_KEY = {"follow", "unfollow", "qr", "menu", "revoked"}


def conversations() -> list[pytest.param]:  # type: ignore[valid-type]
    found = []
    for file in sorted(FOLDER.glob("*.chat")):
        for part in re.split(r"^# ", file.read_text(), flags=re.MULTILINE)[1:]:
            title, _, body = part.partition("\n")
            found.append(pytest.param(body, id=f"{file.stem}: {title.strip()}"))
    return found


@dataclass
class Customer:
    """Says what a transcript says, and remembers what came back."""

    runtime: Runtime
    clock: Clock
    brand: Brand
    person: str = "小王"
    answer: str = ""
    seen: int = 0

    def line(self, line: str) -> None:
        sign, words = line[0], self.unfolded(line[1:].strip())
        if sign == ">":
            self.say(HeardKind.TEXT, text=words)
        elif sign == "<":
            assert words in self.answer if words else not self.answer
        elif sign == "!":
            assert words not in self.answer
        elif sign == "=":
            assert any(words in text for text in self.messages())
        else:
            assert sign == "@", f"no line begins with {sign}"
            self.act(*words.split(maxsplit=1))

    def act(self, name: str, words: str = "") -> None:
        if name == "later":
            self.clock.advance(**{SPANS[words[-1]]: float(words[:-1])})
            self.call_back()
        elif name == "as":
            self.person = words
        elif name == "tap":
            self.say(HeardKind.TEXT, text=f"{words}星", key=f"r{newest(self.runtime)}-{words}")
        elif name in WORLD:
            WORLD[name](self.runtime, self.brand, *words.split())
            self.react()
        elif name in ("order", "desk", "transfer"):
            self.staff(name, words)
        elif name == "brand":
            self.told_by_brand(*words.split(maxsplit=1))
        elif name in BY_KEY:
            self.say(HeardKind(name), key=words)
        else:
            self.say(HeardKind(name), text=words)

    def say(self, kind: HeardKind, text: str = "", key: str = "") -> None:
        account, openid = self.brand.voice, f"o{self.person}"
        self.seen = max([0, *(message.seq for message in self.sent())])
        with self.runtime.transaction() as uow:
            conversation, contact = engine.listen(uow, account.account_id, openid)
            heard = Heard(openid, kind, text=text, key=key, spoken=kind is HeardKind.VOICE)
            spoken = engine.take_turn(uow, account, conversation, contact, heard)
            engine.say_later(uow, account.account_id, openid, spoken.later)
        self.answer = spoken.first
        self.react()
        assert len(self.answer.encode()) <= engine.PASSIVE_BYTES

    def staff(self, what: str, move: str) -> None:
        self.seen = max([0, *(message.seq for message in self.sent())])
        with self.runtime.transaction() as uow:
            if what == "order":
                newest = select(WorkOrder.id).filter_by(openid=f"o{self.person}").order_by(WorkOrder.number.desc())
                move_order(uow, uow.session.scalars(newest).first() or "", move, by=STAFF, why="核实过")
            elif what == "desk":
                task = select(DeskTask.id).order_by(DeskTask.asked_at.desc())
                move_task(uow, uow.session.scalars(task).first() or "", move, by=STAFF)
            else:
                transfer = select(ProductTransfer.id).order_by(ProductTransfer.asked_at.desc())
                decide_transfer(uow, uow.session.scalars(transfer).first() or "", move, by=STAFF, why="有发票")
        self.react()

    def told_by_brand(self, what: str, words: str) -> None:
        with self.runtime.transaction() as uow:
            brand = uow.session.get_one(OwnBrand, self.brand.voice.brand_id)
            if what == "hours":
                opens, closes = (int(hour) * 60 for hour in words.split("-"))
                set_hours(uow, brand.id, range(7), [(opens, closes)], uow.today, by=STAFF)
            else:
                component, months, *source = words.split()
                term = TermRow(
                    COMPONENTS[component],
                    int(months),
                    " ".join(source) or "企业承诺",
                    date(2020, 1, 1),
                    category_code="air_conditioner",
                )
                put_warranty_term(uow, brand.id, term, by=STAFF)

    def call_back(self) -> None:
        """What the scheduler would do by now."""
        self.seen = max([0, *(message.seq for message in self.sent())])
        with self.runtime.transaction() as uow:
            for case in due_callbacks(uow, limit=20):
                ask_how_it_went(uow, case.id)
            for rating_id in undecided(uow, uow.now):
                decide(uow, rating_id, by=system("feedback"))
        self.react()

    def react(self) -> None:
        """What the worker would do, but for sending."""
        with self.runtime.transaction() as uow:
            for row in uow.session.scalars(select(OutboxRow).filter_by(state=OutboxState.WAITING)):
                event = Event.from_json(row.kind, row.body)
                for reaction in REACTIONS[type(event)]:
                    if not isinstance(reaction, Outside):
                        reaction(uow, event)
                row.state = OutboxState.DONE

    def sent(self) -> list[OutgoingMessage]:
        with self.runtime.transaction() as uow:
            mine = select(OutgoingMessage).filter_by(recipient=f"o{self.person}").order_by(OutgoingMessage.seq)
            return list(uow.session.scalars(mine))

    def messages(self) -> list[str]:
        return [message.text for message in self.sent() if message.seq > self.seen]

    def unfolded(self, words: str) -> str:
        if "{order}" in words:
            with self.runtime.transaction() as uow:
                newest = uow.session.scalars(select(WorkOrder.number).order_by(WorkOrder.number.desc())).first()
            words = words.replace("{order}", spoken(newest or ""))
        words = re.sub(r"\\n|\\u[0-9a-f]{4}", lambda found: found[0].encode().decode("unicode_escape"), words)
        return re.sub(r"\{(.+?)\*(\d+)\}", lambda found: found[1] * int(found[2]), words)


@pytest.mark.parametrize("transcript", conversations())
def test_chat(runtime: Runtime, clock: Clock, transcript: str) -> None:
    customer = Customer(runtime, clock, brand_in(runtime))
    for number, line in enumerate(transcript.splitlines(), 1):
        if line.strip():
            try:
                customer.line(line)
            except AssertionError:
                pytest.fail(f"line {number}: {line}\nthe answer was:\n{customer.answer}\n{customer.messages()}", False)
    with runtime.transaction() as uow:
        assert breaches(uow.session.connection()) == {}
