"""The benchmark's messages and its judgement of answers."""

from __future__ import annotations

import random

from bench.traffic import Account, dialogue, is_right, sealed_dialogues, words_of
from sandbox.crypto import Seal, sign

ACCOUNT = Account("wx0123456789abcdef", "token", "A" * 43)
SEAL = Seal(ACCOUNT.aes_key, ACCOUNT.app_id)


def answer(to: str, words: str) -> bytes:
    """An answer in safe mode, as a server gives it."""
    sealed = SEAL.encrypt(f"<xml><ToUserName>{to}</ToUserName><Content><![CDATA[{words}]]></Content></xml>")
    signature = sign(ACCOUNT.token, "1", "2", sealed)
    return (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signature}</MsgSignature>"
        "<TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
    ).encode()


def first_request():
    return sealed_dialogues(ACCOUNT, "/", 1, random.Random(1))[0][0]


def test_the_right_words_to_the_right_person_are_right():
    request = first_request()
    assert is_right(ACCOUNT, SEAL, request, 200, answer(request.openid, "您可以说“报修”"))


def test_an_answer_to_somebody_else_is_wrong():
    assert not is_right(ACCOUNT, SEAL, first_request(), 200, answer("somebody", "您可以说“报修”"))


def test_an_empty_answer_and_an_error_are_wrong():
    request = first_request()
    assert not is_right(ACCOUNT, SEAL, request, 200, b"success")
    assert not is_right(ACCOUNT, SEAL, request, 500, answer(request.openid, "您可以说“报修”"))


def test_everybody_has_an_openid_of_their_own_and_every_message_an_id():
    people = sealed_dialogues(ACCOUNT, "/", 20, random.Random(1))
    assert len({person[0].openid for person in people}) == 20
    assert len({request.message_id for person in people for request in person}) == 20 * len(people[0])


def test_a_summary_is_right_only_with_the_changed_phone():
    steps = dialogue(random.Random(1))
    changed = steps[4].said
    request = sealed_dialogues(ACCOUNT, "/", 1, random.Random(1))[0][4]
    assert is_right(ACCOUNT, SEAL, request, 200, answer(request.openid, f"请核对报修信息：\n电话：{changed}"))
    assert not is_right(ACCOUNT, SEAL, request, 200, answer(request.openid, "请核对报修信息：\n电话：13800000000"))


def test_what_was_sealed_opens():
    assert words_of(ACCOUNT, SEAL, answer("o1", "好的")) == ("o1", "好的")
