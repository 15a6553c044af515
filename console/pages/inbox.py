"""会话: customers who wait for a person, those one talks with, and everybody who talked with us of late."""

from __future__ import annotations

from console import answering, inbox
from console.asked import moment_asked
from console.chat_refs import chat_meant, ref_of
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH, own_path
from domain.access.roles import Permission
from domain.desk import duty, operations
from domain.desk.operations import open_chat

ROOM = f"{PATH}/inbox"


def list_values(ask: Ask, open_ref: str = "") -> dict[str, object]:
    recent = ask.query.get("show") == "recent"
    before = moment_asked(ask.query["before"]) if ask.query.get("before") else None
    lists = inbox.look_at_recent(ask.uow, ask.me, before) if recent else inbox.look_at_lists(ask.uow, ask.me)
    return {"lists": lists, "recent": recent, "open_ref": open_ref or ask.query.get("open", ""), "now": ask.uow.now}


def room(ask: Ask) -> Answer:
    return Page("inbox.html", {**list_values(ask), "chat": None})


def list_part(ask: Ask) -> Answer:
    """The left side; asked for anew whenever somebody comes or is taken."""
    return Part("inbox_more.html" if "before" in ask.query else "inbox_list.html", list_values(ask))


def chat_page(ask: Ask, ref: str) -> Answer:
    chat = inbox.look_at_chat(ask.uow, ref, ask.me, plain=True)
    if chat.ref != ref and chat.task_id:
        return Go(f"{ROOM}/{chat.task_id}")
    beside = inbox.look_beside(ask.uow, ref, ask.me)
    return Page("inbox.html", {**list_values(ask, chat.ref), "chat": chat, "beside": beside, "state": state_of(chat)})


def state_of(chat: inbox.ChatSeen) -> str:
    """Whose the chat is: when that changes the page is drawn anew."""
    return "bot" if chat.with_bot else "waiting" if chat.waiting else "mine" if chat.mine else "other"


def now_part(ask: Ask, ref: str) -> Answer:
    """The chat as it is now; asked for with every word said, so a look of its own is not on record."""
    chat = inbox.look_at_chat(ask.uow, ref, ask.me, plain=True)
    if state_of(chat) != ask.query.get("state", state_of(chat)):
        return Go(f"{ROOM}/{chat.ref}")
    return Part("inbox_now.html", {"chat": chat})


def ask_plain(ask: Ask, ref: str) -> Answer:
    inbox.ask_plain(ask.uow, ref, ask.me)
    return Go(f"{ROOM}/{ref}")


def take(ask: Ask, ref: str) -> Answer:
    """Take whoever waits, or whom the bot has."""
    chat = chat_meant(ask.uow, ref)
    waiting = open_chat(ask.uow, chat.account_id, chat.openid)
    task = answering.claim(ask.uow, waiting.id, ask.me) if waiting else answering.take_over(ask.uow, chat, ask.me)
    return Go(f"{ROOM}/{task.id}", "已接手" if waiting else "已从机器人接手，机器人不再回复")


def reply(ask: Ask, ref: str) -> Answer:
    answering.reply(ask.uow, ref, ask.said("words"), ask.me)
    return Part("inbox_now.html", {"chat": inbox.look_at_chat(ask.uow, ref, ask.me, plain=True)})


def typing(ask: Ask, ref: str) -> Answer:
    answering.typing(ask.uow, ref, ask.me)
    return Part("nothing.html")


def add_note(ask: Ask, ref: str) -> Answer:
    answering.add_note(ask.uow, chat_meant(ask.uow, ref), ask.said("words"), ask.me)
    return Go(f"{ROOM}/{ref}", "备注已写下，客户看不到")


def give_back(ask: Ask, ref: str) -> Answer:
    task = answering.give_back(ask.uow, ref, ask.said("why"), ask.me, tell=ask.said("tell") == "1")
    return Go(f"{ROOM}/{ref_of(ask.uow, chat_meant(ask.uow, task.id))}", "已交还机器人")


def drop(ask: Ask, ref: str) -> Answer:
    answering.own(ask.uow, ref, ask.me)
    operations.move_task(ask.uow, ref, "drop", by=ask.by, why=ask.said("why"))
    return Go(ROOM, "已放回等候")


def pass_on(ask: Ask, ref: str) -> Answer:
    operations.pass_on(ask.uow, ref, ask.said("to"), by=ask.by, why=ask.said("why")[:500])
    return Go(ROOM, "已转交")


def switch_duty(ask: Ask) -> Answer:
    on = ask.said("on") == "1"
    duty.switch(ask.uow, ask.me.staff.id, on, by=ask.by)
    return Go(own_path(ask.said("back")), "已上岗，客户要人工时会算上您" if on else "已离岗")


def pulse(ask: Ask) -> Answer:
    """The numbers on every page; asking for them says that somebody is there."""
    duty.seen(ask.uow, [ask.me.staff.id])
    return Part("pulse.html", {"part": True})


def open_doors(door: PageDoor) -> None:
    work = Permission.DESK_WORK
    door.route("GET", "/inbox", room, permission=work)
    door.route("GET", "/inbox/list", list_part, permission=work)
    door.route("GET", "/inbox/<ref>", chat_page, permission=work)
    door.route("GET", "/inbox/<ref>/now", now_part, permission=work)
    door.route("POST", "/inbox/<ref>/plain", ask_plain, permission=Permission.PERSONAL_REVEAL)
    door.route("POST", "/inbox/<ref>/take", take, permission=work)
    door.route("POST", "/inbox/<ref>/replies", reply, permission=work)
    door.route("POST", "/inbox/<ref>/typing", typing, permission=work)
    door.route("POST", "/inbox/<ref>/notes", add_note, permission=work)
    door.route("POST", "/inbox/<ref>/give-back", give_back, permission=work)
    door.route("POST", "/inbox/<ref>/drop", drop, permission=work)
    door.route("POST", "/inbox/<ref>/pass-on", pass_on, permission=work)
    door.route("POST", "/duty", switch_duty, permission=work)
    door.route("GET", "/pulse", pulse, permission=Permission.OWN_ACCOUNT)
