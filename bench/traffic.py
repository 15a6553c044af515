"""The messages that servers are measured with: repair dialogues of many people, sealed before the clock runs.

Another dialogue is another list of `Step`; each step says which words a right answer holds, whoever gives it.
"""

from __future__ import annotations

import random
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree.ElementTree import ParseError, fromstring

from sandbox.crypto import BadCipher, Seal, sign

ROADS = ("卫红路", "文明东路", "桂洲大道", "振华路", "容奇大道", "华口路", "红旗中路", "细滘大道")
FAULTS = ("空调不制冷了", "冰箱不制冷", "洗衣机不脱水", "热水器打不着火", "空调漏水", "油烟机有异响")
NAMES = ("王女士", "李先生", "陈小姐", "黄先生", "何女士", "梁先生")


@dataclass(frozen=True)
class Account:
    """The official account that pushes are sealed for."""

    app_id: str
    token: str
    aes_key: str

    def __str__(self) -> str:
        return f"{self.app_id},{self.token},{self.aes_key}"


@dataclass(frozen=True)
class Step:
    """One thing said, and what a right answer to it holds."""

    said: str
    answer: str


@dataclass(frozen=True)
class Request:
    """One push as bytes for the wire, with what is needed to check its answer."""

    wire: bytes
    openid: str
    message_id: str
    step: Step


def dialogue(chance: random.Random) -> list[Step]:
    """A repair, told the way people do: hello, fault and place in one sentence, a phone, a changed one, yes."""
    first, second = (f"13{chance.randrange(10**9):09d}" for _ in range(2))
    house = f"{chance.randrange(1, 200)}号{chance.randrange(1, 20)}栋{chance.randrange(2, 30)}0{chance.randrange(1, 5)}"
    place = f"佛山市顺德区容桂街道{chance.choice(ROADS)}{house}"
    return [
        Step("你好", "报修"),
        Step(f"{chance.choice(FAULTS)}，{place}", "电话"),
        Step(f"{first} {chance.choice(NAMES)}", f"请核对(?s:.)*{house}(?s:.)*{first}"),
        Step("改电话", "电话"),
        Step(second, f"请核对(?s:.)*{second}"),
        Step("确认", r"报修已受理。\n工单号："),
    ]


def sealed_dialogues(account: Account, path: str, count: int, chance: random.Random) -> list[list[Request]]:
    """``count`` dialogues of as many people, ready to be sent to ``path``."""
    seal = Seal(account.aes_key, account.app_id)
    return [list(sealed(account, seal, path, dialogue(chance))) for _ in range(count)]


def sealed(account: Account, seal: Seal, path: str, steps: Sequence[Step]) -> Iterator[Request]:
    openid = "o" + secrets.token_urlsafe(20)[:27]
    for step in steps:
        message_id = str(secrets.randbelow(9 * 10**18) + 10**18)
        yield Request(push(account, seal, path, openid, message_id, step.said), openid, message_id, step)


def again(account: Account, seal: Seal, path: str, request: Request) -> Request:
    """The same message once more, sealed anew as the platform does."""
    wire = push(account, seal, path, request.openid, request.message_id, request.step.said)
    return Request(wire, request.openid, request.message_id, request.step)


def push(account: Account, seal: Seal, path: str, openid: str, message_id: str, said: str) -> bytes:
    """A text message in safe mode, as the platform sends it (wechat-protocol §1.3, §2)."""
    timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**9))
    plain = (
        f"<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{timestamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{said}]]></Content><MsgId>{message_id}</MsgId></xml>"
    )
    encrypted = seal.encrypt(plain)
    query = {
        "signature": sign(account.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": openid,
        "encrypt_type": "aes", "msg_signature": sign(account.token, timestamp, nonce, encrypted),
    }  # fmt: skip
    body = (
        f"<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
    )
    head = (
        f"POST {path}?{urlencode(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def words_of(account: Account, seal: Seal, body: bytes) -> tuple[str, str]:
    """(to whom, words) of a sealed answer; its signature must hold.

    :raises ValueError: it is no right answer of any kind
    """
    try:
        outer = fromstring(body)
        encrypted = outer.findtext("Encrypt") or ""
        signature = sign(account.token, outer.findtext("TimeStamp") or "", outer.findtext("Nonce") or "", encrypted)
        if signature != outer.findtext("MsgSignature"):
            raise ValueError("the answer's signature is wrong")
        inner = fromstring(seal.decrypt(encrypted))
    except (ParseError, BadCipher) as wrong:
        raise ValueError(f"not an answer: {body[:60]!r}") from wrong
    return inner.findtext("ToUserName") or "", inner.findtext("Content") or ""


def is_right(account: Account, seal: Seal, request: Request, status: int, body: bytes) -> bool:
    """Whether an answer is for this person and says what the step wants to hear."""
    if status != 200:
        return False
    try:
        to, words = words_of(account, seal, body)
    except ValueError:
        return False
    return to == request.openid and re.search(request.step.answer, words) is not None
