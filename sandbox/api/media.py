"""Temporary media, up and down (protocol sheet 6.5)."""

from typing import Any

from flask import Response

from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError


def upload(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/media/upload?type=: multipart, field `media`."""
    file = call.request.files.get("media")
    if file is None:
        raise PlatformError(41005)
    kind = call.arg("type")
    media = call.platform.media.upload(call.app_id, kind, file.read(), file.mimetype, call.now)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media.media_id, "created_at": int(media.created_at)}


def get(call: ApiCall) -> dict[str, Any] | Response:
    """GET /cgi-bin/media/get: the bytes, for a video its address, an error as JSON with HTTP 200."""
    media = call.platform.media.get(call.app_id, call.arg("media_id"), call.now)
    if media.kind == "video":
        return {"video_url": f"{call.platform.public_url}/mmbiz_pic/{media.media_id}/0"}
    answer = Response(media.data, mimetype=media.content_type)
    ending = media.content_type.split("/")[-1].replace("jpeg", "jpg")
    answer.headers["Content-Disposition"] = f'attachment; filename="{media.media_id}.{ending}"'
    return answer


ENDPOINTS = [
    Endpoint("/cgi-bin/media/upload", "POST", upload),
    Endpoint("/cgi-bin/media/get", "GET", get),
]
