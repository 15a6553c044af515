"""Canned answers: what an agent says often, kept per brand, put in with ``/`` and the name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.access import trail
from domain.desk.model import CannedAnswer
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import UnitOfWork

LONGEST_NAME, LONGEST = 20, 600


def canned_answers(uow: UnitOfWork, brand_id: str) -> Sequence[CannedAnswer]:
    """A brand's, by name."""
    return uow.session.scalars(select(CannedAnswer).filter_by(brand_id=brand_id).order_by(CannedAnswer.name)).all()


def put_canned_answer(
    uow: UnitOfWork, *, by: Actor, brand_id: str, name: str, words: str, answer_id: str = ""
) -> CannedAnswer:
    """Add one, or change the one with this id.

    :raises Refused: a name or words that are missing or too long
    :raises Conflict: another one has this name
    """
    name, words = name.strip().lstrip("/"), words.strip()
    if not 1 <= len(name) <= LONGEST_NAME or any(sign.isspace() for sign in name):
        raise Refused(f"名称要有 1 到 {LONGEST_NAME} 个字，中间没有空格")
    if not 1 <= len(words) <= LONGEST:
        raise Refused(f"内容要有 1 到 {LONGEST} 个字")
    same = uow.session.scalars(select(CannedAnswer).filter_by(brand_id=brand_id, name=name)).first()
    if same and same.id != answer_id:
        raise Conflict(f"已有叫“{name}”的常用语")
    answer = uow.get(CannedAnswer, answer_id, called="这条常用语") if answer_id else None
    if answer is None:
        answer = CannedAnswer(id=uow.new_id("ca"), brand_id=brand_id)
        uow.session.add(answer)
    answer.name, answer.words, answer.changed_by, answer.changed_at = name, words, by.id, uow.now
    uow.session.flush()
    trail.record(uow, by, "desk.canned", "canned_answer", answer.id, name=name)
    return answer


def drop_canned_answer(uow: UnitOfWork, answer_id: str, *, by: Actor) -> None:
    """:raises NotFound: there is none"""
    answer = uow.get(CannedAnswer, answer_id, called="这条常用语")
    uow.session.delete(answer)
    trail.record(uow, by, "desk.canned_drop", "canned_answer", answer_id, name=answer.name)
