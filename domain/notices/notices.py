"""★ What people are told: about what, whom, in which words, by which channels, and how soon. The whole table, by name.

The rows stand in the files of `FILES`, by subject. To change one, change it there. To add one, write it there as a constant
or into one of the file's mappings: that one edit is all, it is found by itself. A new file is a name in `FILES`. A row is a
`Notice` (`domain.notices.rows`): its name begins with a matter of `MATTERS`, ``words`` go into chats, ``sms`` is the text
message (with ``by=BY_ALL``), ``purpose`` names the template and ``state`` (up to five Chinese characters) and ``tip`` (up to
twenty) are what that says besides number, time and amount. Then somebody says it: ``say(uow, ROW, customer_of(uow, order),
facts_of(uow, order, …), Circumstances(subject_id=order.id))`` in a reaction to the event (`domain.notices.telling`).

In the words ``{number}`` is the order's number as one reads it out, ``{service}`` 维修, 安装 …, ``{hotline}`` the brand's number,
``{brand}`` its name, ``{engineer}`` 李师傅（工号 1024）, ``{window}`` the time that holds, ``{wanted}`` the time asked for,
``{link}`` the page to answer on, ``{fields}`` what was corrected, ``{place}`` the street, ``{until}`` until when to answer,
``{parts}`` the parts waited for, ``{put_right}`` what the customer has to see to, ``{finding}`` of an appraisal,
``{amount}`` ¥128.00 (`Facts.add_amount`). Others are whatever the teller puts into ``facts.words``. A text message begins with
【brand】 by itself.

Service messages only: marketing may never come this way (wechat-protocol §9.1), and has no name to come under.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping

from domain.notices.rows import Notice

FILES = ("of_orders", "of_times", "of_sheets", "of_feedback", "of_money", "of_covers", "of_colleagues")
"""Modules of `domain.notices` with rows."""


def rows_of(name: str) -> Iterator[Notice]:
    """Every row a module has, alone or in a mapping."""
    for value in vars(importlib.import_module(f"domain.notices.{name}")).values():
        found = value.values() if isinstance(value, Mapping) else [value]
        yield from (one for one in found if isinstance(one, Notice))


NOTICES: Mapping[str, Notice] = {row.name: row for name in FILES for row in rows_of(name)}
"""By name: what `OutgoingMessage.why` says."""

TITLES: Mapping[str, str] = {name: row.title for name, row in NOTICES.items()}
"""The same for the staff's pages."""
