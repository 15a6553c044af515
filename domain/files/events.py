"""What happens to files."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class PictureHeard(Event):
    """Somebody sent a picture or a video: it is still to be fetched from the platform."""

    file_id: str


@dataclass(frozen=True)
class PictureKept(Event):
    """A picture was fetched, is one, and is kept."""

    file_id: str


@dataclass(frozen=True)
class UploadComplete(Event):
    """All pieces of a phone's upload are here and are what was announced: it is to be looked at and drawn anew."""

    upload_id: str


@dataclass(frozen=True)
class PicturesForgotten(Event):
    """Keys were thrown away: nobody can open what lies at these places of the file store, which are emptied now."""

    places: list[str]
