"""What settings may be: each kind refuses a wrong value, and the setting's own description says what a right one looks like."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, Field

PREFIX = "WEIXIU_"


def web_address(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError
    return value.rstrip("/")


def data_key(value: str) -> str:
    from domain.kit.personal import Keyring

    if value:
        Keyring.parse(value, "-" * 32)
    return value


def sms_templates(value: str) -> str:
    from domain.notices.channels import Purpose

    purposes = "|".join((*Purpose, "engineer", "code"))
    if value and not re.fullmatch(rf"({purposes}):SMS_\d+(,({purposes}):SMS_\d+)*", value):
        raise ValueError
    return value


def long(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError
    return value


def aes_key(value: str) -> str:
    if value and not re.fullmatch(r"[0-9A-Za-z]{43}", value):
        raise ValueError
    return value


def file(value: str) -> str:
    if value and not Path(value).is_file():
        raise ValueError
    return value


WebAddress = Annotated[str, AfterValidator(web_address)]
LongKey = Annotated[str, AfterValidator(long)]
AesKey = Annotated[str, AfterValidator(aes_key)]
FileName = Annotated[str, AfterValidator(file)]
DataKey = Annotated[str, AfterValidator(data_key)]
SmsTemplates = Annotated[str, AfterValidator(sms_templates)]


def secret(words: str) -> Any:
    return Field("", description=words, repr=False)


def port_number(default: int, name: str, least: int = 1) -> Any:
    return Field(
        default,
        ge=least,
        le=65535,
        description="a port number, 1 to 65535",
        validation_alias=AliasChoices(PREFIX + name, name),
    )
