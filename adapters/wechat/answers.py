"""What came back from the platform, read: JSON, or which kind of no it is. Used by everything that calls it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import requests
import structlog
from urllib3.exceptions import MaxRetryError, NewConnectionError

from adapters.metrics import PLATFORM_ERRORS
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater

log = structlog.get_logger()


def code_of(answer: dict[str, Any]) -> int:
    return int(answer.get("errcode") or 0)


def lost_call(path: str, error: requests.RequestException) -> ChannelError:
    """Whether a call that failed below HTTP can have reached the platform."""
    kind = type(error).__name__
    log.warning("platform unreachable", path=path, error=kind)
    PLATFORM_ERRORS.labels(path, kind).inc()
    reason = error.args[0] if error.args else None
    never_left = isinstance(error, requests.ConnectTimeout) or (
        isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
    )
    return RetryLater(f"连不上平台：{kind}") if never_left else OutcomeUnknown(f"平台没有回答：{kind}")


def must_have_worked(path: str, response: requests.Response) -> None:
    """:raises OutcomeUnknown: a gateway lost the answer, the platform may have done what was asked
    :raises RetryLater: the platform failed or is overloaded, and says so
    """
    if response.status_code != 200:
        PLATFORM_ERRORS.labels(path, f"HTTP {response.status_code}").inc()
    if response.status_code in (502, 504):
        log.warning("platform's answer lost", path=path, status=response.status_code)
        raise OutcomeUnknown(f"平台没有回答：HTTP {response.status_code}")
    if response.status_code >= 500 or response.status_code == 429:
        log.warning("platform failed", path=path, status=response.status_code)
        raise RetryLater(f"平台出错：HTTP {response.status_code}", seconds_of(response.headers.get("Retry-After")))


def read(path: str, response: requests.Response) -> dict[str, Any]:
    """The answer as a JSON object.

    :raises OutcomeUnknown, RetryLater: see `must_have_worked`
    :raises NeverAgain: whatever answers there is not the platform
    """
    must_have_worked(path, response)
    try:
        answer = json.loads(response.content)
    except ValueError:
        answer = None
    if response.status_code != 200 or not isinstance(answer, dict):
        log.error("platform's answer unreadable", path=path, status=response.status_code)
        raise NeverAgain(response.status_code, "平台的回答无法理解")
    return answer


def seconds_of(retry_after: str | None) -> timedelta | None:
    return timedelta(seconds=int(retry_after)) if retry_after and retry_after.isdigit() else None
