"""The visit wanted, and when it is; purchases, breakdowns and missed appointments are never taken for it."""

from datetime import date, datetime

import pytest

from bot.understanding import find_when
from bot.understanding.moments import moments_in
from bot.understanding.windows import SHANGHAI, resolve

WEDNESDAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "offset", "weekday", "half", "hour"),
    [
        ("明天下午来得及不", 1, None, "afternoon", None),
        ("周六上午", None, 6, "morning", None),
        ("下班后来", None, None, "evening", None),
        ("后天九点到十一点方便", 2, None, "morning", 9),
        ("下周三", None, 3, None, None),
        ("这周末都在家", None, 6, None, None),
        ("听日下昼得闲", 1, None, "afternoon", None),
        ("听日朝早九点得唔得", 1, None, "morning", 9),
        ("明天下午七八点能来吗", 1, None, "evening", 19),
        ("今天下午3点半前", 0, None, "afternoon", 15),
        ("晚上六点后在家", None, None, "evening", 18),
        ("大后天中午过来", 3, None, "afternoon", 12),
        ("明早9-11点可以", 1, None, "morning", 9),
        ("周六或周日都行，上午最好", None, 6, "morning", None),
        ("约的明天改成后天下午行吗", 2, None, "afternoon", None),
        ("明天上午临时有事，换到晚上7点可以不", 1, None, "evening", 19),
        ("师傅今天别来了 我加班 周六再来", None, 6, None, None),
        ("工作日不在，周末来", None, 6, None, None),
        ("不是上午，是下午三点来", None, None, "afternoon", 15),
        ("3月20号上午上门", 9, None, "morning", None),
        ("五一节后第一天来", 56, None, None, None),
        ("3个工作日后上门", 5, None, None, None),
    ],
)
def test_wanted(text, offset, weekday, half, hour):
    found = find_when(text, WEDNESDAY)
    assert found
    when = found.value
    assert (when.date_offset_days, when.weekday, when.half_day, when.hour) == (offset, weekday, half, hour)


@pytest.mark.parametrize(
    "text",
    [
        "去年双十一买的",
        "昨天就坏了",
        "2021年5月买的还在保吗",
        "说好今天来，现在都六点了",
        "都等一上午了",
        "今天太热了",
        "早上好",
        "晚上响得睡不着",
        "今天早上发现不制冷",
        "上礼拜刚修过",
        "有一点漏水",
        "除了周三都行",
        "明天没空",
        "尽快来",
        "往后推两天吧",
        "周三那个预约帮我取消",
        "以后天天响",
    ],
)
def test_not_wanted(text):
    assert find_when(text, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("明天下午", "2026-03-12T12:00", "2026-03-12T18:00"),
        ("后天九点到十一点", "2026-03-13T09:00", "2026-03-13T11:00"),
        ("周三", "2026-03-11T00:00", "2026-03-12T00:00"),
        ("下周三上午", "2026-03-18T08:00", "2026-03-18T12:00"),
        ("周末", "2026-03-14T00:00", "2026-03-16T00:00"),
        ("今天下午3点半前", None, "2026-03-11T15:30"),
        ("晚上六点后", "2026-03-11T18:00", "2026-03-12T00:00"),
        ("早上八点", "2026-03-12T08:00", "2026-03-12T09:00"),
        ("国庆后第一天", "2026-10-08T00:00", "2026-10-09T00:00"),
        ("国庆期间", "2026-10-01T00:00", "2026-10-08T00:00"),
        ("清明前", "2026-03-11T00:00", "2026-04-04T00:00"),
        ("月底前", None, "2026-03-22T00:00"),
        ("10号", "2026-04-10T00:00", "2026-04-11T00:00"),
        ("2月29日", "2028-02-29T00:00", "2028-03-01T00:00"),
    ],
)
def test_when_it_is(text, since, until):
    (moment,) = moments_in(text)
    window = resolve(moment, NOW)
    assert window
    told = [
        edge.isoformat(timespec="minutes").removesuffix("+08:00") if edge else None
        for edge in (window.since, window.until)
    ]
    assert told == [since, until]


def test_now_is_taken_in_shanghai_wherever_the_server_stands():
    (moment,) = moments_in("明天")
    window = resolve(moment, datetime.fromisoformat("2026-03-11T20:00:00+00:00"))  # already the 12th in Shanghai
    assert window
    assert window.since == datetime(2026, 3, 13, tzinfo=SHANGHAI)
