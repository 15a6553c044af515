"""Fetching what people sent, and reading nameplates: in the slow worker, never in a webhook.

Both count a try before it is made, so that a picture which kills the process that opens it is given up as well.
"""

from __future__ import annotations

from typing import Protocol

import structlog

from bot.engine import BOT
from bot.pictures import offer_found, wants_reading
from bot.understanding.nameplates import Print
from domain.files import operations
from domain.files.events import PictureHeard, PictureKept
from domain.files.model import FileState, StoredFile
from domain.files.operations import Wanted
from domain.files.pictures import MIME, MOST_BYTES, VIDEO_MIME, NotUsable, checked_video, cleaned
from domain.files.store import new_key, seal, unseal
from domain.kit.retry import MAX_ATTEMPTS
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.operations import queue_message
from domain.work_orders.events import WorkOrderOpened
from domain.work_orders.model import WorkOrder
from jobs.channels import NeverAgain, OutcomeUnknown, RetryLater, TooLarge, WindowClosed
from jobs.context import Jobs

log = structlog.get_logger()

READINGS = 3
"""Times a picture is read before it counts as unreadable."""
NAMES = {"image": "照片", "video": "视频"}
NOT_FETCHED = "抱歉，您刚才发的{what}没有收到，请再发一次。"
NOT_READABLE = "抱歉，您刚才发的{what}打不开，请重新拍一张再发。"
NOT_SMALL = "抱歉，您刚才发的{what}超过 10 MB，太大了。请发小一点的，不要选“原图”。"


class PlateReader(Protocol):
    """Reads what is printed on a picture. `adapters.nameplates` is one."""

    def read(self, picture: bytes) -> Print:
        """The bar codes and the lines of print on a JPEG."""


def fetch_picture(jobs: Jobs, event: PictureHeard) -> None:
    """Get a picture or video from the platform, make sure that it is one, and keep it."""
    with jobs.runtime.transaction() as uow:
        wanted = operations.set_out(uow, event.file_id, FileState.AWAITED)
    if wanted is None:
        return
    if wanted.tries > MAX_ATTEMPTS:  # whoever tried before did not live to tell
        give_up(jobs, wanted, "the process ended every time", NOT_READABLE)
        return
    last = wanted.tries == MAX_ATTEMPTS
    try:
        data = jobs.channel.fetch_media(wanted.account_id, wanted.media_id, MOST_BYTES)
        content = cleaned(data) if wanted.kind == "image" else checked_video(data)
    except (RetryLater, OutcomeUnknown) as no:
        if not last:
            raise
        give_up(jobs, wanted, str(no), NOT_FETCHED)
    except (NeverAgain, WindowClosed) as no:
        give_up(jobs, wanted, str(no), NOT_FETCHED)
    except TooLarge as no:
        give_up(jobs, wanted, str(no), NOT_SMALL)
    except NotUsable as no:
        give_up(jobs, wanted, str(no), NOT_READABLE)
    else:
        keep(jobs, wanted, content)


def keep(jobs: Jobs, wanted: Wanted, content: bytes) -> None:
    """First the content, then the row that says so: what a crash leaves in between has a key nobody knows."""
    key = new_key()
    with jobs.runtime.transaction() as uow:
        place = f"{uow.today:%Y/%m}/{wanted.id}"
    jobs.files.put(place, seal(key, wanted.id, content))
    with jobs.runtime.transaction() as uow:
        mime = MIME if wanted.kind == "image" else VIDEO_MIME
        operations.keep(uow, wanted.id, place=place, key=key, content=content, mime=mime)


def give_up(jobs: Jobs, wanted: Wanted, why: str, words: str) -> None:
    """It will not come: the customer is asked to send it again, once."""
    log.warning("picture lost", file=wanted.id, kind=wanted.kind, tries=wanted.tries, why=why)
    with jobs.runtime.transaction() as uow:
        if operations.lose(uow, wanted.id, why):
            queue_message(
                uow, account_id=wanted.account_id, recipient=wanted.openid, why="reply", author=BOT,
                text=words.format(what=NAMES.get(wanted.kind, "内容")), subject_id=wanted.id,
            )  # fmt: skip


def read_nameplate(jobs: Jobs, event: PictureKept) -> None:
    """Look for a model and a serial on the picture while the chat still wants one, and offer what is found."""
    with jobs.runtime.transaction() as uow:
        file = uow.session.get(StoredFile, event.file_id)
        if file is None or file.account_id is None or not wants_reading(uow, file.account_id, file.openid):
            return
        wanted = operations.set_out(uow, event.file_id, FileState.KEPT)
    if wanted is None or wanted.tries > READINGS + 1:
        return
    found = Print()
    if wanted.tries <= READINGS:  # else nothing came of it three times, and that is said
        found = jobs.plates.read(unseal(wanted.key, wanted.id, jobs.files.get(wanted.place)))
    with jobs.runtime.transaction() as uow:
        offer_found(uow, wanted.account_id, wanted.openid, found)


def attach_pictures(uow: UnitOfWork, event: WorkOrderOpened) -> None:
    """The pictures of the chat that led to the order belong to it."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    if order.account_id and order.openid:
        operations.attach(uow, order.account_id, order.openid, order.id, order.product_id)


def forget_unused_pictures(jobs: Jobs) -> int:
    """Delete pictures of no order whose time is over; returns how many."""
    with jobs.runtime.transaction() as uow:
        places = operations.forget_unused(uow)
    for place in places:
        jobs.files.delete(place)
    return len(places)
