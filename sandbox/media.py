"""Temporary media: pictures, voices and videos, kept three days (protocol sheet 6.5)."""

import secrets
import struct
import threading
import zlib
from dataclasses import dataclass

from sandbox.errors import PlatformError

LIFE = 3 * 86_400.0
LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}
TYPES = {
    "image": ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"),
    "voice": ("audio/amr", "audio/mpeg", "audio/mp3", "audio/speex"),
    "video": ("video/mp4",),
    "thumb": ("image/jpeg", "image/jpg"),
}


@dataclass(frozen=True)
class Media:
    """One file of one account."""

    media_id: str
    app_id: str
    kind: str
    data: bytes
    content_type: str
    created_at: float


class MediaStore:
    """All media of all accounts. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, Media] = {}

    def keep(self, app_id: str, kind: str, data: bytes, content_type: str, now: float) -> Media:
        """Store without asking about size: what a phone sends is taken as it is."""
        media = Media(secrets.token_urlsafe(48), app_id, kind, data, content_type, now)
        with self._lock:
            self._files[media.media_id] = media
        return media

    def upload(self, app_id: str, kind: str, data: bytes, content_type: str, now: float) -> Media:
        """Store what an account uploads.

        :raises PlatformError: 40004 unknown type, 44001 empty, 40005 wrong file type, 40006 too big
        """
        if kind not in LIMITS:
            raise PlatformError(40004)
        if not data:
            raise PlatformError(44001)
        if content_type.split(";")[0].strip().lower() not in TYPES[kind]:
            raise PlatformError(40005, content_type)
        if len(data) > LIMITS[kind]:
            raise PlatformError(40006)
        return self.keep(app_id, kind, data, content_type, now)

    def get(self, app_id: str, media_id: object, now: float, kinds: tuple[str, ...] = ()) -> Media:
        """:raises PlatformError: 41006 missing, 40007 unknown, of another account, too old or of the wrong kind"""
        if not media_id:
            raise PlatformError(41006)
        with self._lock:
            media = self._files.get(str(media_id))
        if media is None or media.app_id != app_id or now - media.created_at > LIFE:
            raise PlatformError(40007)
        if kinds and media.kind not in kinds:
            raise PlatformError(40007, f"a {media.kind}")
        return media

    def picture(self, media_id: str) -> Media | None:
        """For the phone's screen and PicUrl, which need no token."""
        with self._lock:
            return self._files.get(media_id)


def grey_picture(width: int = 120, height: int = 90) -> bytes:
    """A small PNG, for people who send a picture without saying which."""
    row = b"\x00" + b"\xd0\xd4\xd8" * width
    chunks = (
        (b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * height)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data)) for name, data in chunks
    )
