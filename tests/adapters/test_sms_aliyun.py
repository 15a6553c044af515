"""Aliyun's text messages: its official signature, what each of its answers leads to, and no message twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from adapters.settings import BadSettings, load
from adapters.sms import texts
from adapters.sms_aliyun import LIMIT, AliyunTexts, Keys, fitted, pause, signed_headers
from domain.notices.channels import Purpose
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater, TextForm
from tests.adapters.wechat.scripted import Scripted, scripted

PHONE = "13800138000"
KEYS = Keys("LTAI-test", "secret", "岚禾", {"progress": "SMS_1", "code": "SMS_2"})
FORM = TextForm("progress", {"number": "100000019", "state": "已完工", "tip": ""}, "7-20260512")
NIGHT = datetime(2026, 5, 12, 15, 59, tzinfo=UTC)
"""23:59 in Shanghai."""


@pytest.fixture
def platform() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


@pytest.fixture
def gateway(platform: Scripted) -> AliyunTexts:
    return AliyunTexts(f"{platform.url}/aliyun-sms", KEYS, lambda: NIGHT, timeouts=(1.0, 0.3))


def details(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": list(rows)}}


def test_the_official_sample_is_signed_as_aliyun_signs_it() -> None:
    sample = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    headers = signed_headers(
        Keys("YourAccessKeyId", "YourAccessKeySecret", "", {}), "ecs.cn-shanghai.aliyuncs.com", "/", "RunInstances",
        "2014-05-26", sample, at="2023-10-26T10:22:32Z", nonce="3156853299f313e23d1673dc12e1703d",
    )  # fmt: skip
    assert headers["Authorization"].endswith("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_a_message_is_its_template_filled_in_and_has_its_key(platform: Scripted, gateway: AliyunTexts) -> None:
    platform.answers = [{"Code": "OK", "BizId": "9"}]
    gateway.send(PHONE, "", FORM)
    [asked] = platform.asked
    assert asked.path == "/aliyun-sms/"
    for part in (f"PhoneNumbers={PHONE}", "TemplateCode=SMS_1", "OutId=7-20260512", f"SignName={quote('岚禾')}"):
        assert part in asked.query
    values = json.dumps({"number": "100000019", "state": "已完工"}, ensure_ascii=False)
    assert f"TemplateParam={quote(values, safe='')}" in asked.query


@pytest.mark.parametrize(
    ("code", "kind", "after"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", NeverAgain, None),
        ("isv.BLACK_KEY_CONTROL_LIMIT", NeverAgain, None),
        ("isv.SOMETHING_NEW", NeverAgain, None),
        ("isv.AMOUNT_NOT_ENOUGH", RetryLater, timedelta(minutes=10)),
        ("SignatureDoesNotMatch", RetryLater, timedelta(minutes=10)),
        ("isp.SYSTEM_ERROR", RetryLater, timedelta(seconds=30)),
        (LIMIT, RetryLater, timedelta(seconds=65)),
    ],
)
def test_every_no_says_what_to_do(
    platform: Scripted, gateway: AliyunTexts, code: str, kind: type[ChannelError], after: timedelta | None
) -> None:
    platform.answers = [(400, json.dumps({"Code": code, "Message": f"no {PHONE}"}))]
    with pytest.raises(kind) as no:
        gateway.send(PHONE, "", FORM)
    assert PHONE not in str(no.value)
    assert getattr(no.value, "after", None) == after


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("触发分钟级流控Permits:1", timedelta(seconds=65)),
        ("触发小时级流控Permits:5", timedelta(hours=1)),
        ("触发天级流控Permits:40", timedelta(minutes=2)),
    ],
)
def test_a_number_s_limit_is_waited_for_as_long_as_it_lasts(said: str, wait: timedelta) -> None:
    assert pause(said, NIGHT) == wait


def test_a_gateway_in_between_that_failed_is_asked_later(platform: Scripted, gateway: AliyunTexts) -> None:
    platform.answers = [(502, "<html>"), (200, "<html>")]
    with pytest.raises(RetryLater):
        gateway.send(PHONE, "", FORM)
    with pytest.raises(NeverAgain):
        gateway.send(PHONE, "", FORM)


def test_without_a_template_nothing_is_asked(platform: Scripted, gateway: AliyunTexts) -> None:
    with pytest.raises(NeverAgain, match="engineer"):
        gateway.send(PHONE, "", TextForm("engineer", {}, "1"))
    assert platform.asked == []


def test_an_answer_that_never_comes_is_unknown(platform: Scripted, gateway: AliyunTexts) -> None:
    platform.answers = [0.6]
    with pytest.raises(OutcomeUnknown):
        gateway.send(PHONE, "", FORM)


AGAIN = TextForm("progress", {}, "7-20260512", again=True)


def test_a_repeat_looks_first_and_does_not_send_what_was_taken(platform: Scripted, gateway: AliyunTexts) -> None:
    platform.answers = [details({"OutId": "6-20260512", "SendStatus": 2}, {"OutId": AGAIN.key, "SendStatus": 3})]
    gateway.send(PHONE, "", AGAIN)
    assert [one.action for one in platform.asked] == ["QuerySendDetails"]


def test_a_repeat_of_what_never_came_is_sent(platform: Scripted, gateway: AliyunTexts) -> None:
    platform.answers = [details(), details({"OutId": "other", "SendStatus": 3}), {"Code": "OK"}]
    gateway.send(PHONE, "", AGAIN)
    assert [one.action for one in platform.asked] == ["QuerySendDetails", "QuerySendDetails", "SendSms"]
    assert ["SendDate=20260512" in platform.asked[0].query, "SendDate=20260511" in platform.asked[1].query] == [
        True
    ] * 2


def test_a_repeat_of_what_the_operator_lost_is_over(platform: Scripted, gateway: AliyunTexts) -> None:
    platform.answers = [details({"OutId": AGAIN.key, "SendStatus": 2, "ErrCode": "MK:0005"})]
    with pytest.raises(NeverAgain, match="MK:0005"):
        gateway.send(PHONE, "", AGAIN)


def test_a_look_that_fails_sends_nothing(platform: Scripted, gateway: AliyunTexts) -> None:
    platform.answers = [0.6]
    with pytest.raises(RetryLater):
        gateway.send(PHONE, "", AGAIN)
    assert len(platform.asked) == 1


def test_a_page_s_name_goes_in_two_values() -> None:
    values = fitted({"link": "c" * 62, "tip": "长" * 40, "state": ""})
    assert values["link"] + values["link2"] == "c" * 62
    assert (len(values["tip"]), "state" in values) == (35, False)


SET = {
    "sms_key_id": "LTAI",
    "sms_key_secret": "s",
    "sms_sign_name": "岚禾",
    "sms_templates": "progress:SMS_1,code:SMS_2",
}


def test_it_is_used_where_it_is_set_up(tmp_path: Path) -> None:
    used = texts(load(None, data_dir=tmp_path, **SET), lambda: NIGHT)
    assert isinstance(used, AliyunTexts)
    assert used.keys.templates == {"progress": "SMS_1", "code": "SMS_2"}
    assert used.api_url == "https://dysmsapi.aliyuncs.com/"
    assert "'s'" not in repr(used.keys)


@pytest.mark.parametrize("wrong", ["marketing:SMS_1", "progress", "progress:1", "progress:SMS_1,"])
def test_templates_are_for_matters_of_service_and_codes_only(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(BadSettings, match="SMS_TEMPLATES"):
        load(None, data_dir=tmp_path, **{**SET, "sms_templates": wrong})
    every = ",".join(f"{purpose}:SMS_1" for purpose in (*Purpose, "engineer", "code"))
    assert load(None, data_dir=tmp_path, **{**SET, "sms_templates": every}).sms_templates == every


def test_keys_make_no_sense_alone(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="SMS_KEY_SECRET"):
        load(None, data_dir=tmp_path, sms_key_id="LTAI")
