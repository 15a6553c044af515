"""Text messages: what is shipped prints them, for whoever develops. A gateway is a class with `send` and a line in `texts`.

The printed line has no whole number, and is no log: a real installation without a gateway sends nothing and says so.
"""

from __future__ import annotations

import sys
from typing import TextIO

from adapters.settings import Settings
from domain.kit.personal import mask_phone
from jobs.channels import NoTextMessages, TextForm, TextMessages


class ConsoleTexts:
    """Prints each message where the process prints."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out

    def send(self, phone: str, words: str, form: TextForm) -> None:
        print(f"SMS {mask_phone(phone)} {words}", file=self.out or sys.stdout, flush=True)


def texts(settings: Settings) -> TextMessages:
    """The console beside the sandbox; nothing where real people are written to, until a gateway is set up."""
    return ConsoleTexts() if settings.uses_sandbox else NoTextMessages()
