"""Dead letters over JSON. For administrators."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields

from console import dead_letters
from console.api import shapes
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission


class DeadReactionOut(Schema):
    event_id = fields.Integer()
    event_at = fields.AwareDateTime()
    reaction = fields.String()
    event = fields.String()
    body = fields.Dict()
    attempts = fields.Integer()
    error = fields.String()
    died_at = fields.AwareDateTime()


class DeadMessageOut(Schema):
    seq = fields.Integer()
    at = fields.AwareDateTime()
    why = fields.String()
    subject_id = fields.String(allow_none=True)
    attempts = fields.Integer()
    error = fields.String(allow_none=True)


class DeadLettersOut(Schema):
    reactions = fields.List(fields.Nested(DeadReactionOut))
    messages = fields.List(fields.Nested(DeadMessageOut))


class ReactionIn(Schema):
    event_id = fields.Integer(required=True)
    event_at = fields.AwareDateTime(required=True)
    reaction = fields.String(required=True)


class MessageIn(Schema):
    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)


def letters(call: Call) -> Any:
    return dead_letters.dead_letters(call.uow)


def retry_reaction(call: Call) -> Any:
    dead_letters.retry_reaction(call.uow, **call.given, who=call.who)
    return {"done": True}


def retry_message(call: Call) -> Any:
    dead_letters.retry_message(call.uow, **call.given, who=call.who)
    return {"done": True}


def open_doors(door: ApiDoor) -> None:
    keep, done = Permission.DEAD_LETTERS, shapes.Done()
    door.route("GET", "/dead-letters", letters, permission=keep, gives=DeadLettersOut(), summary="死信")
    door.route(
        "POST", "/dead-letters/reactions", retry_reaction, permission=keep, takes=ReactionIn(), gives=done,
        summary="重试一个失败的后续动作",
    )  # fmt: skip
    door.route(
        "POST", "/dead-letters/messages", retry_message, permission=keep, takes=MessageIn(), gives=done,
        summary="重发一条失败的消息",
    )  # fmt: skip
