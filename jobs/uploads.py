"""Drawing anew what engineers' phones sent: in the slow worker, never while the phone waits."""

from __future__ import annotations

import structlog

from domain.files import uploads
from domain.files.events import UploadComplete
from domain.files.pictures import NotUsable, TooManyPixels, cleaned
from domain.files.store import new_key, seal
from jobs.context import Jobs

log = structlog.get_logger()


def draw_upload(jobs: Jobs, event: UploadComplete) -> None:
    """Keep the picture without what the camera wrote into it, or say why not. First the content, then the row that says so:
    what a crash leaves in between has a key nobody knows."""
    with jobs.runtime.transaction() as uow:
        data = uploads.set_out(uow, event.upload_id)
        file_id, place = uow.new_id("fi"), f"{uow.today:%Y/%m}"
    if data is None:
        return
    try:
        content = cleaned(data)
    except NotUsable as no:
        log.warning("upload refused", upload=event.upload_id, why=str(no))
        words = uploads.TOO_MANY_PIXELS if isinstance(no, TooManyPixels) else uploads.NOT_A_PICTURE
        with jobs.runtime.transaction() as uow:
            uploads.refuse(uow, event.upload_id, words)
        return
    key, place = new_key(), f"{place}/{file_id}"
    jobs.files.put(place, seal(key, file_id, content))
    with jobs.runtime.transaction() as uow:
        uploads.keep(uow, event.upload_id, file_id=file_id, place=place, key=key, content=content)


def sweep_uploads(jobs: Jobs) -> int:
    """Forget what was begun and never finished."""
    with jobs.runtime.transaction() as uow:
        return uploads.sweep(uow)
