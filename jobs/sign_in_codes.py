"""Sending engineers and customers the code they sign in with."""

from __future__ import annotations

import re

from domain.customers import proving
from domain.customers.events import PhoneCodeAsked
from domain.engineers import signing_in
from domain.engineers.events import CodeAsked
from jobs.channels import TextForm
from jobs.context import Jobs


def send_code(jobs: Jobs, event: CodeAsked) -> None:
    """Hand the code to whoever sends text messages. It is taken out of the database first: a crash in between loses it, and
    the engineer asks for another; one that was sent twice would be worse than none."""
    with jobs.runtime.transaction() as uow:
        letter = signing_in.take_letter(uow, event.code_id)
    if letter:
        jobs.texts.send(*letter, code_form(event.code_id, letter[1]))


def send_phone_code(jobs: Jobs, event: PhoneCodeAsked) -> None:
    """The same for a customer's phone."""
    with jobs.runtime.transaction() as uow:
        letter = proving.take_letter(uow, event.code_id)
    if letter:
        jobs.texts.send(*letter, code_form(event.code_id, letter[1]))


def code_form(code_id: str, words: str) -> TextForm:
    """For a gateway with a template of its own: the six digits, and nothing else of the words."""
    return TextForm("code", {"code": re.findall(r"\d{6}", words)[-1]}, code_id)
