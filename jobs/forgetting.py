"""What follows when something was forgotten: the bot's memory of erased chats goes, and the places of pictures are emptied."""

from __future__ import annotations

from sqlalchemy import delete

from bot.conversation import Conversation
from domain.files.events import PicturesForgotten
from domain.kit.unit_of_work import UnitOfWork
from domain.privacy.events import ChatForgotten
from jobs.context import Jobs


def forget_talk(uow: UnitOfWork, event: ChatForgotten) -> None:
    """What was being talked about names products, addresses, phones."""
    chat = delete(Conversation).where(Conversation.account_id == event.account_id, Conversation.openid == event.openid)
    uow.session.execute(chat)


def empty_places(jobs: Jobs, event: PicturesForgotten) -> None:
    """Nobody can open what lies there any more; emptying twice is emptying once."""
    for place in event.places:
        jobs.files.delete(place)
