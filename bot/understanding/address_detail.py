"""The part of an address below the divisions: road, number, building, room, and where it stops in a sentence."""

from __future__ import annotations

import re

from bot.understanding.lexicon import lexicon
from bot.understanding.lexicon.phrases import one_of

_NUMBER = r"(?:[0-9一二三四五六七八九十百零两]+|[a-z]\d*|xx+)(?:[a-z]|[\-/][0-9a-zx]+)*"
_UNIT = rf"{_NUMBER}\s?(?:号楼|号院|号门|号铺|号|栋|幢|座|楼|层|单元|室|户|弄|梯|门|期|区|组|队|社|排|f|#)"
HOUSE_NUMBER = re.compile(
    rf"{_NUMBER}\s?(?:号|栋|幢|座|楼|单元|室|弄|#|f(?![a-z])|层|户)|(?:村|屯|庄|寨|湾|坪|营).{{0,6}}(?:组|队|社|号)"
    rf"|\d+(?:-\d+)+|(?:园|苑|城|府|区|庭|居|湾|院|邸|寓|厦|里|坊|轩|阁|村)[a-z]?\d{{1,4}}(?!\d)"
)
_ENDING = (
    r"大道|大街|公路|国道|省道|路|街|巷|弄|胡同|里(?!面)|道|小区|花园|家园|花苑|公寓|大厦|广场|中心|新村|新城|社区|山庄|别墅|公馆|名邸|学校|大学|学院|"
    r"医院|酒店|宾馆|商场|市场|超市|工业园|科技园|产业园|农场|园区|宿舍|家属院|城|苑|园|府|庭|居|湾|庄|村|屯|寨|镇|乡|楼|院|厂|店|场|站|港|桥|坊|轩|阁|邸|区|岛|墩|营|坪|沟|组"
)
LOOKS_LIKE_DETAIL = re.compile(rf"{_UNIT}|[\u4e00-\u9fff]{{1,12}}(?:{_ENDING})")
STRONG = re.compile(
    rf"(?P<whole>[\u4e00-\u9fff\d]{{2,14}}?(?:大道|大街|公路|路|街|巷|弄|胡同|道)(?:[东南西北中]段|[一二三四五六七八九十]段|段)?\s?{_NUMBER}\s?(?:号|弄|-\d)"
    rf"|[\u4e00-\u9fffa-z]{{2,12}}?(?:小区|花园|家园|花苑|公寓|大厦|广场|新村|新城|社区|山庄|别墅|公馆|苑|园|府|庭|居|湾|城){_NUMBER}(?:号楼|号|栋|幢|座|单元|室|-\d)"
    rf"|[\u4e00-\u9fff]{{1,6}}村[\u4e00-\u9fff]{{0,4}}{_NUMBER}(?:组|号|队|社))"
)
"""Detail that is an address without any division beside it."""

_TIME = (
    r"今天|明天|后天|大后天|今晚|明晚|今早|明早|今日|明日|听日|后日|昨天|前天|周[一二三四五六日末]|星期|礼拜|上午|下午|早上|晚上|中午|傍晚|"
    r"下周|这周|本周|尽快|马上|随时|现在|\d{1,2}点|[一二两三四五六七八九十]点|\d{1,2}:\d{2}|\d{1,2}月\d|下班|上班|工作日|周末|国庆|元旦|春节|五一"
)
_TALK = (
    r"电话|手机|联系|姓名|收货|收件|我叫|叫我|我是|我的|我姓|我家|我们|你们|您|请|麻烦|帮|谢谢|能不能|可以|可唔|什么时候|啥时|几时|几点|多久|派人|派个|上门|来人|来个|来位|叫人|叫个|喊人|哪里|哪儿|来修|过来|"
    r"来看|来不|能来|能到|来一|快来|来装|来安|来清|约|有人|没人|在家|方便|得闲|有空|师傅|维修|报修|安装|清洗|拆洗|保养|移机|修一|修下|要修|修理|故障|坏|漏|"
    r"不(?!老屯|夜城)|没|冇|唔|打唔|冒烟|糊味|响|噪音|显示|报e|报f|报错|代码|型号|买的|买了|刚买|新买|登记|注册|订单|工单|发票|保修|门口的|急|预约|收费|多少钱|怎么|为什么|吗|呢|行不|行吗|好吗|"
    r"邮编|编码|身份证|微信|备注|详细地址|所在地区|空调|冰箱|热水器|洗衣机|型"
)
_STOP = re.compile(rf"{_TIME}|{_TALK}")
_PRODUCTS_ARE_PLACES = re.compile(r"厂|城|塔|台(?!不|坏|式)|路|街|宿舍|大厦|市场")
_BREAK = re.compile(r"(?:[,。;!?、:~\n]|\s(?!\s*(?:号|栋|幢|座|楼|单元|室|弄)))+")
_ROOM_NEXT = re.compile(rf"[\s,]+(?:{_UNIT}|[a-z]?\d{{1,4}}[a-z]?(?:-\d+)+)")
_SPEECH_END = re.compile(r"(?:的|了|啊|哦|呢|哈|吧|呀|这边|这里|那边|那里|附近|旁边)+$")
_LABEL = re.compile(r"^(?:详细地址|地址|所在地区|住址|是|为|的|:)+")


def _products() -> re.Pattern[str]:
    global _PRODUCT_WORDS
    if _PRODUCT_WORDS is None:
        names = [n for c in lexicon().categories.values() for n in c.names if len(n) > 1]
        _PRODUCT_WORDS = one_of([*names, *(n for u in lexicon().undecided for n in u.names)])
    return _PRODUCT_WORDS


_PRODUCT_WORDS: re.Pattern[str] | None = None


def _stop_in(segment: str) -> int:
    """Where in the segment the talk begins that is no address any more."""
    stops = [m.start() for m in _STOP.finditer(segment) if not _PRODUCTS_ARE_PLACES.match(segment, m.end())]
    stops += [m.start() for m in _products().finditer(segment) if not _PRODUCTS_ARE_PLACES.match(segment, m.end())]
    return min(stops, default=len(segment))


def detail_after(text: str, start: int, *, any_name: bool = True) -> int:
    """The end of the detail that begins at `start`; `start` itself when there is none.

    `any_name` lets a name without any ending count (棠下), as right behind a district but not behind a city (杭州出差).
    """
    end, at, is_first = start, start, True
    while at < len(text):
        gap = _BREAK.match(text, at)
        begin = gap.end() if gap else at
        if gap and not is_first and re.search(r"[。!?]", gap.group()):
            break
        until = _BREAK.search(text, begin)
        segment = text[begin : until.start() if until else len(text)]
        label = _LABEL.match(segment)
        skipped = label.end() if label and is_first else 0
        cut = skipped + _stop_in(segment[skipped:])
        words = _SPEECH_END.sub("", segment[:cut])
        plain_is_fine = is_first and any_name and not gap
        if not _belongs(words, plain_is_fine, text[start:end], bool(gap)) and not _names_a_place(
            text, begin, segment, cut
        ):
            break
        end = begin + len(words)
        if cut < len(segment):
            break
        at, is_first = begin + len(segment), False
    return end


def _belongs(words: str, plain_is_fine: bool, before: str, is_apart: bool) -> bool:
    if not words or len(words) > 60:
        return False
    unit_like = re.match(rf"{_UNIT}|[a-z]?\d{{1,4}}[a-z]?(?:-\d+)*$", words)
    if HOUSE_NUMBER.search(before):
        return bool(unit_like) or (is_apart and bool(HOUSE_NUMBER.search(words)) and len(words) < 25)
    if LOOKS_LIKE_DETAIL.search(words) or unit_like:
        return True
    return plain_is_fine and len(words) < 12


def _names_a_place(text: str, begin: int, segment: str, cut: int) -> bool:
    """万达文华 2-1-1502: a name without any ending, but with a building and a room behind it."""
    return 1 < len(segment) <= 8 and cut == len(segment) and bool(_ROOM_NEXT.match(text, begin + len(segment)))


def detail_start(text: str, start: int) -> int:
    """Skips what stands between the divisions and the detail."""
    gap = _BREAK.match(text, start)
    at = gap.end() if gap else start
    label = _LABEL.match(text[at:])
    return at + (label.end() if label else 0)
