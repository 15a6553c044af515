"""Links in the words of a notice: short to tap in a chat, whole in a text message, and never somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from sqlalchemy import select

from domain.kit.unit_of_work import Runtime
from domain.notices import of_orders
from domain.notices.channels import Channel
from domain.notices.facts import Facts
from domain.notices.forms import Envelope
from domain.notices.markup import as_staff_see, line
from domain.notices.model import OutgoingMessage
from domain.notices.rows import Notice
from domain.notices.saying import Addressee, say
from tests.brand import brand_in
from tests.domain.notices.test_notices import LONGEST_WORDS, ROWS, placeholders

URL, PATH = "https://service.example.com", "/c/bills/bi_1.0123abcd"
ANCHOR = re.compile(r'<a href="([^"]*)">([^<]*)</a>')
CHATS = (Channel.CHAT, Channel.PROGRAM)


def told(rows: Iterable[Notice], channel: Channel) -> Iterable[Notice]:
    return [row for row in rows if channel in row.by and "link" in placeholders(row.words)]


@pytest.mark.parametrize("row", told(ROWS, Channel.CHAT), ids=lambda row: row.name)
def test_in_a_chat_what_is_said_of_the_page_opens_it(row: Notice) -> None:
    words = row.words.format_map({**LONGEST_WORDS, "link": "{link}", "menu": ""})
    for channel in CHATS:
        shown = Envelope(channel, "a", "o", words, path=PATH).words_with(URL)
        assert [address for address, _ in ANCHOR.findall(shown)] == [URL + PATH]
        assert all(len(tapped) <= 16 for _, tapped in ANCHOR.findall(shown)), "one line on a phone"
        assert URL not in ANCHOR.sub("", shown), "no address is left to read"


def test_a_text_message_has_the_whole_address() -> None:
    told = Envelope(Channel.SMS, "sms", "138", "请点开付款：{link}", path=PATH).words_with(URL)
    assert told == f"请点开付款：{URL}{PATH}"


def test_where_nothing_is_said_of_the_page_its_address_stands() -> None:
    assert Envelope(Channel.CHAT, "a", "o", "{link}", path=PATH).words_with(URL) == URL + PATH


def test_nobodys_words_become_a_link(runtime: Runtime) -> None:
    lure = '<a href="https://evil.example">点我领奖</a>'
    facts = Facts(
        words={**LONGEST_WORDS, "reason": lure, "engineer": lure, "product": lure, "place": lure, "brand": lure},
        values={}, keys={"order": "wo_1", "visit": "vi_1", "engineer_id": "en_1"},
    )  # fmt: skip
    whom = Addressee(brand_in(runtime).voice.account_id, "oWang", chat=True, phone="13800001234")
    with runtime.transaction() as uow:
        said = say(uow, of_orders.SOMEBODY_COMES, whom, facts)
        assert said is not None
    with runtime.transaction() as uow:
        kept = uow.session.scalars(select(OutgoingMessage)).one()
        assert "点我领奖" in kept.text
        assert "<" not in kept.text
        assert "<" not in str(kept.forms)


def test_staff_see_what_can_be_tapped_and_no_address() -> None:
    words = f"怎么样？\n{line('5星', '★★★★★', 'r1-5')}\n想多说几句，点这里：{{link}}"
    assert as_staff_see(words, has_page=True) == "怎么样？\n〔★★★★★〕\n想多说几句，〔点这里〕"
    assert as_staff_see("看 {link}", has_page=False) == "看 {link}"
