"""Showing a customer that somebody is writing: nice to have, so it is tried once and never late."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from domain.desk.events import AgentTyping
from domain.desk.lifecycle import CLAIMED
from domain.desk.model import DeskTask
from jobs.channels import ChannelError
from jobs.context import Jobs

LATE = timedelta(seconds=10)
"""The platform shows it for fifteen seconds: told later than this, it would outlast the writing."""

log = structlog.get_logger()


def show_typing(jobs: Jobs, event: AgentTyping) -> None:
    with jobs.runtime.transaction() as uow:
        task = uow.session.get(DeskTask, event.task_id)
        if task is None or task.status != CLAIMED or uow.now - datetime.fromisoformat(event.at) > LATE:
            return
        account_id, openid = task.account_id, task.openid
    if not account_id or not openid:
        return
    try:
        jobs.channel.typing(account_id, openid)
    except ChannelError as no:
        log.info("typing not shown", task=event.task_id, why=type(no).__name__)
