"""What WeChat makes a link of in a text, and how it is kept out of people's own words (wechat-protocol §4.3)."""

from __future__ import annotations

import re

LINK = "{link}"
"""Where the words have the address of the page: only whoever sends them knows where people reach this server."""

MENU = "menu"
"""The one fact of a notice that is lines to tap; every other is words, whoever wrote them."""

BRACKETS = str.maketrans("<>", "〈〉")
SAID_LINK = re.compile(r"([^\n，。！？：；]+)：" + re.escape(LINK))
MENU_LINE = re.compile(r'<a href="weixin://bizmsgmenu[^"]*">([^<]*)</a>')


def harmless(words: str) -> str:
    """The words with no markup in them: WeChat makes a link of ``<a href=…>``, and what people wrote may be shown to somebody
    else. The brackets become those of Chinese print."""
    return words.translate(BRACKETS)


def line(said: str, shown: str, key: str) -> str:
    """One line to tap: it comes back as ``said``, with the key."""
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={said}&msgmenuid={key}">{shown}</a>'


def linked(words: str, address: str) -> str:
    """For a chat: what is said of a page opens it. ``请点这里付款：{link}`` is the link 请点这里付款, not four lines of address."""
    return SAID_LINK.sub(lambda found: f'<a href="{address}">{found[1]}</a>', words).replace(LINK, address)


def as_staff_see(words: str, *, has_page: bool) -> str:
    """A line to tap is what it says, and a link is the customer's own."""
    plain = MENU_LINE.sub(r"〔\1〕", words)
    return SAID_LINK.sub(r"〔\1〕", plain).replace(LINK, "（链接）") if has_page else plain
