"""Text messages: printed beside the sandbox with the number masked, refused where no gateway is set up."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.demo.templates import TEMPLATES
from adapters.settings import load
from adapters.sms import ConsoleTexts, texts
from domain.notices.operations import check_fields
from jobs.channels import NeverAgain, TextForm
from sandbox.library import LIBRARY

REAL = {"oa_app_id": "wx0123456789abcdef", "oa_app_secret": "s" * 32, "oa_token": "token", "oa_aes_key": "A" * 43}

FORM = TextForm("appointment", {}, "1")


def now() -> datetime:
    return datetime.now(UTC)


def test_the_console_shows_the_words_and_not_the_number() -> None:
    out = io.StringIO()
    ConsoleTexts(out).send("13800138000", "【岚禾】师傅已出发", FORM)
    assert out.getvalue() == "SMS 138******00 【岚禾】师傅已出发\n"


def test_real_people_are_not_told_that_something_was_sent(tmp_path: Path) -> None:
    real = load(None, data_dir=tmp_path, wechat_api_url="https://api.weixin.qq.com", **REAL)
    with pytest.raises(NeverAgain):
        texts(real, now).send("13800138000", "x", FORM)
    assert isinstance(texts(load(None, data_dir=tmp_path), now), ConsoleTexts)


def test_the_demo_s_templates_are_the_sandbox_s() -> None:
    for (template_id, fields), chosen in zip(TEMPLATES.values(), LIBRARY, strict=True):
        assert (template_id, set(fields)) == (chosen.template_id, set(chosen.fields))
        check_fields(fields)
