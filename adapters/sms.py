"""Text messages: what is shipped prints them, for whoever develops. A gateway is a class with `send` and a line in `texts`.

The printed line has no whole number, and is no log: a real installation without a gateway sends nothing and says so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from adapters.settings import Settings
from adapters.sms_aliyun import AliyunTexts, Keys
from domain.kit.personal import mask_phone
from jobs.channels import NoTextMessages, TextForm, TextMessages


class ConsoleTexts:
    """Prints each message where the process prints."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out

    def send(self, phone: str, words: str, form: TextForm) -> None:
        print(f"SMS {mask_phone(phone)} {words}", file=self.out or sys.stdout, flush=True)


def texts(settings: Settings, clock: Callable[[], datetime]) -> TextMessages:
    """Aliyun where it is set up; else the console beside the sandbox, and nothing where real people are written to."""
    if settings.sms_key_id:
        templates = dict(one.split(":") for one in settings.sms_templates.split(","))
        keys = Keys(settings.sms_key_id, settings.sms_key_secret, settings.sms_sign_name, templates)
        return AliyunTexts(settings.sms_api_url, keys, clock)
    return ConsoleTexts() if settings.uses_sandbox else NoTextMessages()
