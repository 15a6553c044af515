"""A file store on whatever ``WEIXIU_FILES_URL`` names: a folder, or s3://bucket/prefix.

An object store's keys and address come from its own variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_ENDPOINT_URL, AWS_DEFAULT_REGION. What is stored is sealed before it comes here.
"""

from __future__ import annotations

import os
import uuid
from functools import cached_property
from pathlib import Path
from typing import Any

import fsspec

S3 = {
    "use_listings_cache": False,
    "config_kwargs": {"connect_timeout": 3, "read_timeout": 15, "retries": {"max_attempts": 2}},
}
"""A store that does not answer must not hold a worker for minutes."""


class Files:
    """A `domain.files.store.FileStore`. The connection is made with the first use, in whichever process that is."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    @property
    def is_folder(self) -> bool:
        return not self.url.startswith("s3://")

    @cached_property
    def system(self) -> Any:
        if self.is_folder:
            return fsspec.filesystem("file", auto_mkdir=True)
        return fsspec.filesystem("s3", **S3)

    def at(self, place: str) -> str:
        """:raises ValueError: a name that leads elsewhere"""
        if place.startswith("/") or ".." in place.split("/") or not place:
            raise ValueError("no name for a file")
        return f"{self.url.removeprefix('file://').removeprefix('s3://')}/{place}"

    def put(self, place: str, content: bytes) -> None:
        """A reader never sees half of it: object stores see to that, a folder by renaming."""
        where = self.at(place)
        if not self.is_folder:
            self.system.pipe_file(where, content)
            return
        half = f"{where}.{uuid.uuid4().hex}.part"
        try:
            self.system.pipe_file(half, content)
            os.replace(half, where)
        finally:
            Path(half).unlink(missing_ok=True)

    def get(self, place: str) -> bytes:
        content: bytes = self.system.cat_file(self.at(place))
        return content

    def delete(self, place: str) -> None:
        try:
            self.system.rm_file(self.at(place))
        except FileNotFoundError:
            return
