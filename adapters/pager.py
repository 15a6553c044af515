"""Reaching staff at once: a WeCom group robot where ``WEIXIU_PAGER_URL`` names one, else a loud line in the log."""

from __future__ import annotations

import requests
import structlog

TIMEOUTS = (3.0, 5.0)
"""Seconds to connect, and to answer."""

log = structlog.get_logger()


class GroupRobot:
    """The robot of a WeCom group: ``POST {msgtype, text}`` to its secret address, 20 messages a minute."""

    def __init__(self, url: str) -> None:
        self.url = url

    def page(self, name: str, words: str) -> None:
        """:raises requests.RequestException: it did not arrive; :raises RuntimeError: the robot refused it"""
        body = {"msgtype": "text", "text": {"content": f"@{name} {words}"}}
        answer = requests.post(self.url, json=body, timeout=TIMEOUTS)
        answer.raise_for_status()
        code = answer.json().get("errcode", 0)
        if code:
            raise RuntimeError(f"the robot answered {code}")


class LogPager:
    """For whoever has set no robot: the console's red line and the log are all there is."""

    def page(self, name: str, words: str) -> None:
        log.error("PAGE", to=name, words=words)


def pager(url: str) -> GroupRobot | LogPager:
    return GroupRobot(url) if url else LogPager()
