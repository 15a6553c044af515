"""What people send is fetched, checked and kept by jobs; what cannot be is asked for again; nameplates are offered."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from redis import Redis
from sqlalchemy import select

from bot import engine
from bot.conversation import Conversation, State
from bot.heard import Heard, HeardKind
from bot.understanding.nameplates import Print
from domain.files.model import FileState, StoredFile
from domain.files.operations import A_DAY, TOO_MANY
from domain.kit.inbox import Received, ReceivedState
from domain.kit.outbox import OutboxRow, OutboxState, RunState
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.work_orders.model import WorkOrder
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater, TooLarge
from jobs.context import QUICK, SLOW, Jobs
from jobs.outbox import relay, sweep
from jobs.pictures import forget_unused_pictures
from jobs.reactions import REACTIONS
from tests.brand import Brand, brand_in
from tests.doubles import Folder
from tests.drawn import photo
from tests.jobs.doing import Channel, Plates, jobs_with, runs, work_all
from tests.runtime import Clock

SERIAL = "LH2605A00123456"
PLATE = Print(("产品型号 KFR-35GW/N8A1", f"机身编号 {SERIAL}"), (SERIAL,))
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


@dataclass
class Chat:
    """One person in the chat, and the jobs that follow from what is said."""

    jobs: Jobs
    channel: Channel
    folder: Folder
    plates: Plates
    brand: Brand
    clock: Clock
    openid: str = "oWang"
    said: list[str] = field(default_factory=list)

    @property
    def runtime(self) -> Runtime:
        return self.jobs.runtime

    def hear(self, kind: HeardKind, text: str = "", media_id: str = "") -> str:
        """One turn, as a door holds it; returns the passive answer."""
        account = self.brand.voice
        self.said.append(text)
        with self.runtime.transaction() as uow:
            uow.session.add(
                Received(
                    account_id=account.account_id, key=f"m{len(self.said)}", sent_on=uow.today, sender=self.openid,
                    received_at=uow.now, trigger="message", content={}, answer="", state=ReceivedState.ANSWERED,
                )
            )  # fmt: skip
            conversation, contact = engine.listen(uow, account.account_id, self.openid)
            heard = Heard(self.openid, kind, text=text, media_id=media_id)
            spoken = engine.take_turn(uow, account, conversation, contact, heard)
            engine.say_later(uow, account.account_id, self.openid, spoken.later)
        return spoken.first

    def say(self, *words: str) -> str:
        return [self.hear(HeardKind.TEXT, one) for one in words][-1]

    def picture(self, media_id: str = "m1", content: bytes | ChannelError | None = None) -> str:
        """Send one that the platform has, or refuses with the error."""
        self.channel.media[media_id] = photo() if content is None else content
        return self.hear(HeardKind.IMAGE, media_id=media_id)

    def work(self) -> None:
        """Relay and work until nothing follows any more."""
        while relay(self.jobs):
            work_all(self.jobs)

    def files(self) -> list[StoredFile]:
        with self.runtime.transaction() as uow:
            return list(uow.session.scalars(select(StoredFile).order_by(StoredFile.created_at, StoredFile.id)))

    def messages(self) -> list[str]:
        with self.runtime.transaction() as uow:
            return [one.text for one in uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq))]

    def state(self) -> State:
        with self.runtime.transaction() as uow:
            kept = uow.session.get_one(Conversation, (self.brand.voice.account_id, self.openid))
            return State.from_json(kept.state)

    def open_order(self) -> WorkOrder:
        self.say("空调不制冷", "佛山市顺德区容桂街道卫红路18号3栋502 13812345678", "确认")
        with self.runtime.transaction() as uow:
            return uow.session.scalars(select(WorkOrder).order_by(WorkOrder.number.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def chat(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> Chat:
    channel, folder, plates = Channel(), Folder(), Plates()
    jobs = jobs_with(fresh_runtime, valkey, channel, REACTIONS, files=folder, plates=plates)
    return Chat(jobs, channel, folder, plates, brand_in(fresh_runtime), clock)


def test_a_picture_is_fetched_later_and_lies_sealed(chat: Chat) -> None:
    assert "照片收到了" in chat.picture()
    assert [file.state for file in chat.files()] == [FileState.AWAITED]
    assert chat.folder.files == {}
    chat.work()
    [file] = chat.files()
    assert (file.state, file.mime, file.place) == (FileState.KEPT, "image/jpeg", f"2026/05/{file.id}")
    [(place, content)] = chat.folder.files.items()
    assert place == file.place
    assert content[:2] != b"\xff\xd8"
    assert file.sha256
    assert file.size
    assert len(content) > file.size


def test_pictures_wait_in_a_queue_of_their_own(chat: Chat) -> None:
    chat.picture()
    relay(chat.jobs)
    tasks = {name: [job.description for job in chat.jobs.queue(name).get_jobs()] for name in (QUICK, SLOW)}
    assert tasks[SLOW] == ["react"]
    [job] = chat.jobs.queue(SLOW).get_jobs()
    assert job.args[2] == "fetch_picture"
    assert all(one.args[2] != "fetch_picture" for one in chat.jobs.queue(QUICK).get_jobs())


def test_a_video_is_kept_as_it_is_and_not_read(chat: Chat) -> None:
    chat.channel.media["v1"] = VIDEO
    assert "视频收到了" in chat.hear(HeardKind.VIDEO, media_id="v1")
    chat.work()
    [file] = chat.files()
    assert (file.kind, file.state, file.mime, file.size) == ("video", FileState.KEPT, "video/mp4", len(VIDEO))
    assert chat.plates.reads == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (NeverAgain(40007, "素材不存在或已过期"), "没有收到"),
        (b"<html>not a picture</html>", "打不开"),
        (b"", "打不开"),
        (photo()[:3000], "打不开"),
        (TooLarge("more than 10 MB"), "太大了"),
    ],
)
def test_what_cannot_be_fetched_is_asked_for_once(chat: Chat, content: bytes | ChannelError, words: str) -> None:
    chat.picture("m1", content)
    chat.picture("m2", content)
    chat.work()
    assert [file.state for file in chat.files()] == [FileState.LOST, FileState.LOST]
    asked = [text for text in chat.messages() if "抱歉" in text]
    assert len(asked) == 1
    assert words in asked[0]
    assert chat.folder.files == {}
    assert asked[0] in chat.channel.texts


@pytest.mark.parametrize("error", [RetryLater("平台繁忙"), OutcomeUnknown("平台没有回答")])
def test_a_slow_platform_is_asked_again_and_again_then_the_customer(chat: Chat, error: ChannelError) -> None:
    chat.picture("m1", error)
    chat.work()
    for _ in range(6):
        chat.clock.advance(hours=1)
        sweep(chat.jobs)
        work_all(chat.jobs)
    assert [file.state for file in chat.files()] == [FileState.AWAITED]
    assert chat.messages() == []
    chat.clock.advance(hours=1)
    sweep(chat.jobs)
    work_all(chat.jobs)
    [file] = chat.files()
    assert (file.state, file.tries) == (FileState.LOST, 8)
    assert len(chat.messages()) == 1


def test_it_comes_when_the_platform_is_back_and_not_before_the_platform_says(chat: Chat) -> None:
    chat.picture("m1", RetryLater("今天的调用次数已用完", chat.clock.at - chat.clock.at.replace(hour=0)))
    chat.work()
    [run] = [one for one in runs(chat.runtime) if one.reaction == "fetch_picture"]
    assert run.state == RunState.FAILED
    assert run.next_try_at
    assert (run.next_try_at - chat.clock.at).total_seconds() > 3600
    chat.channel.media["m1"] = photo()
    chat.clock.advance(hours=20)
    sweep(chat.jobs)
    work_all(chat.jobs)
    assert [file.state for file in chat.files()] == [FileState.KEPT]


def test_a_picture_that_kills_its_worker_is_given_up(chat: Chat) -> None:
    chat.picture()
    with chat.runtime.transaction() as uow:
        uow.session.scalars(select(StoredFile)).one().tries = 8  # as eight workers left it that did not live to tell
    chat.work()
    assert [file.state for file in chat.files()] == [FileState.LOST]
    assert len(chat.messages()) == 1


def test_fetching_twice_keeps_one(chat: Chat) -> None:
    chat.picture()
    chat.work()
    before = dict(chat.folder.files)
    with chat.runtime.transaction() as uow:
        row = uow.session.scalars(select(OutboxRow).filter_by(kind="PictureHeard")).one()
        row.state = OutboxState.WAITING
    chat.work()
    assert chat.folder.files == before


def test_pictures_of_the_talk_belong_to_the_order_it_led_to(chat: Chat) -> None:
    chat.picture("m1")
    chat.clock.advance(minutes=2)
    order = chat.open_order()
    chat.work()
    chat.clock.advance(minutes=2)
    chat.picture("m2")
    chat.work()
    assert [(file.media_id, file.work_order_id) for file in chat.files()] == [("m1", order.id), ("m2", order.id)]


def test_a_picture_of_days_ago_belongs_to_no_order(chat: Chat) -> None:
    chat.picture("m1")
    chat.clock.advance(days=3)
    chat.open_order()
    chat.work()
    assert [file.work_order_id for file in chat.files()] == [None]


def test_a_nameplate_is_offered_and_never_filled_in(chat: Chat) -> None:
    chat.plates.says = PLATE
    chat.say("产品登记")
    assert "正在看上面的字" in chat.picture()
    assert chat.state().answers == {}
    chat.work()
    [offer] = chat.messages()
    assert "1. 1.5匹变频空调（KFR-35GW/N8A1）" in offer
    assert "2. 都不是" in offer
    assert chat.state().answers == {}
    serial = chat.say("1")
    assert f"1. {SERIAL}" in serial
    assert list(chat.state().answers) == ["model"]
    assert "什么时候买" in chat.say("1")
    assert chat.state().answers["serial"].value == {"serial": SERIAL}


def test_neither_of_them_leads_back_to_typing(chat: Chat) -> None:
    chat.plates.says = PLATE
    chat.say("产品登记")
    chat.picture()
    chat.work()
    assert "请发产品型号" in chat.say("2")
    asked = chat.say("BCD-216TMPR")
    assert "机身编号" in asked
    assert SERIAL not in asked, "the picture was of another appliance"


def test_a_picture_that_came_first_helps_the_question_that_comes_later(chat: Chat) -> None:
    chat.plates.says = PLATE
    chat.picture()
    chat.work()
    assert chat.messages() == []
    assert "1. 1.5匹变频空调（KFR-35GW/N8A1）" in chat.say("产品登记")


def test_choices_on_their_way_keep_their_numbers(chat: Chat) -> None:
    chat.plates.says = PLATE
    chat.say("登记 BCD-216TMPQ")
    before = [option.shown for option in chat.state().offered["model"].options]
    chat.picture()
    chat.work()
    after = [option.shown for option in chat.state().offered["model"].options]
    assert after[: len(before)] == before
    assert "1.5匹变频空调（KFR-35GW/N8A1）" in after


def test_nothing_legible_is_said_once(chat: Chat) -> None:
    chat.say("产品登记")
    chat.picture("m1")
    chat.picture("m2")
    chat.work()
    assert len(chat.messages()) == 1
    assert "没认出型号" in chat.messages()[0]


def test_a_picture_for_another_question_is_not_commented(chat: Chat) -> None:
    chat.plates.says = PLATE
    chat.say("空调不制冷")
    chat.picture()
    chat.work()
    assert chat.messages() == []


def test_while_a_person_has_the_talk_nothing_is_offered(chat: Chat) -> None:
    chat.plates.says = PLATE
    chat.say("产品登记", "人工")
    chat.picture()
    chat.work()
    assert chat.messages() == []
    assert [file.state for file in chat.files()] == [FileState.KEPT]


def test_a_serial_that_is_somebody_elses_is_offered_as_a_transfer(chat: Chat) -> None:
    chat.plates.says = PLATE
    chat.openid = "oLi"
    chat.say("登记 KFR-35GW/N8A1", SERIAL, "不记得", "确认")
    chat.openid = "oWang"
    chat.say("登记 KFR-35GW/N8A1")
    chat.picture()
    chat.work()
    assert f"1. {SERIAL}（申请过户）" in chat.messages()[-1]


def test_a_flood_of_pictures_is_not_fetched(chat: Chat) -> None:
    for number in range(A_DAY + 2):
        chat.picture(f"m{number}")
        chat.clock.advance(seconds=30)
    assert [file.why for file in chat.files()].count(TOO_MANY) == 2
    with chat.runtime.transaction() as uow:
        assert len(uow.session.scalars(select(OutboxRow).filter_by(kind="PictureHeard")).all()) == A_DAY


def test_what_no_order_needs_is_forgotten_in_the_end(chat: Chat) -> None:
    chat.picture("m1")
    chat.open_order()
    chat.work()
    chat.openid = "oLi"
    chat.picture("m2")
    chat.work()
    chat.clock.advance(days=179)
    assert forget_unused_pictures(chat.jobs) == 0
    chat.clock.advance(days=2)
    assert forget_unused_pictures(chat.jobs) == 1
    kept, gone = sorted(chat.files(), key=lambda file: file.media_id)
    assert (kept.state, gone.state) == (FileState.KEPT, FileState.DELETED)
    assert (gone.key, list(chat.folder.files)) == (None, [kept.place])
