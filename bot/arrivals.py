"""What arrives that is no part of a talk: following, unfollowing, scanning in, or a talk that a person has taken over."""

from __future__ import annotations

from bot import commands, consent, safety, tapping
from bot.heard import Heard, HeardKind
from bot.talk import Talk
from domain.customers import operations as customers
from domain.desk import duty
from domain.desk import operations as desk
from domain.desk.lifecycle import TaskStatus
from domain.desk.model import DeskTask
from domain.notices import undelivered
from domain.notices.platform_events import heard_of_subscriptions

SILENCE = [""]
"""Nothing is to be said; the platform still gets its 'success'."""


def answer(talk: Talk, heard: Heard) -> list[str] | None:
    """The answer to an arrival, or None when it is for the dialogue."""
    if heard.kind is HeardKind.FOLLOW:
        customers.follow(talk.uow, talk.contact, heard.key or None)
        return [commands.welcome(talk)] if not heard.key else None
    if heard.kind is HeardKind.UNFOLLOW:
        customers.unfollow(talk.uow, talk.contact)
        talk.state.begin(None)
        return SILENCE
    if heard.kind is HeardKind.REVOKED:
        customers.revoke(talk.uow, talk.contact, heard.key)
        talk.state.begin(None)
        talk.state.privacy_shown = False
        return SILENCE
    if heard.kind is HeardKind.UNDELIVERED:
        undelivered.heard_of_failure(talk.uow, talk.voice.account_id, heard.sender, heard.key, heard.text)
        return SILENCE
    if heard.kind is HeardKind.CONSENT:
        heard_of_subscriptions(talk.uow, talk.voice.account_id, heard.sender, heard.key, heard.text)
        return SILENCE
    if heard.kind is HeardKind.NOTHING or (heard.kind is HeardKind.ENTER and talk.state.with_person):
        return SILENCE
    if (tapped := tapping.answer(talk, heard)) is not None:
        return tapped
    return to_the_person(talk, heard) if talk.state.with_person else None


def to_the_person(talk: Talk, heard: Heard) -> list[str] | None:
    """While a person has the talk the bot keeps quiet, but says once that it was heard."""
    state = talk.state
    task = talk.uow.session.get(DeskTask, state.with_person)
    if task is None or task.status is TaskStatus.DONE:
        state.with_person = None
        return None
    desk.heard(talk.uow, task)
    if commands.ROBOT.match(heard.text.strip()) or heard.kind is HeardKind.MENU:
        desk.move_task(talk.uow, task.id, "finish", by=talk.by, why="客户回到自助")
        state.with_person = None
        return None if heard.kind is HeardKind.MENU else ["好的，已回到自助。" + commands.greeting(talk)]
    if danger := safety.alarm(talk, talk.read(heard.text)):
        return [danger]
    if task.status is TaskStatus.WAITING and (said := wants_callback(talk)):
        return [said]
    if task.status is TaskStatus.WAITING and not state.hinted:
        state.hinted = True
        return ["收到，人工客服会尽快回复您，您发的内容都能看到。回复“机器人”可回到自助。"]
    return SILENCE


def wants_callback(talk: Talk) -> str:
    """A phone number left while nobody is on duty asks to be called; "" when it is not that."""
    understood = talk.understood
    if understood is None or understood.phone is None or duty.words(talk.uow, talk.voice.brand_id) is None:
        return ""
    if asked := consent.line(talk):
        return f"{asked}要留回电，请再发一次电话。"
    consent.agree(talk)
    when = understood.when.span.words if understood.when else ""
    desk.ask_for_callback(
        talk.uow, by=talk.by, brand_id=talk.voice.brand_id, phone=understood.phone.value, wanted_time=when,
        account_id=talk.voice.account_id, openid=talk.contact.openid, words=understood.text[:500],
    )  # fmt: skip
    return f"已登记回电：{understood.phone.value}。客服上班后会尽快打给您。"
