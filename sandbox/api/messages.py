"""Customer-service messages and the typing state (protocol sheet 4.3); a new msgtype is a check and a row of CHECKS."""

from collections.abc import Callable
from typing import Any

from sandbox.accounts import MINI_PROGRAM
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError
from sandbox.people import summary

OK = {"errcode": 0, "errmsg": "ok"}
TEXT_BYTES = 2048
EXCHANGE_WITHIN = 30.0  # seconds since the last message either way, for the typing state
Content = dict[str, Any]


def send(call: ApiCall) -> Content:
    """POST /cgi-bin/message/custom/send: checked, counted, shown."""
    body = call.json()
    call.openid = str(body.get("touser") or "")
    person = call.platform.follower(call.app_id, call.openid)
    kind = body.get("msgtype")
    program = call.account.config.kind == MINI_PROGRAM
    check = (PROGRAM_CHECKS if program else CHECKS).get(str(kind))
    if check is None:
        raise PlatformError(40008)
    given = body.get(str(kind))
    if not isinstance(given, dict):
        raise PlatformError(40035, f"{kind} is missing")
    content = check(call, given)
    call.gist = summary(str(kind), content)
    if person.blacklisted:
        raise PlatformError(43019)
    if not person.following:
        raise PlatformError(45015)
    if person.refuses_messages:
        raise PlatformError(48002)
    if not call.platform.faults.quota_off:
        call.platform.quota.spend(person.openid, call.now)
    call.platform.show(person.openid, "account", str(kind), {**content, **_marks(body)})
    return OK


def _marks(body: Content) -> Content:
    """What the phone adds to the bubble: who speaks, and that a machine wrote it."""
    agent, machine = body.get("customservice"), body.get("aimsgcontext")
    marks: Content = {}
    if isinstance(agent, dict) and agent.get("kf_account"):
        marks["agent"] = str(agent["kf_account"])
    if isinstance(machine, dict) and machine.get("is_ai_msg") == 1:
        marks["by_ai"] = True
    return marks


def _need(given: Content, *names: str) -> Content:
    for name in names:
        if not isinstance(given.get(name), str) or not given[name]:
            raise PlatformError(40035, f"{name} is missing")
    return {name: given[name] for name in names}


def _media(*kinds: str) -> Callable[[ApiCall, Content], Content]:
    return lambda call, given: {
        "media_id": call.platform.media.get(call.app_id, given.get("media_id"), call.now, kinds).media_id
    }


def _text(call: ApiCall, given: Content) -> Content:
    content = given.get("content")
    if not isinstance(content, str) or not content:
        raise PlatformError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise PlatformError(45002)
    return {"content": content}


def _video(call: ApiCall, given: Content) -> Content:
    content = _media("video")(call, given)
    thumb = call.platform.media.get(call.app_id, given.get("thumb_media_id"), call.now, ("thumb", "image"))
    return {
        **content,
        "thumb_media_id": thumb.media_id,
        "title": str(given.get("title") or ""),
        "description": str(given.get("description") or ""),
    }


def _music(call: ApiCall, given: Content) -> Content:
    call.platform.media.get(call.app_id, given.get("thumb_media_id"), call.now, ("thumb", "image"))
    content = _need(given, "title", "musicurl")
    return {"title": content["title"], "url": content["musicurl"], "description": str(given.get("description") or "")}


def _news(call: ApiCall, given: Content) -> Content:
    articles = given.get("articles")
    if not isinstance(articles, list) or not articles:
        raise PlatformError(44003)
    if len(articles) > 1:
        raise PlatformError(45008)
    names = ("title", "description", "url", "picurl")
    return {"articles": [{name: str(one.get(name) or "") for name in names} for one in articles]}


def _menu(call: ApiCall, given: Content) -> Content:
    lines = given.get("list")
    if not isinstance(lines, list) or not lines:
        raise PlatformError(40035, "list is empty")
    for line in lines:
        if not isinstance(line, dict) or not str(line.get("id", "")) or not line.get("content"):
            raise PlatformError(40035, "an item needs id and content")
    texts = {name: str(given.get(name) or "") for name in ("head_content", "tail_content")}
    whole = "".join([*texts.values(), *(str(line["content"]) for line in lines)])
    if len(whole.encode()) > TEXT_BYTES:
        raise PlatformError(45002)
    return {**texts, "list": [{"id": str(line["id"]), "content": str(line["content"])} for line in lines]}


def _mini_program_page(call: ApiCall, given: Content) -> Content:
    content = _need(given, "title", "appid", "pagepath")
    thumb = call.platform.media.get(call.app_id, given.get("thumb_media_id"), call.now, ("thumb", "image"))
    return {**content, "thumb_media_id": thumb.media_id}


def _own_page(call: ApiCall, given: Content) -> Content:
    """A page of the mini-program itself: no app id."""
    content = _need(given, "title", "pagepath")
    thumb = call.platform.media.get(call.app_id, given.get("thumb_media_id"), call.now, ("thumb", "image"))
    return {**content, "thumb_media_id": thumb.media_id}


def _link(call: ApiCall, given: Content) -> Content:
    content = _need(given, "title", "url")
    return {
        **content,
        "description": str(given.get("description") or ""),
        "thumb_url": str(given.get("thumb_url") or ""),
    }


def _card(call: ApiCall, given: Content) -> Content:
    if not given.get("card_id"):
        raise PlatformError(40056)
    return {"card_id": str(given["card_id"])}


def _article(call: ApiCall, given: Content) -> Content:
    raise PlatformError(53600)  # nobody publishes articles on this platform


CHECKS: dict[str, Callable[[ApiCall, Content], Content]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _video,
    "music": _music,
    "news": _news,
    "mpnews": _media("news"),
    "mpnewsarticle": _article,
    "msgmenu": _menu,
    "wxcard": _card,
    "miniprogrampage": _mini_program_page,
}


PROGRAM_CHECKS: dict[str, Callable[[ApiCall, Content], Content]] = {
    "text": _text,
    "image": _media("image"),
    "link": _link,
    "miniprogrampage": _own_page,
}


def typing(call: ApiCall) -> Content:
    """POST /cgi-bin/message/custom/typing, a mini-program's …/business/typing: for 15 s, only in a conversation."""
    program = call.account.config.kind == MINI_PROGRAM
    if program != call.request.path.endswith("/business/typing"):
        raise PlatformError(48001)
    body = call.json()
    call.openid = str(body.get("touser") or "")
    person = call.platform.follower(call.app_id, call.openid)
    command = body.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise PlatformError(45072)
    if call.now - person.last_exchange > EXCHANGE_WITHIN:
        raise PlatformError(45080)
    if command == "Typing" and person.typing_until > call.now:
        raise PlatformError(45081)
    call.platform.type(person, command == "Typing")
    return OK


ENDPOINTS = [
    Endpoint("/cgi-bin/message/custom/send", "POST", send),
    Endpoint("/cgi-bin/message/custom/typing", "POST", typing),
    Endpoint("/cgi-bin/message/custom/business/typing", "POST", typing),
]
