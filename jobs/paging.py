"""Calling people who are on duty: what jobs need of a pager, and the call for a safety incident."""

from __future__ import annotations

from typing import Protocol

from bot.understanding.lexicon import lexicon
from domain.access.model import Staff
from domain.incidents.events import IncidentPaged
from domain.incidents.lifecycle import OPEN
from domain.incidents.model import IncidentPage, SafetyIncident
from domain.incidents.operations import page_due
from jobs.context import Jobs


class Pager(Protocol):
    """Some way to reach staff at once. `adapters.pager` has a group robot of WeCom, and the log where none is set."""

    def page(self, name: str, words: str) -> None:
        """Call ``name`` ("所有人" for everybody). May raise anything: the reaction is tried again.

        ``words`` hold no personal data: who is called looks the rest up in the console, which is recorded.
        """


EVERYBODY = "所有人"


def call_somebody(jobs: Jobs, event: IncidentPaged) -> None:
    """Call whom the page names, unless somebody has taken the incident meanwhile."""
    with jobs.runtime.transaction() as uow:
        incident, page = (
            uow.session.get(SafetyIncident, event.incident_id),
            uow.session.get(IncidentPage, event.page_id),
        )
        if incident is None or page is None or page.sent_at or incident.status is not OPEN:
            return
        person = uow.session.get(Staff, page.staff_id) if page.staff_id else None
        titles = "、".join(
            lexicon().symptoms[danger].title for danger in incident.dangers if danger in lexicon().symptoms
        )
        words = f"【安全事件】{titles}，第 {incident.pages} 次呼叫，请到控制台“安全”里接手：{incident.id}"
    jobs.pager.page(person.display_name if person else EVERYBODY, words)
    with jobs.runtime.transaction() as uow:
        uow.session.get_one(IncidentPage, event.page_id).sent_at = uow.now


def call_again(jobs: Jobs) -> int:
    """Call the next person for every incident nobody has taken in time."""
    with jobs.runtime.transaction() as uow:
        return page_due(uow)
