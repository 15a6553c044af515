"""The load client: one thread, one keep-alive socket a sender, nothing done between two messages but sending bytes.

Everything is sealed before (`bench.traffic`) and checked after, so that the client takes little of the machine.
"""

from __future__ import annotations

import gc
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.traffic import Request

SILENCE = 12.0
"""Seconds without any answer after which a run is given up, and what was asked counts as answered wrong."""


@dataclass
class Answer:
    """What came back, and when it was asked and answered on the monotonic clock, in seconds."""

    request: Request
    asked: float
    answered: float
    status: int
    body: bytes


@dataclass
class Sender:
    """One person after the other: each message goes out when the one before is answered."""

    port: int
    requests: Sequence[Request]
    next: int = 0
    asked: float = 0.0
    waits: bool = False
    got: bytearray = field(default_factory=bytearray)
    line: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        self.got.clear()
        self.line = socket.create_connection(("127.0.0.1", self.port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> bool:
        """Send the next message; False when there is none."""
        if self.next == len(self.requests):
            return False
        self.asked, self.waits = time.perf_counter(), True
        self.line.sendall(self.requests[self.next].wire)
        self.next += 1
        return True

    def hear(self) -> Answer | None:
        """Read what came; the whole answer, or None as long as there is more to come. Hanging up is status 0."""
        try:
            piece = self.line.recv(65536)
        except ConnectionError:
            piece = b""
        if not piece:
            return self.no_answer()
        self.got += piece
        end = self.got.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.got[:end]).lower()
        length = length_in(head)
        if len(self.got) < end + 4 + length:
            return None
        body = bytes(self.got[end + 4 : end + 4 + length])
        self.got.clear()
        self.waits = False
        return Answer(self.requests[self.next - 1], self.asked, time.perf_counter(), int(head[9:12]), body)

    def no_answer(self) -> Answer:
        self.waits = False
        return Answer(self.requests[self.next - 1], self.asked, time.perf_counter(), 0, b"")


def length_in(head: bytes) -> int:
    """How long the body is; an answer of 204 has none and says nothing."""
    found = head.find(b"content-length:")
    if found < 0:
        return 0
    end = head.find(b"\r\n", found)
    return int(head[found + 15 : end if end > 0 else None])


def send(port: int, senders: Sequence[Sequence[Request]], seconds: float) -> list[Answer]:
    """Let every sender talk for so long, or until nothing is left to say; whatever was asked is waited for."""
    people = [Sender(port, requests) for requests in senders]
    answers: list[Answer] = []
    gc.disable()
    try:
        with selectors.EpollSelector() as selector:
            until = time.perf_counter() + seconds
            talking = 0
            for person in people:
                selector.register(person.line, selectors.EVENT_READ, person)
                talking += person.ask()
            while talking:
                ready = selector.select(SILENCE)
                if not ready:
                    answers += [person.no_answer() for person in people if person.waits]
                    break
                for key, _ in ready:
                    answer = key.data.hear()
                    if answer is not None:
                        answers.append(answer)
                        if answer.status == 0:
                            selector.unregister(key.fileobj)
                            key.data.connect()
                            selector.register(key.data.line, selectors.EVENT_READ, key.data)
                        talking -= not (answer.answered < until and key.data.ask())
    finally:
        gc.enable()
        for person in people:
            person.line.close()
    return answers
