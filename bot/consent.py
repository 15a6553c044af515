"""The privacy line before the first personal answer, and the consent of whoever reads it and goes on (architecture.md)."""

from __future__ import annotations

from bot.talk import Talk
from domain.customers import operations as customers


def is_given(talk: Talk) -> bool:
    """Whether this person agreed to the notice in force."""
    return talk.contact.consent_version == talk.voice.privacy_version


def line(talk: Talk) -> str:
    """One line with the notice's link, once; "" when it was shown already, or there is consent."""
    if talk.state.privacy_shown or is_given(talk):
        return ""
    talk.state.privacy_shown = True
    return f"您的电话和地址只用于本次服务，详见《隐私说明》{talk.voice.privacy_url} ，继续回复即表示同意。"


def agree(talk: Talk) -> None:
    """The person read the privacy line and went on."""
    if talk.state.privacy_shown and not is_given(talk):
        customers.consent(talk.uow, talk.contact, talk.voice.privacy_version)
        talk.state.privacy_shown = False
